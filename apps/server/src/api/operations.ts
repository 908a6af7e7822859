import { formatCode } from '@yaolian/coap';
import { type FieldMistake, type JsonLink, type JsonWriteBody, type RouteQuery, routes } from '@yaolian/contract';
import type { Clock } from '@yaolian/kernel';
import {
  childPath,
  formatPath,
  type Lwm2mPath,
  nodeToJson as nodeToStored,
  type ObjectModel,
  PathLevel,
  parsePath,
  pathLevel,
} from '@yaolian/lwm2m';
import type { DiscoveredLink, QueuedOutcome } from '@yaolian/lwm2m/server';
import type { RouteTable } from '../http/mount.ts';
import { Refusal, unfit } from '../http/refusal.ts';
import { nameOf, nodeToJson } from '../json/node.ts';
import { storedNodeToJson } from '../json/queue.ts';
import { instanceFromCreateBody, nodeFromWriteBody } from '../json/write.ts';
import { contentFormatOf, optionsFrom, pathFrom } from './asked.ts';
import { agreed } from './device-failures.ts';
import { askOrQueue, type QueueingServices } from './queueing.ts';
import { timeToJson } from './times.ts';

export interface OperationServices extends QueueingServices {
  readonly clock: Clock;
}

/** The device management interface: read, write, create, delete, execute, discover, attributes. */
export function addOperationRoutes(table: RouteTable, services: OperationServices): void {
  addReading(table, services);
  addWriting(table, services);
  addInstances(table, services);
  addExecuting(table, services);
}

type Asked = {
  readonly params: { readonly device: string; readonly path: string };
  readonly query: RouteQuery<typeof routes.writeResource>;
  readonly signal: AbortSignal;
};

/** What is the same for every operation: where it goes, and what the query says of devices that sleep. */
function placeOf({ params, query, signal }: Asked) {
  return { device: params.device, query, signal };
}

function addReading(table: RouteTable, services: OperationServices): void {
  const { server, clock } = services;
  table.add(routes.readResource, async (asked) => {
    const { query, signal } = asked;
    const path = pathFrom(asked.params.path);
    const accept = contentFormatOf(query.format);
    const format = accept === undefined ? {} : { accept };
    return askOrQueue(services, {
      ...placeOf(asked),
      operation: () => ({ kind: 'read', path: formatPath(path), ...format }),
      direct: async (client, model) => {
        const { code, node } = await agreed(server.read(client, path, { ...optionsFrom(query, signal), ...format }));
        return { coapCode: formatCode(code), time: timeToJson(clock.epoch()), node: nodeToJson(path, node, model) };
      },
      answer: ({ code, at, node }, model) => ({
        coapCode: formatCode(code!),
        time: timeToJson(at),
        node: storedNodeToJson(formatPath(path), node!, model)!,
      }),
    });
  });
  table.add(routes.discoverResources, async (asked) => {
    const { query, signal } = asked;
    const path = pathFrom(asked.params.path);
    const depth = query.depth === undefined ? {} : { depth: query.depth as 0 | 1 | 2 | 3 };
    return askOrQueue(services, {
      ...placeOf(asked),
      operation: () => ({ kind: 'discover', path: formatPath(path), ...depth }),
      direct: async (client, model) => {
        const { code, links } = await agreed(
          server.discover(client, path, { ...optionsFrom(query, signal), ...depth }),
        );
        return { coapCode: formatCode(code), links: links.map((link) => linkToJson(link, model)) };
      },
      answer: ({ code, links = [] }, model) => ({
        coapCode: formatCode(code!),
        links: links.map((link) => namedLink(link.path, { ...link.attributes }, model)),
      }),
    });
  });
}

function linkToJson(link: DiscoveredLink, model: ObjectModel): JsonLink {
  const { path, attributes, others, ...own } = link;
  const texts = { ...textsOf(own), ...textsOf(attributes), ...Object.fromEntries(others ?? []) };
  return namedLink(formatPath(path), texts, model);
}

function textsOf(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function namedLink(path: string, attributes: Record<string, string>, model: ObjectModel): JsonLink {
  const parsed = parsePath(path);
  const name = parsed.ok ? nameOf(parsed.value, model) : undefined;
  return { path, ...(name === undefined ? {} : { name }), attributes };
}

function writeOptions({ query, signal }: Asked) {
  return { ...optionsFrom(query, signal), ...formatOf(query) };
}

function formatOf(query: Asked['query']): { readonly contentFormat?: number } {
  const contentFormat = contentFormatOf(query.format);
  return contentFormat === undefined ? {} : { contentFormat };
}

function addWriting(table: RouteTable, services: OperationServices): void {
  const { server } = services;
  const write = (asked: Asked & { readonly body: JsonWriteBody }, kind: 'write' | 'update') => {
    const path = pathFrom(asked.params.path);
    const nodeFor = (model: ObjectModel) => {
      const node = nodeFromWriteBody(path, asked.body, model);
      if (node.ok) return node.value;
      throw notFitting(node.error);
    };
    return askOrQueue(services, {
      ...placeOf(asked),
      operation: (model) => ({
        kind,
        path: formatPath(path),
        node: nodeToStored(nodeFor(model)),
        ...formatOf(asked.query),
      }),
      direct: async (client, model) => {
        const done = kind === 'write' ? server.write.bind(server) : server.update.bind(server);
        return outcome(await agreed(done(client, path, nodeFor(model), writeOptions(asked))));
      },
      answer: waitedOutcome,
    });
  };
  table.add(routes.writeResource, (asked) => write(asked, 'write'));
  table.add(routes.updateResource, (asked) => write(asked, 'update'));
  table.add(routes.writeAttributes, async (asked) => {
    const { query, body, signal } = asked;
    const path = pathFrom(asked.params.path);
    return askOrQueue(services, {
      ...placeOf(asked),
      operation: () => ({ kind: 'write-attributes', path: formatPath(path), attributes: body }),
      direct: async (client) =>
        outcome(await agreed(server.writeAttributes(client, path, body, optionsFrom(query, signal)))),
      answer: waitedOutcome,
    });
  });
}

function addInstances(table: RouteTable, services: OperationServices): void {
  const { server } = services;
  table.add(routes.createInstance, async (asked) => {
    const { body, params, reply } = asked;
    const path = pathFrom(params.path);
    requireLevel(path, PathLevel.Object, 'an instance is created in an object: /3303, with "instanceId" in the body');
    const target = body.instanceId === undefined ? path : childPath(path, body.instanceId);
    const instanceFor = (model: ObjectModel) => {
      const instance = instanceFromCreateBody(path, body, model);
      if (instance.ok) return instance.value;
      throw notFitting(instance.error);
    };
    const created = (code: number, at: string | undefined) => {
      if (at === undefined) return { coapCode: formatCode(code) };
      reply.header('location', `/api/v1/devices/${encodeURIComponent(params.device)}/resources${at}`);
      return { coapCode: formatCode(code), path: at };
    };
    return askOrQueue(services, {
      ...placeOf(asked),
      operation: (model) => ({
        kind: 'create',
        path: formatPath(target),
        node: nodeToStored(instanceFor(model)),
        ...formatOf(asked.query),
      }),
      direct: async (client, model) => {
        const answer = await agreed(server.create(client, target, instanceFor(model), writeOptions(asked)));
        return created(answer.code, answer.path && formatPath(answer.path));
      },
      answer: (waited) => created(waited.code!, waited.path),
    });
  });
  table.add(routes.deleteInstance, async (asked) => {
    const path = pathFrom(asked.params.path);
    return askOrQueue(services, {
      ...placeOf(asked),
      operation: () => ({ kind: 'delete', path: formatPath(path) }),
      direct: async (client) =>
        outcome(await agreed(server.delete(client, path, optionsFrom(asked.query, asked.signal)))),
      answer: waitedOutcome,
    });
  });
}

function addExecuting(table: RouteTable, services: OperationServices): void {
  table.add(routes.executeResource, async (asked) => {
    const path = pathFrom(asked.params.path);
    const args = asked.body?.arguments ?? '';
    return askOrQueue(services, {
      ...placeOf(asked),
      operation: () => ({ kind: 'execute', path: formatPath(path), ...(args === '' ? {} : { arguments: args }) }),
      direct: async (client) => {
        const done = services.server.execute(client, path, args, optionsFrom(asked.query, asked.signal));
        return outcome(await agreed(done));
      },
      answer: waitedOutcome,
    });
  });
  // OMA-TS-LightweightM2M_Core 1.1 §6.1.5: the Bootstrap-Request Trigger makes the terminal de-register and ask.
  table.add(routes.triggerBootstrap, async (asked) => {
    const { device } = asked.params;
    const registration = services.fleet.registration(device);
    const listed = registration && services.server.objectLinks(registration)?.objects.get(1)?.instances[0];
    const instanceId = asked.query.instance ?? listed ?? 0;
    const path: Lwm2mPath = { objectId: 1, objectInstanceId: instanceId, resourceId: 9 };
    return askOrQueue(services, {
      device,
      query: asked.query,
      signal: asked.signal,
      operation: () => ({ kind: 'execute', path: formatPath(path) }),
      direct: async (client) =>
        outcome(await agreed(services.server.execute(client, path, '', optionsFrom(asked.query, asked.signal)))),
      answer: waitedOutcome,
    });
  });
}

function outcome(done: { readonly code: number }) {
  return { coapCode: formatCode(done.code) };
}

function waitedOutcome({ code }: QueuedOutcome) {
  return { coapCode: formatCode(code!) };
}

function requireLevel(path: Lwm2mPath, level: PathLevel, right: string): void {
  if (pathLevel(path) !== level) throw new Refusal('invalid-path', { detail: `${formatPath(path)}: ${right}.` });
}

function notFitting(mistake: FieldMistake): Refusal {
  return unfit('invalid-value', [mistake]);
}
