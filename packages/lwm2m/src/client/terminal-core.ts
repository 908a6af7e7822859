import type { IncomingRequest, OutgoingResponse } from '@yaolian/coap';
import {
  type Clock,
  type Duration,
  type Log,
  type Random,
  seconds,
  silentLog,
  type Timer,
  type Timers,
  zeroDuration,
} from '@yaolian/kernel';
import { AccessControl, removeMadeRules } from './access-control.ts';
import { disableDuration, readServerAccounts, type ServerAccount } from './accounts.ts';
import { BootstrapRunner, type BootstrapRunnerHost } from './bootstrap-runner.ts';
import type { BootstrapSession } from './bootstrap-session.ts';
import type { Lwm2mClient } from './client.ts';
import {
  accountsRecord,
  type ClientRecord,
  RecordSaving,
  restoreAccounts,
  storedRecord,
  storedValues,
} from './client-memory.ts';
import type {
  CertificateEnrolment,
  FarewellOptions,
  Lwm2mClientOptions,
  RegistrationStatus,
} from './client-options.ts';
import { type Connection, type Connector, plainConnector } from './connection.ts';
import type { DeviceManagement, OperationName } from './device-management.ts';
import { clientErrors } from './errors.ts';
import type { ClientEvent, ClientState } from './events.ts';
import { type BootstrapConfiguration, completeAccounts } from './factory-accounts.ts';
import type { TreeChange } from './object-tree.ts';
import { isCredentialsObject } from './objects/credentials.ts';
import type { Lwm2mVersion } from './operations/read.ts';
import { refusalResponse } from './refusal.ts';
import type { RegistrationHost } from './registration-host.ts';
import { RegistrationOrder } from './registration-order.ts';
import { objectLinksOf, updateDelay } from './registration-request.ts';
import { RegistrationSession } from './registration-session.ts';
import { notServed, RequestRoutes, type Route } from './request-routes.ts';
import { type RetryPolicy, retryDefaults } from './retry.ts';
import { defaultSendFormat, type SendItem, type SendOptions, type SendOutcome, sendRequest, sendTo } from './send.ts';
import { ServerSession } from './server-session.ts';
import { SmartcardBootstrap, type SmartcardHost } from './smartcard.ts';
import { type ServerActions, TerminalTree } from './terminal-tree.ts';
import { Waiting } from './waiting.ts';
import { Wakefulness, type WakefulnessHost } from './wakefulness.ts';

/**
 * The inside of a client: its objects, its sessions with servers, its bootstrap. One object is host to all of them, because
 * thousands of clients live in one process.
 */
export class TerminalCore
  implements RegistrationHost, BootstrapRunnerHost, ServerActions, SmartcardHost, WakefulnessHost
{
  readonly options: Lwm2mClientOptions;
  readonly connector: Connector;
  readonly tree: TerminalTree;
  readonly log: Log;
  readonly #client: Lwm2mClient;
  readonly #routes = new RequestRoutes();
  #runner: BootstrapRunner | undefined;
  #sessions: readonly ServerSession[] = [];
  #order: RegistrationOrder | undefined;
  /** Present while there are several servers. */
  access: AccessControl | undefined = undefined;
  #state: ClientState = 'stopped';
  #life: 'new' | 'on' | 'offline' | 'closed' = 'new';
  #waiting: Waiting | undefined;
  readonly #wakefulness: Wakefulness | undefined;
  readonly #smartcard: SmartcardBootstrap | undefined;
  /** What an earlier process kept for servers, until there are sessions with them. */
  #recalled: ClientRecord['stored'] = {};
  #remembering: Timer | undefined;
  /** What is being made durable, and whether the last of it was. */
  readonly #saving: RecordSaving | undefined;
  /** The way offline, while it takes time. */
  #leaving: Promise<void> | undefined;

  constructor(client: Lwm2mClient, options: Lwm2mClientOptions) {
    this.#client = client;
    this.options = options;
    this.log = options.log ?? silentLog;
    this.#wakefulness = options.queueMode && new Wakefulness(this, options.queueMode);
    this.connector = 'connect' in options.transport ? options.transport : plainConnector(options.transport);
    this.tree = new TerminalTree(
      this.version,
      this,
      (changes) => this.#changed(changes),
      options.maximumResourceInstances,
    );
    this.#saving = options.memory && new RecordSaving(options.memory, this.log);
    this.#smartcard = options.smartcard && new SmartcardBootstrap(this, options.smartcard);
  }

  get clock(): Clock {
    return this.options.clock;
  }

  get timers(): Timers {
    return this.options.timers;
  }

  get random(): Random {
    return this.options.random;
  }

  get endpointName(): string {
    return this.options.endpointName;
  }

  get version(): Lwm2mVersion {
    return this.options.lwm2mVersion ?? '1.1';
  }

  get retry(): Required<RetryPolicy> {
    return this.options.retry ? { ...retryDefaults, ...this.options.retry } : retryDefaults;
  }

  get queueMode(): boolean {
    return this.#wakefulness !== undefined;
  }

  /** Requests of ours that are under way. */
  get busy(): boolean {
    return this.#runner?.running === true || this.#sessions.some(({ registration }) => registration.busy);
  }

  active(): void {
    this.#wakefulness?.active();
  }

  wakefulnessChanged(awake: boolean): void {
    this.emit({ type: awake ? 'awake' : 'asleep' });
  }

  get updateCarriesLinks(): boolean {
    return this.options.updateCarriesLinks ?? false;
  }

  get updateQuery(): readonly string[] {
    return this.options.updateQuery ?? [];
  }

  get silence(): Duration {
    return this.options.bootstrapSilence ?? seconds(247);
  }

  get factory(): BootstrapConfiguration | undefined {
    return this.options.bootstrap;
  }

  get closed(): boolean {
    return this.#life === 'closed';
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

  /** Takes up what an earlier process remembered. False: there is nothing, or nothing of use. */
  recall(): boolean {
    const record = this.options.memory?.load();
    if (!record || !restoreAccounts(this.tree, record.accounts)) return false;
    this.#recalled = record.stored;
    this.#smartcard?.recall(record.smartcard);
    return true;
  }

  /** Something that is to survive a restart is different now: all of a turn is written together. */
  remember(): void {
    if (!this.options.memory || this.#remembering || this.#life === 'new' || this.closed) return;
    this.#remembering = this.timers.schedule(zeroDuration, () => this.#rememberNow());
  }

  #rememberNow(): void {
    this.#remembering?.cancel();
    this.#remembering = undefined;
    // Half a bootstrap is worse than none.
    if (!this.options.memory || this.#runner?.running) return;
    const stored: Record<string, string> = {};
    for (const { registration, management } of this.#sessions) {
      const values = management.stored;
      if (values.length > 0) stored[registration.account.shortServerId] = storedRecord(values);
    }
    const smartcard = this.#smartcard?.record;
    this.#saving?.save({ accounts: accountsRecord(this.tree), stored, ...(smartcard && { smartcard }) });
  }

  async saved(): Promise<boolean> {
    if (this.#remembering) this.#rememberNow();
    return this.#saving?.saved ?? true;
  }

  start(): void {
    if (this.#life !== 'new') return;
    const nowhere = this.checkConsistency();
    if (nowhere !== undefined && !this.mayBootstrap() && !this.#smartcard) {
      throw clientErrors.LWM2M_CLIENT_NO_SERVER(nowhere);
    }
    this.#life = 'on';
    // §6.1.4: the card is asked before anybody else.
    if (this.#smartcard) void this.#smartcard.refresh().then(() => this.#begin());
    else this.#begin();
  }

  #begin(): void {
    if (this.#life !== 'on') return;
    if (this.factory?.when === 'start') this.bootstrap();
    else this.after();
  }

  /** Another card is in the terminal, or none, as far as its program knows. */
  async checkSmartcard(): Promise<void> {
    if (this.#life === 'on' && (await this.#smartcard?.refresh())) await this.startOver();
  }

  cardChanged({ security }: ServerAccount): Promise<boolean> | undefined {
    return this.#smartcard?.changedUnder(security);
  }

  async startOver(): Promise<void> {
    await this.before();
    this.after();
  }

  async whenRegistered(signal: AbortSignal | undefined): Promise<void> {
    while (this.#state !== 'registered') {
      if (this.#life === 'closed') throw clientErrors.LWM2M_CLIENT_CLOSED();
      if (signal?.aborted) throw clientErrors.LWM2M_CLIENT_ABORTED(signal.reason);
      this.#waiting ??= new Waiting();
      await this.#waiting.next(signal);
    }
  }

  updateAll(): void {
    for (const { registration } of this.#sessions) registration.update();
  }

  async send(items: readonly SendItem[], options: SendOptions): Promise<readonly SendOutcome[]> {
    const { shortServerId, contentFormat = defaultSendFormat, signal } = options;
    const { request, paths } = sendRequest(this.tree, items, contentFormat);
    const sessions = this.#sessions.filter(({ registration }) =>
      shortServerId === undefined
        ? registration.state === 'registered'
        : registration.account.shortServerId === shortServerId,
    );
    if (sessions.length === 0) throw clientErrors.LWM2M_CLIENT_NO_SERVER('none has it registered');
    const outcomes = await Promise.all(sessions.map((session) => sendTo(session, request, paths, signal)));
    for (const outcome of outcomes) this.emit({ type: 'sent', ...outcome });
    return outcomes;
  }

  async goOffline(options: FarewellOptions): Promise<void> {
    if (this.#life !== 'on') return;
    this.#life = 'offline';
    const leaving = Promise.resolve(this.#leaving).then(() => this.#leave(options));
    this.#leaving = leaving;
    await leaving;
    if (this.#leaving === leaving) this.#leaving = undefined;
  }

  goOnline(): void {
    if (this.#life !== 'offline') return;
    this.#life = 'on';
    if (this.#leaving) void this.#leaving.then(() => this.#return());
    else this.#return();
  }

  #return(): void {
    if (this.#life !== 'on') return;
    if (this.#sessions.length === 0) this.after();
    else this.#register();
    this.stateChanged();
  }

  async close(options: FarewellOptions): Promise<void> {
    if (this.#life === 'closed') return;
    this.#life = 'closed';
    await this.#leave(options);
    this.#runner?.close();
    this.#wakefulness?.close();
    this.stateChanged();
  }

  async #leave({ deregister = true, timeout = seconds(10) }: FarewellOptions): Promise<void> {
    await Promise.all([this.#runner?.stop(), this.#stopSessions(deregister, timeout)]);
    if (this.closed) {
      this.#rememberNow();
      this.#forgetStored();
    }
    this.stateChanged();
  }

  async #stopSessions(deregister: boolean, timeout: Duration): Promise<void> {
    await Promise.all(this.#sessions.map(({ registration }) => registration.stop(deregister, timeout)));
  }

  #forgetStored(): void {
    for (const { management } of this.#sessions) management.takeStored();
  }

  // --- ServerActions

  disable(shortServerId: number): void {
    const registration = this.#sessionOf(shortServerId)?.registration;
    registration?.disable(disableDuration(registration.account));
  }

  update(shortServerId: number): void {
    this.#sessionOf(shortServerId)?.registration.update();
  }

  bootstrap(): void {
    if (this.#life === 'on') this.#bootstrapRunner.begin();
  }

  mayBootstrap(): boolean {
    return this.#bootstrapRunner.possible;
  }

  // --- RegistrationHost

  accountOf(wanted: number): ServerAccount | undefined {
    const accounts = readServerAccounts(this.tree);
    return accounts.ok ? accounts.value.find(({ shortServerId }) => shortServerId === wanted) : undefined;
  }

  updateDelay(lifetime: Duration): Duration {
    return updateDelay(lifetime, this.options);
  }

  objectLinks(): string {
    return objectLinksOf(this.tree, this.options.announcedFormats ?? []);
  }

  profileId(objectLinks: string): string | undefined {
    return this.version === '1.2' ? this.options.profileId?.(objectLinks) : undefined;
  }

  opened(connection: Connection, session: RegistrationSession | BootstrapSession): Route {
    this.active();
    const isRegistration = session instanceof RegistrationSession;
    if (!isRegistration) return this.#routes.open(connection, (request) => session.serve(request));
    return this.#routes.open(
      connection,
      (request) => this.#serve(session, request),
      (request, size) => (session.serving ? this.#managementOf(session)?.upload(request, size) : undefined),
    );
  }

  #serve(session: RegistrationSession, request: IncomingRequest): OutgoingResponse | Promise<OutgoingResponse> {
    this.active();
    const management = session.serving ? this.#managementOf(session) : undefined;
    return management ? management.serve(request) : refusalResponse(notServed);
  }

  exhausted(): void {
    // Not while others may yet have us, as the one whose turn has just come. The last that fails need not be the one that leads to
    // bootstrap: where it is another, waiting for its next attempts would be for nothing.
    if (this.#sessions.some(({ registration }) => registration.hopeful)) return;
    if (this.#sessions.some(({ registration }) => registration.leadsToBootstrap)) this.#bootstrapRunner.afterFailures();
  }

  registrationSettled(session: RegistrationSession, registered: boolean): void {
    if (registered) this.#order?.registered(session);
    else this.#order?.failed(session);
    if (registered) void this.#serverSessionOf(session)?.tellStored();
  }

  registrationEnds(session: RegistrationSession): void {
    this.#managementOf(session)?.endObservations();
  }

  // --- BootstrapRunnerHost

  checkConsistency(): string | undefined {
    completeAccounts(this.tree, this.options.lifetime);
    const accounts = readServerAccounts(this.tree);
    if (!accounts.ok) return accounts.error;
    return accounts.value.length === 0 ? 'there is no server to register with' : undefined;
  }

  get enrolment(): CertificateEnrolment | undefined {
    return this.options.enrolment;
  }

  get packs(): boolean {
    return this.version === '1.2' && this.factory?.pack === true;
  }

  operated(operation: OperationName | 'bootstrap-finish' | 'bootstrap-pack', path: string, code: number): void {
    this.emit({ type: 'operation', server: 'bootstrap', operation, path, code });
  }

  async before(): Promise<void> {
    await this.#stopSessions(true, seconds(10));
    this.#forgetStored();
    this.#sessions = [];
    this.access = undefined;
  }

  hasServers(): boolean {
    const accounts = readServerAccounts(this.tree);
    return accounts.ok && accounts.value.length > 0;
  }

  after(): void {
    if (this.#life !== 'on') return;
    const accounts = readServerAccounts(this.tree);
    if (!accounts.ok) this.log.warn('server accounts are inconsistent', { reason: accounts.error });
    this.#controlAccess(accounts.ok ? accounts.value.map(({ shortServerId }) => shortServerId) : []);
    this.#sessions = accounts.ok ? accounts.value.map((account) => new ServerSession(this, account)) : [];
    for (const { registration, management } of this.#sessions) {
      management.keep(storedValues(this.tree, this.#recalled[registration.account.shortServerId]));
    }
    this.#recalled = {};
    this.remember();
    this.#register();
    if (this.#sessions.length === 0) this.#bootstrapRunner.begin();
    this.stateChanged();
  }

  #register(): void {
    this.#order = new RegistrationOrder(this.#sessions.map(({ registration }) => registration));
  }

  /** OMA-TS-LightweightM2M_Core 1.1 §8.2: with one server there is nothing to control. */
  #controlAccess(servers: readonly number[]): void {
    const several = servers.length > 1;
    if (!several) removeMadeRules(this.tree);
    this.access = several ? new AccessControl(this.tree, servers, this.options.accessControl ?? {}) : undefined;
  }

  registered(): boolean {
    return this.#sessions.some(({ registration }) => registration.state === 'registered');
  }

  // --- both

  emit(event: ClientEvent): void {
    this.options.onEvent?.(event, this.#client);
    if (event.type === 'registered') this.stateChanged();
  }

  stateChanged(): void {
    const state = this.#currentState();
    if (state === this.#state && this.#life !== 'closed') return;
    const changed = state !== this.#state;
    this.#state = state;
    if (changed) this.emit({ type: 'state', state });
    this.#waiting?.wake();
  }

  get #bootstrapRunner(): BootstrapRunner {
    this.#runner ??= new BootstrapRunner(this);
    return this.#runner;
  }

  #sessionOf(shortServerId: number): ServerSession | undefined {
    return this.#sessions.find(({ registration }) => registration.account.shortServerId === shortServerId);
  }

  #managementOf(wanted: RegistrationSession): DeviceManagement | undefined {
    return this.#serverSessionOf(wanted)?.management;
  }

  #serverSessionOf(wanted: RegistrationSession): ServerSession | undefined {
    return this.#sessions.find(({ registration }) => registration === wanted);
  }

  #changed(changes: readonly TreeChange[]): void {
    this.access?.changed(changes);
    // OMA-TS-LWM2M_Gateway 1.1 §8.2: what devices behind it have is in no Register and no Update.
    const own = changes.filter(({ prefix }) => prefix === undefined);
    const listed = own.some(({ objectId, resourceId }) => resourceId === undefined && objectId !== 0);
    const serverObject = own.some(({ objectId }) => objectId === 1);
    if (own.some(({ objectId }) => objectId <= 2 || isCredentialsObject(objectId))) this.remember();
    for (const { registration, management } of this.#sessions) {
      management.changed(changes);
      if (serverObject) management.replan();
      if (listed) registration.update('links');
      if (serverObject) registration.parametersChanged();
    }
  }

  #currentState(): ClientState {
    if (this.#life === 'new' || this.#life === 'closed') return 'stopped';
    if (this.#life === 'offline') return 'offline';
    if (this.#runner?.running) return 'bootstrapping';
    const states = this.#sessions.map(({ registration }) => registration.state);
    for (const state of ['registered', 'registering', 'waiting', 'disabled'] as const) {
      if (states.includes(state)) return state;
    }
    return 'waiting';
  }
}
