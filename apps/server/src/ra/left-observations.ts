import {
  type Clock,
  type Duration,
  type Log,
  milliseconds,
  minutes,
  seconds,
  type Timer,
  type Timers,
} from '@yaolian/kernel';
import { leftByPages, type Observing } from './left-by-pages.ts';
import type { Watch, Watchers } from './watchers.ts';

export interface LeftObservationsOptions {
  readonly watchers: Watchers;
  /** Whether an account has a connection, or one that may be resumed. */
  readonly isThere: (account: string) => boolean;
  /** How long an account may be away. */
  readonly keep: Duration;
  readonly end: (watches: readonly Watch[]) => void;
  /** How long after a start pages may come back to what they observed before it. */
  readonly keepForPages: Duration;
  readonly terminals: () => Iterable<string>;
  readonly server: Observing;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/**
 * What is observed over XMPP belongs to the account: it goes on when a connection is lost, and for who comes back. A client that died told nobody
 * that it is over, so it ends when nobody of the account was there for a while: the device tells its values to nobody, and one with a battery
 * pays for that.
 */
export class LeftObservations {
  readonly #options: LeftObservationsOptions;
  /** Since when accounts are known to be away, by the monotonic clock. */
  readonly #away = new Map<string, number>();
  readonly #closing = new AbortController();
  #timer: Timer | undefined;
  #pages: Timer | undefined;

  constructor(options: LeftObservationsOptions) {
    this.#options = options;
  }

  start(): void {
    const { keepForPages, timers, terminals, server, watchers, log } = this.#options;
    this.#lookLater();
    this.#pages = timers.schedule(keepForPages, () => {
      leftByPages(terminals(), server, watchers, this.#closing.signal).catch((error: unknown) =>
        log.error('what pages left before the start was not ended', { error }),
      );
    });
  }

  #lookLater(): void {
    const { keep, timers } = this.#options;
    const pace = milliseconds(Math.min(Math.max(keep / 10, seconds(1) / 10), minutes(10)));
    this.#timer = timers.schedule(pace, () => {
      this.look();
      this.#lookLater();
    });
  }

  /** Looks who is away, and ends what was left. */
  look(): void {
    const { watchers, isThere, keep, end, clock } = this.#options;
    const now = clock.monotonic();
    const accounts = new Set(watchers.accounts());
    for (const account of this.#away.keys()) if (!accounts.has(account)) this.#away.delete(account);
    for (const account of accounts) {
      if (isThere(account)) {
        this.#away.delete(account);
        continue;
      }
      const since = this.#away.get(account) ?? now;
      this.#away.set(account, since);
      // Pages end theirs themselves.
      if (now - since >= keep) end(watchers.ofAccount(account).filter(({ holder }) => holder === undefined));
    }
  }

  close(): void {
    this.#closing.abort();
    this.#timer?.cancel();
    this.#pages?.cancel();
  }
}
