import {
  Code,
  ContentFormat,
  formatCode,
  type IncomingResponse,
  isSuccess,
  type OutgoingRequest,
  type ResponseCode,
} from '@yaolian/coap';
import { encodeHex, failure, success, zeroDuration } from '@yaolian/kernel';
import { applyAttributes, checkAttributes, formatAttributeQuery, parseAttributeQuery } from '../attributes.ts';
import { encodePackPaths } from '../formats/index.ts';
import { objectAt } from '../model.ts';
import { formatPath, formatPaths, type Lwm2mPath, parsePaths, pathSegments } from '../path.ts';
import {
  addObservation,
  ClientObservation,
  type ObservationHost,
  observationsOf,
  removeObservation,
} from './client-observation.ts';
import type { CompositeOperations } from './composite-operations.ts';
import type { ServerContext } from './context.ts';
import { lwm2mErrors } from './errors.ts';
import type { ObservationEndedEvent, ObservationEndReason } from './events.ts';
import { acceptOf, askForValue } from './negotiated-exchange.ts';
import { Notifications } from './notifications.ts';
import { type Conversation, type OperationService, refusalOf, toServerError } from './operation-service.ts';
import type {
  Answer,
  CancelOptions,
  ClientReference,
  CompositeObserveAnswer,
  CompositeObserveOptions,
  ObserveAnswer,
  ObserveOptions,
  ReadOptions,
} from './operation-types.ts';
import type { RegisteredClient } from './registered-client.ts';
import type { ObservationRecord, Registration } from './registration.ts';
import { SharedTargets } from './shared-targets.ts';
import { checkLevel, checkRead, fromObject, throwIf } from './validation.ts';

/** Asks the client to observe paths. */
type ObserveRequest = (
  paths: readonly Lwm2mPath[],
  composite: boolean,
  request: Omit<OutgoingRequest, 'path'>,
) => Promise<IncomingResponse>;

/** Observe, Notify and Cancel Observation: OMA-TS-LightweightM2M 1.0 §5.5 and §8.2.5, 1.1 core §6.4, RFC 7641. */
export class ObservationService implements ObservationHost {
  readonly #context: ServerContext;
  readonly #service: OperationService;
  readonly #composites: CompositeOperations;
  readonly #notifications: Notifications;
  readonly #shared = new SharedTargets();
  #count = 0;

  constructor(context: ServerContext, service: OperationService, composites: CompositeOperations) {
    this.#context = context;
    this.#service = service;
    this.#composites = composites;
    this.#notifications = new Notifications(context);
    context.meter.gauge('lwm2m_observations', 'Observations of all clients', () => this.#count);
  }

  /** Observations of all clients. */
  get count(): number {
    return this.#count;
  }

  list(reference: ClientReference): readonly ObservationRecord[] {
    return observationsOf(this.#service.find(reference)).map(({ record }) => record);
  }

  /**
   * Takes up the observations of an earlier process: notifications go on without the clients noticing anything.
   * @param records those whose registration is gone are removed from the store
   */
  restore(records: Iterable<ObservationRecord>): void {
    for (const record of records) {
      const client = this.#context.table.byId(record.registrationId);
      const paths = parsePaths(record.path);
      if (!client || !paths.ok) {
        this.#forgetStored(record);
        continue;
      }
      const observation = new ClientObservation(this, client, this.#shared.target(paths.value).paths, record);
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
    options: ObserveOptions = {},
  ): Promise<Answer<ObserveAnswer>> {
    const client = this.#service.find(reference);
    const query = this.#query(client, [path], options);
    throwIf(checkLevel('Observe', path, fromObject));
    if (!options.unchecked) throwIf(checkRead(this.#service.viewOf(client).model, path));
    return this.#service.perform<ObserveAnswer>(client, 'observe', path, options, (conversation) =>
      this.#observe(conversation, path, options, query),
    );
  }

  async #observe(
    conversation: Conversation,
    path: Lwm2mPath,
    options: ReadOptions,
    query: readonly string[],
  ): Promise<Answer<ObserveAnswer>> {
    return this.#begin(conversation, formatPath(path), (ask) =>
      askForValue(conversation, path, acceptOf(options), (request) => ask([path], false, { ...request, query })),
    );
  }

  /**
   * Observe-Composite: `FETCH` with Observe 0 (OMA-TS-LightweightM2M_Core 1.1 §6.4.4). Resolves when the record is on disk.
   * A client that answers no FETCH refuses with 5.01: observe its paths one by one.
   */
  async observeComposite(
    reference: ClientReference,
    paths: readonly Lwm2mPath[],
    options: CompositeObserveOptions = {},
  ): Promise<Answer<CompositeObserveAnswer>> {
    const client = this.#service.find(reference);
    const query = this.#query(client, paths, options);
    this.#composites.check('Observe-Composite', client, paths, options);
    return this.#service.perform<CompositeObserveAnswer>(client, 'observe-composite', paths, options, (conversation) =>
      this.#begin(conversation, formatPaths(paths), async (ask) => {
        const fetched = await this.#composites.fetch(conversation, paths, options, (request) =>
          ask(paths, true, { ...request, query }),
        );
        return fetched ?? failure({ code: Code.NotImplemented, diagnostic: 'the client answers no FETCH' });
      }),
    );
  }

  /** The query that carries the attributes of an Observe. @throws YaolianError LWM2M_WRONG_ATTRIBUTES */
  #query(
    client: RegisteredClient,
    paths: readonly Lwm2mPath[],
    { attributes, unchecked }: Pick<ObserveOptions, 'attributes' | 'unchecked'>,
  ): readonly string[] {
    if (attributes === undefined) return [];
    const { lwm2mVersion } = client.registration;
    if (!unchecked && /^1\.[01](?:\.|$)/.test(lwm2mVersion)) {
      throw lwm2mErrors.LWM2M_WRONG_ATTRIBUTES(
        `an Observe carries attributes from LwM2M 1.2 on, and the client registered with ${lwm2mVersion}; write them instead`,
      );
    }
    const [path] = paths;
    const { model } = this.#service.viewOf(client);
    const definition =
      path?.resourceId === undefined ? undefined : objectAt(model, path)?.resources.get(path.resourceId);
    const isResource = paths.length === 1 && path?.resourceId !== undefined;
    const unknown = attributes.edge === undefined ? 'float' : 'boolean';
    const checked = checkAttributes(attributes, isResource ? { type: definition?.type ?? unknown } : {});
    if (!checked.ok && !unchecked) throw lwm2mErrors.LWM2M_WRONG_ATTRIBUTES(checked.error.message);
    return formatAttributeQuery(attributes);
  }

  async #begin<T>(
    conversation: Conversation,
    target: string,
    exchange: (ask: ObserveRequest) => Promise<Answer<T>>,
  ): Promise<Answer<T & { readonly observation: ObservationRecord | undefined }>> {
    const { client } = conversation;
    this.#checkRoom(client, target);
    const { id } = client.registration;
    let begun: ClientObservation | undefined;
    const answer = await exchange(async (paths, composite, request) => {
      const asked = await this.#ask(conversation, paths, composite, request);
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

  #checkRoom(client: RegisteredClient, target: string): void {
    const { maximumObservations, maximumObservationsPerRegistration } = this.#context.limits;
    const others = observationsOf(client).filter(({ record }) => record.path !== target).length;
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
    paths: readonly Lwm2mPath[],
    composite: boolean,
    request: Omit<OutgoingRequest, 'path'>,
  ): Promise<{ readonly response: IncomingResponse; readonly begun: ClientObservation | undefined }> {
    const { client, signal, view } = conversation;
    const { registration, peer, endpoint } = client;
    const target = this.#shared.target(paths);
    const begun = new ClientObservation(this, client, target.paths, undefined);
    const segments = composite ? [] : pathSegments(paths[0]!);
    const full = this.#shared.request({ ...request, path: [...view.links.rootPath, ...segments] });
    const patience = composite ? { timeout: this.#context.behaviour.fetchPatience } : {};
    try {
      const { response, observation } = await endpoint.observe(peer, full, begun, { signal, ...patience });
      this.#context.contacts.heard(client);
      if (!observation?.active || !isSuccess(response.code)) return { response, begun: undefined };
      const plain = {
        registrationId: registration.id,
        token: observation.token,
        path: target.text,
        accept: request.accept,
        createdAt: this.#context.clock.epoch(),
      };
      const query = request.query?.length ? { query: request.query.join('&') } : undefined;
      const record = composite || query ? { ...plain, ...(composite ? { composite } : {}), ...query } : plain;
      begun.begin(record, observation);
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
    const { events } = this.#context;
    const { registration } = client;
    const event = events.store({
      type: 'observation-started',
      time: clock.epoch(),
      registration,
      observation: record,
    } as const);
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
    for (const other of observationsOf(client)) {
      if (other !== begun && other.record.path === record.path) this.#end(other, 'replaced');
    }
    events.push(event);
    begun.release();
  }

  /**
   * Cancel Observation. Whatever the client answers, and even if it does not, the observation is over and out of the store.
   * @param target the path, or those of an Observe-Composite in the order in which they were observed
   * @returns the client's answer; undefined when it was not asked
   * @throws YaolianError LWM2M_NOT_OBSERVED
   */
  async cancel(
    reference: ClientReference,
    target: Lwm2mPath | readonly Lwm2mPath[],
    options: CancelOptions = {},
  ): Promise<Answer<{ readonly code: ResponseCode }> | undefined> {
    const client = this.#service.find(reference);
    const path = formatPaths([target].flat());
    const observed = observationsOf(client).find(({ record }) => record.path === path);
    if (!observed) throw lwm2mErrors.LWM2M_NOT_OBSERVED(client.registration.endpoint, path);
    if (options.by === 'reset') {
      await this.#cancelled(observed);
      return undefined;
    }
    return this.#service.perform(client, 'cancel-observation', target, options, async ({ signal }) => {
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
    this.#context.events.push(this.#endOf(observed, 'cancelled'));
    try {
      await this.#context.store.removeObservation(record.registrationId, record.token);
    } catch (error) {
      throw lwm2mErrors.LWM2M_STORE_FAILED('the end of the observation', error);
    }
  }

  /** The store is about to be told that the registration ends: every record that it was told of before goes with it. */
  leaving(client: RegisteredClient): void {
    for (const observation of observationsOf(client)) observation.leaving = this.#endOf(observation, 'registration');
  }

  /** The registration is over, and its observations are out of the store with it, but for those that came in between. */
  endAll(client: RegisteredClient, registration: Registration): void {
    for (const observation of observationsOf(client)) {
      this.#drop(observation);
      this.#context.events.push(observation.leaving ?? this.#endOf(observation, 'registration', registration));
      if (observation.leaving === undefined) this.#forgetStored(observation.record);
    }
  }

  /** The client registered anew: it forgot what was observed, and is asked for it again once it has its answer. */
  replaced(client: RegisteredClient, previous: Registration): void {
    const wanted = observationsOf(client).map(({ record, paths }) => ({ record, paths }));
    this.endAll(client, previous);
    if (wanted.length === 0 || !this.#context.behaviour.observesAgain) return;
    const { id } = client.registration;
    this.#context.timers.schedule(zeroDuration, () => {
      for (const { record, paths } of wanted) void this.#observeAgain(client, id, record, paths);
    });
  }

  async #observeAgain(
    client: RegisteredClient,
    id: string,
    { accept, composite, query }: ObservationRecord,
    paths: readonly Lwm2mPath[],
  ): Promise<void> {
    const { endpoint } = client.registration;
    const path = formatPaths(paths);
    // It registered anew once more, or somebody asked for it in the meantime.
    if (!client.live || client.registration.id !== id) return;
    if (observationsOf(client).some(({ record }) => record.path === path)) return;
    const changes = query === undefined ? undefined : parseAttributeQuery(query.split('&'));
    const attributes = changes?.ok ? { attributes: applyAttributes({}, changes.value) } : {};
    const options = { unchecked: true, ...attributes };
    try {
      const answer = await (composite
        ? this.observeComposite({ id }, paths, { ...options, ...(accept === undefined ? {} : { accept }) })
        : this.observe({ id }, paths[0]!, { ...options, ...(accept === undefined ? {} : { accept }) }));
      if (answer.ok) return;
      const { code, diagnostic } = answer.error;
      this.#context.log.info('a path is not observed again', { endpoint, path, code: formatCode(code), diagnostic });
    } catch (error) {
      this.#context.log.info('a path is not observed again', { endpoint, path, error });
    }
  }

  /** The client is elsewhere: its notifications come from there now. */
  move(client: RegisteredClient): void {
    for (const observation of observationsOf(client)) {
      observation.observation?.forget();
      this.#attach(observation);
      // RFC 8323 §7.4: the client forgot it with its connection, and is asked anew, with the same token.
      if (client.endpoint.connectionOriented) this.#renew(observation);
    }
  }

  /** After the answer to the Update that brought us here: some clients take nothing before it. */
  #renew(observed: ClientObservation): void {
    const { client } = observed;
    const { observation } = observed;
    this.#context.timers.schedule(zeroDuration, () => {
      if (observed.ended || observed.observation !== observation || !observation?.active) return;
      observation.refresh({ timeout: this.#context.behaviour.operationTimeout }).then(
        (response) => {
          if (isSuccess(response.code)) observed.onNotification(response);
        },
        // It went away again: its next Update brings us here again.
        (error: unknown) =>
          this.#context.log.info('observation not renewed', { endpoint: client.registration.endpoint, error }),
      );
    });
  }

  onNotification(observed: ClientObservation, response: IncomingResponse): void {
    this.#notifications.receive(observed, response);
  }

  onEnded(observed: ClientObservation, reason: string, by: 'peer' | 'endpoint'): void {
    this.#context.log.debug('an observation ended', { endpoint: observed.client.registration.endpoint, reason });
    // An endpoint closes with the process: the client goes on notifying, and the record is for the next start.
    if (by === 'peer') this.#end(observed, 'client');
    else this.#fail(observed);
  }

  #attach(observed: ClientObservation): void {
    const { client, record } = observed;
    try {
      const restored = { token: record.token, request: this.#shared.request(this.#requestOf(observed)) };
      observed.observation = client.endpoint.restoreObservation(client.peer, restored, observed);
    } catch (error) {
      const { endpoint } = client.registration;
      this.#context.log.error('observation not restored', { endpoint, token: encodeHex(record.token), error });
      this.#fail(observed);
    }
  }

  /** The request that the observation began with. */
  #requestOf({ client, record, paths }: ClientObservation): OutgoingRequest {
    const { accept, composite } = record;
    const query = record.query === undefined ? {} : { query: record.query.split('&') };
    const { rootPath } = this.#service.viewOf(client).links;
    if (!composite) {
      const request = { method: Code.GET, path: [...rootPath, ...pathSegments(paths[0]!)], ...query };
      return accept === undefined ? request : { ...request, accept };
    }
    const contentFormat = accept ?? ContentFormat.SenmlCbor;
    const payload = encodePackPaths(contentFormat, paths);
    if (!payload.ok) throw new RangeError(payload.error.message);
    const format = { contentFormat, accept: contentFormat };
    return { method: Code.FETCH, path: rootPath, ...format, payload: payload.value, ...query };
  }

  /** We cannot go on with it; the record stays. */
  #fail(observed: ClientObservation): void {
    this.#drop(observed);
    this.#context.events.push(this.#endOf(observed, 'failed'));
  }

  #add(observed: ClientObservation): void {
    this.#count++;
    const { client } = observed;
    addObservation(client, observed);
  }

  #drop(observed: ClientObservation): void {
    if (observed.ended) return;
    observed.ended = true;
    observed.observation?.forget();
    if (removeObservation(observed.client, observed)) this.#count--;
  }

  #end(observed: ClientObservation, reason: ObservationEndReason): void {
    if (observed.ended) return;
    this.#drop(observed);
    this.#context.events.push(this.#endOf(observed, reason));
    this.#forgetStored(observed.record);
  }

  /** What is told of its end; in this turn the store hears of it. */
  #endOf(
    { client, record }: ClientObservation,
    reason: ObservationEndReason,
    registration = client.registration,
  ): ObservationEndedEvent {
    const { clock, events } = this.#context;
    const time = clock.epoch();
    return events.store({ type: 'observation-ended', time, registration, observation: record, reason });
  }

  /** It ended by itself, so nobody waits for the disk; what stays there ends again at the next start. */
  #forgetStored(record: ObservationRecord): void {
    const { store, log } = this.#context;
    Promise.resolve(store.removeObservation(record.registrationId, record.token)).catch((error: unknown) =>
      log.error('observation store failed', { registration: record.registrationId, error }),
    );
  }
}
