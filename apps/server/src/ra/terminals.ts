import { because, problemKinds } from '@yaolian/contract';
import { type AwaitedAnswer, type RaDeviceStore, raDeviceKey, type ValueHistory } from '@yaolian/directory';
import {
  type DataAnswer,
  type DataRequest,
  type DeviceDescription,
  featureOfPath,
  type HistoryQuestion,
  type RaHistory,
  type RaRefusal,
  type RaValue,
  raNamespaces,
} from '@yaolian/igrs';
import type { LateAnswer, RaAsker, RaTerminals } from '@yaolian/igrs/server';
import { type Clock, failure, type Result, success } from '@yaolian/kernel';
import {
  formatPath,
  type Lwm2mPath,
  nodeFromJson,
  nodeToJson,
  type ObjectModel,
  parseObjectLinks,
  parsePath,
} from '@yaolian/lwm2m';
import type { ClientReference, Lwm2mServer, QueuedOperation, QueuedRequest } from '@yaolian/lwm2m/server';
import type { StanzaErrorCondition } from '@yaolian/xmpp';
import { pathFrom } from '../api/asked.ts';
import { agreed } from '../api/device-failures.ts';
import { historyOf } from '../api/history.ts';
import { askOrQueue } from '../api/queueing.ts';
import { timeToJson } from '../api/times.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type SensorUnits, unitPathOf, unitText } from '../history/sensor-units.ts';
import { Accepted } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import type { LateAnswers } from './late-answers.ts';
import { isOfOthers } from './left-by-pages.ts';
import type { OwnedFirmware, OwnedUpdate, OwnerUpdates } from './owner-updates.ts';
import type { SharedTerminals } from './shared-terminals.ts';
import type { SpeakingDoor } from './speaking-door.ts';
import { raValues, writtenNode } from './values.ts';
import type { Watch, Watchers } from './watchers.ts';

export interface TerminalsOptions {
  readonly devices: RaDeviceStore;
  readonly shared: SharedTerminals;
  /** Devices that speak for themselves. */
  readonly door: SpeakingDoor;
  readonly domain: string;
  readonly lateAnswers: LateAnswers;
  /** What users may read and never change. */
  readonly operatorObjects: readonly number[];
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
  readonly model: ObjectModel;
  readonly clock: Clock;
  readonly history: ValueHistory;
  readonly units: SensorUnits;
  /** When a device came to those who own it now: what it was before is none of theirs, nor of their friends. */
  readonly ownedSince: (account: string) => Promise<number>;
  readonly watchers: Watchers;
  readonly updates: OwnerUpdates;
  /** Whether a connection of an account is there. */
  readonly isConnected: (account: string, resource: string) => boolean;
  /** Somebody observes: what permitted it may have ended while the terminal was asked. */
  readonly onWatched: (watch: Watch) => void;
}

/** Who asks, what becomes of an observation that it asks for, and where it is told what comes of a request that waits; absent: nowhere. */
export type Asker = Pick<Watch, 'account' | 'holder' | 'deliver' | 'onEnded' | 'resources' | 'noted'> & {
  readonly told?: Pick<AwaitedAnswer, 'door' | 'resource'>;
  /** Knows the last value already: where the path is observed, whoever asked for that, the terminal is not asked again. */
  readonly joins?: boolean;
};

type Outcome = Result<DataAnswer, RaRefusal>;
type PastValues = Result<RaHistory, RaRefusal>;

const itsOwnFirmware = failure({
  condition: 'service-unavailable',
  text: 'the device looks after its firmware itself',
} as const);

/**
 * LwM2M terminals as devices of the RA: the same operations and the same queue as REST has, with values as text. What the
 * terminal said is answered as it is; that it could not be asked is a refusal.
 */
export class Terminals implements RaTerminals {
  readonly #options: TerminalsOptions;
  /** Paths that a terminal is asked to notify of just now, by path and terminal. Bounded by the requests that are under way. */
  readonly #beginning = new Map<string, Promise<void>>();

  constructor(options: TerminalsOptions) {
    this.#options = options;
  }

  has(account: string): boolean {
    return this.#options.shared.terminalOf(account) !== undefined;
  }

  async facts(account: string): Promise<DeviceDescription | undefined> {
    const device = await this.#options.devices.raDevice(account);
    if (device === undefined) return undefined;
    const { deviceType, vendor, model } = device;
    if (device.terminal === undefined) return this.#speaking(account, { deviceType, vendor, model });
    const state = this.#options.fleet.stateOf(device.terminal).toLowerCase() as DeviceDescription['state'];
    return { deviceType, vendor, model, state, ...this.#announced(device.terminal) };
  }

  async history(account: string, { path, from, to, every, max, after }: HistoryQuestion): Promise<PastValues> {
    const key = this.#keyOf(account);
    if (key === undefined) return failure({ condition: 'recipient-unavailable', text: 'the device is not there' });
    const span = { ...(from && { from }), ...(to && { to }), ...(every && { every: `${every}s` }) };
    const query = { path, ...span, ...(max && { limit: max }), ...(after && { cursor: after }) };
    try {
      const {
        name,
        units,
        next,
        points = [],
        buckets = [],
      } = await historyOf(this.#options, key, query, await this.#options.ownedSince(account));
      const values = points.map(({ time, value }) => ({ time, text: String(value) }));
      const spans = buckets.map(({ time, count, last, min, max: most, mean }) => {
        return { time, count, last: String(last), ...optionalTexts({ least: min, greatest: most, mean }) };
      });
      return success({ path, name, unit: units, next, values, spans });
    } catch (error) {
      return failure(refusalOf(error));
    }
  }

  async firmware(account: string): Promise<OwnedFirmware | undefined> {
    const terminal = this.#options.shared.terminalOf(account);
    return terminal === undefined ? undefined : this.#options.updates.stateOf(terminal);
  }

  async updateFirmware(account: string): Promise<Result<OwnedUpdate, RaRefusal>> {
    const terminal = this.#options.shared.terminalOf(account);
    return terminal === undefined ? itsOwnFirmware : this.#options.updates.begin(terminal);
  }

  async cancelFirmware(account: string): Promise<Result<OwnedUpdate, RaRefusal>> {
    const terminal = this.#options.shared.terminalOf(account);
    return terminal === undefined ? itsOwnFirmware : this.#options.updates.cancel(terminal);
  }

  /** What a device that speaks for itself registered as, and what it told when it came. */
  #speaking(
    account: string,
    registered: Pick<DeviceDescription, 'deviceType' | 'vendor' | 'model'>,
  ): DeviceDescription {
    const { door } = this.#options;
    const told = door.descriptionOf(account);
    if (told !== undefined) return { ...told, state: 'online' };
    const state = door.stateOf(this.#keyOf(account)!) === 'ONLINE' ? 'online' : 'offline';
    return { ...registered, state, features: [], instances: [] };
  }

  /** The key of the device that an account is. */
  #keyOf(account: string): string | undefined {
    const { shared, domain } = this.#options;
    return shared.terminalOf(account) ?? (shared.speaks(account) ? raDeviceKey(account, domain) : undefined);
  }

  async ask(
    account: string,
    request: DataRequest,
    { noted, ...by }: RaAsker & { readonly noted?: Promise<void> },
    signal: AbortSignal,
  ): Promise<Outcome> {
    try {
      const told = { door: 'ra', resource: by.resource } as const;
      if (request.kind !== 'observe' && request.kind !== 'cancel') {
        return success(await this.attempt(account, request, { account: by.account, told }, signal));
      }
      if (request.kind === 'cancel' && this.#leavesToOthers(account, request.path, by))
        return success({ kind: 'done' });
      const resources = this.#connectionsOf(account, request.path, by);
      const asker = { account: by.account, resources, told, ...(noted && { noted }) };
      return success(await this.attempt(account, request, asker, signal));
    } catch (error) {
      return failure(refusalOf(error));
    }
  }

  /** The connections that observe a path for an account, the one that asks included. */
  #connectionsOf(device: string, path: string, { account, resource }: RaAsker): Set<string> {
    const known = [...(this.#watchOf(device, path, account)?.resources ?? [])];
    const there = known.filter((one) => this.#options.isConnected(account, one));
    return new Set(resource === undefined ? there : [...there, resource]);
  }

  /** A connection cancels for itself: what others of the account observe goes on. False when there are none. */
  #leavesToOthers(device: string, path: string, by: RaAsker): boolean {
    const others = this.#connectionsOf(device, path, { account: by.account, resource: undefined });
    if (by.resource !== undefined) others.delete(by.resource);
    if (others.size === 0) return false;
    const { resources } = this.#watchOf(device, path, by.account)!;
    if (by.resource !== undefined) resources!.delete(by.resource);
    return true;
  }

  #watchOf(device: string, path: string, account: string): Watch | undefined {
    const terminal = this.#keyOf(device);
    return terminal === undefined ? undefined : this.#options.watchers.find({ account, terminal, path });
  }

  /**
   * {@link ask} for doors that tell problems. What comes of a request that is queued is told where the asker says.
   * @throws Refusal
   */
  async attempt(
    account: string,
    request: DataRequest,
    { told, joins = false, ...by }: Asker,
    signal: AbortSignal,
  ): Promise<DataAnswer> {
    const { watchers } = this.#options;
    const terminal = this.#keyOf(account);
    if (terminal === undefined) throw new Refusal('device-unknown');
    const path = pathFrom(request.path);
    if (request.kind === 'write' || request.kind === 'execute') this.#requireUsers(path);
    const watch: Watch = { ...by, device: account, terminal, path: formatPath(path) };
    if (request.kind === 'cancel') {
      await watchers.remove(watch);
      return { kind: 'done' };
    }
    const answered =
      request.kind === 'observe'
        ? await this.#observe(watch, path, signal, joins)
        : await this.#ask(terminal, path, request, signal, by.account);
    if (!(answered instanceof Accepted)) return this.#withAskedUnits(terminal, answered, signal);
    const { id, expiresAt } = answered.body;
    if (told !== undefined) {
      const { path: text } = watch;
      const waiting = {
        request: id,
        account: by.account,
        device: account,
        terminal,
        operation: request.kind,
        path: text,
      };
      await this.#options.lateAnswers.expect({ ...waiting, ...told });
    }
    return { kind: 'queued', id: String(id), expiresAt };
  }

  /** Values in the units that the device tells. One that is heard of for the first time, and is there, is asked for them beside. */
  async #withAskedUnits(device: string, answer: DataAnswer, signal: AbortSignal): Promise<DataAnswer> {
    if (answer.kind !== 'values') return answer;
    const { units } = this.#options;
    for (const { path, type, unit, text } of answer.values) {
      if (path.endsWith('/5701')) units.told(device, path, text);
      const at = unit === undefined && isNumber(type) ? await units.missing(device, path) : undefined;
      const asked = at === undefined ? undefined : parsePath(at);
      // What the device said in the same answer needs no question.
      if (!asked?.ok || answer.values.some((one) => one.path === at)) continue;
      // It has none, or is gone by now.
      const heard = await this.#ask(device, asked.value, { kind: 'read', path: at! }, signal).catch(() => undefined);
      if (heard instanceof Accepted || heard?.kind !== 'values') continue;
      for (const one of heard.values) units.told(device, one.path, one.text);
    }
    return { ...answer, values: await this.withUnits(device, answer.values) };
  }

  /** What came of a request that waited, in the units that the device told last. */
  async inUnits(answer: LateAnswer): Promise<LateAnswer> {
    const { outcome } = answer;
    const key = this.#keyOf(answer.device);
    if (key === undefined || !outcome.ok || outcome.value.kind !== 'values') return answer;
    return {
      ...answer,
      outcome: success({ ...outcome.value, values: await this.withUnits(key, outcome.value.values) }),
    };
  }

  /** Values in the units that the device told last. @param device its key */
  async withUnits(device: string, values: readonly RaValue[]): Promise<readonly RaValue[]> {
    const { units } = this.#options;
    const known = new Map(values.filter(({ path }) => path.endsWith('/5701')).map(({ path, text }) => [path, text]));
    const told: RaValue[] = [];
    for (const value of values) {
      const { path, type } = value;
      if (value.unit !== undefined || !isNumber(type)) told.push(value);
      else told.push({ ...value, unit: unitText(known.get(unitPathOf(path) ?? '')) ?? (await units.of(device, path)) });
    }
    return told;
  }

  /**
   * @param joins what is observed already is not asked for again, and the answer is without values: a second Observe takes the place of the first
   * (RFC 7641 §3.1) and is told to operators as such
   * @throws Refusal
   */
  async #observe(watch: Watch, path: Lwm2mPath, signal: AbortSignal, joins: boolean): Promise<DataAnswer | Accepted> {
    const { watchers, onWatched } = this.#options;
    const { terminal } = watch;
    if (!watchers.hasRoom(watch)) throw tooManyWatches();
    const key = `${watch.path} ${terminal}`;
    // Whose observation it is that begins just now is known when who asked for it has it.
    while (joins && this.#beginning.has(key)) await this.#beginning.get(key);
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    this.#beginning.set(key, begun);
    const held = await watchers.hold(terminal, watch.path);
    let isObserved = false;
    try {
      const isOurs = this.#isObservedForUsers(terminal, watch.path, held.isOurs);
      const isThere = joins && this.#answersAlready(terminal, watch.path);
      const answered: DataAnswer | Accepted = isThere
        ? { kind: 'done' }
        : await this.#ask(terminal, path, { kind: 'observe', path: watch.path }, signal, watch.account);
      isObserved = isOurs;
      if (!(await watchers.add(watch, isOurs))) throw tooManyWatches();
      onWatched(watch);
      return answered;
    } finally {
      if (this.#beginning.get(key) === begun) this.#beginning.delete(key);
      begin();
      await held.release(isObserved);
    }
  }

  /** What keeps a terminal with its operator is not for its owners to change. @throws Refusal */
  #requireUsers({ objectId }: Lwm2mPath): void {
    if (!this.#options.operatorObjects.includes(objectId!)) return;
    throw new Refusal('access-denied', { detail: `Object ${objectId} is the operator's: users read it at most.` });
  }

  /** Writes a text in the name of the platform. @throws Refusal */
  async write(device: string, path: string, text: string, signal: AbortSignal): Promise<void> {
    await this.#ask(device, pathFrom(path), { kind: 'write', path, text }, signal);
  }

  /**
   * Whether an observation that begins now is for users alone: also where another user has it now, who may have left when this one is answered, or
   * where a page had it before a restart. What operators observe of devices that speak RA their door knows.
   */
  #isObservedForUsers(deviceKey: string, path: string, isOurs: boolean | undefined): boolean {
    if (isOurs !== undefined) return isOurs;
    return this.#options.door.owns(deviceKey) || !isOfOthers(this.#options.server, deviceKey, path);
  }

  /** Whether a terminal notifies of a path. Devices that speak RA answer each time with what they have. */
  #answersAlready(deviceKey: string, path: string): boolean {
    const { server, door } = this.#options;
    const isThere = !door.owns(deviceKey) && server.registration({ deviceKey }) !== undefined;
    return isThere && this.#isObserved(deviceKey, path);
  }

  #isObserved(deviceKey: string, path: string): boolean {
    return this.#options.server.observations({ deviceKey }).some((one) => one.path === path);
  }

  /** @param asker the account; undefined: the platform itself */
  #ask(
    device: string,
    path: Lwm2mPath,
    request: DataRequest,
    signal: AbortSignal,
    asker?: string,
  ): Promise<DataAnswer | Accepted> {
    return askOrQueue<DataAnswer>(this.#options, {
      device,
      ...(asker !== undefined && { asker }),
      query: {},
      signal,
      operation: (model) => operationOf(request, path, model),
      direct: (client, model) => this.#direct(client, model, path, request, signal),
      answer: (outcome, model) => this.#answer(outcome, path, model),
    });
  }

  async #direct(
    client: ClientReference,
    model: ObjectModel,
    path: Lwm2mPath,
    request: DataRequest,
    signal: AbortSignal,
  ): Promise<DataAnswer> {
    const { server, clock } = this.#options;
    switch (request.kind) {
      case 'write':
        await agreed(server.write(client, path, writtenNode(path, request.text, model), { signal }));
        return { kind: 'done' };
      case 'execute':
        await agreed(server.execute(client, path, request.arguments, { signal }));
        return { kind: 'done' };
      default: {
        const asked = request.kind === 'read' ? server.read : server.observe;
        const { node } = await agreed(asked.call(server, client, path, { signal }) as ReturnType<typeof server.read>);
        return { kind: 'values', time: timeToJson(clock.epoch()), values: raValues(path, node, model) };
      }
    }
  }

  /** What came of a queued request that is over; undefined: nobody knows any more. */
  outcomeOf(finished: QueuedRequest | undefined): Outcome {
    if (finished?.state === 'done') {
      const { deviceKey, operation, outcome } = finished;
      const path = 'path' in operation && operation.path !== undefined ? parsePath(operation.path) : undefined;
      const { server, model } = this.#options;
      if (!path?.ok) return success({ kind: 'done' });
      return success(this.#answer(outcome!, path.value, server.modelOf({ deviceKey }) ?? model));
    }
    const text = finished?.outcome?.message ?? finished?.state ?? 'what became of it is not known any more';
    return failure({ condition: finished?.state === 'refused' ? 'not-acceptable' : 'remote-server-timeout', text });
  }

  #answer(outcome: NonNullable<QueuedRequest['outcome']>, path: Lwm2mPath, model: ObjectModel): DataAnswer {
    const node = outcome.node === undefined ? undefined : nodeFromJson(outcome.node);
    if (!node?.ok) return { kind: 'done' };
    return { kind: 'values', time: timeToJson(outcome.at), values: raValues(path, node.value, model) };
  }

  /** What it registered with. */
  #announced(deviceKey: string): Pick<DeviceDescription, 'features' | 'instances'> {
    const links = this.#options.server.registration({ deviceKey })?.objectLinks;
    const parsed = links === undefined ? undefined : parseObjectLinks(links);
    const objects = parsed?.ok ? [...parsed.value.objects] : [];
    const instances = objects.flatMap(([id, { instances: ids }]) =>
      ids.length === 0 ? [`/${id}`] : ids.map((instance) => `/${id}/${instance}`),
    );
    const features = [raNamespaces.device, raNamespaces.data, ...objects.map(([id]) => featureOfPath(`/${id}`))];
    return { features, instances };
  }
}

const tooManyWatches = () => new Refusal('unavailable', because('observed-full'));

function operationOf(request: DataRequest, path: Lwm2mPath, model: ObjectModel): QueuedOperation {
  const at = formatPath(path);
  switch (request.kind) {
    case 'write':
      return { kind: 'write', path: at, node: nodeToJson(writtenNode(path, request.text, model)) };
    case 'execute':
      return { kind: 'execute', path: at, ...(request.arguments === '' ? {} : { arguments: request.arguments }) };
    case 'observe':
      return { kind: 'observe', path: at };
    default:
      return { kind: 'read', path: at };
  }
}

function optionalTexts(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** What a problem of REST is for XMPP. */
const conditions: Readonly<Record<string, StanzaErrorCondition>> = {
  'invalid-path': 'bad-request',
  'invalid-request': 'bad-request',
  'invalid-cursor': 'bad-request',
  'invalid-value': 'not-acceptable',
  'model-forbids': 'not-allowed',
  'access-denied': 'not-allowed',
  'device-refused': 'not-acceptable',
  'device-not-registered': 'recipient-unavailable',
  'device-not-connected': 'recipient-unavailable',
  'device-asleep': 'recipient-unavailable',
  'device-timeout': 'remote-server-timeout',
  'device-busy': 'resource-constraint',
  unavailable: 'resource-constraint',
};

function refusalOf(error: unknown): RaRefusal {
  if (!(error instanceof Refusal)) throw error;
  const { code, title, detail } = error.problem;
  // What its operator calls it is not for its owners.
  if (code === 'device-unknown') return { condition: 'recipient-unavailable', text: 'the device is not there' };
  // The general advice speaks of requests to the REST API, which those who ask here do not make.
  const text = detail === problemKinds[code].advice ? title : detail;
  return { condition: conditions[code] ?? 'undefined-condition', text };
}

function isNumber(type: string): boolean {
  return type === 'float' || type === 'integer' || type === 'unsigned-integer';
}
