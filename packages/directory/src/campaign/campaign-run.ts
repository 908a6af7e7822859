import { milliseconds, seconds, type Timer } from '@yaolian/kernel';
import { type Campaign, type CampaignTarget, isOver, judge, type RollUp, waveEnd } from './campaign.ts';
import type { Begun, JobOutcome } from './campaign-runner.ts';
import type { CampaignReport, CampaignsOptions } from './campaigns.ts';

/** Starts that are under way to the runner at a time. */
const startsAtOnce = 20;
/** Devices that are given up together, so that one commit carries them. */
const cancelledAtOnce = 1000;
/** What the disk did not take is tried again after this long. */
const storeAgain = seconds(10);

export interface RunHost extends CampaignsOptions {
  /** @param report what `onStoring` was told of, and is on disk now; absent: only counts changed */
  readonly onChange: (run: CampaignRun, report?: CampaignReport) => void;
}

/** A {@link RollUp} that is being counted. */
interface Tally {
  readonly counts: Record<keyof RollUp['counts'], number>;
  readonly reasons: Record<string, number>;
}

/** What became of a device. */
interface Change {
  readonly before: 'pending' | 'running';
  readonly target: Partial<CampaignTarget> & Pick<CampaignTarget, 'state'>;
}

/**
 * A campaign at work: which devices wait, which are under way. What it tells is what is on disk: a change that the disk does not take
 * has not happened yet, and is tried again.
 */
export class CampaignRun {
  campaign: Campaign;
  readonly #host: RunHost;
  /** Devices to start, and those of them that were not reachable when it was their turn. */
  readonly #pending = new Set<string>();
  readonly #away = new Set<string>();
  readonly #running = new Map<string, string>();
  /** Changes that the disk did not take. */
  readonly #unstored = new Map<string, Change>();
  /** Changes that are on their way to disk. */
  readonly #storing = new Set<Change>();
  readonly #counts: Tally['counts'];
  readonly #reasons: Tally['reasons'];
  #starting = 0;
  /** When the next device may be started, on the monotonic clock. */
  #nextStart = 0;
  #timer: Timer | undefined;
  #storeTimer: Timer | undefined;
  #closed = false;
  /** Changes of the campaign, one after the other. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(host: RunHost, campaign: Campaign, rollUp: RollUp) {
    this.#host = host;
    this.campaign = campaign;
    this.#counts = { ...rollUp.counts };
    this.#reasons = { ...rollUp.reasons };
  }

  get rollUp(): Tally {
    return { counts: { ...this.#counts }, reasons: { ...this.#reasons } };
  }

  /** Nothing is left to do. */
  get isDone(): boolean {
    return isOver(this.campaign) && this.#counts.running === 0 && this.#counts.pending === 0;
  }

  /** Reads which devices wait and which are under way. */
  async load(): Promise<void> {
    for (const state of ['pending', 'running'] as const) {
      let after: string | undefined;
      for (;;) {
        const targets = await this.#host.store.targets(this.campaign.id, { state, after, limit: 1000 });
        for (const { device, job } of targets) {
          if (state === 'pending') this.#pending.add(device);
          else this.#running.set(device, job!);
        }
        if (targets.length < 1000) break;
        after = targets.at(-1)!.device;
      }
    }
  }

  /** Looks after jobs that ended while nobody looked. */
  async reconcile(): Promise<void> {
    for (const [device, job] of [...this.#running]) {
      const outcome = await this.#host.runner.outcome(job);
      if (outcome) await this.ended(device, job, outcome);
    }
  }

  /** Starts what may be started now. */
  go(): void {
    if (this.#closed || this.campaign.state !== 'running') return;
    const { clock, runner } = this.#host;
    this.#timer?.cancel();
    for (const device of this.#pending) {
      if (this.#starting >= startsAtOnce || this.#room() <= 0) return;
      const wait = this.#nextStart - clock.monotonic();
      if (wait > 0) {
        this.#timer = this.#host.timers.schedule(milliseconds(Math.ceil(wait)), () => this.go());
        return;
      }
      if (!runner.reachable(device)) {
        this.#pending.delete(device);
        this.#away.add(device);
        continue;
      }
      this.#nextStart = Math.max(this.#nextStart, clock.monotonic() - 1) + 60_000 / this.campaign.startsPerMinute;
      void this.#start(device);
    }
  }

  /** The device was heard: it may be its turn. */
  contacted(device: string): void {
    if (this.#away.delete(device)) this.#pending.add(device);
    if (this.#pending.has(device)) this.go();
  }

  /** How many more devices may be started. */
  #room(): number {
    const { running, succeeded, failed, cancelled, skipped } = this.#counts;
    const started = running + succeeded + failed + cancelled + this.#starting;
    const inWave = waveEnd(this.campaign, this.campaign.wave, skipped) - started;
    return Math.min(inWave, this.campaign.concurrent - running - this.#starting);
  }

  /** Never rejects: nobody waits for it. */
  async #start(device: string): Promise<void> {
    this.#pending.delete(device);
    this.#starting++;
    const begun = await this.#begin(device);
    const change =
      begun === 'later' ? undefined : { before: 'pending' as const, target: targetOf(begun, this.campaign) };
    if (change) await this.#note(device, change);
    this.#starting--;
    this.goOn();
  }

  async #begin(device: string): Promise<Begun | 'cancelled'> {
    const { runner, log } = this.#host;
    let begun: Begun = 'later';
    try {
      begun = await runner.begin(this.campaign, device);
      // It was cancelled meanwhile: what has just begun is given up with the rest.
      if (isOver(this.campaign) && begun !== 'later' && 'job' in begun) await runner.cancel(begun.job);
    } catch (error) {
      log.warn('a device of a campaign could not be started', { campaign: this.campaign.id, device, error });
    }
    if (isOver(this.campaign)) return 'cancelled';
    if (begun === 'later') this.#away.add(device);
    return begun;
  }

  /** A job is over. */
  async ended(device: string, job: string, outcome: JobOutcome): Promise<void> {
    if (this.#running.get(device) !== job) return;
    this.#running.delete(device);
    await this.#note(device, { before: 'running', target: { ...outcome, job } });
    this.goOn();
  }

  /** Makes what became of a device durable, now or when the disk takes it. Never rejects. */
  async #note(device: string, change: Change): Promise<void> {
    const { target } = change;
    try {
      await this.#put(device, change);
    } catch (error) {
      this.#unstored.set(device, change);
      this.#storeLater(error);
      return;
    }
    if (target.state === 'running') await this.#noted(device, target.job!);
  }

  /** A job is under way, and it is written down. */
  async #noted(device: string, job: string): Promise<void> {
    this.#running.set(device, job);
    if (isOver(this.campaign)) return this.#giveUp(device, job);
    // It may have ended while it was being written down.
    const outcome = await this.#host.runner.outcome(job).catch((error: unknown) => {
      this.#host.log.warn('a device of a campaign was not looked after', { campaign: this.campaign.id, device, error });
      return undefined;
    });
    if (outcome) await this.ended(device, job, outcome);
  }

  /** Changes the campaign itself; what is wanted is asked when its turn comes. True when there was something to change. */
  change(change: (campaign: Campaign) => Partial<Campaign> | undefined): Promise<boolean> {
    return this.#inTurn(async () => {
      const wanted = change(this.campaign);
      if (wanted) await this.#putCampaign(wanted);
      return wanted !== undefined;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#changes.then(work);
    this.#changes = next.catch(() => undefined); // whoever asked is told
    return next;
  }

  async #putCampaign(wanted: Partial<Campaign>): Promise<void> {
    const over = isOver({ ...this.campaign, ...wanted });
    const finishedAt = over ? (this.campaign.finishedAt ?? this.#host.clock.epoch()) : undefined;
    const changed = { ...this.campaign, ...wanted, finishedAt };
    const report = { campaign: changed, rollUp: this.#rollUpWithStoring() };
    this.#host.onStoring?.(report);
    await this.#host.store.putCampaign(changed);
    this.campaign = changed;
    this.#host.onChange(this, report);
  }

  /** Goes to the next wave, stops or ends where that is due, and starts what may be started then. */
  goOn(): void {
    this.change((campaign) => judge(campaign, this.#counts)).then(
      () => this.go(),
      (error: unknown) => this.#storeLater(error),
    );
  }

  /** Nothing is started any more; what is under way is given up. False when the campaign is over. */
  async cancel(): Promise<boolean> {
    const isCancelled = await this.change((campaign) =>
      isOver(campaign) ? undefined : { state: 'cancelled', note: undefined },
    );
    if (isCancelled) await this.giveUpAll();
    return isCancelled;
  }

  /** What a cancelled campaign still has to do. Never rejects. */
  async giveUpAll(): Promise<void> {
    const waiting = [...this.#pending, ...this.#away];
    this.#pending.clear();
    this.#away.clear();
    const cancelled = { before: 'pending', target: { state: 'cancelled' } } as const;
    for (let from = 0; from < waiting.length; from += cancelledAtOnce) {
      const together = waiting.slice(from, from + cancelledAtOnce);
      await Promise.all(together.map((device) => this.#note(device, cancelled)));
    }
    await Promise.all([...this.#running].map(([device, job]) => this.#giveUp(device, job)));
  }

  async #giveUp(device: string, job: string): Promise<void> {
    try {
      await this.#host.runner.cancel(job);
    } catch (error) {
      return this.#storeLater(error);
    }
    await this.ended(device, job, { state: 'cancelled', reason: undefined });
  }

  /** Tries the devices again that failed or were cancelled. @returns how many */
  async retry(): Promise<number> {
    const { store, clock } = this.#host;
    const count = await this.#inTurn(async () => {
      if (this.#counts.failed + this.#counts.cancelled === 0) return 0;
      // First, so that a crash before the devices are to be tried again leaves a campaign that ends once more.
      await this.#putCampaign({ state: 'running', note: undefined, forgiven: 0 });
      const targets = await store.retryTargets(this.campaign.id, clock.epoch());
      for (const target of targets) {
        this.#count(target, -1);
        this.#counts.pending++;
        this.#pending.add(target.device);
      }
      this.#host.onChange(this);
      return targets.length;
    });
    this.goOn();
    return count;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#storeTimer?.cancel();
  }

  async #put(device: string, change: Change): Promise<void> {
    const { before, target } = change;
    const wave = target.wave ?? (before === 'running' ? this.campaign.wave : undefined);
    const { state, job, reason } = target;
    const changedAt = this.#host.clock.epoch();
    this.#storing.add(change);
    const last = this.#reportIfLast();
    if (last) this.#host.onStoring?.(last);
    try {
      await this.#host.store.putTarget(this.campaign.id, { device, state, wave, job, reason, changedAt });
    } finally {
      this.#storing.delete(change);
    }
    this.#counts[before]--;
    this.#count(target, 1);
    this.#host.onChange(this, last);
  }

  /** How it ended, when with what is being stored nothing is left to do. */
  #reportIfLast(): CampaignReport | undefined {
    const left = this.#counts.pending + this.#counts.running;
    if (!isOver(this.campaign) || left > this.#storing.size) return undefined;
    const rollUp = this.#rollUpWithStoring();
    const { pending, running } = rollUp.counts;
    return pending + running === 0 ? { campaign: this.campaign, rollUp } : undefined;
  }

  /** As it is once all that is on its way to disk is there. */
  #rollUpWithStoring(): Tally {
    const rollUp = this.rollUp;
    for (const { before, target } of this.#storing) {
      rollUp.counts[before]--;
      count(rollUp, target, 1);
    }
    return rollUp;
  }

  #count(target: Change['target'], change: 1 | -1): void {
    count({ counts: this.#counts, reasons: this.#reasons }, target, change);
  }

  #storeLater(error: unknown): void {
    if (this.#closed) return; // the next process goes on
    const { log, timers } = this.#host;
    log.error('a change of a campaign could not be stored; it is tried again', { campaign: this.campaign.id, error });
    this.#storeTimer ??= timers.schedule(storeAgain, () => void this.#storeAgain());
  }

  async #storeAgain(): Promise<void> {
    this.#storeTimer = undefined;
    const unstored = [...this.#unstored];
    this.#unstored.clear();
    await Promise.all(unstored.map(([device, change]) => this.#note(device, change)));
    if (this.campaign.state === 'cancelled') await this.giveUpAll();
    this.goOn();
  }
}

function count({ counts, reasons }: Tally, { state, reason }: Change['target'], change: 1 | -1): void {
  counts[state] += change;
  if (reason === undefined) return;
  const left = (reasons[reason] ?? 0) + change;
  if (left === 0) delete reasons[reason];
  else reasons[reason] = left;
}

function targetOf(begun: Exclude<Begun, 'later'> | 'cancelled', { wave }: Campaign): Change['target'] {
  if (begun === 'cancelled') return { state: 'cancelled' };
  if ('skipped' in begun) return { state: 'skipped', reason: begun.skipped };
  return { state: 'running', job: begun.job, wave };
}
