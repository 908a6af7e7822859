import type { StreamTiming } from './stream-options.ts';

/** What a connection has waited for too long. */
export type Overdue = 'closing' | 'csm' | 'reading' | 'message' | 'pong' | 'silence';

/** Since when a connection waits for what, in milliseconds of the clock, and how long it may. */
export class ConnectionPatience {
  readonly #timing: StreamTiming;
  readonly #openedAt: number;
  #opening = true;
  #heardAt: number;
  #pingedAt: number | undefined;
  /** When the first byte of an incomplete message came. */
  #incompleteSince: number | undefined;
  /** Since when the stream has no room, or since when its peer read nothing of what waits. */
  #congestedSince: number | undefined;
  #congestedBytes = 0;
  #closingSince: number | undefined;
  /** We do not read: nothing can be heard. */
  #paused = false;

  constructor(timing: StreamTiming, now: number) {
    this.#timing = timing;
    this.#openedAt = now;
    this.#heardAt = now;
  }

  get congested(): boolean {
    return this.#congestedSince !== undefined;
  }

  get closing(): boolean {
    return this.#closingSince !== undefined;
  }

  opened(): void {
    this.#opening = false;
  }

  heard(now: number): void {
    this.#heardAt = now;
    this.#pingedAt = undefined;
  }

  pinged(now: number): void {
    this.#pingedAt = now;
  }

  /** A message came whole, or nothing of one is there. */
  complete(): void {
    this.#incompleteSince = undefined;
  }

  /** True when it is news that a message is incomplete. */
  incomplete(now: number): boolean {
    if (this.#incompleteSince !== undefined) return false;
    this.#incompleteSince = now;
    return true;
  }

  /** True when it is news that the stream has no room. */
  full(now: number, queuedBytes: number): boolean {
    if (this.#congestedSince !== undefined) return false;
    this.#congestedSince = now;
    this.#congestedBytes = queuedBytes;
    return true;
  }

  drained(): void {
    this.#congestedSince = undefined;
  }

  /** A peer may read slowly, but not nothing at all. @returns whether it read something */
  reads(now: number, queuedBytes: number): boolean {
    if (queuedBytes >= this.#congestedBytes) return false;
    this.#congestedSince = now;
    this.#congestedBytes = queuedBytes;
    return true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(now: number): void {
    this.#paused = false;
    this.heard(now);
    if (this.#incompleteSince !== undefined) this.#incompleteSince = now;
  }

  close(now: number): void {
    this.#closingSince = now;
  }

  /** When something is due first; infinity: nothing will be. */
  due(): number {
    const timing = this.#timing;
    if (this.#closingSince !== undefined) return after(this.#closingSince, timing.closeTimeout);
    const congested = after(this.#congestedSince, timing.writeTimeout);
    if (this.#paused) return congested;
    return Math.min(
      congested,
      after(this.#opening ? this.#openedAt : undefined, timing.csmTimeout),
      after(this.#incompleteSince, timing.messageTimeout),
      after(this.#pingedAt, timing.pingTimeout),
      after(this.#pingedAt === undefined ? this.#heardAt : undefined, timing.pingAfter),
    );
  }

  /** What is overdue; undefined: nothing yet. */
  overdue(now: number): Overdue | undefined {
    const timing = this.#timing;
    if (this.#closingSince !== undefined) {
      return now >= after(this.#closingSince, timing.closeTimeout) ? 'closing' : undefined;
    }
    if (this.#opening && now >= after(this.#openedAt, timing.csmTimeout)) return 'csm';
    if (now >= after(this.#congestedSince, timing.writeTimeout)) return 'reading';
    if (this.#paused) return undefined;
    if (now >= after(this.#incompleteSince, timing.messageTimeout)) return 'message';
    if (now >= after(this.#pingedAt, timing.pingTimeout)) return 'pong';
    return this.#pingedAt === undefined && now >= after(this.#heardAt, timing.pingAfter) ? 'silence' : undefined;
  }
}

function after(since: number | undefined, wait: number): number {
  return since === undefined || wait === 0 ? Number.POSITIVE_INFINITY : since + wait;
}
