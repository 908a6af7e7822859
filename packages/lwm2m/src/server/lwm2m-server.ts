import { type BodySource, type CoapEndpoint, Code, type RequestHandler } from '@yaolian/coap';
import { deafMeter, type Log, type Peer, StreamPeer, silentLog, zeroDuration } from '@yaolian/kernel';
import type { AttributeChanges } from '../attributes.ts';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mNode, ObjectInstanceNode } from '../node.ts';
import { type ObjectLinks, ObjectLinksReader } from '../object-links.ts';
import type { Lwm2mPath } from '../path.ts';
import { ClientContacts } from './client-contacts.ts';
import { ClientTable } from './client-table.ts';
import { CompositeOperations } from './composite-operations.ts';
import type { ServerContext, ServerEndpoint } from './context.ts';
import { DeviceHandle } from './device-handle.ts';
import { Emitter, type EventSource } from './emitter.ts';
import { type EndDeviceEntry, EndDevices, type EndDevicesAnswer } from './end-devices.ts';
import { lwm2mErrors } from './errors.ts';
import { EventOutbox } from './event-outbox.ts';
import type { Lwm2mServerEvent } from './events.ts';
import type { ExecuteArgument } from './execute-arguments.ts';
import { defaultServerLimits } from './limits.ts';
import { LocationForm, registrationPath } from './location.ts';
import { ObservationService } from './observation-service.ts';
import { findClient, OperationService } from './operation-service.ts';
import type {
  Answer,
  BodyOptions,
  CancelOptions,
  ClientReference,
  CompositeObserveAnswer,
  CompositeObserveOptions,
  CompositeReadAnswer,
  CompositeReadOptions,
  CompositeWrite,
  CreateAnswer,
  DiscoverAnswer,
  DiscoverOptions,
  Done,
  ObserveAnswer,
  ObserveOptions,
  OperationOptions,
  ReadAnswer,
  ReadOptions,
  WriteOptions,
} from './operation-types.ts';
import { Operations } from './operations.ts';
import { type Profile, Profiles } from './profiles.ts';
import type { ObservationRecord, Registration } from './registration.ts';
import { RegistrationChanges } from './registration-changes.ts';
import { RegistrationInterface } from './registration-interface.ts';
import { RequestQueue } from './request-queue/request-queue.ts';
import { SendInterface, sendPath } from './send-interface.ts';
import {
  defaultQueueOptions,
  defaultServerBehaviour,
  type Lwm2mServerOptions,
  type RequestMount,
} from './server-options.ts';
import { type StandingObservation, StandingObservations } from './standing-observations.ts';

/**
 * An LwM2M server (OMA-TS-LightweightM2M 1.0 and 1.1): registration (§5.3; 1.1 §6.2), device management (§5.4; 1.1 §6.3) and information
 * reporting (§5.5; 1.1 §6.4). Owns no socket and no storage: it is handed endpoints and a store.
 *
 * {@link start} it before the first request comes; mount {@link mounts} on every endpoint; {@link close} it before the
 * endpoints.
 */
export class Lwm2mServer {
  /** What happens, a moment after it happened: responses to terminals are on their way by then. */
  readonly events: EventSource<Lwm2mServerEvent>;
  readonly #context: ServerContext;
  readonly #changes: RegistrationChanges;
  readonly #interface: RegistrationInterface;
  readonly #sends: SendInterface;
  /** Requests that wait for their devices to listen; undefined without a store for them. */
  readonly queue: RequestQueue | undefined;
  readonly #service: OperationService;
  readonly #operations: Operations;
  readonly #endDevices: EndDevices;
  readonly #composites: CompositeOperations;
  readonly #observations: ObservationService;
  readonly #standing: StandingObservations;
  #closed: Promise<void> | undefined;

  constructor(options: Lwm2mServerOptions) {
    if (options.endpoints.length === 0) throw new RangeError('an LwM2M server needs at least one endpoint');
    const log = options.log ?? silentLog;
    const emitter = new Emitter<Lwm2mServerEvent>((type, error) =>
      log.error('an event listener failed', { event: type, error }),
    );
    this.events = emitter;
    const context = contextOf(options, log, new EventOutbox(emitter, options.timers, options.onStoring));
    this.#context = context;
    this.#service = new OperationService(context);
    this.#operations = new Operations(this.#service);
    this.#endDevices = new EndDevices(this.#service, this.#operations);
    this.#composites = new CompositeOperations(context, this.#service);
    this.#standing = new StandingObservations(options.standingStore);
    this.#observations = new ObservationService(context, this.#service, this.#composites, this.#standing);
    this.#changes = new RegistrationChanges(context, {
      leaving: (client) => this.#observations.leaving(client),
      replaced: (client, previous) => {
        this.#observations.replaced(client, previous);
        this.#service.beganAnew(client);
      },
      arrived: (client) => this.#observations.arrived(client),
      moved: (client) => {
        this.#observations.move(client);
        this.#service.beganAnew(client);
      },
      ended: (client) => {
        this.#observations.endAll(client, client.registration);
        this.#service.end(client, lwm2mErrors.LWM2M_REGISTRATION_ENDED(client.registration.endpoint));
      },
    });
    this.#interface = new RegistrationInterface(context, this.#changes);
    this.#sends = new SendInterface(context);
    const queue = this.#openQueue(options, log);
    this.queue = queue;
    context.contacts.onHeard = (client) => {
      this.#observations.heard(client);
      queue?.heard(client.registration.deviceKey);
    };
    context.meter.gauge('lwm2m_registrations', 'Registered terminals', () => context.table.size);
  }

  /** Takes up registrations and observations of an earlier process. Observations go on without their terminals noticing. */
  async start(): Promise<void> {
    const { registrations, observations } = await this.#context.store.load();
    this.#changes.restore(registrations, (registration) => this.#endpointFor(registration));
    this.#observations.restore(observations);
    await this.#standing.load();
    await this.#context.profiles.load();
    await this.queue?.start();
    const { size, observationCount } = this;
    if (size > 0)
      this.#context.log.info('registrations restored', { registrations: size, observations: observationCount });
    this.#context.timers.schedule(zeroDuration, () => void this.#observations.renewUnverified());
  }

  #openQueue({ queueStore: store, queue: options }: Lwm2mServerOptions, log: Log): RequestQueue | undefined {
    if (!store) return undefined;
    const { clock, timers, events, contacts, table, meter } = this.#context;
    const isAwake = (deviceKey: string) => {
      const client = table.byDeviceKey(deviceKey);
      return client !== undefined && contacts.isAwake(client);
    };
    const modelOf = (deviceKey: string) => this.modelOf({ deviceKey });
    const host = { server: this, store, clock, timers, log, events, isAwake, modelOf };
    const queue = new RequestQueue(host, { ...defaultQueueOptions, ...options });
    meter.gauge('lwm2m_queued_requests', 'Requests that wait for their devices to listen', () => queue.size);
    return queue;
  }

  #endpointFor(registration: Registration): ServerEndpoint {
    const { endpoints } = this.#context;
    const serving = endpoints.find(({ endpoint, serves }) =>
      serves === undefined
        ? isOverStreams(registration) === (endpoint.connectionOriented ?? false)
        : serves(registration.address, registration),
    );
    return serving ?? endpoints[0]!;
  }

  /** What to mount on one of the endpoints, beside whatever else the application answers there. */
  mounts(endpoint: CoapEndpoint): readonly RequestMount[] {
    const handler: RequestHandler = (request) => this.#handle(() => this.#interface.handle(request, endpoint));
    const registration: RequestMount = { path: [registrationPath], handler, description: { rt: 'core.rd' } };
    const send: RequestMount = {
      path: [sendPath],
      handler: (request) => this.#handle(() => this.#sends.handle(request)),
    };
    // Locations of this form are segments of the root.
    const isAtRoot = this.#context.behaviour.location === LocationForm.DeviceKeyVersion;
    return isAtRoot ? [registration, send, { path: [], handler }] : [registration, send];
  }

  /** Registered terminals. */
  get size(): number {
    return this.#context.table.size;
  }

  /** Observations of all terminals. */
  get observationCount(): number {
    return this.#observations.count;
  }

  registration(reference: ClientReference): Registration | undefined {
    return findClient(this.#context, reference)?.registration;
  }

  /**
   * Who a terminal was heard as last: its session or connection, with what it proved. After a restart only its address, until it
   * comes again, where no session lived on.
   */
  peerOf(reference: ClientReference): Peer | undefined {
    return findClient(this.#context, reference)?.peer;
  }

  /** The registration of the client whose requests come from this peer. */
  registrationAt(peer: Pick<Peer, 'key'>): Registration | undefined {
    return this.#context.table.byPeer(peer)?.registration;
  }

  /** Which of {@link Lwm2mServerOptions.endpoints} a terminal was heard through last. */
  endpointOf(reference: ClientReference): CoapEndpoint | undefined {
    return findClient(this.#context, reference)?.endpoint;
  }

  /** Registrations whose endpoint name comes after `after`, in order of names (UTF-16 code units). */
  *registrations(after?: string): Generator<Registration> {
    for (const client of this.#context.table.after(after)) yield client.registration;
  }

  /** What a terminal said it has. */
  objectLinks(reference: ClientReference): ObjectLinks | undefined {
    const client = findClient(this.#context, reference);
    return client && this.#service.viewOf(client).links;
  }

  /** The object model in the versions that a terminal registered. */
  modelOf(reference: ClientReference): ObjectModel | undefined {
    const client = findClient(this.#context, reference);
    return client && this.#service.viewOf(client).model;
  }

  /** The object lists that terminals of LwM2M 1.2 name by Profile IDs. */
  profiles(): readonly Profile[] {
    return this.#context.profiles.list();
  }

  /** Forgets a profile: the next terminal that names it is asked for its list. @returns false when there was none */
  forgetProfile(id: string): Promise<boolean> {
    return this.#context.profiles.remove(id);
  }

  /**
   * When a registration ends if no Update comes, in milliseconds since the epoch, on the clock as it is set now, grace not included;
   * Infinity without an end. Undefined when it is not there.
   */
  expiryOf(reference: ClientReference): number | undefined {
    const client = findClient(this.#context, reference);
    return client && this.#context.contacts.expiryOf(client);
  }

  /** Whether a terminal listens now: one in queue mode does for a while after each message of its own. */
  isAwake(reference: ClientReference): boolean {
    const client = findClient(this.#context, reference);
    return client !== undefined && this.#context.contacts.isAwake(client);
  }

  /** When a terminal was last heard, in milliseconds since the epoch; undefined when it is not registered. */
  lastHeardAt(reference: ClientReference): number | undefined {
    const client = findClient(this.#context, reference);
    return client && this.#context.contacts.lastHeardAt(client);
  }

  /**
   * When the last Register or Update of a terminal came, in milliseconds since the epoch, on the clock as it is set now: a
   * leap of the wall clock moves it along, as it ends no lifetime. Undefined when it is not registered.
   */
  lastUpdatedAt(reference: ClientReference): number | undefined {
    const client = findClient(this.#context, reference);
    return client && this.#context.contacts.lastUpdatedAt(client);
  }

  /** The segments of the location that a terminal was given. */
  locationOf(registration: Registration): readonly string[] {
    return this.#interface.locationOf(registration);
  }

  /**
   * Ends a registration from our side; its terminal learns of it at its next Update, with 4.04.
   * @returns false when it is not there
   * @throws YaolianError LWM2M_STORE_FAILED, LWM2M_OVERLOADED
   */
  async endRegistration(reference: ClientReference): Promise<boolean> {
    const client = findClient(this.#context, reference);
    if (!client) return false;
    const removed = await this.#changes.deregister(client, client.registration.id);
    if (removed.ok) return true;
    if (removed.error.reason === 'not-registered') return false;
    if (removed.error.reason === 'busy') throw lwm2mErrors.LWM2M_OVERLOADED('changes of one registration');
    throw lwm2mErrors.LWM2M_STORE_FAILED('the end of the registration');
  }

  /** One client, for typed access to its resources. @param client its endpoint name, or another reference; it need not be registered */
  device(client: string | ClientReference): DeviceHandle {
    return new DeviceHandle(this, typeof client === 'string' ? { endpoint: client } : client);
  }

  /** {@inheritDoc Operations.read} */
  read(client: ClientReference, path: Lwm2mPath, options?: ReadOptions): Promise<Answer<ReadAnswer>> {
    return this.#operations.read(client, path, options);
  }

  /** {@inheritDoc EndDevices.read} */
  endDevices(client: ClientReference, options?: OperationOptions): Promise<Answer<EndDevicesAnswer>> {
    return this.#endDevices.read(client, options);
  }

  /** {@inheritDoc EndDevices.known} */
  knownEndDevices(client: ClientReference): readonly EndDeviceEntry[] | undefined {
    return this.#endDevices.known(client);
  }

  /** {@inheritDoc Operations.discover} */
  discover(client: ClientReference, path: Lwm2mPath, options?: DiscoverOptions): Promise<Answer<DiscoverAnswer>> {
    return this.#operations.discover(client, path, options);
  }

  /** {@inheritDoc Operations.write} */
  write(client: ClientReference, path: Lwm2mPath, node: Lwm2mNode, options?: WriteOptions): Promise<Answer<Done>> {
    return this.#operations.write(client, path, node, options);
  }

  /** {@inheritDoc Operations.writeBody} */
  writeBody(
    client: ClientReference,
    path: Lwm2mPath,
    source: BodySource,
    options?: BodyOptions,
  ): Promise<Answer<Done>> {
    return this.#operations.writeBody(client, path, source, options);
  }

  /** {@inheritDoc Operations.update} */
  update(client: ClientReference, path: Lwm2mPath, node: Lwm2mNode, options?: WriteOptions): Promise<Answer<Done>> {
    return this.#operations.update(client, path, node, options);
  }

  /** {@inheritDoc Operations.create} */
  create(
    client: ClientReference,
    path: Lwm2mPath,
    instance: ObjectInstanceNode,
    options?: WriteOptions,
  ): Promise<Answer<CreateAnswer>> {
    return this.#operations.create(client, path, instance, options);
  }

  /** {@inheritDoc Operations.delete} */
  delete(client: ClientReference, path: Lwm2mPath, options?: OperationOptions): Promise<Answer<Done>> {
    return this.#operations.delete(client, path, options);
  }

  /** {@inheritDoc Operations.execute} */
  execute(
    client: ClientReference,
    path: Lwm2mPath,
    args?: string | readonly ExecuteArgument[],
    options?: OperationOptions,
  ): Promise<Answer<Done>> {
    return this.#operations.execute(client, path, args, options);
  }

  /** {@inheritDoc Operations.writeAttributes} */
  writeAttributes(
    client: ClientReference,
    path: Lwm2mPath,
    changes: AttributeChanges,
    options?: OperationOptions,
  ): Promise<Answer<Done>> {
    return this.#operations.writeAttributes(client, path, changes, options);
  }

  /** {@inheritDoc ObservationService.observe} */
  observe(client: ClientReference, path: Lwm2mPath, options?: ObserveOptions): Promise<Answer<ObserveAnswer>> {
    return this.#observations.observe(client, path, options);
  }

  /** {@inheritDoc CompositeOperations.read} */
  readComposite(
    client: ClientReference,
    paths: readonly Lwm2mPath[],
    options?: CompositeReadOptions,
  ): Promise<Answer<CompositeReadAnswer>> {
    return this.#composites.read(client, paths, options);
  }

  /** {@inheritDoc CompositeOperations.write} */
  writeComposite(
    client: ClientReference,
    writes: readonly CompositeWrite[],
    options?: WriteOptions,
  ): Promise<Answer<Done>> {
    return this.#composites.write(client, writes, options);
  }

  /** {@inheritDoc ObservationService.observeComposite} */
  observeComposite(
    client: ClientReference,
    paths: readonly Lwm2mPath[],
    options?: CompositeObserveOptions,
  ): Promise<Answer<CompositeObserveAnswer>> {
    return this.#observations.observeComposite(client, paths, options);
  }

  /** {@inheritDoc ObservationService.cancel} */
  cancelObservation(
    client: ClientReference,
    path: Lwm2mPath | readonly Lwm2mPath[],
    options?: CancelOptions,
  ): Promise<Answer<Done> | undefined> {
    return this.#observations.cancel(client, path, options);
  }

  /** What is observed of a terminal. @throws YaolianError LWM2M_NOT_REGISTERED */
  observations(client: ClientReference): readonly ObservationRecord[] {
    return this.#observations.list(client);
  }

  /** {@inheritDoc ObservationService.waiting} */
  waitingObservations(deviceKey: string): readonly StandingObservation[] {
    return this.#observations.waiting(deviceKey);
  }

  /** Whether a path (`/3/0/9`) is observed until it is cancelled, at work or waiting. */
  stands(deviceKey: string, path: string): boolean {
    return this.#standing.of(deviceKey).has(path);
  }

  /** What is to be observed of a device is forgotten with it. */
  forgetObservations(deviceKey: string): Promise<void> {
    return this.#observations.forget(deviceKey);
  }

  /**
   * Stops answering (5.03), rejects the operations under way with LWM2M_CLOSED and waits for what is being stored. Nothing
   * is de-registered: the next {@link start} goes on from here. Close it before its endpoints.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.queue?.close();
    this.#changes.close();
    this.#service.close();
    await this.#interface.idle();
    this.#context.events.close();
  }

  #handle(answer: () => ReturnType<RequestHandler>): ReturnType<RequestHandler> {
    if (!this.#closed) return answer();
    return { code: Code.ServiceUnavailable, maxAge: this.#context.behaviour.retryAfter };
  }
}

/** What it came over, whatever binding it says; without a peer of its own OMA-TS-LightweightM2M 1.1 core §6.2.1.2: T is TCP, U UDP. */
function isOverStreams({ binding, address, peerKey }: Registration): boolean {
  if (peerKey !== undefined) return StreamPeer.isKey(peerKey, address);
  return binding.includes('T') && !binding.includes('U');
}

function contextOf(options: Lwm2mServerOptions, log: Log, events: EventOutbox<Lwm2mServerEvent>): ServerContext {
  const limits = { ...defaultServerLimits, ...options.limits };
  const behaviour = { ...defaultServerBehaviour, ...options.behaviour };
  return {
    endpoints: options.endpoints,
    store: options.store,
    profile: options.profile,
    model: options.model,
    clock: options.clock,
    timers: options.timers,
    random: options.random,
    log,
    meter: options.meter ?? deafMeter,
    limits,
    behaviour,
    table: new ClientTable(),
    profiles: new Profiles({ store: options.profileStore, maximum: limits.maximumProfiles }),
    contacts: new ClientContacts(options.clock, behaviour.awakeWindow, behaviour.lifetimeGrace),
    links: new ObjectLinksReader({
      maximumBytes: limits.maximumPayloadBytes,
      maximumLinks: limits.maximumLinks,
      maximumRemembered: limits.maximumSharedObjectLists,
    }),
    events,
    takeValues: options.takeValues,
  };
}
