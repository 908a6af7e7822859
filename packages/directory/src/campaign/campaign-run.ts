import { milliseconds, type Timer } from '@yaolian/kernel';
import { type Campaign, type CampaignTarget, isOver, judge, type RollUp, waveEnd } from './campaign.ts';
import type { JobOutcome } from './campaign-runner.ts';
import type { CampaignsOptions } from './campaigns.ts';

/** Starts that are under way to the runner at a time. */
const startsAtOnce = 20;

export interface RunHost extends CampaignsOptions {
  readonly onChange: (run: CampaignRun) => void;
}

/** A campaign at work: which devices wait, which are under way. */
export class CampaignRun {
  campaign: Campaign;
  readonly #host: RunHost;
  /** Devices to start, and those of them that were not reachable when it was their turn. */
  readonly #pending = new Set<string>();
  readonly #away = new Set<string>();
  readonly #running = new Map<string, string>();
  #counts: Record<keyof RollUp['counts'], number>;
  #reasons: Record<string, number>;
  #starting = 0;
  /** When the next device may be started, on the monotonic clock. */
  #nextStart = 0;
  #timer: Timer | undefined;
  #closed = false;
  /** Changes of the campaign, one after the other. */
  #changes: Promise<void> = Promise.resolve();

  constructor(host: RunHost, campaign: Campaign, rollUp: RollUp) {
    this.#host = host;
    this.campaign = campaign;
    this.#counts = { ...rollUp.counts };
    this.#reasons = { ...rollUp.reasons };
  }

  get rollUp(): RollUp {
    return { counts: { ...this.#counts }, reasons: { ...this.#reasons } };
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

  async #start(device: string): Promise<void> {
    this.#pending.delete(device);
    this.#starting++;
    try {
      const begun = await this.#host.runner.begin(this.campaign, device);
      if (begun === 'later') this.#away.add(device);
      else if ('skipped' in begun) await this.#put(device, 'pending', { state: 'skipped', reason: begun.skipped });
      else {
        this.#running.set(device, begun.job);
        await this.#put(device, 'pending', { state: 'running', job: begun.job, wave: this.campaign.wave });
      }
    } catch (error) {
      this.#host.log.warn('a device of a campaign could not be started', { campaign: this.campaign.id, device, error });
      this.#away.add(device);
    } finally {
      this.#starting--;
    }
    await this.settle();
    const job = this.#running.get(device);
    // It may have ended while it was being written down.
    const outcome = job === undefined ? undefined : await this.#host.runner.outcome(job);
    if (outcome) await this.ended(device, job!, outcome);
    else this.go();
  }

  async ended(device: string, job: string, outcome: JobOutcome): Promise<void> {
    if (this.#running.get(device) !== job) return;
    this.#running.delete(device);
    await this.#put(device, 'running', { ...outcome, job });
    await this.settle();
    this.go();
  }

  /** Changes the campaign itself. */
  change(change: (campaign: Campaign) => Partial<Campaign> | undefined): Promise<void> {
    const next = this.#changes.then(async () => {
      const wanted = change(this.campaign);
      if (!wanted) return;
      const over = isOver({ ...this.campaign, ...wanted });
      const finishedAt = over ? (this.campaign.finishedAt ?? this.#host.clock.epoch()) : undefined;
      this.campaign = { ...this.campaign, ...wanted, finishedAt };
      await this.#host.store.putCampaign(this.campaign);
      this.#host.onChange(this);
    });
    this.#changes = next.catch(() => undefined);
    return next;
  }

  /** Goes to the next wave, stops or ends where that is due. */
  async settle(): Promise<void> {
    if (this.#starting > 0 && this.#counts.pending === 0) return;
    await this.change((campaign) => judge(campaign, this.#counts));
  }

  /** Nothing is started any more; what is under way is given up. */
  async cancel(): Promise<void> {
    await this.change(() => ({ state: 'cancelled', note: undefined }));
    const waiting = [...this.#pending, ...this.#away];
    this.#pending.clear();
    this.#away.clear();
    for (const device of waiting) {
      await this.#put(device, 'pending', { state: 'cancelled' });
    }
    for (const [device, job] of [...this.#running]) {
      await this.#host.runner.cancel(job);
      await this.ended(device, job, { state: 'cancelled', reason: undefined });
    }
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #put(
    device: string,
    before: 'pending' | 'running',
    target: Partial<CampaignTarget> & Pick<CampaignTarget, 'state'>,
  ): Promise<void> {
    this.#counts[before]--;
    this.#counts[target.state]++;
    const { reason } = target;
    if (reason !== undefined) this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1;
    const changedAt = this.#host.clock.epoch();
    const wave = target.wave ?? (before === 'running' ? this.campaign.wave : undefined);
    await this.#host.store.putTarget(this.campaign.id, {
      device,
      state: target.state,
      wave,
      job: target.job,
      reason,
      changedAt,
    });
    this.#host.onChange(this);
  }
}
