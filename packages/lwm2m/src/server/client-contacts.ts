import { type Clock, type Duration, toSeconds } from '@yaolian/kernel';
import type { RegisteredClient } from './registered-client.ts';

/**
 * When clients were last heard, and whether they listen: those in queue mode do so for a while after each message of theirs
 * (OMA-TS-LightweightM2M_Core 1.1 §6.5, 1.0 §8.3).
 */
export class ClientContacts {
  readonly #clock: Clock;
  readonly #awakeSeconds: number;
  /** Told of every message; set once the queue is there. */
  onHeard: ((client: RegisteredClient) => void) | undefined = undefined;

  constructor(clock: Clock, awakeWindow: Duration) {
    this.#clock = clock;
    this.#awakeSeconds = toSeconds(awakeWindow);
  }

  /** A message came from the client: a request, an answer, a notification. */
  heard(client: RegisteredClient): void {
    client.heardAt = Math.floor(this.#clock.epoch() / 1000);
    client.silent = false;
    this.onHeard?.(client);
  }

  /** The client did not answer: if it may sleep, it does. */
  missed(client: RegisteredClient): void {
    client.silent = true;
  }

  isAwake({ registration, heardAt, silent }: RegisteredClient): boolean {
    if (!registration.queueMode) return true;
    const last = Math.max(heardAt, Math.floor(registration.updatedAt / 1000));
    return !silent && this.#clock.epoch() / 1000 < last + this.#awakeSeconds;
  }
}
