import { type Duration, hours, toMilliseconds } from './duration.ts';
import type { Clock } from './ports.ts';

/** Leaps ahead up to this are believed at once, in milliseconds. */
const smallLeap = 3_600_000;

/**
 * The clock of whoever removes what is old. One that leaps ahead by years, if only for a moment, must not cost what people
 * keep: by this one the leap is over once it has lasted for a while. Set back, it is believed at once.
 */
export class PatientClock implements Clock {
  readonly #clock: Clock;
  readonly #patience: number;
  /** What {@link epoch} is beyond {@link monotonic}. */
  #offset: number;
  /** Monotonic: when the leap was noticed that is not believed yet. */
  #leaptAt: number | undefined;

  /** @param patience how long a leap has to last. Default a day */
  constructor(clock: Clock, patience: Duration = hours(24)) {
    this.#clock = clock;
    this.#patience = toMilliseconds(patience);
    this.#offset = clock.epoch() - clock.monotonic();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  epoch(): number {
    const now = this.#clock.monotonic();
    const offset = this.#clock.epoch() - now;
    if (offset - this.#offset > smallLeap) {
      this.#leaptAt ??= now;
      if (now - this.#leaptAt < this.#patience) return Math.floor(now + this.#offset);
    }
    this.#leaptAt = undefined;
    this.#offset = offset;
    return Math.floor(now + offset);
  }
}
