import { because, type JsonGroup, type JsonGroupQuery, routes } from '@yaolian/contract';
import type { DeviceGroup, DeviceGroupStore } from '@yaolian/directory';
import type { Clock } from '@yaolian/kernel';
import type { Fleet } from '../fleet/fleet.ts';
import { pageOfAll } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { filterFrom } from './device-filter.ts';
import { timeToJson } from './times.ts';

export interface GroupServices {
  readonly groups: DeviceGroupStore;
  readonly fleet: Fleet;
  readonly clock: Clock;
}

const mostGroups = 1000;

/** Groups of devices. */
export function addGroupRoutes(table: RouteTable, services: GroupServices): void {
  const { groups, fleet, clock } = services;
  table.add(routes.listGroups, async ({ query }) => {
    const page = pageOfAll(
      await groups.groups(),
      query,
      ({ name }) => name,
      (group) => groupToJson(group, groups),
    );
    return { ...page, items: await Promise.all(page.items) };
  });
  table.add(routes.addGroup, async ({ body: { name, note = '', query } }) => {
    await checkQuery(query, services);
    const group: DeviceGroup = { name, note, query, createdAt: clock.epoch() };
    if (await groups.addGroup(group, mostGroups)) return groupToJson(group, groups);
    const isTaken = (await groups.group(name)) !== undefined;
    throw new Refusal(
      'conflict',
      isTaken ? because('group-exists', { name }) : because('groups-full', { maximum: mostGroups }),
    );
  });
  table.add(routes.showGroup, async ({ params }) => groupToJson(await requireGroup(groups, params.group), groups));
  table.add(routes.changeGroup, async ({ params, body }) => {
    const known = await requireGroup(groups, params.group);
    if ((known.query === undefined) !== (body.query === undefined)) {
      throw new Refusal('conflict', because('group-kind-fixed'));
    }
    await checkQuery(body.query, services);
    const change = { note: body.note ?? known.note, query: body.query };
    if (!(await groups.changeGroup(known.name, change))) throw unknown(known.name);
    return groupToJson({ ...known, ...change }, groups);
  });
  table.add(routes.removeGroup, async ({ params }) => {
    if (!(await groups.removeGroup(params.group))) throw unknown(params.group);
  });
  table.add(routes.addGroupMembers, async ({ params, body }) => {
    await requireMembers(groups, params.group);
    const keys = await keysOf(fleet, body.devices);
    return { changed: await groups.addMembers(params.group, keys) };
  });
  table.add(routes.removeGroupMembers, async ({ params, body }) => {
    await requireMembers(groups, params.group);
    return { changed: await groups.removeMembers(params.group, await keysOf(fleet, body.devices)) };
  });
}

/** @throws Refusal `not-found` */
async function requireGroup(groups: DeviceGroupStore, name: string): Promise<DeviceGroup> {
  const group = await groups.group(name);
  if (group !== undefined) return group;
  throw unknown(name);
}

/** @throws Refusal `not-found`, `conflict` for a group that is a question */
export async function requireMembers(groups: DeviceGroupStore, name: string): Promise<void> {
  const { query } = await requireGroup(groups, name);
  if (query === undefined) return;
  throw new Refusal('conflict', because('group-asks', { name }));
}

async function checkQuery(query: JsonGroupQuery | undefined, { groups, clock }: GroupServices): Promise<void> {
  if (query !== undefined) await filterFrom(query, groups, clock);
}

async function keysOf(fleet: Fleet, names: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(names.map((name) => fleet.find(name)));
  return found.map((one, index) => {
    if (one !== undefined) return one.device.key;
    throw new Refusal('not-found', { detail: `There is no device "${names[index]}".` });
  });
}

async function groupToJson(
  { name, note, query, createdAt }: DeviceGroup,
  groups: DeviceGroupStore,
): Promise<JsonGroup> {
  const members = query === undefined ? { members: await groups.countMembers(name) } : {};
  return {
    name,
    note,
    ...(query === undefined ? {} : { query: query as JsonGroupQuery }),
    ...members,
    createdAt: timeToJson(createdAt),
  };
}

function unknown(name: string): Refusal {
  return new Refusal('not-found', { detail: `There is no group "${name}".` });
}
