import type { AccessFacts } from '@yaolian/directory';

/**
 * What decisions about devices rest on, for those who asked last: a command is decided on what was read before, until something changes
 * that it rests on. Two generations of `capacity` decisions each: who does not ask again is forgotten.
 */
export class AccessCache {
  readonly #capacity: number;
  /** By device, then by account: most changes are about one device. */
  #young = new Map<string, Map<string, AccessFacts>>();
  #old = new Map<string, Map<string, AccessFacts>>();
  #size = 0;

  /** @param capacity accounts of devices in each of the two generations. Default 20,000. */
  constructor(capacity = 20_000) {
    if (!(capacity >= 1)) throw new RangeError(`capacity is at least 1, not ${capacity}`);
    this.#capacity = capacity;
  }

  get(account: string, device: string): AccessFacts | undefined {
    const known = this.#young.get(device)?.get(account);
    if (known !== undefined) return known;
    const older = this.#old.get(device)?.get(account);
    if (older !== undefined) this.keep(account, device, older);
    return older;
  }

  keep(account: string, device: string, facts: AccessFacts): void {
    if (this.#size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#size = 0;
    }
    let accounts = this.#young.get(device);
    if (accounts === undefined) {
      accounts = new Map();
      this.#young.set(device, accounts);
    }
    accounts.set(account, facts);
    this.#size++;
  }

  /** Something about these devices changed. */
  forget(devices: readonly string[]): void {
    for (const device of devices) {
      this.#old.delete(device);
      this.#size -= this.#young.get(device)?.size ?? 0;
      this.#young.delete(device);
    }
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#size = 0;
  }
}
