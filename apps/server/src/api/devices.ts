import {
  type JsonConnection,
  type JsonDevice,
  type JsonDeviceDetail,
  type JsonLink,
  type JsonRaDevice,
  type JsonRegistration,
  routes,
} from '@yaolian/contract';
import type { DeviceFacts, DeviceGroupStore, DeviceStore } from '@yaolian/directory';
import type { Clock } from '@yaolian/kernel';
import { type ObjectModel, parseObjectLinks, registeredModel } from '@yaolian/lwm2m';
import type { Registration } from '@yaolian/lwm2m/server';
import { connectionOf, securityOf } from '../fleet/connection.ts';
import type { DeviceRemoval } from '../fleet/device-removal.ts';
import type { Fleet, FleetDevice } from '../fleet/fleet.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { countChosen } from './chosen-devices.ts';
import { filterFrom } from './device-filter.ts';
import { optionalTime, timeToJson } from './times.ts';

export interface DeviceServices {
  readonly fleet: Fleet;
  readonly devices: DeviceStore;
  readonly groups: DeviceGroupStore;
  readonly model: ObjectModel;
  readonly clock: Clock;
  readonly removal: DeviceRemoval;
  /** What the device is in Remote Access; undefined: nothing, or it is off. */
  readonly remoteAccess?: ((key: string) => Promise<JsonRaDevice | undefined>) | undefined;
}

/** Devices: list, show, forget. */
export function addDeviceRoutes(table: RouteTable, services: DeviceServices): void {
  const { fleet, devices, model, groups, clock, removal } = services;
  table.add(routes.listDevices, async ({ query: { cursor, limit = 100, ...filter } }) => {
    const asked = await filterFrom(filter, groups, clock);
    const page = await fleet.page({ ...asked, after: decodeCursor(cursor), limit });
    const items = page.devices.map(deviceToJson);
    return page.next === undefined ? { items } : { items, next: encodeCursor(page.next) };
  });
  table.add(routes.countDevices, ({ query }) => countChosen(query, services));
  table.add(routes.showDeviceFacts, async () => {
    const { vendor, model, version } = await devices.countFacts(mostFacts);
    return { vendor: [...vendor], model: [...model], version: [...version] };
  });
  table.add(routes.showDevice, async ({ params }) => {
    const found = await require(fleet, params.device);
    const { key } = found.device;
    const remoteAccess = await services.remoteAccess?.(key);
    return {
      ...detailToJson(found, fleet.doorOf(key)?.instances(key), model),
      groups: [...(await groups.groupsOf(key))],
      ...(remoteAccess === undefined ? {} : { remoteAccess }),
    };
  });
  table.add(routes.removeDevice, async ({ params }) => {
    await removal.forget(await require(fleet, params.device));
  });
}

/** Values of each fact that are told. */
const mostFacts = 200;

async function require(fleet: Fleet, name: string): Promise<FleetDevice> {
  const found = await fleet.find(name);
  if (found) return found;
  throw new Refusal('device-unknown', { detail: `There is no device with the key or endpoint name "${name}".` });
}

function summaryOf({ device, state, registration }: FleetDevice) {
  const { key, endpoint, identity, activatedAt, activationAddress, lastRegisteredAt, facts } = device;
  // The device's record has where it registered from; behind a NAT an Update may have come from elsewhere.
  const lastAddress = registration?.address.key ?? device.lastAddress;
  return {
    key,
    ...(endpoint === undefined ? {} : { endpoint }),
    state,
    identity: { ...identity },
    ...factsToJson(facts),
    ...optionalTime('activatedAt', activatedAt),
    ...(activationAddress === undefined ? {} : { activationAddress }),
    ...optionalTime('lastRegisteredAt', lastRegisteredAt),
    ...(lastAddress === undefined ? {} : { lastAddress }),
  };
}

function factsToJson({ vendor, model, version }: DeviceFacts = {}) {
  return { ...(vendor && { vendor }), ...(model && { model }), ...(version && { version }) };
}

function deviceToJson(found: FleetDevice): JsonDevice {
  const { registration } = found;
  if (!registration) return summaryOf(found);
  const { lifetime } = registration;
  const security = securityOf(found);
  return { ...summaryOf(found), lifetime, expiresAt: expiryToJson(found), ...(security && { security }) };
}

function detailToJson(
  found: FleetDevice,
  instances: readonly string[] | undefined,
  model: ObjectModel,
): Omit<JsonDeviceDetail, 'groups'> {
  const { registration } = found;
  if (!registration) return { ...summaryOf(found), links: (instances ?? []).map((path) => linkTo(path, model)) };
  return {
    ...summaryOf(found),
    registration: registrationToJson(registration, expiryToJson(found), connectionOf(found)),
    links: linksToJson(registration, model),
  };
}

function registrationToJson(
  registration: Registration,
  expiresAt: string,
  connection: JsonConnection | undefined,
): JsonRegistration {
  const { id, address, lifetime, lwm2mVersion, binding, queueMode, smsNumber, otherParameters } = registration;
  return {
    id,
    address: address.key,
    lifetime,
    lwm2mVersion,
    binding,
    queueMode,
    ...(connection && { connection }),
    ...(smsNumber === undefined ? {} : { smsNumber }),
    registeredAt: timeToJson(registration.registeredAt),
    updatedAt: timeToJson(registration.updatedAt),
    expiresAt,
    ...(otherParameters === undefined ? {} : { otherParameters: { ...otherParameters } }),
  };
}

/** No Date reaches further than this; a lifetime may. */
const endOfTime = 8_640_000_000_000_000;

function expiryToJson({ expiresAt = endOfTime }: FleetDevice): string {
  return timeToJson(Math.min(expiresAt, endOfTime));
}

/** To an instance of a device that has no registration. */
function linkTo(path: string, model: ObjectModel): JsonLink {
  const name = model.object(Number(path.split('/')[1]))?.name;
  return { path, ...(name === undefined ? {} : { name }), attributes: {} };
}

/** One link for each object and instance that was announced, without the root path they may live under. */
function linksToJson(registration: Registration, model: ObjectModel): JsonLink[] {
  const parsed = parseObjectLinks(registration.objectLinks);
  if (!parsed.ok) return [];
  const known = registeredModel(model, parsed.value);
  return [...parsed.value.objects].flatMap(([id, { version, instances }]) => {
    const name = known.object(id)?.name;
    const attributes = version === undefined ? {} : { ver: version };
    const link = (path: string): JsonLink => ({ path, ...(name === undefined ? {} : { name }), attributes });
    return instances.length === 0 ? [link(`/${id}`)] : instances.map((instance) => link(`/${id}/${instance}`));
  });
}
