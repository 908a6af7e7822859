import { type Clock, type Duration, milliseconds, toSeconds, YaolianError } from '@yaolian/kernel';
import type { AuditEntry, AuditTrail } from './audit.ts';

export interface ChangeBounds {
  /** What one account may change in a minute, lasting. */
  readonly perMinute: number;
  /** What it may change at once, after it changed nothing for a while. */
  readonly atOnce: number;
  /** Accounts that are remembered; beyond, the one that changed something longest ago is forgotten. */
  readonly accounts: number;
}

/** What an account may change at once is so many times what it may change in a minute. */
export const changesAtOnce = 5;

export const defaultChangeBounds: ChangeBounds = { perMinute: 60, atOnce: 60 * changesAtOnce, accounts: 100_000 };

/** An account changes more than it may in so short a time. */
export class TooManyChanges extends YaolianError<'TOO_MANY_CHANGES'> {
  readonly retryAfter: Duration;

  constructor(retryAfter: Duration) {
    super('TOO_MANY_CHANGES', `too many changes: try again in ${Math.max(1, Math.ceil(toSeconds(retryAfter)))} s`);
    this.retryAfter = retryAfter;
  }
}

interface Bucket {
  left: number;
  /** Milliseconds of the monotonic clock. */
  filledAt: number;
}

/**
 * How fast one account may change its associations, all kinds of changes together: each is written down, and told to every other account that it
 * concerns. Whoever runs the platform (`rest`) has no such bound.
 */
export class ChangePace {
  readonly #clock: Clock;
  readonly #audit: AuditTrail;
  readonly #bounds: ChangeBounds;
  /** In the order in which they last changed something. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: {
    readonly clock: Clock;
    readonly audit: AuditTrail;
    readonly bounds?: Partial<ChangeBounds>;
  }) {
    this.#clock = options.clock;
    this.#audit = options.audit;
    this.#bounds = { ...defaultChangeBounds, ...options.bounds };
  }

  /**
   * Charges a change before it is made.
   * @param change as the audit trail has it; a refusal is noted there
   * @throws TooManyChanges
   */
  async charge(change: Pick<AuditEntry, 'door' | 'actor' | 'action' | 'device' | 'subject'>): Promise<void> {
    if (change.door === 'rest') return;
    const wait = this.#take(change.actor);
    if (wait === 0) return;
    await this.#audit.record({ ...change, outcome: 'policy-violation' });
    throw new TooManyChanges(milliseconds(wait));
  }

  /** @returns the milliseconds until the next; 0: it was taken */
  #take(account: string): number {
    const { perMinute, atOnce, accounts } = this.#bounds;
    const now = this.#clock.monotonic();
    const known = this.#buckets.get(account);
    const perMillisecond = perMinute / 60_000;
    const filled = known === undefined ? atOnce : known.left + (now - known.filledAt) * perMillisecond;
    const left = Math.min(atOnce, filled);
    const isTaken = left >= 1;
    this.#buckets.delete(account);
    if (this.#buckets.size >= accounts) this.#buckets.delete(this.#buckets.keys().next().value!);
    this.#buckets.set(account, { left: isTaken ? left - 1 : left, filledAt: now });
    return isTaken ? 0 : Math.ceil((1 - left) / perMillisecond);
  }
}
