/** What a window keeps over a restart. */
export interface ReplayWindowState {
  /** The largest number that was accepted; -1 before the first. */
  readonly highest: number;
  /** Which of the numbers up to it were: bit 0 of byte 0 is `highest`, bit 1 the one before. */
  readonly seen: Uint8Array;
}

/**
 * Which sequence numbers of the peer came already (RFC 8613 §3.2.2, §7.4): the sliding window of IPsec and DTLS
 * (RFC 6347 §4.1.2.6). What is older than the window counts as seen.
 */
export class ReplayWindow {
  readonly size: number;
  /** A ring: number n is bit n modulo size. */
  readonly #ring: Uint8Array;
  #highest = -1;

  /** @param size a multiple of 8 */
  constructor(size: number) {
    this.size = size;
    this.#ring = new Uint8Array(size);
  }

  get highest(): number {
    return this.#highest;
  }

  hasSeen(sequence: number): boolean {
    if (sequence > this.#highest) return false;
    return sequence <= this.#highest - this.size || this.#ring[sequence % this.size] === 1;
  }

  /** Marks a number, whose message was authentic, as seen. */
  accept(sequence: number): void {
    if (sequence > this.#highest) {
      const first = Math.max(this.#highest + 1, sequence - this.size + 1);
      for (let skipped = first; skipped < sequence; skipped++) this.#ring[skipped % this.size] = 0;
      this.#highest = sequence;
    }
    if (sequence > this.#highest - this.size) this.#ring[sequence % this.size] = 1;
  }

  /** RFC 8613 Appendix B.1.2: `sequence` is the lower limit, and what came before it counts as seen. */
  startAt(sequence: number): void {
    this.#ring.fill(1);
    this.#highest = sequence;
  }

  export(): ReplayWindowState {
    const seen = new Uint8Array(Math.ceil(this.size / 8));
    for (let age = 0; age < this.size && age <= this.#highest; age++) {
      if (this.#ring[(this.#highest - age) % this.size] === 1) seen[age >> 3]! |= 1 << (age & 7);
    }
    return { highest: this.#highest, seen };
  }

  /** Takes up what another kept; numbers that it did not keep count as seen. */
  restore({ highest, seen }: ReplayWindowState): void {
    this.#ring.fill(1);
    this.#highest = highest;
    for (let age = 0; age < this.size && age <= highest; age++) {
      const kept = age >> 3 < seen.length;
      const wasSeen = !kept || (seen[age >> 3]! & (1 << (age & 7))) !== 0;
      this.#ring[(highest - age) % this.size] = wasSeen ? 1 : 0;
    }
  }
}
