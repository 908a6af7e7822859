import { type Duration, equalBytes, type Random } from '@yaolian/kernel';

/** A value that was sent, and when. */
interface Issued {
  readonly value: Uint8Array;
  readonly at: number;
}

/**
 * Finds out whether a request is fresh when nobody knows which came before (RFC 8613 Appendix B.1.2, RFC 9175 §2): it repeats
 * a value that was sent a moment ago. All who ask within half the lifetime get the same value, so that a flood of replays
 * takes it from nobody.
 */
export class EchoChallenge {
  readonly #random: Random;
  readonly #lifetime: Duration;
  #current: Issued | undefined;
  #previous: Issued | undefined;

  constructor(random: Random, lifetime: Duration) {
    this.#random = random;
    this.#lifetime = lifetime;
  }

  /** The value to send. @param now monotonic milliseconds */
  issue(now: number): Uint8Array {
    if (this.#current === undefined || now - this.#current.at >= this.#lifetime / 2) {
      this.#previous = this.#current;
      this.#current = { value: this.#random.bytes(8), at: now };
    }
    return this.#current.value;
  }

  /** Whether a value was issued and is not older than the lifetime. */
  accepts(value: Uint8Array, now: number): boolean {
    return [this.#current, this.#previous].some(
      (issued) => issued !== undefined && now - issued.at <= this.#lifetime && equalBytes(issued.value, value),
    );
  }
}
