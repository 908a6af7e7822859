import type { IncomingResponse, Observation, ObservationListener } from '@yaolian/coap';
import type { Lwm2mPath } from '../path.ts';
import type { ObservationEndedEvent } from './events.ts';
import type { RegisteredClient } from './registered-client.ts';
import type { ObservationRecord } from './registration.ts';

/** Who hears what observations bring. */
export interface ObservationHost {
  /** @returns what a confirmable one is to be acknowledged after */
  onNotification(observation: ClientObservation, response: IncomingResponse): Promise<void> | undefined;
  onEnded(observation: ClientObservation, reason: string, by: 'peer' | 'endpoint'): void;
  onStrayed(observation: ClientObservation): void;
}

/** Notifications that are kept while the observation is being committed; beyond it the oldest go. */
const maximumHeld = 16;

/** Shared by all that hold nothing yet. */
const nothing: readonly IncomingResponse[] = [];

/** One observation of one client: the record on disk, and the token at work in the endpoint. */
export class ClientObservation implements ObservationListener {
  readonly client: RegisteredClient;
  /** One, or those of an Observe-Composite. */
  readonly paths: readonly Lwm2mPath[];
  /** Set right after construction, and anew when the client moves. */
  observation: Observation | undefined = undefined;
  ended = false;
  /** The next one of the client. */
  next: ClientObservation | undefined = undefined;
  /** It leaves the store together with its registration, should that end now, and this is told then. */
  leaving: ObservationEndedEvent | undefined = undefined;
  readonly #host: ObservationHost;
  #record: ObservationRecord | undefined;
  /** Present while the record is not on disk yet: nobody hears of an observation that a crash would lose. */
  #held: readonly IncomingResponse[] | undefined;

  /** @param record absent: the client is yet to be asked */
  constructor(
    host: ObservationHost,
    client: RegisteredClient,
    paths: readonly Lwm2mPath[],
    record: ObservationRecord | undefined,
  ) {
    this.#host = host;
    this.client = client;
    this.paths = paths;
    this.#record = record;
    this.#held = record === undefined ? nothing : undefined;
  }

  /** Once the client has taken it on. */
  get record(): ObservationRecord {
    if (this.#record === undefined) throw new TypeError('the client was not asked yet');
    return this.#record;
  }

  /** The client has taken it on. */
  begin(record: ObservationRecord, observation: Observation): void {
    this.#record = record;
    this.observation = observation;
  }

  onNotification(response: IncomingResponse): Promise<void> | undefined {
    if (!this.#held) return this.ended ? undefined : this.#host.onNotification(this, response);
    this.#held = [...this.#held, response].slice(-maximumHeld);
    return undefined;
  }

  onEnded(reason: string, by: 'peer' | 'endpoint'): void {
    if (this.#record !== undefined && !this.ended) this.#host.onEnded(this, reason, by);
  }

  onStrayed(): void {
    if (this.#record !== undefined && !this.ended) this.#host.onStrayed(this);
  }

  /** The record is on disk: what came meanwhile is told. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const response of held) this.onNotification(response);
  }
}

/** The observations of a client, oldest first. */
export function observationsOf(client: RegisteredClient): ClientObservation[] {
  const all: ClientObservation[] = [];
  for (let one = client.observations; one !== undefined; one = one.next) all.push(one);
  return all;
}

export function addObservation(client: RegisteredClient, added: ClientObservation): void {
  const newest = observationsOf(client).at(-1);
  if (newest) newest.next = added;
  else client.observations = added;
}

/** @returns false when it is not there */
export function removeObservation(client: RegisteredClient, removed: ClientObservation): boolean {
  const all = observationsOf(client);
  const place = all.indexOf(removed);
  if (place < 0) return false;
  if (place === 0) client.observations = removed.next;
  else all[place - 1]!.next = removed.next;
  removed.next = undefined;
  return true;
}
