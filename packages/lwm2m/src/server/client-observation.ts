import type { IncomingResponse, Observation, ObservationListener } from '@yaolian/coap';
import type { Lwm2mPath } from '../path.ts';
import type { RegisteredClient } from './registered-client.ts';
import type { ObservationRecord } from './registration.ts';

/** Who hears what observations bring. */
export interface ObservationHost {
  onNotification(observation: ClientObservation, response: IncomingResponse): void;
  onEnded(observation: ClientObservation, reason: string, by: 'peer' | 'endpoint'): void;
}

/** Notifications that are kept while the observation is being committed; beyond it the oldest go. */
const maximumHeld = 16;

/** One observation of one client: the record on disk, and the token at work in the endpoint. */
export class ClientObservation implements ObservationListener {
  readonly client: RegisteredClient;
  /** One, or those of an Observe-Composite. */
  readonly paths: readonly Lwm2mPath[];
  readonly record: ObservationRecord;
  /** Set right after construction, and anew when the client moves. */
  observation: Observation | undefined = undefined;
  ended = false;
  /** Whether it leaves the store together with its registration, should that end now. */
  goesWithRegistration = false;
  readonly #host: ObservationHost;
  /** Present while the record is not on disk yet: nobody hears of an observation that a crash would lose. */
  #held: IncomingResponse[] | undefined;

  constructor(
    host: ObservationHost,
    client: RegisteredClient,
    paths: readonly Lwm2mPath[],
    record: ObservationRecord,
    held: IncomingResponse[] | undefined,
  ) {
    this.#host = host;
    this.client = client;
    this.paths = paths;
    this.record = record;
    this.#held = held;
  }

  onNotification(response: IncomingResponse): void {
    if (!this.#held) {
      if (!this.ended) this.#host.onNotification(this, response);
      return;
    }
    this.#held.push(response);
    if (this.#held.length > maximumHeld) this.#held.shift();
  }

  onEnded(reason: string, by: 'peer' | 'endpoint'): void {
    if (!this.ended) this.#host.onEnded(this, reason, by);
  }

  /** The record is on disk: what came meanwhile is told. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const response of held) this.onNotification(response);
  }
}
