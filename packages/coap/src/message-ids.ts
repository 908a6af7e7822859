import type { Peer, Random } from '@yaolian/kernel';

const segments = 16;
const segmentSize = 0x1_0000 / segments;
const never = Number.NEGATIVE_INFINITY;

/** One run through the message IDs, with the time at which each sixteenth of them was last used. */
interface Sequence {
  next: number;
  readonly lastUsed: Float64Array;
  /** When the segment of `next` was entered. */
  enteredAt: number;
  usedAt: number;
}

/**
 * Gives out message IDs so that none is used again to the same peer within EXCHANGE_LIFETIME (RFC 7252 §4.4). Peers share
 * sequences by hash, which keeps this promise at a fixed price: 200 bytes a sequence, made at first use. A peer that would
 * use up what it shares gets a sequence of its own, so that it holds up nobody but itself.
 */
export class MessageIds {
  readonly #random: Random;
  readonly #lifetime: number;
  readonly #shared = new Map<number, Sequence>();
  /** Of busy peers, in order of becoming it; at most as many as there are shared ones. */
  readonly #own = new Map<string, Sequence>();
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
    let sequence = this.#sequenceOf(peer);
    const id = sequence.next;
    const segment = Math.floor(id / segmentSize);
    if (id % segmentSize === 0) {
      if (now - sequence.lastUsed[segment]! < this.#lifetime) return -1;
      // At this pace the IDs run out: whoever crosses the line is, most likely, the one who uses them up.
      if (now - sequence.enteredAt < this.#lifetime / segments) sequence = this.#separate(peer, sequence, now);
      sequence.enteredAt = now;
    }
    sequence.lastUsed[segment] = now;
    sequence.usedAt = now;
    sequence.next = (id + 1) & 0xffff;
    return id;
  }

  /** How many milliseconds from `now` {@link next} will have an ID for `peer`: 0 when it has one now. */
  delay(peer: Peer, now: number): number {
    const { next, lastUsed } = this.#sequenceOf(peer);
    if (next % segmentSize !== 0) return 0;
    return Math.max(0, lastUsed[next / segmentSize]! + this.#lifetime - now);
  }

  #sequenceOf(peer: Peer): Sequence {
    const own = this.#own.size === 0 ? undefined : this.#own.get(peer.key);
    return own ?? this.#shared.get(peer.hash & this.#mask) ?? this.#begin(peer.hash & this.#mask);
  }

  #begin(index: number): Sequence {
    // RFC 7252 §4.4: a random start makes off-path guesses harder and survives restarts.
    const next = this.#random.uint32() & 0xffff;
    const sequence = { next, lastUsed: new Float64Array(segments).fill(never), enteredAt: never, usedAt: never };
    this.#shared.set(index, sequence);
    return sequence;
  }

  /** A sequence for `peer` alone, which knows what the peer may have had of the shared one. */
  #separate(peer: Peer, from: Sequence, now: number): Sequence {
    if (this.#own.has(peer.key) || !this.#hasRoom(now)) return from;
    const own = { ...from, lastUsed: from.lastUsed.slice() };
    this.#own.set(peer.key, own);
    return own;
  }

  #hasRoom(now: number): boolean {
    if (this.#own.size <= this.#mask) return true;
    for (const [key, { usedAt }] of this.#own) {
      // What it had is free again: its peer may share as others do.
      if (now - usedAt < this.#lifetime) continue;
      this.#own.delete(key);
      return true;
    }
    return false;
  }
}
