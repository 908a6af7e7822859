import {
  type AuditTrail,
  type IssuedCode,
  type KeptChange,
  type OnDecided,
  type RaDevice,
  raDeviceKey,
  type StoredCode,
} from '@yaolian/directory';
import { encodeDataAnswer, encodeFirmwareProgress, type RaValue, raNamespaces } from '@yaolian/igrs';
import { AccountServer, type LateAnswer, mayUseFirmware, RaServer } from '@yaolian/igrs/server';
import type { Clock, Log, Random, Timers } from '@yaolian/kernel';
import { formatPath, type ObjectModel, parsePath } from '@yaolian/lwm2m';
import type { FirmwareUpdater, Lwm2mServer, NotificationEvent } from '@yaolian/lwm2m/server';
import { saslCrypto } from '@yaolian/node-runtime';
import type { Storage } from '@yaolian/storage';
import { element, type ImServer, namespaces, prepareLocal } from '@yaolian/xmpp';
import type { AccountRemoval } from '../accounts/account-removal.ts';
import { timeToJson } from '../api/times.ts';
import type { Config } from '../config/settings.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { SensorUnits } from '../history/sensor-units.ts';
import { stateThresholds } from '../start/limits.ts';
import { AccountBook } from './account-book.ts';
import { askerRights } from './asker-rights.ts';
import type { Associations } from './associations.ts';
import { HomeNewsService, refusalText } from './home-news.ts';
import { KeptObservations } from './kept-observations.ts';
import { LateAnswers } from './late-answers.ts';
import { LeftObservations } from './left-observations.ts';
import { ObservationRights } from './observation-rights.ts';
import { type OwnedUpdate, OwnerUpdates, updateToJson } from './owner-updates.ts';
import { raBounds } from './ra-bounds.ts';
import { changesOfRemoval } from './removal-changes.ts';
import { SharedTerminals } from './shared-terminals.ts';
import { SpeakingDoor } from './speaking-door.ts';
import { describeTerminal } from './terminal-description.ts';
import { TerminalPresence } from './terminal-presence.ts';
import { Terminals } from './terminals.ts';
import { raValues } from './values.ts';
import { type Watch, Watchers } from './watchers.ts';

export interface RaServiceOptions {
  readonly config: Config;
  /** The message server that it is a part of; its rosters are those of `associations`. */
  readonly im: ImServer;
  readonly associations: Associations;
  readonly storage: Storage;
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
  readonly hub: EventHub;
  /** Firmware of terminals, for their owners. */
  readonly updater: FirmwareUpdater;
  readonly model: ObjectModel;
  readonly audit: AuditTrail;
  readonly removal: AccountRemoval;
  /** Ends all connections of an account, those that wait to be resumed too. */
  readonly endSessions: (account: string) => void;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

/** What operators cannot have of the RA. */
export type ShareRefusal = 'name-unfit' | 'name-taken' | 'shared-already';

/** Remote Access: the account server, and what makes the message server one of the RA, with LwM2M terminals among its devices. */
export class RaService {
  readonly domain: string;
  readonly accountServer: AccountServer;
  /** The same for servers of the platform, which ask in the place of accounts. */
  readonly trustedAccounts: AccountServer;
  readonly terminals: Terminals;
  /** What users are told at home. */
  readonly news: HomeNewsService;
  readonly #options: RaServiceOptions;
  readonly #ra: RaServer;
  readonly #shared: SharedTerminals;
  readonly #door: SpeakingDoor;
  readonly #presence: TerminalPresence;
  readonly #stateListeners = new Set<(account: string) => void>();
  readonly #lateListeners = new Set<(answer: LateAnswer) => void>();
  readonly #updateListeners = new Set<(account: string, update: OwnedUpdate) => void>();
  readonly #watchers: Watchers;
  readonly #rights: ObservationRights;
  readonly #kept: KeptObservations;
  readonly #leftObservations: LeftObservations;
  readonly #lateAnswers: LateAnswers;
  readonly #stopEvents: () => void;
  readonly #stopUpdates: () => void;
  readonly #closing = new AbortController();
  /** What is to be told of accounts that are just going. */
  readonly #left = new Map<string, readonly KeptChange[]>();

  private constructor(options: RaServiceOptions, shared: SharedTerminals) {
    const { storage, log, server, im, associations, config } = options;
    const bounds = raBounds(config);
    this.#options = options;
    this.#shared = shared;
    this.domain = im.domain;
    const stop = (terminal: string, path: string) => this.#stopObserving(terminal, path);
    this.#watchers = new Watchers(storage.expectations, stop, bounds.watchers);
    const facts = (account: string, device: string) => storage.associations.accessFacts(account, device);
    this.#rights = new ObservationRights({
      ...{ watchers: this.#watchers, clock: options.clock, timers: options.timers, log, facts },
      tell: async ({ account, device, path, onEnded }, reason) =>
        onEnded === undefined ? this.#ra.ended(account, device, path, reason) : onEnded(reason),
    });
    this.#leftObservations = new LeftObservations({
      ...{ watchers: this.#watchers, clock: options.clock, timers: options.timers },
      ...{ server, log, terminals: () => shared.all(), keepForPages: options.config['ra.observe-page-away'] },
      keep: options.config['ra.observe-away'],
      isThere: (account) => im.clients.of(account).length > 0,
      end: (watches) => this.#rights.end(watches, 'cancelled'),
    });
    this.#lateAnswers = new LateAnswers({
      ...{ store: storage.expectations, server, log, facts, clock: options.clock, timers: options.timers },
      permits: askerRights({ ...storage, clock: options.clock }),
      outcomeOf: (finished) => this.terminals.outcomeOf(finished),
      tell: (answer, door) => (door === 'https' ? this.#lateAtHome(answer) : this.#lateOverRa(answer)),
    });
    this.#kept = new KeptObservations(storage.expectations);
    this.#door = new SpeakingDoor({
      ...{ im, shared, log, hub: options.hub, history: storage.history, ...bounds.speaking },
      ...{ model: options.model, clock: options.clock, timers: options.timers },
      ...{ devices: storage.devices, raDevices: storage.raDevices },
      onValues: (key, values, time) => void this.#guarded(this.#toldValues(key, values, time)),
      onState: (account) => this.#speakingChanged(account),
      ...{ isWatched: (key, path) => this.#watchers.of(key, path).length > 0, kept: this.#kept },
    });
    options.fleet.attach(this.#door);
    const { 'ra.operator-objects': operatorObjects, 'ra.owner-updates': isOn } = options.config;
    const updates = new OwnerUpdates({ ...storage, files: storage.firmware, updater: options.updater, isOn });
    const terminals = new Terminals({
      ...options,
      units: new SensorUnits({ history: storage.history, clock: options.clock }),
      ...{ updates, history: storage.history, ownedSince: (account) => this.bindings.ownedSince(account) },
      ...{ devices: storage.raDevices, shared, operatorObjects, door: this.#door, domain: this.domain },
      ...{ watchers: this.#watchers, lateAnswers: this.#lateAnswers },
      isConnected: (account, resource) => im.clients.find(account, resource) !== undefined,
      onWatched: (watch) => void this.#guarded(this.#rights.permits(watch)),
    });
    this.terminals = terminals;
    this.#ra = new RaServer({
      ...{ ...associations, im, domain: this.domain, log, terminals, audit: options.audit },
      ...{ crypto: saslCrypto, clock: options.clock, timers: options.timers },
      ...{ accounts: associations, bounds: bounds.requests, vendorCompat: config['ra.vendor-compat'] },
      areAssociated: (a, b) => storage.associations.areAssociated(a, b),
    });
    im.use(this.#ra.module());
    this.news = new HomeNewsService({
      ...{ ...associations, domain: this.domain, store: storage.homeNews, model: options.model, clock: options.clock },
      ...bounds.news,
    });
    associations.changes.listen((change, id) => {
      void this.#guarded(this.#rights.changed(change));
      void this.#guarded(this.#lateAnswers.changed(change));
      return Promise.all([this.#ra.changed(change, id), this.news.changed(change, id)]);
    });
    const accounts = { domain: this.domain, keeper: this.#openAccounts(), log };
    this.accountServer = new AccountServer({ ...accounts, invitation: options.config['ra.invitation'] });
    this.trustedAccounts = new AccountServer({ ...accounts, isTrusted: true });
    associations.isTerminal = (device) => this.terminals.has(device);
    associations.onIssued = (issued) => void this.#showCode(issued);
    const onChange = async (account: string) => {
      for (const listener of this.#stateListeners) listener(account);
      await this.#ra.terminalChanged(account);
    };
    this.#presence = new TerminalPresence({ ...options, shared, thresholds: stateThresholds(config), onChange });
    options.removal.renewal = (account) => this.bindings.renewal(account);
    options.removal.deciding((account, gone, renewal) => {
      const told = [...changesOfRemoval(account, gone), ...(renewal?.decided() ?? [])];
      this.#left.set(account, associations.changes.keep(told));
    });
    options.removal.listen((account) => this.#accountGone(account));
    this.#stopUpdates = updates.listen(
      (terminal, step) => void this.#guarded(this.#updated(terminal, step)),
      (terminal, step) => this.#tellUpdate(terminal, step),
    );
    this.#stopEvents = server.events.onAny((event) => {
      if (event.type === 'notification') void this.#guarded(this.#notified(event));
      if (event.type === 'registered') void this.#guarded(this.#observeAgain(event.registration.deviceKey));
      // By an operator, or by the terminal; what users give up nobody observes any more.
      if (event.type === 'observation-ended' && (event.reason === 'cancelled' || event.reason === 'client')) {
        this.#rights.end(this.#watchers.of(event.registration.deviceKey, event.observation.path), 'cancelled');
      }
    });
  }

  /** Makes the message server one of the RA, before it lets anybody in. */
  static async open(options: RaServiceOptions): Promise<RaService> {
    const service = new RaService(options, await SharedTerminals.load(options.storage.raDevices));
    await service.#watchers.start();
    await service.#rights.start(service.#watchers.devices());
    await service.#kept.start();
    await service.#presence.start();
    await service.#lateAnswers.start();
    service.#leftObservations.start();
    await service.#tellWhatWasLeft();
    return service;
  }

  get bindings(): Associations['bindings'] {
    return this.#options.associations.bindings;
  }

  get permissions(): Associations['permissions'] {
    return this.#options.associations.permissions;
  }

  get friends(): Associations['friends'] {
    return this.#options.associations.friends;
  }

  get changes(): Associations['changes'] {
    return this.#options.associations.changes;
  }

  /** Makes a terminal a device of the RA. @returns its first code, or why not */
  async share(terminal: string, wanted: { readonly name?: string; readonly confirms?: boolean }, by: string) {
    const { storage, clock } = this.#options;
    // RFC 7622 §3.3.1 forbids some characters that device keys have.
    const name = prepareLocal(wanted.name ?? terminal.replace(/["&'/:<>@\s]+/g, '-'));
    if (name === undefined) return 'name-unfit' as const;
    if ((await storage.raDevices.raDeviceOfTerminal(terminal)) !== undefined) return 'shared-already' as const;
    const createdAt = clock.epoch();
    const described = await describeTerminal(this.#options, terminal);
    // No keys: nobody logs in as a terminal.
    const account = { name, kind: 'device', keys: [], nick: undefined, createdAt } as const;
    const device = { account: name, terminal, ...described, confirms: wanted.confirms ?? false, createdAt };
    const keep = (code: StoredCode, onDecided: OnDecided<boolean>) =>
      storage.raAccounts.addAccount(account, device, code, onDecided);
    const issued = await this.bindings.issueFirstCode(name, { actor: by, door: 'rest' }, keep);
    if (issued === undefined) return 'name-taken' as const;
    this.#shared.add(name, terminal);
    await this.#presence.look(terminal);
    return issued;
  }

  /** Writes a code to the resource of a terminal that has a screen, now or when it wakes up. */
  async #showCode({ device, code }: IssuedCode): Promise<void> {
    const { config, log, storage } = this.#options;
    const resource = config['ra.code-resource'];
    if (resource === undefined) return;
    try {
      // Of a terminal that is being shared the memory does not know yet.
      const terminal = (await storage.raDevices.raDevice(device))?.terminal;
      if (terminal !== undefined) await this.terminals.write(terminal, resource, code, this.#closing.signal);
    } catch (error) {
      log.info('a verification code was not written to its terminal', { device, resource, error });
    }
  }

  /** @returns undefined when there is no such device */
  async resetCode(account: string, by: string): Promise<IssuedCode | undefined> {
    if ((await this.#options.storage.raDevices.raDevice(account)) === undefined) return undefined;
    return this.bindings.issueCode(account, { actor: by, door: 'rest' });
  }

  /** Of changes that not everybody had been told of when the platform ended. */
  async #tellWhatWasLeft(): Promise<void> {
    const { changes } = this;
    for (const { id, change } of await changes.left()) {
      const told = Promise.all([this.#ra.changedBefore(change, id), this.news.changed(change, id)]);
      await this.#guarded(told.then(() => changes.done(id)));
    }
  }

  async #lateOverRa(answer: LateAnswer): Promise<void> {
    await this.#ra.late(await this.terminals.inUnits(answer));
    if (answer.operation === 'observe' && !answer.outcome.ok) await this.#notObserved(answer);
  }

  /** That a device was not changed is kept for who has no page open. */
  async #lateAtHome(answer: LateAnswer): Promise<void> {
    const { account, device, id, operation, outcome } = answer;
    if (!outcome.ok && (operation === 'write' || operation === 'execute')) {
      return this.news.undone(account, device, { id, refusal: refusalText(outcome.error) });
    }
    const told = await this.terminals.inUnits(answer);
    for (const listener of this.#lateListeners) listener(told);
  }

  /** Tells everybody concerned that an account is gone. */
  async #accountGone(name: string): Promise<void> {
    await this.#watchers.removeAccount(name);
    this.#rights.end(this.#watchers.ofDevice(name), 'removed');
    this.changes.tell(this.#left.get(name) ?? []);
    this.#left.delete(name);
    await this.#ra.told();
    if (this.#shared.speaks(name)) await this.#forget(name);
    const terminal = this.#shared.remove(name);
    if (terminal !== undefined) this.#presence.forget(terminal);
    await this.#ra.accountRemoved(name);
  }

  /** A device that spoke for itself is gone for good: it is in no list any more. */
  async #forget(account: string): Promise<void> {
    const { storage, hub, clock } = this.#options;
    const key = raDeviceKey(account, this.domain);
    this.#kept.forget(account);
    const event = {
      type: 'device.removed',
      time: clock.epoch(),
      device: key,
      endpoint: key,
      data: () => ({}),
    } as const;
    hub.keep(event);
    await Promise.all([storage.devices.removeDevice(key), storage.deviceGroups.removeDevice(key)]);
    hub.publish(event);
  }

  /** How a device is now: terminals by their registration, others by their sessions. */
  stateOf({ account, terminal }: RaDevice): 'ONLINE' | 'OFFLINE' | 'SLEEPING' {
    if (terminal !== undefined) return this.#options.fleet.stateOf(terminal);
    return this.#door.stateOf(raDeviceKey(account, this.domain));
  }

  /** A message of an application server; it waits for an account that is away. False when there is no such account. */
  async tell(application: string, account: string, text: string): Promise<boolean> {
    const { im, associations } = this.#options;
    if ((await associations.kindOf(account)) === undefined) return false;
    const attributes = { type: 'chat', from: this.domain, to: `${im.accountJid(account)}` };
    const body = element('body', namespaces.client, {}, text);
    const sender = element('application', raNamespaces.application, { name: application });
    await im.send(element('message', namespaces.client, attributes, body, sender));
    return true;
  }

  /** Whether what {@link Terminals.attempt} began to observe goes on. */
  isWatched(watch: Watch): boolean {
    return this.#watchers.find(watch) !== undefined;
  }

  /** Ends what {@link Terminals.attempt} began to observe. */
  async unwatch(watch: Watch): Promise<void> {
    await this.#watchers.remove(watch);
  }

  /** Calls `listener` with the account of every terminal that comes, goes or falls asleep. It must not throw. @returns stops */
  listenToStates(listener: (account: string) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  /** Calls `listener` with what came of requests that pages made and that waited. It must not throw. @returns stops */
  listenToLateAnswers(listener: (answer: LateAnswer) => void): () => void {
    this.#lateListeners.add(listener);
    return () => void this.#lateListeners.delete(listener);
  }

  /** Calls `listener` with every step of an update of a terminal, and each percent of its package. It must not throw. @returns stops */
  listenToUpdates(listener: (account: string, update: OwnedUpdate) => void): () => void {
    this.#updateListeners.add(listener);
    return () => void this.#updateListeners.delete(listener);
  }

  close(): void {
    this.#stopEvents();
    this.#stopUpdates();
    this.#rights.close();
    this.#leftObservations.close();
    this.#presence.close();
    this.#lateAnswers.close();
    this.#closing.abort();
    this.#door.close();
    this.#ra.close();
  }

  #openAccounts(): AccountBook {
    const { storage, clock, config } = this.#options;
    const { domain } = this;
    return new AccountBook({
      ...{ domain, clock, bindings: this.bindings, iterations: config['xmpp.iterations'] },
      accounts: storage.raAccounts,
      devices: storage.raDevices,
      onDevice: (account) => this.#shared.addSpeaking(account),
      onPassword: (account) => this.#options.endSessions(account),
      remove: async (name) => void (await this.#options.removal.remove(name)),
    });
  }

  /** A value that somebody observes. */
  async #notified({ registration, path, node, time }: NotificationEvent): Promise<void> {
    const at = formatPath(path);
    const { deviceKey } = registration;
    if (this.#watchers.of(deviceKey, at).length === 0) return;
    const { server, model } = this.#options;
    await this.#pushValues(deviceKey, at, raValues(path, node, server.modelOf(registration) ?? model), time);
  }

  /** What a device told that speaks for itself: several paths at once. */
  async #toldValues(key: string, values: readonly RaValue[], time: number): Promise<void> {
    for (const path of this.#watchers.pathsOf(key)) {
      const under = values.filter((one) => one.path === path || one.path.startsWith(`${path}/`));
      if (under.length > 0) await this.#pushValues(key, path, under, time);
    }
  }

  /** A device that speaks for itself came or went: what users and operators observe is asked for anew. */
  #speakingChanged(account: string): void {
    for (const listener of this.#stateListeners) listener(account);
    const key = raDeviceKey(account, this.domain);
    if (this.#door.stateOf(key) === 'ONLINE') void this.#guarded(this.#observeSpeaking(account, key));
  }

  async #observeSpeaking(account: string, key: string): Promise<void> {
    const { model, log } = this.#options;
    for (const path of new Set([...this.#watchers.pathsOf(key), ...this.#kept.of(account).keys()])) {
      await this.#door
        .carryOut(key, { kind: 'observe', path }, model, this.#closing.signal)
        .catch((error: unknown) => log.info('a path is not observed again', { device: key, path, error }));
    }
  }

  /** Pushed to those that may (still) see it. */
  async #pushValues(deviceKey: string, at: string, values: readonly RaValue[], time: number): Promise<void> {
    const { log } = this.#options;
    const watches = this.#watchers.of(deviceKey, at);
    try {
      const told = await this.terminals.withUnits(deviceKey, values);
      const payload = encodeDataAnswer({ kind: 'values', time: timeToJson(time), values: told });
      for (const watch of watches) {
        const { account, device } = watch;
        await watch.noted;
        if (!(await this.#rights.permits(watch))) continue;
        if (watch.deliver) watch.deliver(time, told);
        else this.#ra.pushValues(account, device, payload!);
      }
    } catch (error) {
      log.error('a value was not pushed', { device: deviceKey, path: at, error });
    }
  }

  /** Observations end with a registration (LwM2M Core 1.1 §6.4.3): what users observe is asked for anew with the next one. */
  async #observeAgain(deviceKey: string): Promise<void> {
    const { server, log } = this.#options;
    // It may have left again before it was told that it came.
    if (server.registration({ deviceKey }) === undefined) return;
    const observed = new Set(server.observations({ deviceKey }).map(({ path }) => path));
    for (const path of this.#watchers.pathsOf(deviceKey)) {
      const parsed = parsePath(path);
      if (!parsed.ok || observed.has(path)) continue;
      await server
        .observe({ deviceKey }, parsed.value)
        .catch((error: unknown) => log.info('a path is not observed again', { device: deviceKey, path, error }));
    }
  }

  /** Owners hear of what becomes of the firmware of their terminal, whoever began it. */
  async #updated(terminal: string, update: OwnedUpdate): Promise<void> {
    this.#tellUpdate(terminal, update);
    const device = (await this.#options.storage.raDevices.raDeviceOfTerminal(terminal))?.account;
    if (device === undefined) return;
    const payload = encodeFirmwareProgress(update, `${device}@${this.domain}`);
    const owners = (await this.bindings.ownersOf(device)).filter(({ state }) => state === 'active');
    await Promise.all(
      owners.map(async ({ user }) => {
        await this.#ra.tellAll(user, payload, { group: 'firmware', topic: `firmware ${device}` });
        if (await mayUseFirmware(this, { account: user, device, wish: 'show' }))
          await this.news.updated(user, device, updateToJson(update));
      }),
    );
  }

  #tellUpdate(terminal: string, update: OwnedUpdate): void {
    const account = this.#shared.accountOf(terminal);
    if (account !== undefined) for (const listener of this.#updateListeners) listener(account, update);
  }

  /** The terminal did not agree to it when it woke up. */
  async #notObserved({ account, device, path }: LateAnswer): Promise<void> {
    const watches = this.#watchers.ofDevice(device).filter((one) => one.account === account && one.path === path);
    await Promise.all(watches.filter(({ holder }) => holder === undefined).map((one) => this.#watchers.remove(one)));
  }

  async #stopObserving(terminal: string, path: string): Promise<void> {
    if (this.#door.owns(terminal)) return this.#door.release(terminal, path);
    const parsed = parsePath(path);
    if (!parsed.ok) return;
    await this.#lateAnswers.withdraw(terminal, path);
    // What an operator wants observed stays.
    if (this.#options.server.stands(terminal, path)) return;
    const cancel = (by: 'request' | 'reset') =>
      this.#options.server.cancelObservation({ deviceKey: terminal }, parsed.value, { by });
    // One that sleeps hears of it when it notifies. It may be gone, too: what is observed of it ends with its registration.
    await cancel('request')
      .catch(() => cancel('reset'))
      .catch(() => undefined);
  }

  async #guarded(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#options.log.error('what happened was not told to users', { error });
    }
  }
}
