import { type Clock, type Duration, hours, milliseconds, minutes, seconds, zeroDuration } from '@yaolian/kernel';

export interface AttemptLimits {
  /** So many failures are free of waiting. */
  readonly freeFailures: number;
  /** The wait after the first failure that is not free; it doubles with each further one. */
  readonly firstWait: Duration;
  readonly longestWait: Duration;
  /** Failures are forgotten this long after the last one. */
  readonly forgetAfter: Duration;
  /** So many keys are remembered; beyond, the one that failed longest ago is forgotten. */
  readonly maxKeys: number;
}

/** An account: short waits, so that a stranger cannot lock its owner out for long. */
export const defaultAccountLimits: AttemptLimits = {
  freeFailures: 4,
  firstWait: seconds(1),
  longestWait: minutes(1),
  forgetAfter: hours(1),
  maxKeys: 10_000,
};

/** A network address: more tries (several people may share one), longer waits. */
export const defaultAddressLimits: AttemptLimits = {
  freeFailures: 10,
  firstWait: seconds(1),
  longestWait: minutes(15),
  forgetAfter: hours(1),
  maxKeys: 100_000,
};

interface Failures {
  count: number;
  lastAt: number;
}

/**
 * Exponential back-off for guesses of a secret, per key (an account, an address). An attempt is charged as a failure when it
 * begins, so that a thousand parallel guesses are a thousand failures; {@link succeeded} takes it back.
 */
export class AttemptLimiter {
  readonly #clock: Clock;
  readonly #limits: AttemptLimits;
  /** In the order of the last failure. */
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock, limits: AttemptLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** How long `key` has to wait before its next attempt; zero when it may try now. */
  wait(key: string): Duration {
    const failures = this.#remembered(key);
    if (failures === undefined || failures.count <= this.#limits.freeFailures) return zeroDuration;
    const doublings = Math.min(failures.count - this.#limits.freeFailures - 1, 52);
    const wait = Math.min(this.#limits.firstWait * 2 ** doublings, this.#limits.longestWait);
    return milliseconds(Math.max(0, failures.lastAt + wait - this.#clock.monotonic()));
  }

  /** Charges an attempt that begins now. */
  began(key: string): void {
    const count = (this.#remembered(key)?.count ?? 0) + 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, lastAt: this.#clock.monotonic() });
    if (this.#failures.size > this.#limits.maxKeys) {
      const [oldest] = this.#failures.keys();
      this.#failures.delete(oldest!);
    }
  }

  /** Takes back the charge of one attempt. */
  withdrawn(key: string): void {
    const failures = this.#failures.get(key);
    if (failures === undefined) return;
    failures.count--;
    if (failures.count <= 0) this.#failures.delete(key);
  }

  /** The owner of the secret was here: earlier failures count no more. */
  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  #remembered(key: string): Failures | undefined {
    const failures = this.#failures.get(key);
    if (failures === undefined) return undefined;
    if (this.#clock.monotonic() - failures.lastAt < this.#limits.forgetAfter) return failures;
    this.#failures.delete(key);
    return undefined;
  }
}
