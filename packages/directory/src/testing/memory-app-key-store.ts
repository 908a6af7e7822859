import type { AppKey, AppKeyQuery, AppKeyStore } from '../app-key.ts';
import { compareKeys } from './key-order.ts';

/** An {@link AppKeyStore} that lives as long as the process: for tests and simulations. */
export class MemoryAppKeyStore implements AppKeyStore {
  readonly #keys = new Map<string, { readonly appKey: AppKey; readonly password: string }>();

  async addAppKey(appKey: AppKey, password: string): Promise<boolean> {
    if (this.#keys.has(appKey.appKey)) return false;
    this.#keys.set(appKey.appKey, { appKey, password });
    return true;
  }

  async appKeys({ after, limit }: AppKeyQuery): Promise<readonly AppKey[]> {
    return [...this.#keys.values()]
      .map(({ appKey }) => appKey)
      .filter(({ appKey }) => after === undefined || compareKeys(appKey, after) > 0)
      .sort((a, b) => compareKeys(a.appKey, b.appKey))
      .slice(0, limit);
  }

  async removeAppKey(appKey: string): Promise<boolean> {
    return this.#keys.delete(appKey);
  }

  passwordOf(appKey: string): string | undefined {
    return this.#keys.get(appKey)?.password;
  }
}
