import { encodeHex, type Peer } from '@yaolian/kernel';
import type { ServerObserver } from './server-observer.ts';

export interface ObserverTableOptions {
  readonly maximumObservers: number;
  readonly maximumObserversPerPeer: number;
  /** Memory of the requests of all of them. */
  readonly maximumObserverBytes: number;
}

/** Everybody who observes us, by peer and token (RFC 7641 §4.1). */
export class ObserverTable {
  readonly #options: ObserverTableOptions;
  readonly #peers = new Map<string, Map<string, ServerObserver>>();
  #size = 0;
  #bytes = 0;

  constructor(options: ObserverTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether another observer of `peer` finds room; one with the same token takes the place of the old. */
  hasRoom(peer: Peer, token: Uint8Array, memory: number): boolean {
    const known = this.find(peer, token);
    if (this.#bytes + memory - (known?.memory ?? 0) > this.#options.maximumObserverBytes) return false;
    if (known !== undefined) return true;
    const ofPeer = this.#peers.get(peer.key)?.size ?? 0;
    return this.#size < this.#options.maximumObservers && ofPeer < this.#options.maximumObserversPerPeer;
  }

  find(peer: Peer, token: Uint8Array): ServerObserver | undefined {
    return this.#size === 0 ? undefined : this.#peers.get(peer.key)?.get(encodeHex(token));
  }

  add(observer: ServerObserver): void {
    let ofPeer = this.#peers.get(observer.peer.key);
    if (ofPeer === undefined) {
      ofPeer = new Map();
      this.#peers.set(observer.peer.key, ofPeer);
    }
    ofPeer.set(encodeHex(observer.token), observer);
    this.#size++;
    this.#bytes += observer.memory;
  }

  remove(observer: ServerObserver): void {
    const ofPeer = this.#peers.get(observer.peer.key);
    const token = encodeHex(observer.token);
    if (ofPeer?.get(token) !== observer) return;
    ofPeer.delete(token);
    if (ofPeer.size === 0) this.#peers.delete(observer.peer.key);
    this.#size--;
    this.#bytes -= observer.memory;
  }

  of(peer: Peer): ServerObserver[] {
    return [...(this.#peers.get(peer.key)?.values() ?? [])];
  }

  all(): ServerObserver[] {
    return [...this.#peers.values()].flatMap((ofPeer) => [...ofPeer.values()]);
  }
}
