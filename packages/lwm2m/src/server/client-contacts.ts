import { type Clock, type Duration, toMilliseconds } from '@yaolian/kernel';
import type { RegisteredClient } from './registered-client.ts';

/** Milliseconds: clocks that differ by less did not leap. */
const leap = 5_000;

/**
 * When clients were last heard, and whether they listen: those in queue mode do so for a while after each message of theirs
 * (OMA-TS-LightweightM2M_Core 1.1 §6.5, 1.0 §8.3).
 */
export class ClientContacts {
  readonly #clock: Clock;
  /** Milliseconds. */
  readonly #awakeWindow: number;
  /** Milliseconds. */
  readonly #lifetimeGrace: number;
  /** Told of every message; set once the queue is there. */
  onHeard: ((client: RegisteredClient) => void) | undefined = undefined;

  constructor(clock: Clock, awakeWindow: Duration, lifetimeGrace: Duration) {
    this.#clock = clock;
    this.#lifetimeGrace = toMilliseconds(lifetimeGrace);
    this.#awakeWindow = toMilliseconds(awakeWindow);
  }

  /** A message came from the client: a request, an answer, a notification. */
  heard(client: RegisteredClient): void {
    client.heardAt = this.#clock.monotonic();
    client.silent = false;
    this.onHeard?.(client);
  }

  /** When it was heard, in milliseconds since the epoch, on the clock as it is set now. */
  lastHeardAt({ heardAt }: RegisteredClient): number {
    return this.#onClock(heardAt);
  }

  /** When its last Register or Update came, likewise; without an end of its lifetime: when it was heard. */
  lastUpdatedAt({ registration, expiresAt, heardAt }: RegisteredClient): number {
    // Not kept beside the end: there are 100,000 of them.
    const isEndless = expiresAt === Number.POSITIVE_INFINITY;
    return this.#onClock(isEndless ? heardAt : expiresAt - this.#lifetimeGrace - registration.lifetime * 1_000);
  }

  /** When its lifetime ends, likewise; Infinity when it does not. The same each time, as long as the clock does not leap. */
  expiryOf({ registration, expiresAt }: RegisteredClient): number {
    const stored = registration.updatedAt + registration.lifetime * 1_000;
    const now = this.#onClock(expiresAt - this.#lifetimeGrace);
    return Math.abs(now - stored) < leap ? stored : now;
  }

  #onClock(monotonic: number): number {
    return Math.round(this.#clock.epoch() - (this.#clock.monotonic() - monotonic));
  }

  /** The client did not answer: if it may sleep, it does. */
  missed(client: RegisteredClient): void {
    client.silent = true;
  }

  isAwake({ registration, heardAt, silent }: RegisteredClient): boolean {
    if (!registration.queueMode) return true;
    return !silent && this.#clock.monotonic() < heardAt + this.#awakeWindow;
  }
}
