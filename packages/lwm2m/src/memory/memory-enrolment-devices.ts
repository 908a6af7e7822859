import type { EnrolmentDevices } from '../server/plain-profile.ts';

/** The {@link EnrolmentDevices} of a profile that live as long as the process: an allow-list, and whoever registered. */
export class MemoryEnrolmentDevices implements EnrolmentDevices {
  readonly #allowed: Set<string>;
  readonly #registered = new Set<string>();

  /** @param allowed device keys on the allow-list */
  constructor(allowed: Iterable<string> = []) {
    this.#allowed = new Set(allowed);
  }

  /** Device keys that registered at least once. */
  get registered(): ReadonlySet<string> {
    return this.#registered;
  }

  allow(key: string): void {
    this.#allowed.add(key);
  }

  disallow(key: string): void {
    this.#allowed.delete(key);
  }

  isAllowed(key: string): boolean {
    return this.#allowed.has(key);
  }

  recordRegistration({ key }: { readonly key: string }): Promise<void> {
    this.#registered.add(key);
    return Promise.resolve();
  }
}
