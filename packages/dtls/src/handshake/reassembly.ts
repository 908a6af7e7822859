import type { HandshakeFragment } from '../messages/handshake-header.ts';

/** A whole handshake message. */
export interface HandshakeMessage {
  readonly type: number;
  readonly messageSequence: number;
  /** 0: it came in the clear. */
  readonly epoch: number;
  /** Without header. May be a view of a datagram. */
  readonly body: Uint8Array;
}

/** Why a fragment is refused. Stable: they label counters. */
export type ReassemblyRefusal =
  | 'handshake message too long'
  | 'handshake message far ahead'
  | 'contradicting fragments'
  | 'too many fragments'
  | 'reassembly memory full';

/** Memory for messages in pieces, shared by all handshakes of an endpoint. */
export class ReassemblyBudget {
  readonly #maximum: number;
  #used = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  get used(): number {
    return this.#used;
  }

  reserve(bytes: number): boolean {
    if (this.#used + bytes > this.#maximum) return false;
    this.#used += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#used -= bytes;
  }
}

interface Partial {
  readonly type: number;
  readonly epoch: number;
  readonly body: Uint8Array;
  /** What has come: pairs of start and end, ascending, apart from each other. */
  ranges: number[];
}

/** Messages further ahead than this are not kept. A flight has at most seven. */
const windowAhead = 12;
/** Separate pieces of one message, with gaps between them. */
const maximumGaps = 64;
/** What a partial message costs besides its bytes. */
const overhead = 200;

/** Puts handshake messages together from fragments in any order, doubled and overlapping (RFC 6347 §4.2.3). */
export class Reassembly {
  readonly #maximumMessage: number;
  readonly #budget: ReassemblyBudget;
  readonly #partials = new Map<number, Partial>();

  constructor(maximumMessage: number, budget: ReassemblyBudget) {
    this.#maximumMessage = maximumMessage;
    this.#budget = budget;
  }

  /** @param next the sequence number of the message that is awaited */
  add(fragment: HandshakeFragment, epoch: number, next: number): ReassemblyRefusal | undefined {
    const { messageSequence, length } = fragment;
    if (length > this.#maximumMessage) return 'handshake message too long';
    if (messageSequence - next > windowAhead) return 'handshake message far ahead';
    let partial = this.#partials.get(messageSequence);
    // What is authentic replaces what anybody may have sent.
    if (partial !== undefined && epoch > partial.epoch) {
      this.#remove(messageSequence, partial);
      partial = undefined;
    }
    if (partial === undefined) {
      if (!this.#budget.reserve(length + overhead)) return 'reassembly memory full';
      partial = { type: fragment.type, epoch, body: new Uint8Array(length), ranges: [] };
      this.#partials.set(messageSequence, partial);
    } else if (partial.type !== fragment.type || partial.body.length !== length || partial.epoch !== epoch) {
      return 'contradicting fragments';
    }
    const merged = mergeRange(partial.ranges, fragment.offset, fragment.offset + fragment.body.length);
    if (merged.length > 2 * maximumGaps) return 'too many fragments';
    partial.ranges = merged;
    partial.body.set(fragment.body, fragment.offset);
    return undefined;
  }

  /** Takes the message out when it is whole. */
  take(messageSequence: number): HandshakeMessage | undefined {
    const partial = this.#partials.get(messageSequence);
    if (partial === undefined || !isWhole(partial)) return undefined;
    this.#remove(messageSequence, partial);
    return { type: partial.type, messageSequence, epoch: partial.epoch, body: partial.body };
  }

  clear(): void {
    for (const [messageSequence, partial] of this.#partials) this.#remove(messageSequence, partial);
  }

  #remove(messageSequence: number, partial: Partial): void {
    this.#partials.delete(messageSequence);
    this.#budget.release(partial.body.length + overhead);
  }
}

function isWhole({ ranges, body }: Partial): boolean {
  return body.length === 0 || (ranges.length === 2 && ranges[0] === 0 && ranges[1] === body.length);
}

/** The ranges with one more, joined where they touch. */
function mergeRange(ranges: readonly number[], start: number, end: number): number[] {
  if (start === end) return [...ranges];
  const merged: number[] = [];
  let [from, to] = [start, end];
  let placed = false;
  for (let i = 0; i < ranges.length; i += 2) {
    const [low, high] = [ranges[i]!, ranges[i + 1]!];
    if (high < from) merged.push(low, high);
    else if (low > to) {
      if (!placed) merged.push(from, to);
      placed = true;
      merged.push(low, high);
    } else {
      from = Math.min(from, low);
      to = Math.max(to, high);
    }
  }
  if (!placed) merged.push(from, to);
  return merged;
}
