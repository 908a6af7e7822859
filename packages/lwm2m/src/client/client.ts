import type { IncomingRequest, OutgoingResponse } from '@yaolian/coap';
import { type Duration, type Log, milliseconds, seconds, silentLog } from '@yaolian/kernel';
import { formatPath } from '../path.ts';
import { numberOf, readServerAccounts, Server, type ServerAccount } from './accounts.ts';
import { BootstrapRunner } from './bootstrap-runner.ts';
import type { FarewellOptions, Lwm2mClientOptions, RegistrationStatus } from './client-options.ts';
import { type Connector, plainConnector } from './connection.ts';
import { DeviceManagement } from './device-management.ts';
import { clientErrors } from './errors.ts';
import type { ClientEvent, ClientState } from './events.ts';
import { completeAccounts, declareAccountObjects, disableSeconds, installAccounts } from './factory-accounts.ts';
import { ObjectInstance } from './object-instance.ts';
import { type CreatableObject, ObjectTree, type TreeChange } from './object-tree.ts';
import { device } from './objects/device.ts';
import type { Lwm2mVersion } from './operations/read.ts';
import { refusalResponse } from './refusal.ts';
import { objectLinksOf } from './registration-request.ts';
import { type RegistrationHost, RegistrationSession } from './registration-session.ts';
import { notServed, RequestRoutes } from './request-routes.ts';
import { retryDefaults } from './retry.ts';

interface Session {
  readonly registration: RegistrationSession;
  readonly management: DeviceManagement;
}

/**
 * An LwM2M terminal: bootstraps, registers, is managed, reports, de-registers.
 *
 *     const client = new Lwm2mClient({ endpointName, transport: endpoint, clock, timers, random,
 *       objects: [device({ manufacturer: 'Yaolian' }), temperature], servers: [{ uri: 'coap://192.0.2.1' }] });
 *     client.start();
 *     temperature.set('sensorValue', 22);
 *     await client.close();
 */
export class Lwm2mClient {
  readonly #options: Lwm2mClientOptions;
  readonly #connector: Connector;
  readonly #tree: ObjectTree;
  readonly #log: Log;
  readonly #bootstrap: BootstrapRunner;
  #sessions: readonly Session[] = [];
  readonly #routes = new RequestRoutes();
  #state: ClientState = 'stopped';
  #life: 'new' | 'on' | 'offline' | 'closed' = 'new';
  #waiting: Set<() => void> | undefined;

  /** @throws RangeError when objects clash */
  constructor(options: Lwm2mClientOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#connector = 'connect' in options.transport ? options.transport : plainConnector(options.transport);
    this.#tree = new ObjectTree((changes) => this.#changed(changes));
    this.#bootstrap = this.#makeBootstrap();
    declareAccountObjects(this.#tree, this.version, {
      disable: (id) => this.#disable(id),
      update: (id) => this.#sessionOf(id)?.registration.update(),
      bootstrap: () => this.bootstrap(),
      mayBootstrap: () => this.#bootstrap.possible,
    });
    installAccounts(this.#tree, options.bootstrap, options.servers ?? []);
    for (const object of options.objects ?? []) this.add(object);
    if (!this.#tree.entry(3)) this.add(device({}, {}, this.version));
  }

  get endpointName(): string {
    return this.#options.endpointName;
  }

  get version(): Lwm2mVersion {
    return this.#options.lwm2mVersion ?? '1.1';
  }

  get state(): ClientState {
    return this.#state;
  }

  get registrations(): readonly RegistrationStatus[] {
    return this.#sessions.map(({ registration, management }) => ({
      server: registration.server,
      state: registration.state,
      location: registration.location,
      observations: management.observationCount,
    }));
  }

  /** Begins the life cycle: bootstrap if it has to be, then registration. Harmless when it has begun. */
  start(): void {
    if (this.#life !== 'new') return;
    this.#life = 'on';
    completeAccounts(this.#tree, this.#options.lifetime);
    if (this.#options.bootstrap?.when === 'start') this.#bootstrap.begin();
    else this.#openSessions();
  }

  /**
   * Resolves when a server has the terminal registered: at once if one has.
   * @throws YaolianError LWM2M_CLIENT_CLOSED, LWM2M_CLIENT_ABORTED
   */
  async registered(signal?: AbortSignal): Promise<void> {
    while (this.#state !== 'registered') {
      if (this.#life === 'closed') throw clientErrors.LWM2M_CLIENT_CLOSED();
      if (signal?.aborted) throw clientErrors.LWM2M_CLIENT_ABORTED();
      await this.#nextState(signal);
    }
  }

  /** Adds an object instance, or an object that servers create instances of. Servers hear of it by an Update. */
  add(object: ObjectInstance | CreatableObject): void {
    if (object instanceof ObjectInstance) this.#tree.add(object);
    else this.#tree.declare(object.definition, object);
  }

  /** Removes an object instance. Servers hear of it by an Update. True when it was there. */
  remove(objectId: number, instanceId: number): boolean {
    return this.#tree.remove(objectId, instanceId);
  }

  instance(objectId: number, instanceId: number): ObjectInstance | undefined {
    return this.#tree.instance(objectId, instanceId);
  }

  /** Sends an Update to every server that has the terminal registered. */
  update(): void {
    for (const { registration } of this.#sessions) registration.update();
  }

  /** De-registers and asks the Bootstrap-Server for accounts anew. Does nothing without one. */
  bootstrap(): void {
    if (this.#life === 'on') this.#bootstrap.begin();
  }

  /** Airplane mode: de-registers, and does nothing until {@link goOnline}. */
  async goOffline(options: FarewellOptions = {}): Promise<void> {
    if (this.#life !== 'on') return;
    this.#life = 'offline';
    await this.#leave(options);
  }

  /** Out of airplane mode: registers again, as the seed (§7.3) has it, without another bootstrap. */
  goOnline(): void {
    if (this.#life !== 'offline') return;
    this.#life = 'on';
    if (this.#sessions.length === 0) this.#openSessions();
    else for (const { registration } of this.#sessions) registration.start();
    this.#stateChanged();
  }

  /** De-registers and stops for good. No timer is left. Harmless when called twice. */
  async close(options: FarewellOptions = {}): Promise<void> {
    if (this.#life === 'closed') return;
    this.#life = 'closed';
    await this.#leave(options);
    this.#bootstrap.close();
    this.#stateChanged();
  }

  async #leave({ deregister = true, timeout = seconds(10) }: FarewellOptions): Promise<void> {
    await Promise.all([this.#bootstrap.stop(), this.#stopSessions(deregister, timeout)]);
    this.#stateChanged();
  }

  async #stopSessions(deregister: boolean, timeout: Duration): Promise<void> {
    await Promise.all(this.#sessions.map(({ registration }) => registration.stop(deregister, timeout)));
  }

  #openSessions(): void {
    if (this.#life !== 'on') return;
    const accounts = readServerAccounts(this.#tree);
    if (!accounts.ok) this.#log.warn('server accounts are inconsistent', { reason: accounts.error });
    this.#sessions = accounts.ok ? accounts.value.map((account) => this.#openSession(account)) : [];
    for (const { registration } of this.#sessions) registration.start();
    if (this.#sessions.length === 0) this.#bootstrap.begin();
    this.#stateChanged();
  }

  #openSession(account: ServerAccount): Session {
    const registration: RegistrationSession = new RegistrationSession(this.#registrationHost, account);
    const { server } = registration;
    const { clock, timers, confirmableNotifications = false, maximumObservations = 128 } = this.#options;
    const management = new DeviceManagement({
      clock,
      timers,
      tree: this.#tree,
      version: this.version,
      confirmableNotifications,
      maximumObservations,
      defaultPeriods: () => ({
        pmin: numberOf(account.server, Server.DefaultMinimumPeriod),
        pmax: numberOf(account.server, Server.DefaultMaximumPeriod),
      }),
      operated: (operation, path, code) => this.#emit({ type: 'operation', server, operation, path, code }),
      observing: (started, path) =>
        this.#emit({ type: started ? 'observation-started' : 'observation-ended', server, path: formatPath(path) }),
      notified: (path) => this.#emit({ type: 'notified', server, path: formatPath(path) }),
    });
    return { registration, management };
  }

  get #registrationHost(): RegistrationHost {
    const { clock, timers, random, endpointName, updateCarriesLinks = false } = this.#options;
    return {
      clock,
      timers,
      random,
      endpointName,
      version: this.version,
      retry: { ...retryDefaults, ...this.#options.retry },
      connector: this.#connector,
      updateCarriesLinks,
      updateDelay: (lifetime) => this.#updateDelay(lifetime),
      objectLinks: () => objectLinksOf(this.#tree, this.#options.announcedFormats ?? []),
      opened: (connection, session) => this.#routes.open(connection, (request) => this.#serveSession(session, request)),
      emit: (event) => this.#emit(event),
      stateChanged: () => this.#stateChanged(),
      exhausted: () => this.#bootstrap.afterFailures(),
      registrationEnds: (session) => this.#managementOf(session)?.endObservations(),
    };
  }

  #updateDelay(lifetime: Duration): Duration {
    const { updateLead = seconds(93), updateEvery } = this.#options;
    const delay = lifetime > 2 * updateLead ? lifetime - updateLead : lifetime / 2;
    return milliseconds(Math.min(delay, updateEvery ?? Number.MAX_SAFE_INTEGER));
  }

  #makeBootstrap(): BootstrapRunner {
    const { clock, timers, random, endpointName, retry, bootstrap, bootstrapSilence = seconds(247) } = this.#options;
    return new BootstrapRunner({
      clock,
      timers,
      random,
      endpointName,
      version: this.version,
      tree: this.#tree,
      connector: this.#connector,
      silence: bootstrapSilence,
      retry: { ...retryDefaults, ...retry },
      factory: bootstrap,
      checkConsistency: () => this.#checkConsistency(),
      opened: (connection, session) => this.#routes.open(connection, (request) => session.serve(request)),
      operated: (operation, path, code) =>
        this.#emit({ type: 'operation', server: 'bootstrap', operation, path, code }),
      emit: (event) => this.#emit(event),
      stateChanged: () => this.#stateChanged(),
      before: () => this.#closeSessions(),
      hasServers: () => {
        const accounts = readServerAccounts(this.#tree);
        return accounts.ok && accounts.value.length > 0;
      },
      after: () => this.#openSessions(),
      registered: () => this.#sessions.some(({ registration }) => registration.state === 'registered'),
    });
  }

  async #closeSessions(): Promise<void> {
    await this.#stopSessions(true, seconds(10));
    this.#sessions = [];
  }

  #checkConsistency(): string | undefined {
    completeAccounts(this.#tree, this.#options.lifetime);
    const accounts = readServerAccounts(this.#tree);
    if (!accounts.ok) return accounts.error;
    return accounts.value.length === 0 ? 'there is no server to register with' : undefined;
  }

  #disable(shortServerId: number): void {
    const session = this.#sessionOf(shortServerId);
    session?.registration.disable(seconds(disableSeconds(session.registration.account.server)));
  }

  #sessionOf(shortServerId: number): Session | undefined {
    return this.#sessions.find(({ registration }) => registration.account.shortServerId === shortServerId);
  }

  #managementOf(wanted: RegistrationSession): DeviceManagement | undefined {
    return this.#sessions.find(({ registration }) => registration === wanted)?.management;
  }

  #changed(changes: readonly TreeChange[]): void {
    const listed = changes.some(({ objectId, resourceId }) => resourceId === undefined && objectId !== 0);
    const serverObject = changes.some(({ objectId }) => objectId === 1);
    for (const { registration, management } of this.#sessions) {
      management.changed(changes);
      if (serverObject) management.replan();
      if (listed) registration.update('links');
      if (serverObject) registration.parametersChanged();
    }
  }

  #serveSession(session: RegistrationSession, request: IncomingRequest): OutgoingResponse | Promise<OutgoingResponse> {
    const management = session.serving ? this.#managementOf(session) : undefined;
    return management ? management.serve(request) : refusalResponse(notServed);
  }

  #emit(event: ClientEvent): void {
    this.#log.debug('client event', event as unknown as Record<string, unknown>);
    this.#options.onEvent?.(event, this);
    if (event.type === 'registered') this.#stateChanged();
  }

  #stateChanged(): void {
    const state = this.#currentState();
    if (state === this.#state && this.#life !== 'closed') return;
    const changed = state !== this.#state;
    this.#state = state;
    if (changed) this.#emit({ type: 'state', state });
    for (const wake of this.#waiting ?? []) wake();
  }

  #currentState(): ClientState {
    if (this.#life === 'new' || this.#life === 'closed') return 'stopped';
    if (this.#life === 'offline') return 'offline';
    if (this.#bootstrap.running) return 'bootstrapping';
    const states = this.#sessions.map(({ registration }) => registration.state);
    for (const state of ['registered', 'registering', 'waiting', 'disabled'] as const) {
      if (states.includes(state)) return state;
    }
    return 'waiting';
  }

  #nextState(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting ?? new Set();
      this.#waiting = waiting;
      const wake = () => {
        waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}
