import { type Clock, type Duration, minutes } from '@yaolian/kernel';

export interface AttemptLimits {
  /** Attempts to authenticate that may fail on one stream (RFC 6120 §6.4.5). Default 3. */
  readonly perStream?: number;
  /** Failures of one account within {@link window}. Default 10. */
  readonly perAccount?: number;
  /** Failures from one address within {@link window}. Default 50. */
  readonly perAddress?: number;
  /** Default 5 min. */
  readonly window?: Duration;
  /** Accounts and addresses that are remembered; the oldest are forgotten. Default 100,000. */
  readonly maximumEntries?: number;
}

interface Failures {
  count: number;
  readonly since: number;
}

/** Counts failed attempts to authenticate, so that passwords cannot be tried out. */
export class AttemptLimiter {
  readonly perStream: number;
  readonly #limits: Required<Omit<AttemptLimits, 'perStream'>>;
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock, limits: AttemptLimits = {}) {
    const { perStream = 3, perAccount = 10, perAddress = 50, window = minutes(5), maximumEntries = 100_000 } = limits;
    this.#clock = clock;
    this.perStream = perStream;
    this.#limits = { perAccount, perAddress, window, maximumEntries };
  }

  isAddressBlocked(host: string): boolean {
    return this.#count(`@${host}`) >= this.#limits.perAddress;
  }

  /** @param account its bare JID */
  isAccountBlocked(account: string): boolean {
    return this.#count(account) >= this.#limits.perAccount;
  }

  failed(host: string, account: string | undefined): void {
    this.#add(`@${host}`);
    if (account !== undefined) this.#add(account);
  }

  #count(key: string): number {
    const failures = this.#failures.get(key);
    if (failures === undefined) return 0;
    if (this.#clock.monotonic() - failures.since < this.#limits.window) return failures.count;
    this.#failures.delete(key);
    return 0;
  }

  #add(key: string): void {
    const count = this.#count(key);
    if (count > 0) {
      this.#failures.get(key)!.count++;
      return;
    }
    if (this.#failures.size >= this.#limits.maximumEntries) {
      this.#failures.delete(this.#failures.keys().next().value!);
    }
    this.#failures.set(key, { count: 1, since: this.#clock.monotonic() });
  }
}
