import {
  type JsonDevice,
  type JsonDeviceDetail,
  type JsonLink,
  type JsonRegistration,
  routes,
} from '@yaolian/contract';
import type { DeviceStore } from '@yaolian/directory';
import { type ObjectModel, parseObjectLinks, registeredModel } from '@yaolian/lwm2m';
import type { Lwm2mServer, Registration } from '@yaolian/lwm2m/server';
import type { Fleet, FleetDevice } from '../fleet/fleet.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { orRefusal } from './device-failures.ts';
import { optionalTime, timeToJson } from './times.ts';

export interface DeviceServices {
  readonly fleet: Fleet;
  readonly devices: DeviceStore;
  readonly server: Lwm2mServer;
  readonly model: ObjectModel;
  /** Called when an operator has removed a device. */
  readonly onRemoved: (key: string, endpoint: string | undefined) => void;
}

/** Devices: list, show, forget. */
export function addDeviceRoutes(table: RouteTable, services: DeviceServices): void {
  const { fleet, devices, server, model, onRemoved } = services;
  table.add(routes.listDevices, async ({ query: { search, state, cursor, limit = 100 } }) => {
    const page = await fleet.page({ search, state, after: decodeCursor(cursor), limit });
    const items = page.devices.map(deviceToJson);
    return page.next === undefined ? { items } : { items, next: encodeCursor(page.next) };
  });
  table.add(routes.showDevice, async ({ params }) => detailToJson(await require(fleet, params.device), model));
  table.add(routes.removeDevice, async ({ params }) => {
    const found = await require(fleet, params.device);
    if (found.registration) await orRefusal(server.endRegistration({ deviceKey: found.device.key }));
    await devices.removeDevice(found.device.key);
    onRemoved(found.device.key, found.device.endpoint);
  });
}

async function require(fleet: Fleet, name: string): Promise<FleetDevice> {
  const found = await fleet.find(name);
  if (found) return found;
  throw new Refusal('device-unknown', { detail: `There is no device with the key or endpoint name "${name}".` });
}

function summaryOf({ device, state }: FleetDevice) {
  const { key, endpoint, identity, activatedAt, activationAddress, lastRegisteredAt, lastAddress } = device;
  return {
    key,
    ...(endpoint === undefined ? {} : { endpoint }),
    state,
    identity: { ...identity },
    ...optionalTime('activatedAt', activatedAt),
    ...(activationAddress === undefined ? {} : { activationAddress }),
    ...optionalTime('lastRegisteredAt', lastRegisteredAt),
    ...(lastAddress === undefined ? {} : { lastAddress }),
  };
}

function deviceToJson(found: FleetDevice): JsonDevice {
  const { registration } = found;
  if (!registration) return summaryOf(found);
  return { ...summaryOf(found), lifetime: registration.lifetime, expiresAt: expiryOf(registration) };
}

function detailToJson(found: FleetDevice, model: ObjectModel): JsonDeviceDetail {
  const { registration } = found;
  if (!registration) return { ...summaryOf(found), links: [] };
  return {
    ...summaryOf(found),
    registration: registrationToJson(registration),
    links: linksToJson(registration, model),
  };
}

function registrationToJson(registration: Registration): JsonRegistration {
  const { id, address, lifetime, lwm2mVersion, binding, queueMode, smsNumber, otherParameters } = registration;
  return {
    id,
    address: address.key,
    lifetime,
    lwm2mVersion,
    binding,
    queueMode,
    ...(smsNumber === undefined ? {} : { smsNumber }),
    registeredAt: timeToJson(registration.registeredAt),
    updatedAt: timeToJson(registration.updatedAt),
    expiresAt: expiryOf(registration),
    ...(otherParameters === undefined ? {} : { otherParameters: { ...otherParameters } }),
  };
}

/** No Date reaches further than this; a lifetime may. */
const endOfTime = 8_640_000_000_000_000;

function expiryOf({ updatedAt, lifetime }: Registration): string {
  return timeToJson(Math.min(updatedAt + lifetime * 1000, endOfTime));
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
