import {
  type Device,
  type DeviceContact,
  type DeviceFilter,
  type DeviceName,
  type DeviceState,
  type DeviceStateThresholds,
  type DeviceStore,
  deviceState,
} from '@yaolian/directory';
import type { Clock, Peer } from '@yaolian/kernel';
import type { Lwm2mServer, Registration } from '@yaolian/lwm2m/server';
import type { DeviceDoor } from './device-door.ts';

/** A device with its live half. */
export interface FleetDevice {
  readonly device: Device;
  readonly registration: Registration | undefined;
  /** Who it was heard as last. */
  readonly peer?: Peer | undefined;
  /** When the registration ends if no Update comes, in milliseconds since the epoch, on the clock as it is set now; Infinity: never. */
  readonly expiresAt?: number | undefined;
  readonly state: DeviceState;
}

/** A group that is a question is asked along with the rest. */
export interface FleetFilter extends DeviceFilter {
  readonly state?: DeviceState | undefined;
  /** Another text that has to be part of them. */
  readonly alsoSearch?: string | undefined;
  /** Nothing can fit. */
  readonly isEmpty?: boolean;
}

export interface FleetQuery extends FleetFilter {
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface FleetPage {
  readonly devices: readonly FleetDevice[];
  /** Where the next page begins; undefined when there is none. */
  readonly next: string | undefined;
}

export interface FleetCounts {
  readonly total: number;
  readonly online: number;
  readonly sleeping: number;
  readonly offline: number;
}

export interface FleetOptions {
  readonly store: DeviceStore;
  readonly server: Lwm2mServer;
  readonly clock: Clock;
  readonly thresholds: DeviceStateThresholds;
}

/** Rows that one page looks at when it wants what the store does not know. */
const mostScanned = 5000;
const scanStep = 1000;
/** Names are read so many at a time: a millisecond of work. */
const nameStep = 2000;
/** Names that one page looks at when it wants devices of one state, which the store does not know. */
const mostNamesScanned = 100_000;

/** All devices, as the store remembers them and as they are registered now. */
export class Fleet {
  readonly #store: DeviceStore;
  readonly #server: Lwm2mServer;
  readonly #clock: Clock;
  readonly #thresholds: DeviceStateThresholds;
  #door: DeviceDoor | undefined;

  constructor(options: FleetOptions) {
    this.#store = options.store;
    this.#server = options.server;
    this.#clock = options.clock;
    this.#thresholds = options.thresholds;
  }

  /** Opens another door than LwM2M. */
  attach(door: DeviceDoor): void {
    this.#door = door;
  }

  /** The other door that reaches this device; undefined: LwM2M does. */
  doorOf(key: string): DeviceDoor | undefined {
    return this.#door?.owns(key) === true ? this.#door : undefined;
  }

  /** @param name a device key, or the endpoint name of the last Register */
  async find(name: string): Promise<FleetDevice | undefined> {
    const registration = this.registration(name);
    const device = await this.#store.device(registration?.deviceKey ?? name);
    if (device) return this.#live(device);
    return this.#findByEndpoint(name);
  }

  /** The registration of a device, by key or endpoint name. */
  registration(name: string): Registration | undefined {
    return this.#server.registration({ deviceKey: name }) ?? this.#server.registration({ endpoint: name });
  }

  /** @param key a device key */
  stateOf(key: string): DeviceState {
    return this.doorOf(key)?.stateOf(key) ?? this.#stateOf(this.#server.registration({ deviceKey: key }));
  }

  /** A page that looks for one state may be short, or empty, and have a next one all the same. */
  async page(query: FleetQuery): Promise<FleetPage> {
    const { state, limit, isEmpty, alsoSearch, after: start, ...filter } = query;
    if (isEmpty) return { devices: [], next: undefined };
    if (state !== undefined && alsoSearch === undefined) return this.#pageOfState(state, query);
    const found: FleetDevice[] = [];
    let after = start;
    for (let scanned = 0; scanned < mostScanned; ) {
      const step = alsoSearch === undefined ? limit + 1 : scanStep;
      const devices = await this.#store.devices({
        ...filter,
        ...(after === undefined ? {} : { after }),
        limit: step,
      });
      for (const device of devices) {
        const live = this.#live(device);
        if (state !== undefined && live.state !== state) continue;
        if (alsoSearch !== undefined && !contains(device, alsoSearch)) continue;
        if (found.length === limit) return { devices: found, next: found.at(-1)!.device.key };
        found.push(live);
      }
      if (devices.length < step) return { devices: found, next: undefined };
      after = devices.at(-1)!.key;
      scanned += devices.length;
    }
    return { devices: found, next: after };
  }

  /** Looks at names, and reads the devices of those alone that are shown: few of many may be in a state. */
  async #pageOfState(
    state: DeviceState,
    { state: _, alsoSearch: __, isEmpty: ___, limit, after: start, ...filter }: FleetQuery,
  ): Promise<FleetPage> {
    const keys: string[] = [];
    let after = start ?? '';
    let next: string | undefined;
    for (let scanned = 0; ; scanned += nameStep) {
      if (scanned >= mostNamesScanned) {
        next = after;
        break;
      }
      const names = await this.#store.deviceNames({ ...filter, after, limit: nameStep });
      const fitting = names.filter(({ key }) => this.stateOf(key) === state).map(({ key }) => key);
      keys.push(...fitting.slice(0, limit + 1 - keys.length));
      if (keys.length > limit) {
        keys.pop();
        next = keys.at(-1);
        break;
      }
      if (names.length < nameStep) break;
      after = names.at(-1)!.key;
    }
    const devices = await Promise.all(keys.map((key) => this.#store.device(key)));
    return { devices: devices.filter((device) => device !== undefined).map((device) => this.#live(device)), next };
  }

  /** The names of all that fit, some at a time, in the order of keys. */
  async *names(filter: FleetFilter): AsyncGenerator<readonly DeviceName[]> {
    const { state, isEmpty, alsoSearch, ...rest } = filter;
    if (isEmpty) return;
    for (let after = ''; ; ) {
      const query = { ...rest, after, limit: nameStep };
      const found = alsoSearch === undefined ? await this.#store.deviceNames(query) : await this.#store.devices(query);
      yield found.filter(
        (one) =>
          (state === undefined || this.stateOf(one.key) === state) &&
          (alsoSearch === undefined || contains(one as Device, alsoSearch)),
      );
      if (found.length < nameStep) return;
      after = found.at(-1)!.key;
    }
  }

  async counts(): Promise<FleetCounts> {
    const total = await this.#store.countDevices();
    const now = this.#clock.epoch();
    let online = this.#door?.online ?? 0;
    let sleeping = 0;
    for (const registration of this.#server.registrations()) {
      const state = this.#stateOf(registration, now);
      if (state === 'ONLINE') online++;
      else if (state === 'SLEEPING') sleeping++;
    }
    return { total, online, sleeping, offline: Math.max(0, total - online - sleeping) };
  }

  async #findByEndpoint(endpoint: string): Promise<FleetDevice | undefined> {
    let after: string | undefined;
    for (let scanned = 0; scanned < mostScanned; scanned += scanStep) {
      const query = { search: endpoint, limit: scanStep, ...(after === undefined ? {} : { after }) };
      const devices = await this.#store.devices(query);
      const found = devices.find((device) => device.endpoint === endpoint);
      if (found) return this.#live(found);
      if (devices.length < scanStep) return undefined;
      after = devices.at(-1)!.key;
    }
    return undefined;
  }

  #stateOf(registration: Registration | undefined, now = this.#clock.epoch()): DeviceState {
    return deviceState(contactOf(this.#server, registration), now, this.#thresholds);
  }

  #live(device: Device): FleetDevice {
    const door = this.doorOf(device.key);
    if (door !== undefined) return { device, registration: undefined, state: door.stateOf(device.key) };
    const registration = this.#server.registration({ deviceKey: device.key });
    const expiresAt = registration && this.#server.expiryOf(registration);
    const peer = registration && this.#server.peerOf(registration);
    return { device, registration, peer, expiresAt, state: this.#stateOf(registration) };
  }
}

/** What the state of a terminal follows from, on the clock as it is set now: a leap of the clock changes no state. */
export function contactOf(server: Lwm2mServer, registration: Registration | undefined): DeviceContact {
  const updatedAt = registration && server.lastUpdatedAt(registration);
  if (updatedAt === undefined) return { registration: undefined };
  const { lifetime, queueMode } = registration!;
  const lastContactAt = queueMode ? server.lastHeardAt(registration!) : undefined;
  return { registration: { lifetime, queueMode, updatedAt }, lastContactAt };
}

/** As the store searches. */
function contains({ key, endpoint = '', identity, facts = {} }: Device, part: string): boolean {
  const texts = [key, endpoint, ...Object.values(identity), ...Object.values(facts)];
  return texts.some((text) => text?.toLowerCase().includes(part.toLowerCase()));
}
