import { equalBytes, type Peer, type Random } from '@yaolian/kernel';
import { type Chained, KeyChains } from './key-chains.ts';
import type { Message } from './message.ts';
import type { Taken } from './messaging.ts';
import { hasToken, tokenKey } from './token.ts';

/** Somebody who waits for messages with a token: a request, an observation. */
export interface TokenOwner extends Chained<TokenOwner> {
  readonly token: Uint8Array;
  /** Who may use the token; undefined: anybody, as after a request to a group (RFC 7252 §8.2). */
  readonly peer: Peer | undefined;
  /** @returns false to reject the message */
  onResponse(message: Message, from: Peer): Taken;
}

const tokenBytes = 8;
const sharedBytes = 1_024;

/** Matches responses to requests by peer and token (RFC 7252 §5.3.2). */
export class TokenTable {
  readonly #random: Random;
  readonly #owners = new KeyChains<TokenOwner>();
  #counter: number;
  #shared = new Uint8Array(0);
  #used = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#counter = random.uint32();
  }

  get size(): number {
    return this.#owners.size;
  }

  /**
   * A token that nobody in this table has: 4 bytes that make it unique, 4 random ones.
   * RFC 7252 §5.3.1: without transport security a token carries at least 32 bits of randomness against spoofing.
   */
  newToken(): Uint8Array {
    return this.#fill(new Uint8Array(tokenBytes));
  }

  /**
   * The same for what lasts: many share a buffer, because one of its own costs a hundred bytes more. Not for requests: a few
   * observations among them would hold all their buffers.
   */
  newLastingToken(): Uint8Array {
    if (this.#used + tokenBytes > this.#shared.length) {
      this.#shared = new Uint8Array(sharedBytes);
      this.#used = 0;
    }
    this.#used += tokenBytes;
    return this.#fill(this.#shared.subarray(this.#used - tokenBytes, this.#used));
  }

  #fill(token: Uint8Array): Uint8Array {
    const secret = this.#random.uint32();
    do {
      this.#counter = (this.#counter + 1) >>> 0;
      writeUint32(token, 0, secret);
      writeUint32(token, 4, this.#counter);
    } while (this.#owners.first(tokenKey(token, 0, tokenBytes)) !== undefined);
    return token;
  }

  add(owner: TokenOwner): void {
    this.#owners.add(keyOf(owner), owner);
  }

  remove(owner: TokenOwner): void {
    this.#owners.remove(keyOf(owner), owner);
  }

  find(message: Message, from: Peer): TokenOwner | undefined {
    let owner = this.#owners.first(tokenKey(message.bytes, 4, message.tokenLength));
    while (owner !== undefined && !(isFor(owner, from) && hasToken(message, owner.token))) owner = owner.nextWithKey;
    return owner;
  }

  /** Everybody who has the token of `message`, whatever the peer. */
  *withToken(message: Message): Iterable<TokenOwner> {
    let owner = this.#owners.first(tokenKey(message.bytes, 4, message.tokenLength));
    for (; owner !== undefined; owner = owner.nextWithKey) if (hasToken(message, owner.token)) yield owner;
  }

  /** The owner of exactly this token and peer. */
  owner(peer: Peer, token: Uint8Array): TokenOwner | undefined {
    let owner = this.#owners.first(tokenKey(token, 0, token.length));
    while (owner !== undefined && !(owner.peer?.key === peer.key && equalBytes(owner.token, token))) {
      owner = owner.nextWithKey;
    }
    return owner;
  }

  all(): TokenOwner[] {
    return this.#owners.all();
  }
}

function keyOf({ token }: TokenOwner): number {
  return tokenKey(token, 0, token.length);
}

function isFor(owner: TokenOwner, from: Peer): boolean {
  return owner.peer === from || owner.peer === undefined || owner.peer.key === from.key;
}

function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = (value >> 16) & 255;
  bytes[offset + 2] = (value >> 8) & 255;
  bytes[offset + 3] = value & 255;
}
