/** Something that can be in one {@link KeyChains}. */
export interface Chained<T> {
  /** The next one with the same key. Changed by the table only. */
  nextWithKey: T | undefined;
}

/**
 * A table from numbers to things, where different things may share a number: whoever looks compares. Numbers make better
 * keys than texts that would have to be put together for every look.
 */
export class KeyChains<T extends Chained<T>> {
  readonly #chains = new Map<number, T>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The first of those with `key`; the others follow by `nextWithKey`. */
  first(key: number): T | undefined {
    return this.#chains.get(key);
  }

  add(key: number, item: T): void {
    item.nextWithKey = this.#chains.get(key);
    this.#chains.set(key, item);
    this.#size++;
  }

  /** Harmless when `item` is not there. */
  remove(key: number, item: T): void {
    const first = this.#chains.get(key);
    if (first === item) {
      if (item.nextWithKey === undefined) this.#chains.delete(key);
      else this.#chains.set(key, item.nextWithKey);
      this.#size--;
      return;
    }
    for (let one = first; one !== undefined; one = one.nextWithKey) {
      if (one.nextWithKey !== item) continue;
      one.nextWithKey = item.nextWithKey;
      this.#size--;
      return;
    }
  }

  all(): T[] {
    const all: T[] = [];
    for (const first of this.#chains.values()) {
      for (let one: T | undefined = first; one !== undefined; one = one.nextWithKey) all.push(one);
    }
    return all;
  }

  clear(): void {
    this.#chains.clear();
    this.#size = 0;
  }
}

/** A key for messages by peer and message ID: exact in the message ID, by hash in the peer. */
export function messageKey(peer: { readonly hash: number }, messageId: number): number {
  return peer.hash * 0x1_0000 + messageId;
}
