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
  /**
   * Told of what is given to the store now, in this turn: whoever keeps events does so in the same transaction. The same report comes
   * by `onReport` once it is there; it does not when the store failed. Must not throw.
   */
  readonly onStoring?: (report: CampaignReport) => void;
  /**
   * Hears of every campaign that begins, changes its state or its wave, or has come to its end; while only the counts of its devices
   * change, at most twice a second; and after a start of those that go on.
   */
  readonly onReport?: (report: CampaignReport) => void;
}

/** A campaign with what became of its devices. */
export interface CampaignReport {
  readonly campaign: Campaign;
  readonly rollUp: RollUp;
}

/** Why something cannot be done with a campaign: there is none, or its state forbids it. */
export type CampaignRefusal = 'unknown' | 'wrong-state';

/** Listeners hear of counts at most this often, in milliseconds. */
const tellEvery = 500;

/**
 * Campaigns: one thing to be done with many devices, in waves, at a limited rate. Every step is durable: after `kill -9` each
 * campaign goes on where it was.
 */
export class Campaigns {
  readonly #options: CampaignsOptions;
  readonly #runs = new Map<string, CampaignRun>();
  readonly #reopening = new Map<string, Promise<CampaignRun | undefined>>();
  readonly #toTell = new Map<string, Timer>();
  #closed = false;

  constructor(options: CampaignsOptions) {
    this.#options = options;
  }

  /** Takes up the campaigns of an earlier process. */
  async start(): Promise<void> {
    for (const campaign of await this.#options.store.campaigns(Number.MAX_SAFE_INTEGER)) {
      if (isOver(campaign)) await this.#giveUpRest(campaign);
      else {
        const run = await this.#open(campaign);
        await run.reconcile();
        this.#tell(run); // counts of the earlier process that nobody was told of any more
        run.goOn();
      }
    }
  }

  /** A campaign that was being cancelled when the process ended. Nobody waits until its devices were told. */
  async #giveUpRest(campaign: Campaign): Promise<void> {
    const { store } = this.#options;
    const rest = (['pending', 'running'] as const).map((state) => store.targets(campaign.id, { state, limit: 1 }));
    if ((await Promise.all(rest)).every(({ length }) => length === 0)) return;
    const run = await this.#open(campaign);
    void run.giveUpAll();
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
    const report = { campaign, rollUp: { counts: { ...noTargets, pending: devices.length }, reasons: {} } };
    this.#options.onStoring?.(report);
    await store.createCampaign(campaign, devices, now);
    const run = await this.#open(campaign);
    this.#tell(run, report);
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
  pause(id: string): Promise<CampaignRefusal | undefined> {
    return this.#change(id, (run) =>
      run.change(({ state }) => (state === 'running' ? { state: 'paused' } : undefined)),
    );
  }

  /** Goes on after a pause or a stop; the failures so far count no more. */
  resume(id: string): Promise<CampaignRefusal | undefined> {
    return this.#change(id, async (run) => {
      const isResumed = await run.change(({ state }) =>
        state === 'paused' || state === 'stopped'
          ? { state: 'running', note: undefined, forgiven: run.rollUp.counts.failed }
          : undefined,
      );
      run.goOn();
      return isResumed;
    });
  }

  cancel(id: string): Promise<CampaignRefusal | undefined> {
    return this.#change(id, (run) => run.cancel());
  }

  /** Tries the devices again that failed or were cancelled. @returns how many */
  async retry(id: string): Promise<number | CampaignRefusal> {
    const run = this.#runs.get(id) ?? (await this.#reopen(id));
    if (!run) return 'unknown';
    try {
      return await run.retry();
    } finally {
      if (run.isDone) this.#runs.delete(id);
    }
  }

  /** A job of a campaign is over. */
  ended(id: string, device: string, job: string, outcome: JobOutcome): void {
    const run = this.#runs.get(id);
    run?.ended(device, job, outcome).catch((error: unknown) => {
      this.#options.log.error('a device of a campaign was not looked after', { campaign: id, device, error });
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

  /** @param change false when the state of the campaign forbids it */
  async #change(id: string, change: (run: CampaignRun) => Promise<boolean>): Promise<CampaignRefusal | undefined> {
    const run = this.#runs.get(id);
    // All that are not over are at hand.
    if (!run) return (await this.#options.store.campaign(id)) ? 'wrong-state' : 'unknown';
    return (await change(run)) ? undefined : 'wrong-state';
  }

  /** One that is over, once for all who ask meanwhile. */
  #reopen(id: string): Promise<CampaignRun | undefined> {
    const opening = this.#reopening.get(id) ?? this.#read(id).finally(() => this.#reopening.delete(id));
    this.#reopening.set(id, opening);
    return opening;
  }

  async #read(id: string): Promise<CampaignRun | undefined> {
    const campaign = await this.#options.store.campaign(id);
    return campaign && this.#open(campaign);
  }

  async #open(campaign: Campaign): Promise<CampaignRun> {
    const host: RunHost = { ...this.#options, onChange: (changed, report) => this.#tell(changed, report) };
    const rollUp = await this.#options.store.rollUp(campaign.id);
    const run = new CampaignRun(host, campaign, rollUp ?? { counts: noTargets, reasons: {} });
    await run.load();
    this.#runs.set(campaign.id, run);
    return run;
  }

  #reportOf(run: CampaignRun): CampaignReport {
    return { campaign: run.campaign, rollUp: run.rollUp };
  }

  /** @param report what `onStoring` was told of; absent: counts changed */
  #tell(run: CampaignRun, report?: CampaignReport): void {
    const { id } = run.campaign;
    const { onReport, timers } = this.#options;
    if (this.#closed) return;
    if (run.isDone) this.#runs.delete(id);
    if (report !== undefined || run.isDone) {
      this.#toTell.get(id)?.cancel();
      this.#toTell.delete(id);
      onReport?.(report ?? this.#reportOf(run));
      return;
    }
    if (this.#toTell.has(id)) return;
    const timer = timers.schedule(milliseconds(tellEvery), () => {
      this.#toTell.delete(id);
      onReport?.(this.#reportOf(run));
    });
    this.#toTell.set(id, timer);
  }
}
