import { type AccessFacts, type AssociationChange, mayAccess } from '@yaolian/directory';
import { featureOfPath, type ObservationEndReason } from '@yaolian/igrs';
import { type Clock, days, type Log, milliseconds, type Timer, type Timers, toMilliseconds } from '@yaolian/kernel';
import { endedRights } from './ended-rights.ts';
import type { Watch, Watchers } from './watchers.ts';

export interface ObservationRightsOptions {
  readonly watchers: Watchers;
  readonly facts: (account: string, device: string) => Promise<AccessFacts>;
  /** Tells who observed that no more values come. */
  readonly tell: (watch: Watch, reason: ObservationEndReason) => Promise<void>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

type Why = (watch: Watch, facts: AccessFacts) => ObservationEndReason;

interface Due {
  readonly timer: Timer;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const longestDelay = toMilliseconds(days(1));

/**
 * Ends what somebody observes in the moment in which it is not permitted any more (GB/T 29265.205 §9), and tells so: after every change
 * between accounts, and when the time of a permission is over.
 */
export class ObservationRights {
  readonly #options: ObservationRightsOptions;
  /** Until when what permits a watch does, where it is for a time. */
  readonly #until = new WeakMap<Watch, number>();
  /** When to look at a device again: one timer for each with permissions that end. */
  readonly #due = new Map<string, Due>();
  #isClosed = false;

  constructor(options: ObservationRightsOptions) {
    this.#options = options;
  }

  /** What was taken away while the platform was down. */
  async start(devices: Iterable<string>): Promise<void> {
    for (const device of devices) {
      await this.#look(this.#options.watchers.ofDevice(device), (watch, facts) =>
        mayAccess(facts, askedBy(watch), Number.NEGATIVE_INFINITY).allowed ? 'expired' : 'forbidden',
      );
    }
  }

  /** Ends what a change takes away. */
  async changed(change: AssociationChange): Promise<void> {
    await this.#look(this.#concerned(change), ({ account }) =>
      change.kind === 'unbound' && change.binding.user === account ? 'unbound' : 'forbidden',
    );
  }

  /** Whether a watch stands: it ends here when it is not permitted. */
  async permits(watch: Watch): Promise<boolean> {
    await this.#look([watch], () => 'forbidden');
    return this.#options.watchers.has(watch);
  }

  /** Ends watches whatever is permitted. */
  end(watches: readonly Watch[], reason: ObservationEndReason): void {
    const { watchers, tell, log } = this.#options;
    for (const watch of watches) {
      if (!watchers.has(watch)) continue;
      // Nobody is told a value from here on. The terminal may take its time to end it.
      const removed = watchers.remove(watch);
      const { account, device, path } = watch;
      Promise.all([removed, tell(watch, reason)]).catch((error: unknown) =>
        log.error('the end of an observation was not told', { account, device, path, reason, error }),
      );
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { timer } of this.#due.values()) timer.cancel();
    this.#due.clear();
  }

  #concerned(change: AssociationChange): readonly Watch[] {
    const { watchers } = this.#options;
    const ended = endedRights(change);
    if (ended === undefined) return [];
    return 'device' in ended
      ? watchers.ofDevice(ended.device)
      : ended.accounts.flatMap((account) => watchers.ofAccount(account));
  }

  async #look(watches: readonly Watch[], why: Why): Promise<void> {
    const { facts: factsOf, clock, watchers } = this.#options;
    for (const watch of watches) {
      const facts = await factsOf(watch.account, watch.device);
      if (!watchers.has(watch)) continue;
      const now = clock.epoch();
      const { allowed, grant } = mayAccess(facts, askedBy(watch), now);
      if (!allowed) {
        this.end([watch], (this.#until.get(watch) ?? Number.POSITIVE_INFINITY) <= now ? 'expired' : why(watch, facts));
      } else if (grant?.expiresAt === undefined) {
        this.#until.delete(watch);
      } else {
        this.#until.set(watch, grant.expiresAt);
        this.#lookAt(watch.device, grant.expiresAt, now);
      }
    }
  }

  #lookAt(device: string, at: number, now: number): void {
    const due = this.#due.get(device);
    if (this.#isClosed || (due !== undefined && due.at <= at)) return;
    due?.timer.cancel();
    const timer = this.#options.timers.schedule(milliseconds(Math.min(at - now, longestDelay)), () => {
      this.#due.delete(device);
      const { watchers, log } = this.#options;
      this.#look(watchers.ofDevice(device), () => 'forbidden').catch((error: unknown) =>
        log.error('what is observed was not looked at', { device, error }),
      );
    });
    this.#due.set(device, { timer, at });
  }
}

function askedBy({ account, path }: Watch) {
  return { account, feature: featureOfPath(path), operation: 'observe' } as const;
}
