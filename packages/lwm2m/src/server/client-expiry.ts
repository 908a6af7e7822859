import { type Clock, type Duration, Expiry, seconds, type Timers } from '@yaolian/kernel';
import type { RegisteredClient } from './registered-client.ts';

export interface ClientExpiryOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** How late an expiry may be found. */
  readonly granularity: Duration;
  readonly onExpired: (client: RegisteredClient) => void;
  /** Those that are registered now. */
  readonly clients: () => Iterable<RegisteredClient>;
  readonly count: () => number;
}

/** However long a lifetime, a client is looked at this often: what is filed for longer is bounded by it. */
const horizon = seconds(3600);

/**
 * Watches the end of lifetimes. A client that leaves early leaves its filing behind; when more of those lie around than
 * there are clients, everything is filed anew, so that terminals that come and go do not pile up memory.
 */
export class ClientExpiry {
  readonly #options: ClientExpiryOptions;
  readonly #expiry: Expiry<RegisteredClient>;

  constructor(options: ClientExpiryOptions) {
    this.#options = options;
    this.#expiry = new Expiry({
      clock: options.clock,
      timers: options.timers,
      granularity: options.granularity,
      deadlineOf: (client) =>
        client.live ? Math.min(client.expiresAt, options.clock.monotonic() + horizon) : undefined,
      onExpired: options.onExpired,
    });
  }

  /** For a new client, and for one whose end moved closer. */
  watch(client: RegisteredClient): void {
    if (this.#expiry.size > 2 * this.#options.count() + 1_000) this.#fileAnew();
    this.#expiry.watch(client);
  }

  close(): void {
    this.#expiry.close();
  }

  #fileAnew(): void {
    this.#expiry.close();
    for (const client of this.#options.clients()) this.#expiry.watch(client);
  }
}
