import { randomInt } from 'node:crypto';
import type { SocketAddress } from '@yaolian/kernel';
import { decodeHost, encodeName, type InterfaceNumbers, NamedPeer, nameLayout } from './socket-name.ts';

/** Fewest slots of a generation's table. */
const smallestTable = 16;

/**
 * Gives the same {@link NamedPeer} for the same `sockaddr` as long as it is remembered. Two generations: a full young one
 * becomes the old one, and what is met again moves to the young one, so peers in use stay and memory is bounded.
 */
export class NamedPeers {
  readonly #nameFamily: 4 | 6;
  readonly #interfaces: InterfaceNumbers;
  readonly #generationSize: number;
  // Whoever chooses source addresses must not be able to choose slots.
  readonly #seed = randomInt(2 ** 32) | 0;
  readonly #known = new WeakMap<SocketAddress, NamedPeer>();
  readonly #scratch = new Int32Array(nameLayout[6].words);
  #young: (NamedPeer | undefined)[] = emptyTable(smallestTable);
  #old: (NamedPeer | undefined)[] = emptyTable(smallestTable);
  #youngCount = 0;

  /** @param bound how many peers are remembered at most */
  constructor(nameFamily: 4 | 6, bound: number, interfaces: InterfaceNumbers) {
    this.#nameFamily = nameFamily;
    this.#generationSize = Math.max(1, bound >>> 1);
    this.#interfaces = interfaces;
  }

  /** The peer with the name at `names[at]`. */
  find(names: Int32Array, at: number): NamedPeer {
    const hash = this.#nameFamily === 4 ? this.#hash4(names, at) : this.#hash6(names, at);
    const young = lookUp(this.#young, hash, names, at);
    if (young) return young;
    const peer =
      lookUp(this.#old, hash, names, at) ??
      new NamedPeer(decodeHost(names, at, this.#interfaces), this.#nameFamily, names, at);
    this.#add(peer, hash);
    return peer;
  }

  /** The peer at an address in text, or undefined when the socket cannot reach it. */
  at(host: string, port: number): NamedPeer | undefined {
    if (!encodeName(host, port, this.#nameFamily, this.#scratch, 0, this.#interfaces)) return undefined;
    return this.find(this.#scratch, 0);
  }

  /** The peer for an address that did not come from this socket, or undefined when the socket cannot reach it. */
  named(address: SocketAddress): NamedPeer | undefined {
    if (address instanceof NamedPeer && address.nameFamily === this.#nameFamily) return address;
    const known = this.#known.get(address);
    if (known) return known;
    const peer = this.at(address.host, address.port);
    if (peer) this.#known.set(address, peer);
    return peer;
  }

  #add(peer: NamedPeer, hash: number): void {
    if (this.#youngCount >= this.#generationSize) {
      this.#old = this.#young;
      this.#young = emptyTable(smallestTable);
      this.#youngCount = 0;
    } else if (2 * this.#youngCount >= this.#young.length) {
      this.#grow();
    }
    insert(this.#young, peer, hash);
    this.#youngCount++;
  }

  #grow(): void {
    const larger = emptyTable(2 * this.#young.length);
    const name = this.#scratch.slice();
    for (const peer of this.#young) {
      if (!peer) continue;
      peer.writeName(name, 0);
      insert(larger, peer, this.#nameFamily === 4 ? this.#hash4(name, 0) : this.#hash6(name, 0));
    }
    this.#young = larger;
  }

  #hash4(names: Int32Array, at: number): number {
    return mix(mix(this.#seed, names[at]!), names[at + 1]!);
  }

  #hash6(names: Int32Array, at: number): number {
    let hash = mix(this.#seed, names[at]!);
    for (let i = at + 2; i < at + 7; i++) hash = mix(hash, names[i]!);
    return hash;
  }
}

function emptyTable(size: number): (NamedPeer | undefined)[] {
  return new Array<NamedPeer | undefined>(size).fill(undefined);
}

function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

function lookUp(
  table: readonly (NamedPeer | undefined)[],
  hash: number,
  names: Int32Array,
  at: number,
): NamedPeer | undefined {
  const mask = table.length - 1;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const peer = table[slot];
    if (peer === undefined || peer.hasName(names, at)) return peer;
  }
}

function insert(table: (NamedPeer | undefined)[], peer: NamedPeer, hash: number): void {
  const mask = table.length - 1;
  let slot = hash & mask;
  while (table[slot] !== undefined) slot = (slot + 1) & mask;
  table[slot] = peer;
}
