import { type Clock, encodeHex, type Log, milliseconds, type Random, type Timer, type Timers } from '@yaolian/kernel';
import {
  type Campaign,
  type CampaignPlace,
  type CampaignPlan,
  type CampaignStore,
  isOver,
  noTargets,
  type RollUp,
} from './campaign.ts';
import { CampaignRun, type RunHost } from './campaign-run.ts';
import type { CampaignRunner, JobOutcome } from './campaign-runner.ts';

export interface CampaignsOptions {
  readonly store: CampaignStore;
  readonly runner: CampaignRunner;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

/** A campaign with what became of its devices. */
export interface CampaignReport {
  readonly campaign: Campaign;
  readonly rollUp: RollUp;
}

/** Why something cannot be done with a campaign: there is none, or its state forbids it. */
export type CampaignRefusal = 'unknown' | 'wrong-state';

/** Listeners hear of a campaign at most this often, in milliseconds. */
const tellEvery = 500;

/**
 * Campaigns: one thing to be done with many devices, in waves, at a limited rate. Every step is durable: after `kill -9` each
 * campaign goes on where it was.
 */
export class Campaigns {
  readonly #options: CampaignsOptions;
  readonly #runs = new Map<string, CampaignRun>();
  readonly #toTell = new Map<string, Timer>();
  readonly #onReport: (report: CampaignReport) => void;
  #closed = false;

  /** @param onReport hears of every campaign that changes, at most twice a second */
  constructor(options: CampaignsOptions, onReport: (report: CampaignReport) => void = () => {}) {
    this.#options = options;
    this.#onReport = onReport;
  }

  /** Takes up the campaigns of an earlier process. */
  async start(): Promise<void> {
    for (const campaign of await this.#options.store.campaigns(Number.MAX_SAFE_INTEGER)) {
      if (isOver(campaign)) continue;
      const run = await this.#open(campaign);
      await run.reconcile();
      await run.settle();
      run.go();
    }
  }

  /** @param devices their keys, each once */
  async create(plan: CampaignPlan, devices: readonly string[], createdBy: string): Promise<CampaignReport> {
    const { clock, random, store } = this.#options;
    const now = clock.epoch();
    const campaign: Campaign = {
      ...plan,
      id: encodeHex(random.bytes(4)),
      state: devices.length === 0 ? 'finished' : 'running',
      wave: 0,
      forgiven: 0,
      note: undefined,
      total: devices.length,
      createdAt: now,
      createdBy,
      finishedAt: devices.length === 0 ? now : undefined,
    };
    await store.createCampaign(campaign, devices, now);
    const run = await this.#open(campaign);
    this.#tell(run);
    run.go();
    return this.#reportOf(run);
  }

  async report(id: string): Promise<CampaignReport | undefined> {
    const run = this.#runs.get(id);
    if (run) return this.#reportOf(run);
    const campaign = await this.#options.store.campaign(id);
    return campaign && { campaign, rollUp: await this.#options.store.rollUp(id) };
  }

  /** The newest first. */
  async list(limit: number, after?: CampaignPlace): Promise<readonly CampaignReport[]> {
    const campaigns = await this.#options.store.campaigns(limit, after);
    return Promise.all(campaigns.map(async ({ id }) => (await this.report(id))!));
  }

  /** Starts no further device. */
  async pause(id: string): Promise<CampaignRefusal | undefined> {
    const run = await this.#find(id);
    if (!run) return 'unknown';
    if (run.campaign.state !== 'running') return 'wrong-state';
    await run.change(() => ({ state: 'paused' }));
    return undefined;
  }

  /** Goes on after a pause or a stop; the failures so far count no more. */
  async resume(id: string): Promise<CampaignRefusal | undefined> {
    const run = await this.#find(id);
    if (!run) return 'unknown';
    if (run.campaign.state !== 'paused' && run.campaign.state !== 'stopped') return 'wrong-state';
    await run.change(() => ({ state: 'running', note: undefined, forgiven: run.rollUp.counts.failed }));
    await run.settle();
    run.go();
    return undefined;
  }

  async cancel(id: string): Promise<CampaignRefusal | undefined> {
    const run = await this.#find(id);
    if (!run) return 'unknown';
    if (isOver(run.campaign)) return 'wrong-state';
    await run.cancel();
    return undefined;
  }

  /** Tries the devices again that failed or were cancelled. @returns how many */
  async retry(id: string): Promise<number | CampaignRefusal> {
    const { store, clock } = this.#options;
    const before = await this.report(id);
    if (!before) return 'unknown';
    const count = await store.retryTargets(id, clock.epoch());
    this.#runs.get(id)?.close();
    const run = await this.#open(before.campaign);
    if (count > 0) await run.change(() => ({ state: 'running', note: undefined, forgiven: 0 }));
    run.go();
    return count;
  }

  /** A job of a campaign is over. */
  ended(id: string, device: string, job: string, outcome: JobOutcome): void {
    const run = this.#runs.get(id);
    run?.ended(device, job, outcome).catch((error: unknown) => {
      this.#options.log.error('the outcome of a device could not be stored', { campaign: id, device, error });
    });
  }

  /** A job that may be of any campaign is over. */
  endedAnywhere(device: string, job: string, outcome: JobOutcome): void {
    for (const id of this.#runs.keys()) this.ended(id, device, job, outcome);
  }

  /** A device was heard of: campaigns that wait for it start it. */
  contacted(device: string): void {
    for (const run of this.#runs.values()) run.contacted(device);
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#toTell.values()) timer.cancel();
    for (const run of this.#runs.values()) run.close();
  }

  async #find(id: string): Promise<CampaignRun | undefined> {
    const run = this.#runs.get(id);
    if (run) return run;
    const campaign = await this.#options.store.campaign(id);
    return campaign && this.#open(campaign);
  }

  async #open(campaign: Campaign): Promise<CampaignRun> {
    const host: RunHost = { ...this.#options, onChange: (changed) => this.#tell(changed) };
    const rollUp = await this.#options.store.rollUp(campaign.id);
    const run = new CampaignRun(host, campaign, rollUp ?? { counts: noTargets, reasons: {} });
    await run.load();
    if (!isOver(campaign)) this.#runs.set(campaign.id, run);
    return run;
  }

  #reportOf(run: CampaignRun): CampaignReport {
    return { campaign: run.campaign, rollUp: run.rollUp };
  }

  #tell(run: CampaignRun): void {
    const { id } = run.campaign;
    if (this.#closed) return;
    if (isOver(run.campaign) && run.rollUp.counts.running === 0 && run.rollUp.counts.pending === 0) {
      this.#runs.delete(id);
      this.#toTell.get(id)?.cancel();
      this.#toTell.delete(id);
      this.#onReport(this.#reportOf(run));
      return;
    }
    this.#runs.set(id, run);
    if (this.#toTell.has(id)) return;
    const timer = this.#options.timers.schedule(milliseconds(tellEvery), () => {
      this.#toTell.delete(id);
      this.#onReport(this.#reportOf(run));
    });
    this.#toTell.set(id, timer);
  }
}
