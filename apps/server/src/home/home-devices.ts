import type { JsonHomeDevice, JsonHomeDeviceDetail, JsonHomeResource } from '@yaolian/contract';
import {
  type AccessFacts,
  type AccessOperation,
  type AssociationStore,
  type Binding,
  type HistoryValue,
  mayAccess,
  mayRemoveOwner,
  type RaDevice,
  type RaDeviceStore,
  raDeviceKey,
  type SeriesSummary,
  type ValueHistory,
  visibleFeatures,
} from '@yaolian/directory';
import { featureOfPath, raNamespaces } from '@yaolian/igrs';
import type { Clock } from '@yaolian/kernel';
import { type ObjectModel, parseObjectLinks, parsePath, type ResourceType } from '@yaolian/lwm2m';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import type { ObjectDefinition, ResourceDefinition } from '@yaolian/lwm2m-objects';
import { pointToJson } from '../api/history-json.ts';
import { timeToJson } from '../api/times.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { toldUnit } from '../history/sensor-units.ts';
import { Refusal } from '../http/refusal.ts';
import type { RaService } from '../ra/ra-service.ts';
import { firstOfThings, mainResources, simpleRange } from './main-resources.ts';

export interface HomeDevicesOptions {
  readonly ra: RaService;
  readonly raDevices: RaDeviceStore;
  readonly associations: AssociationStore;
  readonly history: ValueHistory;
  /** What users may read and never change. */
  readonly operatorObjects: readonly number[];
  readonly server: Lwm2mServer;
  readonly fleet: Fleet;
  readonly model: ObjectModel;
  readonly clock: Clock;
}

/** A device that a user may see, and how they stand to each other. */
export interface SeenDevice {
  readonly device: RaDevice;
  readonly facts: AccessFacts;
  readonly binding: Binding | undefined;
  /** The friend who shares it. */
  readonly owner: string | undefined;
}

type Instances = ReadonlyMap<string, { readonly id: number; readonly definition: ObjectDefinition | undefined }>;

const changing: ReadonlySet<AccessOperation> = new Set(['write', 'execute']);

/** Devices as their users see them: what they may know of each, and nothing else. */
export class HomeDevices {
  readonly #options: HomeDevicesOptions;

  constructor(options: HomeDevicesOptions) {
    this.#options = options;
  }

  /** The user's own in the order of names, then those that friends share. */
  async seenBy(user: string): Promise<readonly SeenDevice[]> {
    const { associations, ra } = this.#options;
    const own = [...(await associations.bindingsOfUser(user))].sort((a, b) => a.name.localeCompare(b.name));
    const shared = await ra.permissions.sharedWith(user);
    const found = await Promise.all([
      ...own.map((binding) => this.#seen(user, binding.device, binding, undefined)),
      ...shared.map(({ device, owner }) => this.#seen(user, device, undefined, owner)),
    ]);
    return found.filter((one) => one !== undefined);
  }

  /** @throws Refusal `access-denied`: a device that is not there, and one that the user has nothing to do with, are told alike */
  async see(user: string, device: string): Promise<SeenDevice> {
    const { associations, ra } = this.#options;
    const binding = await associations.binding(user, device);
    const shared = binding === undefined ? await ra.permissions.sharedWith(user) : [];
    const owner = shared.find((one) => one.device === device)?.owner;
    const seen =
      binding === undefined && owner === undefined ? undefined : await this.#seen(user, device, binding, owner);
    if (seen === undefined) throw new Refusal('access-denied');
    return seen;
  }

  async #seen(user: string, account: string, binding: Binding | undefined, owner: string | undefined) {
    const { raDevices, associations } = this.#options;
    const device = await raDevices.raDevice(account);
    return device && { device, binding, owner, facts: await associations.accessFacts(user, account) };
  }

  /** The key of the device in the list of operators: history has its values under it. */
  keyOf({ terminal, account }: RaDevice): string {
    return terminal ?? raDeviceKey(account, this.#options.ra.domain);
  }

  /** Whether the user may do that with what is at the path: the directory's decision. */
  may(user: string, { facts }: Pick<SeenDevice, 'facts'>, path: string, operation: AccessOperation): boolean {
    return this.#decides(user, facts, featureOfPath(path), operation);
  }

  /** Undefined where the user may not know it. */
  stateFor(user: string, seen: SeenDevice): JsonHomeDevice['state'] {
    return this.#visible(user, seen) && this.#options.ra.stateOf(seen.device);
  }

  /** What the user may know of it; undefined: nothing. */
  #visible(user: string, { facts }: Pick<SeenDevice, 'facts'>) {
    return visibleFeatures(facts, { account: user, description: raNamespaces.device }, this.#options.clock.epoch());
  }

  async list(user: string): Promise<JsonHomeDevice[]> {
    const seen = await this.seenBy(user);
    return Promise.all(seen.map((one) => this.summary(user, one)));
  }

  async summary(user: string, seen: SeenDevice): Promise<JsonHomeDevice> {
    const { series, instances } = await this.#content(seen);
    return this.#summary(user, seen, series, instances);
  }

  async detail(user: string, seen: SeenDevice): Promise<JsonHomeDeviceDetail> {
    const { series, instances } = await this.#content(seen);
    const listed = [...instances].flatMap(([path, { definition }]) => {
      const known = definition === undefined ? heardOf(path, series) : [...definition.resources.values()];
      const resources = known
        .filter(({ id, mandatory, executable }) => mandatory || executable || series.has(`${path}/${id}`))
        .map((one) => this.#resource(user, seen, `${path}/${one.id}`, one, series))
        .filter(({ may }) => may.length > 0);
      return resources.length === 0 ? [] : [{ path, ...(definition && { name: definition.name }), resources }];
    });
    const owners = await this.#owners(seen);
    return { ...this.#summary(user, seen, series, instances), ...(owners && { owners }), instances: listed };
  }

  /** Owners see each other, and whom they may remove. */
  async #owners({ device, binding }: SeenDevice): Promise<JsonHomeDeviceDetail['owners']> {
    if (binding?.state !== 'active') return undefined;
    const { associations, ra } = this.#options;
    const owners = await associations.bindingsOfDevice(device.account);
    return [...owners]
      .sort((a, b) => a.since - b.since)
      .map((one) => ({
        ...{ user: `${one.user}@${ra.domain}`, state: one.state, since: timeToJson(one.since) },
        removable: mayRemoveOwner(binding, one),
      }));
  }

  #summary(
    user: string,
    seen: SeenDevice,
    series: ReadonlyMap<string, SeriesSummary>,
    instances: Instances,
  ): JsonHomeDevice {
    const { ra } = this.#options;
    const { device, binding, owner } = seen;
    const { account } = device;
    const visible = this.#visible(user, seen);
    const { deviceType, vendor, model } = visible ? device : { deviceType: '', vendor: '', model: '' };
    const state = this.stateFor(user, seen);
    // What the thing is for comes before how its terminal fares.
    const things = [...instances].sort(([, a], [, b]) => Number(a.id < firstOfThings) - Number(b.id < firstOfThings));
    const main = things.flatMap(([path, { definition }]) =>
      definition === undefined
        ? []
        : mainResources(definition, (id) => series.has(`${path}/${id}`)).map((one) =>
            this.#resource(user, seen, `${path}/${one.id}`, one, series),
          ),
    );
    return {
      device: `${account}@${ra.domain}`,
      name: binding?.name ?? account,
      groups: [...(binding?.groups ?? [])],
      relation: binding === undefined ? 'guest' : 'owner',
      ...(owner === undefined ? {} : { owner: `${owner}@${ra.domain}` }),
      ...(binding?.state === 'pending' ? { pending: true } : {}),
      ...(state === undefined ? {} : { state }),
      ...{ deviceType, vendor, model },
      objects: [...new Set([...instances.values()].map(({ id }) => id))].filter((id) =>
        visible?.(featureOfPath(`/${id}`)),
      ),
      main: main.filter(({ may }) => may.includes('read')),
    };
  }

  #resource(
    user: string,
    seen: SeenDevice,
    path: string,
    { name, units, type, range, readable, writable, executable }: ResourceDefinition,
    series: ReadonlyMap<string, SeriesSummary>,
  ): JsonHomeResource {
    const can = { read: readable, observe: readable, write: writable, execute: executable };
    const abilities = ['read', 'write', 'execute', 'observe'] as const;
    const isOperators = this.#options.operatorObjects.includes(Number(path.split('/')[1]));
    const may = abilities.filter(
      (one) => can[one] && !(isOperators && changing.has(one)) && this.may(user, seen, path, one),
    );
    const limits = simpleRange(range);
    const last = may.includes('read') ? series.get(path)?.last : undefined;
    const { value, time } = last === undefined ? {} : pointToJson(last);
    return {
      path,
      ...(name === '' ? {} : { name }),
      ...(may.includes('read') ? labelOf(path, series) : {}),
      ...unitsOf(units, path, series),
      type: type as ResourceType,
      may,
      ...(limits && { range: limits }),
      ...(value === undefined ? {} : { value, time: time! }),
    };
  }

  /** The instances that the terminal announced, and those that history knows while it is away; with their last values. */
  async #content({ device }: SeenDevice) {
    const { history, server, model, fleet } = this.#options;
    const key = this.keyOf(device);
    const found = await history.series('value', key);
    const series = new Map(found.map((one) => [one.path, one]));
    const spoken = fleet.doorOf(key)?.instances(key).flatMap(placeIn) ?? [];
    const links = server.registration({ deviceKey: key })?.objectLinks;
    const announced = links === undefined ? undefined : parseObjectLinks(links);
    const places = announced?.ok
      ? [...announced.value.objects].flatMap(([id, { instances }]) => instances.map((one) => [id, one] as const))
      : spoken.length > 0
        ? spoken
        : placesOf(found);
    const known = server.modelOf({ deviceKey: key }) ?? model;
    const instances: Instances = new Map(
      places.map(([id, instance]) => [`/${id}/${instance}`, { id, definition: known.object(id) }]),
    );
    return { series, instances };
  }

  #decides(account: string, facts: AccessFacts, feature: string, operation: AccessOperation): boolean {
    return mayAccess(facts, { account, feature, operation }, this.#options.clock.epoch()).allowed;
  }
}

/** Objects of sensors leave their units to the terminal: Sensor Units, 5701. */
function unitsOf(modelled: string, path: string, series: ReadonlyMap<string, SeriesSummary>): { units?: string } {
  if (modelled !== '') return { units: modelled };
  const units = toldUnit(path, series);
  return units === undefined ? {} : { units };
}

/** What the device says that an instance is for (Application Type, 5750): of two thermometers the freezer. */
function labelOf(path: string, series: ReadonlyMap<string, SeriesSummary>): { label?: string } {
  const told = series.get(path.replace(/\/\d+$/, '/5750'))?.last.value;
  return typeof told === 'string' && told !== '' && !path.endsWith('/5750') ? { label: told.slice(0, 64) } : {};
}

/** Resources of an object that the model does not know: those that were heard, which may be read. */
function heardOf(instance: string, series: ReadonlyMap<string, SeriesSummary>): readonly ResourceDefinition[] {
  return [...series].flatMap(([path, { last }]) => {
    const rest = path.startsWith(`${instance}/`) ? path.slice(instance.length + 1) : '';
    if (!/^\d+$/.test(rest)) return [];
    const access = { readable: true, writable: false, executable: false, multiple: false, mandatory: true };
    return [{ id: Number(rest), name: '', type: typeOf(last.value), range: '', units: '', ...access }];
  });
}

function typeOf(value: HistoryValue): ResourceDefinition['type'] {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'bigint') return 'integer';
  if (value instanceof Date) return 'time';
  return value instanceof Uint8Array ? 'opaque' : 'string';
}

function placesOf(series: readonly SeriesSummary[]): readonly (readonly [number, number])[] {
  const places = new Map<string, readonly [number, number]>();
  for (const { path } of series) for (const place of placeIn(path)) places.set(place.join('/'), place);
  return [...places.values()].sort(([a, b], [c, d]) => a - c || b - d);
}

/** The object and instance of a path, if it has both. */
function placeIn(path: string): (readonly [number, number])[] {
  const parsed = parsePath(path);
  const { prefix, objectId, objectInstanceId } = parsed.ok ? parsed.value : {};
  return prefix !== undefined || objectId === undefined || objectInstanceId === undefined
    ? []
    : [[objectId, objectInstanceId]];
}
