import { formatCode } from '@yaolian/coap';
import { type JsonObservation, routes } from '@yaolian/contract';
import type { Clock } from '@yaolian/kernel';
import {
  formatPath,
  type NotificationAttributes,
  notificationAttributeNames,
  type ObjectModel,
  parsePath,
} from '@yaolian/lwm2m';
import type { ClientReference, Lwm2mServer, ObservationRecord } from '@yaolian/lwm2m/server';
import type { Fleet } from '../fleet/fleet.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { nameOf, nodeToJson } from '../json/node.ts';
import { storedNodeToJson } from '../json/queue.ts';
import { clientFrom, contentFormatOf, formatOf, optionsFrom, pathFrom } from './asked.ts';
import { agreed, deviceRefused, orRefusal } from './device-failures.ts';
import { askOrQueue } from './queueing.ts';
import { timeToJson } from './times.ts';

export interface ObservationServices {
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
  readonly model: ObjectModel;
  readonly clock: Clock;
}

/** The information reporting interface: observe and cancel. What devices notify arrives as events. */
export function addObservationRoutes(table: RouteTable, services: ObservationServices): void {
  const { fleet, server, model, clock } = services;
  table.add(routes.listObservations, async ({ params }) => {
    const registration = fleet.registration(params.device);
    const waiting = (key: string) => server.waitingObservations(key).map((one) => toJson(one, model, 'waiting'));
    if (registration) {
      const active = server.observations(registration).map((record) => toJson(record, model));
      return { items: [...active, ...waiting(registration.deviceKey)] };
    }
    const door = fleet.doorOf(params.device);
    if (door !== undefined) {
      const observed = door.observations(params.device);
      const state = door.stateOf(params.device) === 'ONLINE' ? 'active' : 'waiting';
      return { items: observed.map(({ path, startedAt }) => toJson({ path, createdAt: startedAt }, model, state)) };
    }
    const known = await fleet.find(params.device);
    if (known) return { items: waiting(known.device.key) };
    throw new Refusal('device-unknown', { detail: `There is no device "${params.device}".` });
  });
  table.add(routes.startObservation, async ({ params, query, signal }) => {
    const path = pathFrom(params.path);
    const accept = contentFormatOf(query.format);
    const format = { ...(accept === undefined ? {} : { accept }), ...observeAttributes(query), standing: true };
    const answered = await askOrQueue(services, {
      device: params.device,
      query,
      signal,
      operation: () => ({ kind: 'observe', path: formatPath(path), ...format }),
      direct: async (client, known) => {
        const options = { ...optionsFrom(query, signal), ...format };
        const { code, node, observation } = await agreed(server.observe(client, path, options));
        return {
          coapCode: formatCode(code),
          observing: observation !== undefined,
          time: timeToJson(clock.epoch()),
          node: nodeToJson(path, node, known),
        };
      },
      answer: ({ code, at, node, observing = false }, known) => ({
        coapCode: formatCode(code!),
        observing,
        time: timeToJson(at),
        node: storedNodeToJson(formatPath(path), node!, known)!,
      }),
    });
    await fleet.doorOf(params.device)?.keepObserving(params.device, formatPath(path));
    return answered;
  });
  table.add(routes.cancelObservation, async ({ params, query, signal }) => {
    const path = pathFrom(params.path);
    const door = fleet.doorOf(params.device);
    if (door !== undefined) {
      if (await door.cancel(params.device, formatPath(path))) return {};
      throw new Refusal('not-found', { detail: `${formatPath(path)} is not observed.` });
    }
    const client = await observedFrom(services, params.device, formatPath(path));
    const by = query.mode === 'passive' ? ('reset' as const) : ('request' as const);
    const answer = await orRefusal(server.cancelObservation(client, path, { ...optionsFrom(query, signal), by }));
    if (answer === undefined) return {}; // the device was not told
    if (!answer.ok) throw deviceRefused(answer.error);
    return { coapCode: formatCode(answer.value.code) };
  });
}

/**
 * The device that is observed. It need not be registered where the observation waits for that.
 * @throws Refusal
 */
export async function observedFrom(
  { fleet, server }: Pick<ObservationServices, 'fleet' | 'server'>,
  device: string,
  path: string,
): Promise<ClientReference> {
  const known = fleet.registration(device) ? undefined : await fleet.find(device);
  const key = known?.device.key;
  if (key !== undefined && server.waitingObservations(key).some((one) => one.path === path)) return { deviceKey: key };
  // Nothing is observed of a device that is away but what waits.
  if (key !== undefined) throw new Refusal('not-found', { detail: `${path} is not observed.` });
  return clientFrom(fleet, device);
}

/** The attributes in the query of a route that observes. */
export function observeAttributes(query: NotificationAttributes): { readonly attributes?: NotificationAttributes } {
  const given = notificationAttributeNames.filter((name) => query[name] !== undefined);
  if (given.length === 0) return {};
  return { attributes: Object.fromEntries(given.map((name) => [name, query[name]])) };
}

function toJson(
  record: Pick<ObservationRecord, 'path' | 'createdAt'> & Partial<ObservationRecord>,
  model: ObjectModel,
  state: JsonObservation['state'] = 'active',
): JsonObservation {
  const path = parsePath(record.path);
  const name = path.ok ? nameOf(path.value, model) : undefined;
  const format = formatOf(record.accept);
  return {
    path: record.path,
    state,
    ...(record.composite ? { composite: true } : {}),
    ...(name === undefined ? {} : { name }),
    ...(format === undefined ? {} : { format }),
    startedAt: timeToJson(record.createdAt),
  };
}
