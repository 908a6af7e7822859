import type { JsonValue, SettingsStore } from '../settings.ts';
import { compareKeys } from './key-order.ts';

/** A {@link SettingsStore} that lives as long as the process: for tests and simulations. */
export class MemorySettingsStore implements SettingsStore {
  readonly #settings = new Map<string, JsonValue>();

  async setting(name: string): Promise<JsonValue | undefined> {
    return this.#settings.get(name);
  }

  async settings(): Promise<ReadonlyMap<string, JsonValue>> {
    return new Map([...this.#settings].sort(([a], [b]) => compareKeys(a, b)));
  }

  async setSetting(name: string, value: JsonValue): Promise<void> {
    this.#settings.set(name, structuredClone(value));
  }

  async removeSetting(name: string): Promise<boolean> {
    return this.#settings.delete(name);
  }
}
