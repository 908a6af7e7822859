import { type Clock, type Duration, minutes, toMilliseconds } from '@yaolian/kernel';
import type { AuditDoor, AuditEntry } from './audit.ts';

/** How many refusals of one actor have lines of their own in a span of time. */
export interface RefusalBounds {
  readonly within: Duration;
  readonly lines: Readonly<Record<AuditDoor, number>>;
}

export const defaultRefusalBounds: RefusalBounds = {
  within: minutes(10),
  lines: { ra: 60, https: 60, rest: 1_000 },
};

/** Refusals that have no line of their own. */
export interface Refused {
  readonly door: AuditDoor;
  readonly actor: string;
  readonly count: number;
}

interface Span {
  readonly door: AuditDoor;
  readonly actor: string;
  /** Milliseconds of the monotonic clock. */
  readonly start: number;
  lines: number;
  count: number;
  /** When some of it was told last. */
  toldAt: number;
}

/** Milliseconds: who looks again and again makes no more lines of what goes on. */
const tellAgainAfter = 60_000;

/** Nothing was done, and no device was asked: conditions of stanzas, and statuses of HTTP. */
const refusals: ReadonlySet<string> = new Set([
  ...[
    'bad-request',
    'conflict',
    'elder',
    'feature-not-implemented',
    'forbidden',
    'gone',
    'item-not-found',
    'jid-malformed',
  ],
  ...['not-acceptable', 'not-allowed', 'not-authorized', 'policy-violation', 'recipient-unavailable'],
  ...['registration-required', 'resource-constraint', 'subscription-required', 'unexpected-request'],
  ...['400', '401', '403', '404', '405', '409', '412', '413', '415', '422', '429'],
]);

/** Counts what each actor is refused, in spans of time that begin with the first refusal. */
export class RefusalTally {
  readonly #clock: Clock;
  readonly #within: number;
  readonly #lines: RefusalBounds['lines'];
  /** By door and actor; the oldest first. */
  readonly #spans = new Map<string, Span>();

  constructor(clock: Clock, { within, lines }: RefusalBounds) {
    this.#clock = clock;
    this.#within = toMilliseconds(within);
    this.#lines = lines;
  }

  /** Whether an entry gets a line; what gets none is counted. */
  isOwnLine({ door, actor, outcome }: Pick<AuditEntry, 'door' | 'actor' | 'outcome'>): boolean {
    if (!refusals.has(outcome)) return true;
    const key = `${door} ${actor}`;
    let span = this.#spans.get(key);
    if (!span) {
      span = { door, actor, start: this.#clock.monotonic(), lines: 0, count: 0, toldAt: Number.NEGATIVE_INFINITY };
      this.#spans.set(key, span);
    }
    const isOwn = span.lines < this.#lines[door];
    if (isOwn) span.lines++;
    else span.count++;
    return isOwn;
  }

  /** What was counted in the spans that are over, once. */
  ended(): readonly Refused[] {
    const ended: Refused[] = [];
    for (const [key, span] of this.#spans) {
      if (this.#clock.monotonic() - span.start < this.#within) break;
      this.#spans.delete(key);
      if (span.count > 0) ended.push(span);
    }
    return ended;
  }

  /** What was counted and not told yet; of each actor once a minute, or with `isLast` whatever was told when. */
  all(isLast = false): readonly Refused[] {
    const told: Refused[] = [];
    const now = this.#clock.monotonic();
    for (const span of this.#spans.values()) {
      if (span.count === 0 || (!isLast && now - span.toldAt < tellAgainAfter)) continue;
      told.push({ ...span });
      span.count = 0;
      span.toldAt = now;
    }
    return told;
  }
}
