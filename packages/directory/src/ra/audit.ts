import { type Clock, type Duration, days, type Log, PatientClock, silentLog, toMilliseconds } from '@yaolian/kernel';
import type { AccessOperation } from './access.ts';
import { defaultRefusalBounds, type RefusalBounds, RefusalTally, type Refused } from './refusal-tally.ts';

/** The door that somebody came through. */
export type AuditDoor = 'ra' | 'rest' | 'https';

/** A permission that was given or taken, as whoever did it asked for it. */
export interface AuditedPermission {
  /** An account, `owners` or `friends`. */
  readonly to: string;
  readonly feature: string;
  readonly operations: readonly AccessOperation[];
  /** Milliseconds since the epoch; undefined: until it is revoked. */
  readonly expiresAt: number | undefined;
}

/** One line of the trail: who did what to which device, when, and what came of it. */
export interface AuditEntry {
  /** Grows with time. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly door: AuditDoor;
  /** An account, or an operator where the door is `rest`. */
  readonly actor: string;
  /** `bind`, `read`, `grant`, … */
  readonly action: string;
  readonly device: string | undefined;
  /** What exactly: a path, a feature, another account. */
  readonly subject: string | undefined;
  /** `done`, or why not: `forbidden`, `not-authorized`, `4.04`, … */
  readonly outcome: string;
  /** Of `grant` and `revoke`. */
  readonly permission?: AuditedPermission | undefined;
}

export interface AuditQuery {
  readonly actor?: string | undefined;
  readonly device?: string | undefined;
  /** Entries before this id: the newest come first. */
  readonly before?: number | undefined;
  /** Entries of this time and later: milliseconds since the epoch. */
  readonly from?: number | undefined;
  /** Entries before this time. */
  readonly to?: number | undefined;
  /** Without entries that have one of these actions. */
  readonly without?: readonly string[] | undefined;
  readonly limit: number;
}

/** What the trail is asked for: whether entries of those who only looked are among the answer. Default: they are. */
export interface TrailQuery extends Omit<AuditQuery, 'device' | 'without'> {
  readonly looks?: boolean | undefined;
}

/** Where the trail is kept. Every adapter passes `auditStoreContract`. */
export interface AuditStore {
  /** Resolves when it is on disk. */
  append(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  entries(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /**
   * Keeps `maxEntries` at most of what is younger than `before`; of the entries with the actions `looks` half as many, so that
   * those who look all day push out nothing of what was changed. Where there are too many, each actor of a door keeps its newest, as many
   * as {@link fairShares} gives it. Tells how many went.
   */
  prune(before: number, maxEntries: number, looks: readonly string[]): Promise<number>;
}

export interface AuditRetention {
  readonly maxAge: Duration;
  readonly maxEntries: number;
  /** It is pruned after so many new entries. */
  readonly pruneAfter: number;
}

export const defaultAuditRetention: AuditRetention = { maxAge: days(180), maxEntries: 1_000_000, pruneAfter: 10_000 };

/** What the trail says of refusals that it does not write down one by one: who was refused, and as `subject` how often. */
export const refusedRequests = { action: 'refused-requests', outcome: 'summed up' } as const;

const raLooks = ['read', 'read-history', 'observe', 'cancel'];

/**
 * The audit trail of both doors, with bounded retention. Of requests that were refused, so that nothing was done, each actor has so many
 * lines in a span of time and then one for all others: who asks all day for what is not theirs pushes out nothing.
 */
export class AuditTrail {
  readonly #store: AuditStore;
  readonly #clock: Clock;
  readonly #pruningClock: Clock;
  readonly #log: Log;
  readonly #retention: AuditRetention;
  readonly #looks: readonly string[];
  readonly #refusals: RefusalTally;
  #sincePrune: number;

  constructor(options: {
    readonly store: AuditStore;
    readonly clock: Clock;
    readonly log?: Log;
    readonly retention?: AuditRetention;
    readonly refusals?: RefusalBounds;
    /** Actions that change nothing, beside those of the RA. */
    readonly looks?: readonly string[];
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#pruningClock = new PatientClock(options.clock);
    this.#log = options.log ?? silentLog;
    this.#retention = options.retention ?? defaultAuditRetention;
    this.#looks = [...raLooks, ...(options.looks ?? [])];
    this.#refusals = new RefusalTally(options.clock, options.refusals ?? defaultRefusalBounds);
    this.#sincePrune = this.#retention.pruneAfter; // the first entry after a start prunes
  }

  /** Notes what happened, now. Never rejects: what was done is done, and a full disk is in the log. */
  async record(entry: Omit<AuditEntry, 'id' | 'time'>): Promise<void> {
    const summed = this.#sumUp(this.#refusals.ended());
    if (this.#refusals.isOwnLine(entry)) await this.#append(entry);
    await summed;
  }

  /** Writes down how many refusals have no line of their own yet: nobody records any more. */
  async flush(): Promise<void> {
    await this.#sumUp(this.#refusals.all(true));
  }

  /** The newest first. @param devices the names that one device goes by: what was done under any of them */
  async entries({ looks = true, ...asked }: TrailQuery, devices?: readonly string[]): Promise<readonly AuditEntry[]> {
    await this.#sumUp(this.#refusals.all());
    const query: AuditQuery = looks ? asked : { ...asked, without: this.#looks };
    if (devices === undefined) return this.#store.entries(query);
    const found = await Promise.all(devices.map((device) => this.#store.entries({ ...query, device })));
    return found
      .flat()
      .sort((a, b) => b.id - a.id)
      .slice(0, query.limit);
  }
  async #sumUp(refused: readonly Refused[]): Promise<void> {
    const entries = refused.map(({ door, actor, count }) => {
      return { ...refusedRequests, door, actor, device: undefined, subject: String(count) };
    });
    await Promise.all(entries.map((entry) => this.#append(entry)));
  }

  async #append(entry: Omit<AuditEntry, 'id' | 'time'>): Promise<void> {
    const time = this.#clock.epoch();
    try {
      await this.#store.append({ ...entry, time });
      this.#sincePrune++;
      if (this.#sincePrune < this.#retention.pruneAfter) return;
      this.#sincePrune = 0;
      const { maxAge, maxEntries } = this.#retention;
      await this.#store.prune(this.#pruningClock.epoch() - toMilliseconds(maxAge), maxEntries, this.#looks);
    } catch (error) {
      this.#log.error('an audit entry was not stored', { ...entry, error });
    }
  }
}
