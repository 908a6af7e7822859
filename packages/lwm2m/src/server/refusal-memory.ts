import { type Clock, type Duration, toMilliseconds } from '@yaolian/kernel';

export interface RefusalMemoryOptions {
  readonly clock: Clock;
  /** Refusals of one name within {@link window} before it is told to wait. */
  readonly allowed: number;
  readonly window: Duration;
  /** Names remembered; beyond it the oldest is forgotten. */
  readonly maximumRemembered: number;
}

interface Refused {
  count: number;
  readonly until: number;
}

/**
 * Remembers endpoint names that were refused, so that a terminal that asks again at once, tens of times a second, costs a
 * look-up instead of another enrolment. Keyed by name, not address: terminals behind one NAT do not pay for each other.
 */
export class RefusalMemory {
  readonly #options: RefusalMemoryOptions;
  readonly #refused = new Map<string, Refused>();

  constructor(options: RefusalMemoryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#refused.size;
  }

  /** How long this name still has to wait, in milliseconds; undefined when it may ask. */
  waitOf(endpoint: string): number | undefined {
    if (this.#refused.size === 0) return undefined;
    const refused = this.#refused.get(endpoint);
    if (!refused) return undefined;
    const wait = refused.until - this.#options.clock.monotonic();
    if (wait <= 0) {
      this.#refused.delete(endpoint);
      return undefined;
    }
    return refused.count >= this.#options.allowed ? wait : undefined;
  }

  /** Counts a refusal. */
  note(endpoint: string): void {
    const now = this.#options.clock.monotonic();
    const refused = this.#refused.get(endpoint);
    if (refused && refused.until > now) {
      refused.count++;
      return;
    }
    this.#refused.delete(endpoint);
    if (this.#refused.size >= this.#options.maximumRemembered) this.#forgetOldest();
    this.#refused.set(endpoint, { count: 1, until: now + toMilliseconds(this.#options.window) });
  }

  /** The name was let in, or the operator changed his mind. */
  forget(endpoint: string): void {
    if (this.#refused.size > 0) this.#refused.delete(endpoint);
  }

  #forgetOldest(): void {
    for (const oldest of this.#refused.keys()) {
      this.#refused.delete(oldest);
      return;
    }
  }
}
