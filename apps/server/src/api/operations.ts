import { formatCode } from '@yaolian/coap';
import { type JsonLink, type RouteQuery, routes } from '@yaolian/contract';
import type { Clock } from '@yaolian/kernel';
import { childPath, formatPath, type Lwm2mPath, type ObjectModel, PathLevel, pathLevel } from '@yaolian/lwm2m';
import type { ClientReference, DiscoveredLink, Lwm2mServer } from '@yaolian/lwm2m/server';
import type { Fleet } from '../fleet/fleet.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { nameOf, nodeToJson } from '../json/node.ts';
import { instanceFromCreateBody, nodeFromWriteBody, type WriteMistake } from '../json/write.ts';
import { clientFrom, contentFormatOf, optionsFrom, pathFrom } from './asked.ts';
import { agreed } from './device-failures.ts';
import { timeToJson } from './times.ts';

export interface OperationServices {
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
  readonly clock: Clock;
}

/** The device management interface: read, write, create, delete, execute, discover, attributes. */
export function addOperationRoutes(table: RouteTable, services: OperationServices): void {
  addReading(table, services);
  addWriting(table, services);
  addInstances(table, services);
  addExecuting(table, services);
}

/** The device and the path that a URL names, and the object model as that device registered it. */
async function place(services: OperationServices, params: { readonly device: string; readonly path: string }) {
  const path = pathFrom(params.path);
  const client = await clientFrom(services.fleet, params.device);
  return { client, path, model: modelOf(services.server, client) };
}

function modelOf(server: Lwm2mServer, client: ClientReference): ObjectModel {
  const model = server.modelOf(client);
  if (model) return model;
  throw new Refusal('device-not-registered');
}

function addReading(table: RouteTable, services: OperationServices): void {
  const { server, clock } = services;
  table.add(routes.readResource, async ({ params, query, signal }) => {
    const { client, path, model } = await place(services, params);
    const accept = contentFormatOf(query.format);
    const options = { ...optionsFrom(query, signal), ...(accept === undefined ? {} : { accept }) };
    const { code, node } = await agreed(server.read(client, path, options));
    return { coapCode: formatCode(code), time: timeToJson(clock.epoch()), node: nodeToJson(path, node, model) };
  });
  table.add(routes.discoverResources, async ({ params, query, signal }) => {
    const { client, path, model } = await place(services, params);
    const { code, links } = await agreed(server.discover(client, path, optionsFrom(query, signal)));
    return { coapCode: formatCode(code), links: links.map((link) => linkToJson(link, model)) };
  });
}

function linkToJson(link: DiscoveredLink, model: ObjectModel): JsonLink {
  const { path, attributes, others, ...own } = link;
  const name = nameOf(path, model);
  return {
    path: formatPath(path),
    ...(name === undefined ? {} : { name }),
    attributes: { ...textsOf(own), ...textsOf(attributes), ...Object.fromEntries(others ?? []) },
  };
}

function textsOf(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function writeOptions(query: RouteQuery<typeof routes.writeResource>, signal: AbortSignal) {
  const contentFormat = contentFormatOf(query.format);
  return { ...optionsFrom(query, signal), ...(contentFormat === undefined ? {} : { contentFormat }) };
}

function addWriting(table: RouteTable, services: OperationServices): void {
  const { server } = services;
  table.add(routes.writeResource, async ({ params, query, body, signal }) => {
    const { client, path, model } = await place(services, params);
    const node = nodeFromWriteBody(path, body, model);
    if (!node.ok) throw notFitting(node.error);
    return outcome(await agreed(server.write(client, path, node.value, writeOptions(query, signal))));
  });
  table.add(routes.updateResource, async ({ params, query, body, signal }) => {
    const { client, path, model } = await place(services, params);
    const node = nodeFromWriteBody(path, body, model);
    if (!node.ok) throw notFitting(node.error);
    return outcome(await agreed(server.update(client, path, node.value, writeOptions(query, signal))));
  });
  table.add(routes.writeAttributes, async ({ params, query, body, signal }) => {
    const { client, path } = await place(services, params);
    return outcome(await agreed(server.writeAttributes(client, path, body, optionsFrom(query, signal))));
  });
}

function addInstances(table: RouteTable, services: OperationServices): void {
  const { server } = services;
  table.add(routes.createInstance, async ({ params, query, body, signal, reply }) => {
    const { client, path, model } = await place(services, params);
    requireLevel(path, PathLevel.Object, 'an instance is created in an object: /3303, with "instanceId" in the body');
    const instance = instanceFromCreateBody(path, body, model);
    if (!instance.ok) throw notFitting(instance.error);
    const target = body.instanceId === undefined ? path : childPath(path, body.instanceId);
    const created = await agreed(server.create(client, target, instance.value, writeOptions(query, signal)));
    if (created.path === undefined) return { coapCode: formatCode(created.code) };
    const device = encodeURIComponent(params.device);
    reply.header('location', `/api/v1/devices/${device}/resources${formatPath(created.path)}`);
    return { coapCode: formatCode(created.code), path: formatPath(created.path) };
  });
  table.add(routes.deleteInstance, async ({ params, query, signal }) => {
    const { client, path } = await place(services, params);
    return outcome(await agreed(server.delete(client, path, optionsFrom(query, signal))));
  });
}

function addExecuting(table: RouteTable, services: OperationServices): void {
  table.add(routes.executeResource, async ({ params, query, body, signal }) => {
    const { client, path } = await place(services, params);
    const done = services.server.execute(client, path, body?.arguments ?? '', optionsFrom(query, signal));
    return outcome(await agreed(done));
  });
}

function outcome(done: { readonly code: number }) {
  return { coapCode: formatCode(done.code) };
}

function requireLevel(path: Lwm2mPath, level: PathLevel, right: string): void {
  if (pathLevel(path) !== level) throw new Refusal('invalid-path', { detail: `${formatPath(path)}: ${right}.` });
}

function notFitting(mistake: WriteMistake): Refusal {
  return new Refusal('invalid-value', { detail: `${mistake.where}: ${mistake.message}.`, errors: [mistake] });
}
