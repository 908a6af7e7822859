import type { Peer } from '@yaolian/kernel';
import type { Handshake } from './handshake.ts';

/**
 * Handshakes under way by the address of the peer. Most datagrams of a flood come from addresses that have none, which the hash of
 * the address tells: a look into a table by text would make V8 intern each address. Who chooses addresses whose hashes agree
 * gains no more than that look.
 */
export class HandshakeTable {
  readonly #byKey = new Map<string, Handshake>();
  /** How many handshakes there are for a hash. */
  readonly #marks = new Map<number, number>();

  get size(): number {
    return this.#byKey.size;
  }

  values(): IterableIterator<Handshake> {
    return this.#byKey.values();
  }

  get({ address }: Peer): Handshake | undefined {
    return this.#marks.has(address.hash | 0) ? this.#byKey.get(address.key) : undefined;
  }

  /** Takes the place of another with the same peer. */
  set(handshake: Handshake): void {
    const { key, hash } = handshake.peer.address;
    if (!this.#byKey.has(key)) this.#marks.set(hash | 0, (this.#marks.get(hash | 0) ?? 0) + 1);
    this.#byKey.set(key, handshake);
  }

  /** Does nothing when it is not there any more. */
  delete(handshake: Handshake): void {
    const { key, hash } = handshake.peer.address;
    if (this.#byKey.get(key) !== handshake) return;
    this.#byKey.delete(key);
    const left = this.#marks.get(hash | 0)! - 1;
    if (left === 0) this.#marks.delete(hash | 0);
    else this.#marks.set(hash | 0, left);
  }
}
