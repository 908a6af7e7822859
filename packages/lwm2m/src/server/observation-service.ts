import {
  Code,
  formatCode,
  type IncomingResponse,
  isSuccess,
  type OutgoingRequest,
  type ResponseCode,
} from '@yaolian/coap';
import { encodeHex, failure, success, zeroDuration } from '@yaolian/kernel';
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
import { observeQuery, optionsOf, requestOf, type Wanted } from './observe-request.ts';
import {
  type Conversation,
  checkPlace,
  findClient,
  type OperationService,
  refusalOf,
  toServerError,
} from './operation-service.ts';
import type {
  Answer,
  CancelOptions,
  ClientReference,
  CompositeObserveAnswer,
  CompositeObserveOptions,
  ObserveAnswer,
  ObserveOptions,
} from './operation-types.ts';
import type { RegisteredClient } from './registered-client.ts';
import type { ObservationRecord, Registration } from './registration.ts';
import { comesByOscore } from './registration-values.ts';
import { SharedTargets } from './shared-targets.ts';
import { type StandingObservation, type StandingObservations, stored } from './standing-observations.ts';
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
  readonly #standing: StandingObservations;
  /** Taken up from an earlier process, and not observed anew yet. */
  readonly #unverified = new Set<ClientObservation>();
  /** Notifications of them came from elsewhere: their clients have a new address, and did not say so yet. */
  readonly #strayed = new Set<ClientObservation>();
  #count = 0;

  constructor(
    context: ServerContext,
    service: OperationService,
    composites: CompositeOperations,
    standing: StandingObservations,
  ) {
    this.#standing = standing;
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

  /** Standing observations that are not at work now: the device is not registered, or did not take them on when it was asked last. */
  waiting(deviceKey: string): readonly StandingObservation[] {
    const standing = this.#standing.of(deviceKey);
    if (standing.size === 0) return [];
    const client = this.#context.table.byDeviceKey(deviceKey);
    const active = new Set(client?.live ? observationsOf(client).map(({ record }) => record.path) : []);
    return [...standing.values()].filter(({ path }) => !active.has(path));
  }

  /** The device is forgotten: nothing is to be observed of it any more. */
  forget(deviceKey: string): Promise<void> {
    return this.#standing.removeOf(deviceKey);
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
      if (isUnverifiable(client)) this.#unverified.add(observation);
    }
  }

  /**
   * Observes anew what {@link restore} took up and cannot be gone on with, of clients that listen all the time; of the others
   * when they are heard.
   */
  async renewUnverified(): Promise<void> {
    const due = [...this.#unverified].filter(({ client: { peer, registration } }) => {
      return peer.identity?.kind === 'oscore' && !registration.queueMode;
    });
    const next = due.values();
    const work = async () => {
      for (const observed of next) if (this.#unverified.delete(observed)) await this.#refresh(observed);
    };
    await Promise.all(Array.from({ length: renewalsAtOnce }, work));
  }

  /** The client listens now. */
  heard(client: RegisteredClient): void {
    if (this.#unverified.size === 0) return;
    for (const observed of observationsOf(client)) if (this.#unverified.delete(observed)) this.#renew(observed);
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
    const query = observeQuery(client.registration, this.#service.viewOf(client).model, [path], options);
    throwIf(checkLevel('Observe', path, fromObject));
    if (!options.unchecked) throwIf(checkRead(this.#service.viewOf(client).model, path));
    return this.#service.perform<ObserveAnswer>(client, 'observe', path, options, (conversation) =>
      this.#begin(conversation, formatPath(path), options.standing, (ask) =>
        askForValue(conversation, path, acceptOf(options), (request) => ask([path], false, { ...request, query })),
      ),
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
    const query = observeQuery(client.registration, this.#service.viewOf(client).model, paths, options);
    this.#composites.check('Observe-Composite', client, paths, options);
    return this.#service.perform<CompositeObserveAnswer>(client, 'observe-composite', paths, options, (conversation) =>
      this.#begin(conversation, formatPaths(paths), options.standing, async (ask) => {
        const fetched = await this.#composites.fetch(conversation, paths, options, (request) =>
          ask(paths, true, { ...request, query }),
        );
        return fetched ?? failure({ code: Code.NotImplemented, diagnostic: 'the client answers no FETCH' });
      }),
    );
  }

  async #begin<T>(
    conversation: Conversation,
    target: string,
    standing: boolean | undefined,
    exchange: (ask: ObserveRequest) => Promise<Answer<T>>,
  ): Promise<Answer<T & { readonly observation: ObservationRecord | undefined }>> {
    const { client } = conversation;
    this.#checkRoom(client, target, standing);
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
    if (standing) await this.#standing.put(client.registration.deviceKey, begun.record);
    return success({ ...answer.value, observation: begun.record });
  }

  #checkRoom(client: RegisteredClient, target: string, standing = false): void {
    const { maximumObservations, maximumObservationsPerRegistration } = this.#context.limits;
    const others = new Set(this.#standing.of(client.registration.deviceKey).keys());
    const isNew = standing && !others.has(target);
    for (const { record } of observationsOf(client)) others.add(record.path);
    others.delete(target);
    if (isNew && this.#standing.size >= maximumObservations) {
      throw lwm2mErrors.LWM2M_OVERLOADED(`${maximumObservations} observations of all clients`);
    }
    if (others.size >= maximumObservationsPerRegistration) {
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
    checkPlace(client);
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
   * Cancel Observation. Whatever the client answers, and even if it does not, the observation is over and out of the store. One that
   * waits for its device to register waits no more; that device is named by its key.
   * @param target the path, or those of an Observe-Composite in the order in which they were observed
   * @returns the client's answer; undefined when it was not asked
   * @throws YaolianError LWM2M_NOT_OBSERVED
   */
  async cancel(
    reference: ClientReference,
    target: Lwm2mPath | readonly Lwm2mPath[],
    options: CancelOptions = {},
  ): Promise<Answer<{ readonly code: ResponseCode }> | undefined> {
    const path = formatPaths([target].flat());
    if (await this.#cancelWaiting(reference, path)) return undefined;
    const client = this.#service.find(reference);
    const observed = observationsOf(client).find(({ record }) => record.path === path);
    if (!observed) throw lwm2mErrors.LWM2M_NOT_OBSERVED(client.registration.endpoint, path);
    if (options.by === 'reset') {
      await this.#cancelled(observed);
      return undefined;
    }
    return this.#service.perform(client, 'cancel-observation', target, options, async ({ signal }) => {
      try {
        checkPlace(client);
        const response = await observed.observation!.cancel({ signal });
        return isSuccess(response.code) ? success({ code: response.code }) : refusalOf(response);
      } catch (error) {
        throw toServerError(error, client.registration.endpoint);
      } finally {
        await this.#cancelled(observed);
      }
    });
  }

  async #cancelWaiting(reference: ClientReference, path: string): Promise<boolean> {
    const client = findClient(this.#context, reference);
    const deviceKey = client?.registration.deviceKey ?? ('deviceKey' in reference ? reference.deviceKey : undefined);
    const waits = deviceKey !== undefined && this.waiting(deviceKey).some((one) => one.path === path);
    return waits && this.#standing.remove(deviceKey, path);
  }

  async #cancelled(observed: ClientObservation): Promise<void> {
    if (observed.ended) return;
    const { record } = observed;
    this.#drop(observed);
    this.#context.events.push(this.#endOf(observed, 'cancelled'));
    const { registrationId, token } = record;
    // The store hears of all of it in this turn: one transaction has the end and what is to be told of it.
    await Promise.all([
      stored('the end of the observation', this.#context.store.removeObservation(registrationId, token)),
      this.#standing.remove(observed.client.registration.deviceKey, record.path),
    ]);
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
    const { observesAgain } = this.#context.behaviour;
    const observed = observesAgain ? observationsOf(client).map(({ record }) => record) : [];
    this.endAll(client, previous);
    this.#observeAllAgain(client, observed);
  }

  /** The client registered, and was not there before: what stands is observed again once it has its answer. */
  arrived(client: RegisteredClient): void {
    this.#observeAllAgain(client, []);
  }

  #observeAllAgain(client: RegisteredClient, observed: readonly ObservationRecord[]): void {
    const { deviceKey, id } = client.registration;
    const wanted = new Map<string, Wanted>(this.#standing.of(deviceKey));
    for (const record of observed) wanted.set(record.path, record);
    if (wanted.size === 0) return;
    this.#context.timers.schedule(zeroDuration, () => {
      for (const one of wanted.values()) void this.#observeAgain(client, id, one);
    });
  }

  async #observeAgain(client: RegisteredClient, id: string, wanted: Wanted): Promise<void> {
    const { path } = wanted;
    const { endpoint, deviceKey } = client.registration;
    const parsed = parsePaths(path);
    // It registered anew once more, or somebody asked for it in the meantime.
    if (!parsed.ok || !client.live || client.registration.id !== id) return;
    const paths = parsed.value;
    if (observationsOf(client).some(({ record }) => record.path === path)) return;
    const options = optionsOf(wanted);
    const stood = this.#standing.of(deviceKey).has(path);
    try {
      const answer = await (wanted.composite
        ? this.observeComposite({ id }, paths, options)
        : this.observe({ id }, paths[0]!, options));
      // It may have been cancelled while the device was being asked.
      if (answer.ok && stood && !this.#standing.of(deviceKey).has(path)) await this.cancel({ id }, paths);
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
      // RFC 8323 §7.4: the client forgot it with its connection, and is asked anew, with the same token. So it is where it notified
      // in vain before this Update: RFC 7641 §4.5 has it give up, and the value was not used.
      const strayed = this.#strayed.delete(observation);
      if (strayed || client.endpoint.connectionOriented) this.#renew(observation);
    }
  }

  /** After the answer to the Update that brought us here: some clients take nothing before it. */
  #renew(observed: ClientObservation): void {
    const { observation } = observed;
    this.#context.timers.schedule(zeroDuration, () => {
      if (observed.observation === observation) void this.#refresh(observed);
    });
  }

  async #refresh(observed: ClientObservation): Promise<void> {
    const { client, observation } = observed;
    if (observed.ended || !observation?.active) return;
    try {
      const response = await observation.refresh({ timeout: this.#context.behaviour.operationTimeout });
      if (isSuccess(response.code)) observed.onNotification(response);
    } catch (error) {
      // It went away again: its next Update brings us here again.
      if (!observed.ended && isUnverifiable(client)) this.#unverified.add(observed);
      this.#context.log.info('observation not renewed', { endpoint: client.registration.endpoint, error });
    }
  }

  onNotification(observed: ClientObservation, response: IncomingResponse): Promise<void> | undefined {
    return this.#notifications.receive(observed, response);
  }

  onEnded(observed: ClientObservation, reason: string, by: 'peer' | 'endpoint'): void {
    this.#context.log.debug('an observation ended', { endpoint: observed.client.registration.endpoint, reason });
    // An endpoint closes with the process: the client goes on notifying, and the record is for the next start.
    if (by === 'peer') this.#end(observed, 'client');
    else this.#fail(observed);
  }

  onStrayed(observed: ClientObservation): void {
    this.#strayed.add(observed);
  }

  #attach(observed: ClientObservation): void {
    const { client, record } = observed;
    try {
      const { rootPath } = this.#service.viewOf(client).links;
      const request = this.#shared.request(requestOf(observed, rootPath));
      const restored = { token: record.token, request };
      observed.observation = client.endpoint.restoreObservation(client.peer, restored, observed);
    } catch (error) {
      const { endpoint } = client.registration;
      this.#context.log.error('observation not restored', { endpoint, token: encodeHex(record.token), error });
      this.#fail(observed);
    }
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
    this.#unverified.delete(observed);
    this.#strayed.delete(observed);
    observed.observation?.forget();
    if (removeObservation(observed.client, observed)) this.#count--;
  }

  #end(observed: ClientObservation, reason: ObservationEndReason): void {
    if (observed.ended) return;
    this.#drop(observed);
    // The client wants no more of it, or nobody does.
    if (reason !== 'replaced') this.#standsNoMore(observed);
    this.#context.events.push(this.#endOf(observed, reason));
    this.#forgetStored(observed.record);
  }

  #standsNoMore({ client, record }: ClientObservation): void {
    const { endpoint, deviceKey } = client.registration;
    this.#standing
      .remove(deviceKey, record.path)
      .catch((error: unknown) => this.#context.log.error('observation store failed', { endpoint, error }));
  }

  /** What is told of its end; in this turn the store hears of it. */
  #endOf(
    { client, record }: ClientObservation,
    reason: ObservationEndReason,
    registration = client.registration,
  ): ObservationEndedEvent {
    const { clock, events } = this.#context;
    const event = {
      type: 'observation-ended',
      time: clock.epoch(),
      registration,
      observation: record,
      reason,
    } as const;
    const stands = reason === 'registration' && this.#standing.of(registration.deviceKey).has(record.path);
    return events.store(stands ? { ...event, stands } : event);
  }

  /** It ended by itself, so nobody waits for the disk; what stays there ends again at the next start. */
  #forgetStored(record: ObservationRecord): void {
    const { store, log } = this.#context;
    Promise.resolve(store.removeObservation(record.registrationId, record.token)).catch((error: unknown) =>
      log.error('observation store failed', { registration: record.registrationId, error }),
    );
  }
}

/** Clients that are asked at a time, after a start, to be observed anew. */
const renewalsAtOnce = 16;

/**
 * RFC 8613 Appendix B.1.3: after a restart nobody knows which notifications of an observation came before, so that they cannot be
 * told from replays.
 */
function isUnverifiable({ registration }: RegisteredClient): boolean {
  return comesByOscore(registration);
}
