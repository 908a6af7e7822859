import type { Peer } from '@yaolian/kernel';
import { type Message, MessageType } from './message.ts';

/*
 * Which messages came already, and what they were answered (RFC 7252 §4.2, §4.3, §4.5). Hundreds of thousands of entries
 * live here, so they are bytes in an append-only arena, in order of arrival. Lifetimes are constant, so the oldest chunk is
 * always the first to go, whole. An entry, at a multiple of 4:
 *
 *   +--------------------------------+
 *   |  time, ms modulo 2^32          |  4 bytes
 *   |  hash of peer and message      |  4
 *   |  message ID    | answer length |  2 + 2
 *   |  key length    | out | conf    |  2 + 1 + 1    outcome; 1 when the message was a CON
 *   |  peer.key, a byte a character  |  (two when a character does not fit into one: bit 1 of the last header byte)
 *   |  the answer as it was sent     |
 *   +--------------------------------+
 *
 * The index is an open-addressing table of pairs: a 32-bit position (18 bits of chunk number, 14 bits of offset / 4) and the
 * hash once more, so that looking, adding and removing touch one line of the cache each and no entry but the right one.
 */

/** What became of a message that must not be processed twice. */
export const Outcome = {
  /** Nothing was sent, nothing is to be sent again. */
  Silent: 0,
  /** The stored datagram was sent: a piggybacked response. */
  Answered: 1,
  /** An empty ACK was sent. */
  Acknowledged: 2,
  /** A Reset was sent. */
  Rejected: 3,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

export interface DeduplicationOptions {
  /** How long a CON is remembered, in milliseconds. */
  readonly exchangeLifetime: number;
  /** How long a NON is remembered, in milliseconds; at most `exchangeLifetime`. */
  readonly nonLifetime: number;
  /** The most memory for arena and index together; the oldest entries give way. */
  readonly maximumBytes: number;
  /** Secret, so that nobody can choose message IDs that share a place in the index. */
  readonly seed: number;
  /** Called with the number of entries that had to give way before their time. */
  readonly onEvicted: (count: number) => void;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  used: number;
  entries: number;
  /** Monotonic milliseconds of the newest entry. */
  newest: number;
}

const headerBytes = 16;
const smallestChunk = 1024;
const largestChunk = 65_536;
/** Milliseconds. */
const longestPause = 60_000;
const chunkNumbers = 0x3ffff;
/** The position in a slot of the index that nobody has: no entry has room to start there. */
const vacant = 0xffffffff;
const smallestIndex = 16;

export class Deduplication {
  readonly #options: DeduplicationOptions;
  readonly #chunks: Chunk[] = [];
  #firstChunk = 0;
  /** Two words a slot, a power of two of slots, at most half of them taken. */
  #index = newIndex(smallestIndex);
  #entries = 0;
  #arenaBytes = 0;
  #position = 0;
  /** The message that {@link Deduplication.#hash} saw last: each is hashed once. */
  #hashed: Message | undefined;
  #hashedFrom = '';
  #hashOfHashed = 0;

  constructor(options: DeduplicationOptions) {
    this.#options = options;
  }

  get entries(): number {
    return this.#entries;
  }

  /** Bytes of arena and index. */
  get memory(): number {
    return this.#arenaBytes + this.#index.byteLength;
  }

  /** When the oldest chunk may go, in monotonic milliseconds; undefined when there is none. */
  get nextExpiry(): number | undefined {
    const oldest = this.#chunks[0];
    return oldest === undefined ? undefined : oldest.newest + this.#options.exchangeLifetime;
  }

  /**
   * Looks for a message of `peer`: the same message ID, code and token. A restarted terminal that uses its message IDs again
   * too early (against RFC 7252 §4.4) is recognised by its new token, and heard.
   *
   * @returns what {@link outcomeOf} and {@link answerOf} take, until the next change; -1 when it did not come before
   */
  find(peer: Peer, message: Message, now: number): number {
    if (this.#entries === 0) return -1;
    const hash = this.#hash(peer, message);
    const { messageId } = message;
    const index = this.#index;
    const mask = index.length - 2;
    for (let slot = (hash << 1) & mask; index[slot] !== vacant; slot = (slot + 2) & mask) {
      if (index[slot + 1] !== hash) continue;
      const position = index[slot]!;
      const chunk = this.#chunkAt(position);
      const word = position & 0x3fff;
      if ((chunk.words[word + 2]! & 0xffff) !== messageId) continue;
      if (isKeyAt(chunk, word << 2, peer.key) && this.#isAlive(chunk, word, now)) return position;
    }
    return -1;
  }

  outcomeOf(position: number): Outcome {
    return ((this.#chunkAt(position).words[(position & 0x3fff) + 3]! >> 16) & 0xff) as Outcome;
  }

  /** What became in the end of a message that has no answer to keep. */
  conclude(position: number, outcome: Outcome): void {
    const { words } = this.#chunkAt(position);
    const word = (position & 0x3fff) + 3;
    words[word] = (words[word]! & 0xff00ffff) | (outcome << 16);
  }

  /** The datagram that was sent. A view: the bytes behind it never change. */
  answerOf(position: number): Uint8Array {
    const chunk = this.#chunkAt(position);
    const word = position & 0x3fff;
    const start = (word << 2) + headerBytes + keyBytes(chunk.words[word + 3]!);
    return chunk.bytes.subarray(start, start + (chunk.words[word + 2]! >>> 16));
  }

  /** Remembers a message that has no answer to keep. */
  add(peer: Peer, message: Message, outcome: Outcome, now: number): void {
    this.reserve(peer, message, outcome, 0, now);
    this.commit(this.offset);
  }

  /** The buffer to write an answer into, after {@link reserve}. */
  target: Uint8Array = new Uint8Array(0);
  /** Where in {@link target} the answer starts. */
  offset = 0;

  /**
   * Starts an entry with room for an answer of up to `size` bytes: write it to {@link target} at {@link offset}, then call
   * {@link commit}, with nothing in between. So an answer is encoded straight into the place where it is kept.
   */
  reserve(peer: Peer, message: Message, outcome: Outcome, size: number, now: number): void {
    const { key } = peer;
    let chunk = this.#chunkFor((headerBytes + key.length + size + 3) & ~3, now);
    let end = writeKey(chunk.bytes, chunk.used + headerBytes, key);
    // A key is ASCII in every adapter there is; the second width is for the ones to come.
    const wide = end < 0;
    if (wide) {
      chunk = this.#chunkFor((headerBytes + 2 * key.length + size + 3) & ~3, now);
      end = writeWideKey(chunk.bytes, chunk.used + headerBytes, key);
    }
    const { words } = chunk;
    const word = chunk.used >> 2;
    words[word] = now >>> 0;
    words[word + 1] = this.#hash(peer, message);
    words[word + 2] = message.messageId;
    const flags = (message.type === MessageType.CON ? 1 : 0) | (wide ? 2 : 0);
    words[word + 3] = key.length | (outcome << 16) | (flags << 24);
    this.offset = end;
    this.target = chunk.bytes;
    this.#position = ((((this.#firstChunk + this.#chunks.length - 1) & chunkNumbers) << 14) | word) >>> 0;
    chunk.newest = now;
  }

  /** Ends the entry that {@link reserve} started. `end` is the offset behind the answer. Returns the answer as a view. */
  commit(end: number): Uint8Array {
    const chunk = this.#chunks[this.#chunks.length - 1]!;
    const word = chunk.used >> 2;
    chunk.words[word + 2] = chunk.words[word + 2]! | ((end - this.offset) << 16);
    chunk.used = (end + 3) & ~3;
    chunk.entries++;
    this.#entries++;
    if (this.#entries * 4 > this.#index.length) this.#rebuildIndex(this.#index.length);
    else place(this.#index, this.#position, chunk.words[word + 1]!);
    return chunk.bytes.subarray(this.offset, end);
  }

  /** Lets go what is older than its lifetime. Called before every new chunk, and by the owner when it is idle. */
  expire(now: number): void {
    while (this.#chunks.length > 0 && now - this.#chunks[0]!.newest >= this.#options.exchangeLifetime)
      this.#dropOldest();
    const slots = this.#index.length >> 1;
    if (slots > smallestIndex && this.#entries * 8 < slots) this.#rebuildIndex(slots >> 1);
  }

  clear(): void {
    this.#hashed = undefined;
    this.#chunks.length = 0;
    this.#index = newIndex(smallestIndex);
    this.#entries = 0;
    this.#arenaBytes = 0;
  }

  #isAlive(chunk: Chunk, word: number, now: number): boolean {
    const confirmable = (chunk.words[word + 3]! >>> 24) & 1;
    const age = (now - chunk.words[word]!) >>> 0;
    return age < (confirmable ? this.#options.exchangeLifetime : this.#options.nonLifetime);
  }

  /**
   * Of the peer, and of what tells one message from another: type, code, message ID and token. The peer's own hash has no
   * secret in it: from spoofed addresses chosen by it, all messages would share a place in the index.
   */
  #hash({ key }: Peer, message: Message): number {
    if (message === this.#hashed && key === this.#hashedFrom) return this.#hashOfHashed;
    const { bytes, tokenLength } = message;
    let mixed = this.#options.seed;
    for (let i = 0; i < key.length; i++) mixed = Math.imul(mixed ^ key.charCodeAt(i), 0x9e3779b1) ^ (mixed >>> 15);
    for (let i = 0; i < 4 + tokenLength; i++) mixed = Math.imul(mixed ^ bytes[i]!, 0x01000193);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    this.#hashed = message;
    this.#hashedFrom = key;
    this.#hashOfHashed = (mixed ^ (mixed >>> 13)) >>> 0;
    return this.#hashOfHashed;
  }

  #chunkAt(position: number): Chunk {
    return this.#chunks[((position >>> 14) - this.#firstChunk) & chunkNumbers]!;
  }

  #chunkFor(needed: number, now: number): Chunk {
    const last = this.#chunks[this.#chunks.length - 1];
    if (last !== undefined && last.used + needed <= last.bytes.length && last.used < largestChunk) {
      // After a pause a new chunk begins, so that the old one can go on time.
      if (now - last.newest < longestPause) return last;
    }
    this.expire(now);
    const size = Math.max(this.#nextChunkSize(), needed);
    const room = this.#options.maximumBytes - this.#index.byteLength;
    while (this.#chunks.length > 0 && (this.#arenaBytes + size > room || this.#chunks.length >= chunkNumbers)) {
      this.#options.onEvicted(this.#chunks[0]!.entries);
      this.#dropOldest();
    }
    const buffer = new ArrayBuffer(size);
    const chunk = { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer), used: 0, entries: 0, newest: now };
    this.#chunks.push(chunk);
    this.#arenaBytes += size;
    return chunk;
  }

  /** A quiet endpoint pays a kilobyte, a busy one has few chunks: each is an eighth of what there is. */
  #nextChunkSize(): number {
    let size = smallestChunk;
    while (size < largestChunk && size * 8 <= this.#arenaBytes) size *= 2;
    return size;
  }

  #dropOldest(): void {
    const chunk = this.#chunks[0]!;
    const number = this.#firstChunk;
    for (let at = 0; at < chunk.used; at = entryEnd(chunk, at)) {
      this.#vacate(((number << 14) | (at >> 2)) >>> 0, chunk.words[(at >> 2) + 1]!);
    }
    this.#entries -= chunk.entries;
    this.#arenaBytes -= chunk.bytes.length;
    this.#chunks.shift();
    this.#firstChunk = (this.#firstChunk + 1) & chunkNumbers;
  }

  /** Removes without leaving a tombstone: later members of the run move up. */
  #vacate(position: number, hash: number): void {
    const index = this.#index;
    const mask = index.length - 2;
    let slot = (hash << 1) & mask;
    while (index[slot] !== position) slot = (slot + 2) & mask;
    for (let next = (slot + 2) & mask; index[next] !== vacant; next = (next + 2) & mask) {
      const home = (index[next + 1]! << 1) & mask;
      // A member may fill the gap unless its home lies behind the gap.
      if (((next - home) & mask) < ((next - slot) & mask)) continue;
      index[slot] = index[next]!;
      index[slot + 1] = index[next + 1]!;
      slot = next;
    }
    index[slot] = vacant;
  }

  /** Makes the index anew, in the order of the arena, which is the cheapest to read. */
  #rebuildIndex(slots: number): void {
    const index = newIndex(slots);
    for (let i = 0; i < this.#chunks.length; i++) {
      const chunk = this.#chunks[i]!;
      const base = (((this.#firstChunk + i) & chunkNumbers) << 14) >>> 0;
      for (let at = 0; at < chunk.used; at = entryEnd(chunk, at)) {
        place(index, base + (at >> 2), chunk.words[(at >> 2) + 1]!);
      }
    }
    this.#index = index;
  }
}

function newIndex(slots: number): Uint32Array {
  return new Uint32Array(2 * slots).fill(vacant);
}

function place(index: Uint32Array, position: number, hash: number): void {
  const mask = index.length - 2;
  let slot = (hash << 1) & mask;
  while (index[slot] !== vacant) slot = (slot + 2) & mask;
  index[slot] = position;
  index[slot + 1] = hash;
}

/** The offset behind the entry at `at`. */
function entryEnd(chunk: Chunk, at: number): number {
  const word = at >> 2;
  return (at + headerBytes + keyBytes(chunk.words[word + 3]!) + (chunk.words[word + 2]! >>> 16) + 3) & ~3;
}

function keyBytes(word: number): number {
  const length = word & 0xffff;
  return (word >>> 25) & 1 ? 2 * length : length;
}

/** Writes a byte for each character, and returns the offset behind them; -1 when one does not fit into a byte. */
function writeKey(bytes: Uint8Array, offset: number, key: string): number {
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    if (unit > 0xff) return -1;
    bytes[offset + i] = unit;
  }
  return offset + key.length;
}

function writeWideKey(bytes: Uint8Array, offset: number, key: string): number {
  let at = offset;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    bytes[at++] = unit >> 8;
    bytes[at++] = unit & 255;
  }
  return at;
}

function isKeyAt(chunk: Chunk, offset: number, key: string): boolean {
  const word = chunk.words[(offset >> 2) + 3]!;
  if ((word & 0xffff) !== key.length) return false;
  const wide = ((word >>> 25) & 1) === 1;
  let at = offset + headerBytes;
  for (let i = 0; i < key.length; i++) {
    const unit = wide ? (chunk.bytes[at++]! << 8) | chunk.bytes[at++]! : chunk.bytes[at++]!;
    if (unit !== key.charCodeAt(i)) return false;
  }
  return true;
}
