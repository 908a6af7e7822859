import type { Peer, Random } from '@yaolian/kernel';

const segments = 16;
const segmentSize = 0x1_0000 / segments;
const never = Number.NEGATIVE_INFINITY;

/** One run through the message IDs, with the time at which each sixteenth of them was last used. */
interface Sequence {
  next: number;
  readonly lastUsed: Float64Array;
}

/**
 * Gives out message IDs so that none is used again to the same peer within EXCHANGE_LIFETIME (RFC 7252 §4.4). Peers share
 * sequences by hash, which keeps this promise at a fixed price: 160 bytes a sequence, made at first use.
 */
export class MessageIds {
  readonly #random: Random;
  readonly #lifetime: number;
  readonly #sequences = new Map<number, Sequence>();
  readonly #mask: number;

  /**
   * @param lifetime EXCHANGE_LIFETIME in milliseconds
   * @param sequences a power of two. Each gives about 15 x 4096 IDs per lifetime: 249 a second
   */
  constructor(random: Random, lifetime: number, sequences: number) {
    if (!Number.isInteger(Math.log2(sequences))) throw new RangeError(`${sequences} is not a power of two`);
    this.#random = random;
    this.#lifetime = lifetime;
    this.#mask = sequences - 1;
  }

  /** The next message ID for `peer`, or -1 when every one was used too recently. */
  next(peer: Peer, now: number): number {
    const sequence = this.#sequences.get(peer.hash & this.#mask) ?? this.#begin(peer.hash & this.#mask);
    const id = sequence.next;
    const segment = Math.floor(id / segmentSize);
    const entering = id % segmentSize === 0;
    if (entering && now - sequence.lastUsed[segment]! < this.#lifetime) return -1;
    sequence.lastUsed[segment] = now;
    sequence.next = (id + 1) & 0xffff;
    return id;
  }

  #begin(index: number): Sequence {
    // RFC 7252 §4.4: a random start makes off-path guesses harder and survives restarts.
    const next = this.#random.uint32() & 0xffff;
    const sequence = { next, lastUsed: new Float64Array(segments).fill(never) };
    this.#sequences.set(index, sequence);
    return sequence;
  }
}
