import { seconds, silentLog } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { MemoryCampaignStore } from '../../testing/memory-campaign-store.ts';
import type { Campaign, CampaignPlan, CampaignTarget } from '../campaign.ts';
import type { Begun, CampaignRunner, JobOutcome } from '../campaign-runner.ts';
import { type CampaignReport, Campaigns } from '../campaigns.ts';

/** Three waves. */
export const plan: CampaignPlan = {
  name: 'test',
  file: 'f',
  kind: {},
  waves: [{ share: 0.01 }, { share: 0.1 }],
  stopAt: 0.1,
  advanceAt: 1,
  startsPerMinute: 60_000,
  concurrent: 50,
  options: {},
};

/** Does the work of a device in ten seconds, over restarts. */
class TestRunner implements CampaignRunner {
  readonly time: VirtualTime;
  readonly jobs = new Map<string, { device: string; group: string; outcome: JobOutcome | undefined }>();
  readonly starts: { device: string; at: number }[] = [];
  readonly away = new Set<string>();
  readonly skip = new Set<string>();
  failing: (device: string) => boolean = () => false;
  /** Holds the answer to {@link begin} back. */
  beginning: Promise<unknown> | undefined;
  campaigns: Campaigns | undefined;
  most = 0;

  constructor(time: VirtualTime) {
    this.time = time;
  }

  get running(): number {
    return [...this.jobs.values()].filter(({ outcome }) => !outcome).length;
  }

  reachable(device: string): boolean {
    return !this.away.has(device);
  }

  async begin(campaign: Campaign, device: string): Promise<Begun> {
    await this.beginning;
    if (this.skip.has(device)) return { skipped: 'other-model' };
    const id = `job${this.jobs.size}`;
    const job = { device, group: campaign.id, outcome: undefined as JobOutcome | undefined };
    this.jobs.set(id, job);
    this.starts.push({ device, at: this.time.monotonic() });
    this.most = Math.max(this.most, this.running);
    this.time.schedule(seconds(10), () => {
      if (job.outcome) return;
      const failed = this.failing(device);
      job.outcome = { state: failed ? 'failed' : 'succeeded', reason: failed ? 'update-failed' : undefined };
      this.campaigns?.ended(campaign.id, device, id, job.outcome);
    });
    return { job: id };
  }

  async outcome(job: string): Promise<JobOutcome | undefined> {
    return this.jobs.get(job)?.outcome;
  }

  async cancel(job: string): Promise<void> {
    if (this.jobs.get(job)!.outcome !== undefined) return;
    this.jobs.get(job)!.outcome = { state: 'cancelled', reason: undefined };
  }
}

/** A store whose disk may be full. */
class FaultyStore extends MemoryCampaignStore {
  isFull = false;

  override async createCampaign(...given: Parameters<MemoryCampaignStore['createCampaign']>): Promise<void> {
    await this.#written();
    await super.createCampaign(...given);
  }

  override async putCampaign(campaign: Campaign): Promise<void> {
    await this.#written();
    await super.putCampaign(campaign);
  }

  override async putTarget(campaign: string, target: CampaignTarget): Promise<void> {
    await this.#written();
    await super.putTarget(campaign, target);
  }

  async #written(): Promise<void> {
    await Promise.resolve();
    if (this.isFull) throw new Error('the disk is full');
  }
}

export function setup() {
  const time = new VirtualTime();
  const store = new FaultyStore();
  const runner = new TestRunner(time);
  const random = new SeededRandom(3);
  const storing: CampaignReport[] = [];
  const told: CampaignReport[] = [];
  const make = () => {
    runner.campaigns = new Campaigns({
      ...{ store, runner, clock: time, timers: time, random, log: silentLog },
      ...{ onStoring: (report) => void storing.push(report), onReport: (report) => void told.push(report) },
    });
    return runner.campaigns;
  };
  return { time, store, runner, storing, told, make, campaigns: make() };
}

export const devices = (count: number) => Array.from({ length: count }, (_, i) => `d${String(i).padStart(4, '0')}`);
