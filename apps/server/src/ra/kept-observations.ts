import type { ExpectationStore } from '@yaolian/directory';

/** What operators observe of devices that speak RA, whether the devices are there or not. Bounded by what one device may have observed. */
export class KeptObservations {
  readonly #store: ExpectationStore;
  /** When each began, by account and path. */
  readonly #kept = new Map<string, Map<string, number>>();

  constructor(store: ExpectationStore) {
    this.#store = store;
  }

  /** Takes up what was observed before a restart. */
  async start(): Promise<void> {
    for (const { device, path, startedAt } of await this.#store.observations()) this.#note(device, path, startedAt);
  }

  /** What is observed of a device, with the times when it began. */
  of(device: string): ReadonlyMap<string, number> {
    return this.#kept.get(device) ?? none;
  }

  /** @returns once it survives a restart */
  async add(device: string, path: string, startedAt: number): Promise<void> {
    if (this.of(device).has(path)) return;
    this.#note(device, path, startedAt);
    await this.#store.putObservation({ device, path, startedAt });
  }

  /** False when it was not observed. */
  async remove(device: string, path: string): Promise<boolean> {
    const paths = this.#kept.get(device);
    if (paths?.delete(path) !== true) return false;
    if (paths.size === 0) this.#kept.delete(device);
    await this.#store.removeObservation({ device, path });
    return true;
  }

  /** The account is gone, and the disk knows. */
  forget(device: string): void {
    this.#kept.delete(device);
  }

  #note(device: string, path: string, startedAt: number): void {
    const paths = this.#kept.get(device) ?? new Map<string, number>();
    this.#kept.set(device, paths.set(path, startedAt));
  }
}

const none: ReadonlyMap<string, number> = new Map();
