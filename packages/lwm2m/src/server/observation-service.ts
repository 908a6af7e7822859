import { Code, type IncomingResponse, isSuccess, type OutgoingRequest, type ResponseCode } from '@yaolian/coap';
import { type Counter, encodeHex, success } from '@yaolian/kernel';
import { equalPaths, formatPath, type Lwm2mPath, parsePath, pathSegments } from '../path.ts';
import { decodeAnswer } from './answer-content.ts';
import { ClientObservation, type ObservationHost } from './client-observation.ts';
import type { ServerContext } from './context.ts';
import { lwm2mErrors } from './errors.ts';
import type { ObservationEndReason } from './events.ts';
import { acceptOf, askForValue } from './negotiated-exchange.ts';
import { type Conversation, type OperationService, refusalOf, toServerError } from './operation-service.ts';
import type { Answer, CancelOptions, ClientReference, ObserveAnswer, ReadOptions } from './operation-types.ts';
import type { RegisteredClient } from './registered-client.ts';
import type { ObservationRecord, Registration } from './registration.ts';
import { checkLevel, checkRead, fromObject, throwIf } from './validation.ts';

/** Observe, Notify and Cancel Observation: OMA-TS-LightweightM2M 1.0 §5.5 and §8.2.5, 1.1 core §6.4, RFC 7641. */
export class ObservationService implements ObservationHost {
  readonly #context: ServerContext;
  readonly #service: OperationService;
  readonly #notifications: Counter;
  readonly #malformed: Counter;
  #count = 0;

  constructor(context: ServerContext, service: OperationService) {
    this.#context = context;
    this.#service = service;
    const { meter } = context;
    const help = 'Notifications by outcome';
    this.#notifications = meter.counter('lwm2m_notifications_total', help, { outcome: 'read' });
    this.#malformed = meter.counter('lwm2m_notifications_total', help, { outcome: 'malformed' });
    meter.gauge('lwm2m_observations', 'Observations of all clients', () => this.#count);
  }

  /** Observations of all clients. */
  get count(): number {
    return this.#count;
  }

  list(reference: ClientReference): readonly ObservationRecord[] {
    const { observations } = this.#service.find(reference);
    return observations?.map(({ record }) => record) ?? [];
  }

  /**
   * Takes up the observations of an earlier process: notifications go on without the clients noticing anything.
   * @param records those whose registration is gone are removed from the store
   */
  restore(records: Iterable<ObservationRecord>): void {
    for (const record of records) {
      const client = this.#context.table.byId(record.registrationId);
      const path = parsePath(record.path);
      if (!client || !path.ok) {
        this.#forgetStored(record);
        continue;
      }
      const observation = new ClientObservation(this, client, path.value, record, undefined);
      this.#add(observation);
      this.#attach(observation);
    }
  }

  /**
   * Observe: `GET` with Observe 0. Resolves when the record is on disk. An observation of the same path that is there is
   * replaced (RFC 7641 §3.1 has one at a time).
   */
  async observe(
    reference: ClientReference,
    path: Lwm2mPath,
    options: ReadOptions = {},
  ): Promise<Answer<ObserveAnswer>> {
    const client = this.#service.find(reference);
    throwIf(checkLevel('Observe', path, fromObject));
    if (!options.unchecked) throwIf(checkRead(this.#service.viewOf(client).model, path));
    return this.#service.perform<ObserveAnswer>(client, 'observe', path, options, (conversation) =>
      this.#observe(conversation, path, options),
    );
  }

  async #observe(conversation: Conversation, path: Lwm2mPath, options: ReadOptions): Promise<Answer<ObserveAnswer>> {
    const { client } = conversation;
    this.#checkRoom(client, path);
    const { id } = client.registration;
    let begun: ClientObservation | undefined;
    const answer = await askForValue(conversation, path, acceptOf(options), async (request) => {
      const asked = await this.#ask(conversation, path, request);
      begun = asked.begun;
      return asked.response;
    }).catch((error: unknown) => {
      // The first answer makes no sense: an observation that nobody knows of must not go on.
      begun?.observation?.forget();
      throw error;
    });
    if (!answer.ok) return answer;
    if (!begun) return success({ ...answer.value, observation: undefined });
    await this.#commit(begun, id, conversation.signal);
    return success({ ...answer.value, observation: begun.record });
  }

  #checkRoom(client: RegisteredClient, path: Lwm2mPath): void {
    const { maximumObservations, maximumObservationsPerRegistration } = this.#context.limits;
    const others = client.observations?.filter((other) => !equalPaths(other.path, path)).length ?? 0;
    if (others >= maximumObservationsPerRegistration) {
      const what = `${maximumObservationsPerRegistration} observations of ${client.registration.endpoint}`;
      throw lwm2mErrors.LWM2M_OVERLOADED(what);
    }
    if (this.#count >= maximumObservations) {
      throw lwm2mErrors.LWM2M_OVERLOADED(`${maximumObservations} observations of all clients`);
    }
  }

  async #ask(
    conversation: Conversation,
    path: Lwm2mPath,
    request: Omit<OutgoingRequest, 'path'>,
  ): Promise<{ readonly response: IncomingResponse; readonly begun: ClientObservation | undefined }> {
    const { client, signal, view } = conversation;
    const { registration, peer, endpoint } = client;
    // Who hears the first notifications is known before the token that the record needs.
    let begun: ClientObservation | undefined;
    const early: IncomingResponse[] = [];
    const listener = {
      onNotification: (response: IncomingResponse) => (begun ? begun.onNotification(response) : early.push(response)),
      onEnded: (reason: string, by: 'peer' | 'endpoint') => begun?.onEnded(reason, by),
    };
    const full = { ...request, path: [...view.links.rootPath, ...pathSegments(path)] };
    try {
      const { response, observation } = await endpoint.observe(peer, full, listener, { signal });
      if (!observation?.active || !isSuccess(response.code)) return { response, begun: undefined };
      const record: ObservationRecord = {
        registrationId: registration.id,
        token: observation.token,
        path: formatPath(path),
        accept: request.accept,
        createdAt: this.#context.clock.epoch(),
      };
      begun = new ClientObservation(this, client, path, record, early);
      begun.observation = observation;
      // An Update came from elsewhere meanwhile: that is where it notifies from.
      if (client.peer.key !== peer.key || client.endpoint !== endpoint) {
        observation.forget();
        this.#attach(begun);
      }
      return { response, begun };
    } catch (error) {
      throw toServerError(error, registration.endpoint);
    }
  }

  async #commit(begun: ClientObservation, registrationId: string, signal: AbortSignal): Promise<void> {
    const { client, record } = begun;
    const { store, log, clock } = this.#context;
    const isCurrent = () => client.live && client.registration.id === registrationId && !begun.ended;
    if (!isCurrent() || signal.aborted) {
      begun.observation?.forget();
      throw lwm2mErrors.LWM2M_REGISTRATION_ENDED(client.registration.endpoint);
    }
    // In the list at once: should the registration end now, the observation ends with it.
    this.#add(begun);
    try {
      await store.addObservation(record);
    } catch (error) {
      log.error('observation store failed', { endpoint: client.registration.endpoint, error });
      this.#drop(begun);
      throw lwm2mErrors.LWM2M_STORE_FAILED('the observation', error);
    }
    if (signal.aborted) this.#end(begun, 'cancelled');
    if (!isCurrent()) {
      this.#forgetStored(record);
      throw lwm2mErrors.LWM2M_REGISTRATION_ENDED(client.registration.endpoint);
    }
    for (const other of [...(client.observations ?? [])]) {
      if (other !== begun && equalPaths(other.path, begun.path)) this.#end(other, 'replaced');
    }
    const { registration } = client;
    const time = clock.epoch();
    this.#context.events.push({ type: 'observation-started', time, registration, observation: record });
    begun.release();
  }

  /**
   * Cancel Observation. Whatever the client answers, and even if it does not, the observation is over and out of the store.
   * @returns the client's answer; undefined when it was not asked
   * @throws YaolianError LWM2M_NOT_OBSERVED
   */
  async cancel(
    reference: ClientReference,
    path: Lwm2mPath,
    options: CancelOptions = {},
  ): Promise<Answer<{ readonly code: ResponseCode }> | undefined> {
    const client = this.#service.find(reference);
    const observed = client.observations?.find((candidate) => equalPaths(candidate.path, path));
    if (!observed) throw lwm2mErrors.LWM2M_NOT_OBSERVED(client.registration.endpoint, formatPath(path));
    if (options.by === 'reset') {
      await this.#cancelled(observed);
      return undefined;
    }
    return this.#service.perform(client, 'cancel-observation', path, options, async ({ signal }) => {
      try {
        const response = await observed.observation!.cancel({ signal });
        return isSuccess(response.code) ? success({ code: response.code }) : refusalOf(response);
      } catch (error) {
        throw toServerError(error, client.registration.endpoint);
      } finally {
        await this.#cancelled(observed);
      }
    });
  }

  async #cancelled(observed: ClientObservation): Promise<void> {
    if (observed.ended) return;
    const { record } = observed;
    this.#drop(observed);
    this.#tellEnd(observed, observed.client.registration, 'cancelled');
    try {
      await this.#context.store.removeObservation(record.registrationId, record.token);
    } catch (error) {
      throw lwm2mErrors.LWM2M_STORE_FAILED('the end of the observation', error);
    }
  }

  /** The store is about to be told that the registration ends: every record that it was told of before goes with it. */
  leaving(client: RegisteredClient): void {
    for (const observation of client.observations ?? []) observation.goesWithRegistration = true;
  }

  /** The registration is over, and its observations are out of the store with it, but for those that came in between. */
  endAll(client: RegisteredClient, registration: Registration): void {
    for (const observation of [...(client.observations ?? [])]) {
      this.#drop(observation);
      this.#tellEnd(observation, registration, 'registration');
      if (!observation.goesWithRegistration) this.#forgetStored(observation.record);
    }
  }

  /** The client is elsewhere: its notifications come from there now. */
  move(client: RegisteredClient): void {
    for (const observation of client.observations ?? []) {
      observation.observation?.forget();
      this.#attach(observation);
    }
  }

  onNotification(observed: ClientObservation, response: IncomingResponse): void {
    const { client, path, record: observation } = observed;
    const { registration } = client;
    const { contentFormat, payload } = response;
    const time = this.#context.clock.epoch();
    const decoded = decodeAnswer(contentFormat, path, payload, this.#service.viewOf(client).model);
    if (!decoded.ok) {
      this.#malformed.add();
      const { message } = decoded.error;
      const type = 'notification-malformed';
      this.#context.events.push({ type, time, registration, observation, contentFormat, message });
      return;
    }
    this.#notifications.add();
    const values = decoded.value;
    const { node } = values.at(-1)!;
    this.#context.events.push({
      type: 'notification',
      time,
      registration,
      observation,
      path,
      node,
      values,
      contentFormat,
    });
  }

  onEnded(observed: ClientObservation, reason: string, by: 'peer' | 'endpoint'): void {
    this.#context.log.debug('an observation ended', { endpoint: observed.client.registration.endpoint, reason });
    // An endpoint closes with the process: the client goes on notifying, and the record is for the next start.
    if (by === 'peer') this.#end(observed, 'client');
    else this.#fail(observed);
  }

  #attach(observed: ClientObservation): void {
    const { client, record, path } = observed;
    const segments = [...this.#service.viewOf(client).links.rootPath, ...pathSegments(path)];
    const request = { method: Code.GET, path: segments };
    try {
      observed.observation = client.endpoint.restoreObservation(
        client.peer,
        { token: record.token, request: record.accept === undefined ? request : { ...request, accept: record.accept } },
        observed,
      );
    } catch (error) {
      const { endpoint } = client.registration;
      this.#context.log.error('observation not restored', { endpoint, token: encodeHex(record.token), error });
      this.#fail(observed);
    }
  }

  /** We cannot go on with it; the record stays. */
  #fail(observed: ClientObservation): void {
    this.#drop(observed);
    this.#tellEnd(observed, observed.client.registration, 'failed');
  }

  #add(observed: ClientObservation): void {
    this.#count++;
    const { client } = observed;
    if (client.observations) client.observations.push(observed);
    else client.observations = [observed];
  }

  #drop(observed: ClientObservation): void {
    if (observed.ended) return;
    observed.ended = true;
    observed.observation?.forget();
    const { client } = observed;
    if (!client.observations?.includes(observed)) return;
    const rest = client.observations.filter((other) => other !== observed);
    client.observations = rest.length > 0 ? rest : undefined;
    this.#count--;
  }

  #end(observed: ClientObservation, reason: ObservationEndReason): void {
    if (observed.ended) return;
    this.#drop(observed);
    this.#tellEnd(observed, observed.client.registration, reason);
    this.#forgetStored(observed.record);
  }

  #tellEnd(observed: ClientObservation, registration: Registration, reason: ObservationEndReason): void {
    const time = this.#context.clock.epoch();
    this.#context.events.push({ type: 'observation-ended', time, registration, observation: observed.record, reason });
  }

  /** It ended by itself, so nobody waits for the disk; what stays there ends again at the next start. */
  #forgetStored(record: ObservationRecord): void {
    const { store, log } = this.#context;
    Promise.resolve(store.removeObservation(record.registrationId, record.token)).catch((error: unknown) =>
      log.error('observation store failed', { registration: record.registrationId, error }),
    );
  }
}
