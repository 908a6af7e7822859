import { Code, formatCode } from '@yaolian/coap';
import { because, type EventData, type EventType } from '@yaolian/contract';
import {
  type DeviceState,
  type DeviceStore,
  type RaDeviceStore,
  raAccountOfKey,
  raDeviceKey,
  type ValueHistory,
} from '@yaolian/directory';
import type { DataAnswer, DataRequest, DeviceDescription, RaRefusal, RaValue } from '@yaolian/igrs';
import { SpeakingDevices, type SpeakingDevicesOptions } from '@yaolian/igrs/server';
import type { Clock, Log, Timers } from '@yaolian/kernel';
import {
  coversPath,
  formatPath,
  nodeFromJson,
  nodeToJson,
  nodeValues,
  type ObjectModel,
  parsePath,
  valueToText,
} from '@yaolian/lwm2m';
import type { QueuedOperation, QueuedOutcome } from '@yaolian/lwm2m/server';
import type { ImServer, StanzaErrorCondition } from '@yaolian/xmpp';
import { deviceRefused } from '../api/device-failures.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { DeviceDoor } from '../fleet/device-door.ts';
import { historyValue } from '../history/recorded-values.ts';
import { Refusal } from '../http/refusal.ts';
import { nodeToJson as nodeToApi } from '../json/node.ts';
import type { KeptObservations } from './kept-observations.ts';
import type { SharedTerminals } from './shared-terminals.ts';
import { type Leaf, leavesOf, nodeOfLeaf, nodeOfLeaves } from './values.ts';

export interface SpeakingDoorOptions extends Pick<SpeakingDevicesOptions, 'timeout' | 'maximumRequests'> {
  readonly im: ImServer;
  readonly shared: SharedTerminals;
  readonly devices: DeviceStore;
  readonly raDevices: RaDeviceStore;
  readonly history: ValueHistory;
  readonly hub: EventHub;
  readonly model: ObjectModel;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Values of paths that are observed, once they are on disk. */
  readonly onValues: (key: string, values: readonly RaValue[], time: number) => void;
  /** A device came or went. */
  readonly onState: (account: string) => void;
  /** Whether users observe the path. */
  readonly isWatched: (key: string, path: string) => boolean;
  /** What operators observe. */
  readonly kept: KeptObservations;
}

/** A device that is there. */
interface Present {
  description: DeviceDescription | undefined;
  /** That it came was published. */
  isTold: boolean;
  readonly observed: Map<string, number>;
}

/** Values of one message, and paths that a device has observed, at most. */
const most = { values: 1000, observed: 256 } as const;

/**
 * Devices that speak RA themselves as devices of the platform: in its list with their state, history and events, and asked by the same
 * operations as terminals (the other way of the join).
 */
export class SpeakingDoor implements DeviceDoor {
  readonly #options: SpeakingDoorOptions;
  readonly #domain: string;
  readonly #speaking: SpeakingDevices;
  readonly #present = new Map<string, Present>();

  constructor(options: SpeakingDoorOptions) {
    this.#options = options;
    const { im, shared, timers, timeout, maximumRequests } = options;
    this.#domain = im.domain;
    this.#speaking = new SpeakingDevices({
      ...{ im, timers },
      ...(timeout && { timeout }),
      ...(maximumRequests && { maximumRequests }),
      isDevice: (account) => shared.speaks(account),
      listener: {
        onPresent: (account, address) => void this.#guarded(account, () => this.#came(account, address)),
        onGone: (account) => this.#went(account),
        onValues: (account, answer) => void this.#guarded(account, () => this.#told(account, answer)),
      },
    });
    im.use(this.#speaking.module());
  }

  get online(): number {
    return this.#present.size;
  }

  owns(key: string): boolean {
    const account = raAccountOfKey(key, this.#domain);
    return account !== undefined && this.#options.shared.speaks(account);
  }

  stateOf(key: string): DeviceState {
    return this.#present.has(this.#account(key)) ? 'ONLINE' : 'OFFLINE';
  }

  instances(key: string): readonly string[] {
    return this.#present.get(this.#account(key))?.description?.instances ?? [];
  }

  /** What the device said of itself when it came. */
  descriptionOf(account: string): DeviceDescription | undefined {
    return this.#present.get(account)?.description;
  }

  /** What operators observe stands here while the device is away too: it goes on when the device comes back. */
  observations(key: string) {
    const account = this.#account(key);
    const observed = new Map([...(this.#present.get(account)?.observed ?? []), ...this.#options.kept.of(account)]);
    return [...observed].map(([path, startedAt]) => ({ path, startedAt }));
  }

  async keepObserving(key: string, path: string): Promise<void> {
    const account = this.#account(key);
    const { kept, clock } = this.#options;
    const startedAt = this.#present.get(account)?.observed.get(path) ?? clock.epoch();
    if (kept.of(account).size >= most.observed) throw tooManyObserved();
    await kept.add(account, path, startedAt);
  }

  async cancel(key: string, path: string): Promise<boolean> {
    const wasKept = await this.#options.kept.remove(this.#account(key), path);
    // What users observe too goes on for them.
    if (wasKept && this.#options.isWatched(key, path)) return true;
    return (await this.#end(key, path)) || wasKept;
  }

  /** No user observes the path any more; operators may. */
  async release(key: string, path: string): Promise<void> {
    if (!this.#options.kept.of(this.#account(key)).has(path)) await this.#end(key, path);
  }

  async #end(key: string, path: string): Promise<boolean> {
    const account = this.#account(key);
    if (this.#present.get(account)?.observed.delete(path) !== true) return false;
    await this.#speaking.ask(account, { kind: 'cancel', path });
    this.#publish(key, 'observation.ended', () => ({ path, reason: 'cancelled' }));
    return true;
  }

  disconnect(key: string): void {
    for (const { session } of this.#options.im.clients.of(this.#account(key))) session.end();
  }

  async carryOut(key: string, operation: QueuedOperation, model: ObjectModel, signal: AbortSignal) {
    const { clock } = this.#options;
    const began = clock.monotonic();
    const path = 'path' in operation ? operation.path : '';
    const told = (answer: { readonly coapCode?: string; readonly error?: string }) =>
      this.#publish(key, 'operation.completed', () => ({
        ...{ operation: operation.kind, path, ...answer },
        duration: Math.round(clock.monotonic() - began),
      }));
    try {
      const outcome = await this.#carryOut(key, operation, model, signal);
      told({ coapCode: formatCode(outcome.code!) });
      return outcome;
    } catch (error) {
      const { coapCode, code } = error instanceof Refusal ? error.problem : {};
      told(coapCode === undefined ? { error: code ?? 'internal-error' } : { coapCode });
      throw error;
    }
  }

  close(): void {
    this.#speaking.close();
  }

  async #carryOut(
    key: string,
    operation: QueuedOperation,
    model: ObjectModel,
    signal: AbortSignal,
  ): Promise<QueuedOutcome> {
    const at = this.#options.clock.epoch();
    switch (operation.kind) {
      case 'read':
      case 'observe':
        return this.#read(key, operation.kind, operation.path, model, signal);
      case 'write':
      case 'update': {
        const node = nodeFromJson(operation.node);
        const path = parsePath(operation.path);
        if (!node.ok || !path.ok) throw new Refusal('invalid-value');
        for (const { path: leaf, type, value } of nodeValues(path.value, node.value)) {
          const text = valueToText(type, value);
          await this.#ask(key, { kind: 'write', path: formatPath(leaf), text }, signal);
        }
        return { at, code: Code.Changed };
      }
      case 'execute':
        await this.#ask(key, { kind: 'execute', path: operation.path, arguments: operation.arguments ?? '' }, signal);
        return { at, code: Code.Changed };
      case 'discover': {
        const here = this.instances(key).filter(
          (path) => path === operation.path || path.startsWith(`${operation.path}/`),
        );
        return { at, code: Code.Content, links: here.map((path) => ({ path, attributes: {} })) };
      }
      default:
        throw new Refusal('model-forbids', because('ra-has-no-such', { operation: operation.kind }));
    }
  }

  async #read(
    key: string,
    kind: 'read' | 'observe',
    text: string,
    model: ObjectModel,
    signal: AbortSignal,
  ): Promise<QueuedOutcome> {
    const { clock, history } = this.#options;
    const present = this.#present.get(this.#account(key));
    const isNew = kind === 'observe' && present?.observed.has(text) === false;
    if (isNew && present.observed.size >= most.observed) throw tooManyObserved();
    const answer = await this.#ask(key, { kind, path: text }, signal);
    const path = parsePath(text);
    const at = clock.epoch();
    const values = answer.kind === 'values' ? answer.values : [];
    const leaves = path.ok ? leavesOf(values, model).filter((leaf) => coversPath(path.value, leaf.path)) : [];
    const node = path.ok ? nodeOfLeaves(path.value, leaves, model) : undefined;
    if (node === undefined) throw new Refusal('device-answer-malformed');
    await history.record(this.#recorded(key, leaves, at));
    if (isNew) {
      present.observed.set(text, at);
      this.#publish(key, 'observation.started', () => ({ path: text }));
    }
    return { at, code: Code.Content, node: nodeToJson(node), ...(kind === 'observe' ? { observing: true } : {}) };
  }

  /** @throws Refusal */
  async #ask(key: string, request: DataRequest, signal: AbortSignal): Promise<DataAnswer> {
    const asked = await this.#speaking.ask(this.#account(key), request, signal);
    if (asked.ok) return asked.value;
    throw problemOf(asked.error);
  }

  async #came(account: string, address = ''): Promise<void> {
    const { devices, raDevices, clock, onState } = this.#options;
    const key = this.#key(account);
    const present: Present = { description: undefined, isTold: false, observed: new Map() };
    this.#present.set(account, present);
    onState(account);
    const registered = await raDevices.raDevice(account);
    if (registered === undefined) return; // its account is just being removed
    const { deviceType, vendor, model } = registered;
    const identity: Record<string, string> = deviceType === '' ? {} : { type: deviceType };
    const time = clock.epoch();
    // Together: one commit.
    await Promise.all([
      devices.recordRegistration({ key, endpoint: key, address, time, identity }),
      devices.recordFacts(key, { vendor, model }),
    ]);
    present.description = await this.#speaking.describe(account);
    // It may have left before it said what it is, and come again.
    if (this.#present.get(account) !== present) return;
    present.isTold = true;
    this.#publish(key, 'device.connected', () => ({ address }));
  }

  #went(account: string): void {
    const present = this.#present.get(account);
    if (present === undefined) return;
    this.#present.delete(account);
    if (present.isTold) this.#publish(this.#key(account), 'device.disconnected', () => ({}));
    this.#options.onState(account);
  }

  /** Values that it tells: on disk first, then to everybody who observes them. What nobody observes is not taken. */
  async #told(account: string, answer: DataAnswer): Promise<void> {
    const present = this.#present.get(account);
    if (answer.kind !== 'values' || present === undefined) return;
    const { history, clock, model, onValues } = this.#options;
    const observed = [...present.observed.keys()];
    const wanted = answer.values
      .slice(0, most.values)
      .filter(({ path }) => observed.some((one) => path === one || path.startsWith(`${one}/`)));
    const leaves = leavesOf(wanted, model);
    if (leaves.length === 0) return;
    const time = clock.epoch();
    const key = this.#key(account);
    await history.record(this.#recorded(key, leaves, time));
    for (const leaf of leaves) {
      const path = formatPath(leaf.path);
      this.#publish(key, 'observation.notified', () => ({ path, node: nodeToApi(leaf.path, nodeOfLeaf(leaf), model) }));
    }
    onValues(key, wanted, time);
  }

  #recorded(device: string, leaves: readonly Leaf[], time: number) {
    return leaves.map(({ path, value }) => ({
      ...{ kind: 'value' as const, device, path: formatPath(path), time },
      value: historyValue(value),
    }));
  }

  #publish<T extends EventType>(key: string, type: T, data: () => EventData<T>): void {
    const { hub, clock } = this.#options;
    hub.publish({ type, time: clock.epoch(), device: key, endpoint: key, data: data as () => EventData<EventType> });
  }

  async #guarded(account: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.log.error('a device that speaks RA was not noted', { account, error });
    }
  }

  #account(key: string): string {
    return raAccountOfKey(key, this.#domain) ?? '';
  }

  #key(account: string): string {
    return raDeviceKey(account, this.#domain);
  }
}

const tooManyObserved = () => new Refusal('unavailable', because('observed-full'));

/** What a condition of XMPP would be as an answer of a terminal. */
const codes: { readonly [C in StanzaErrorCondition]?: number } = {
  forbidden: Code.Forbidden,
  'not-authorized': Code.Unauthorized,
  'item-not-found': Code.NotFound,
  'not-allowed': Code.MethodNotAllowed,
  'service-unavailable': Code.NotImplemented,
  'feature-not-implemented': Code.NotImplemented,
  'internal-server-error': Code.InternalServerError,
};

function problemOf({ condition, text }: RaRefusal): Refusal {
  switch (condition) {
    case 'recipient-unavailable':
      return new Refusal('device-not-registered', { detail: 'The device is not connected.' });
    case 'remote-server-timeout':
      return new Refusal('device-timeout');
    case 'resource-constraint':
      return new Refusal('device-busy', text === undefined ? {} : { detail: `${text}.` });
    case 'undefined-condition':
      return new Refusal('device-answer-malformed', {
        ...because('answer-unreadable'),
        ...(text !== undefined && { detail: `${text}.` }),
      });
    default:
      return deviceRefused({ code: (codes[condition] ?? Code.BadRequest) as never, diagnostic: text ?? '' });
  }
}
