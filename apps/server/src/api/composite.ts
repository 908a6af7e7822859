import { formatCode } from '@yaolian/coap';
import { type JsonCompositeWriteBody, mistakeAt, routes } from '@yaolian/contract';
import type { Clock } from '@yaolian/kernel';
import { formatPath, formatPaths, type Lwm2mPath, nodeToJson as nodeToStored, type ObjectModel } from '@yaolian/lwm2m';
import type { CompositeValue, CompositeWrite, QueuedOutcome } from '@yaolian/lwm2m/server';
import type { RouteTable } from '../http/mount.ts';
import { unfit } from '../http/refusal.ts';
import { nodeToJson } from '../json/node.ts';
import { storedValueToJson } from '../json/queue.ts';
import { nodeFromWriteBody } from '../json/write.ts';
import { contentFormatOf, optionsFrom, pathFrom } from './asked.ts';
import { agreed, deviceRefused, orRefusal } from './device-failures.ts';
import { observeAttributes, observedFrom } from './observations.ts';
import { askOrQueue, type QueueingServices } from './queueing.ts';
import { timeToJson } from './times.ts';

export interface CompositeServices extends QueueingServices {
  readonly clock: Clock;
}

/** Operations on several paths at once. */
export function addCompositeRoutes(table: RouteTable, services: CompositeServices): void {
  addReading(table, services);
  addWriting(table, services);
  const { server } = services;
  table.add(routes.cancelComposite, async ({ params, query, body, signal }) => {
    const paths = body.paths.map(pathFrom);
    const client = await observedFrom(services, params.device, formatPaths(paths));
    const by = body.mode === 'passive' ? ('reset' as const) : ('request' as const);
    const answer = await orRefusal(server.cancelObservation(client, paths, { ...optionsFrom(query, signal), by }));
    if (answer === undefined) return {};
    if (!answer.ok) throw deviceRefused(answer.error);
    return { coapCode: formatCode(answer.value.code) };
  });
}

function addReading(table: RouteTable, services: CompositeServices): void {
  const { server, clock } = services;
  const waited = (outcome: QueuedOutcome, model: ObjectModel) => ({
    coapCode: formatCode(outcome.code!),
    time: timeToJson(outcome.at),
    oneByOne: false,
    values: (outcome.values ?? []).map((one) => storedValueToJson(one, model)),
  });
  table.add(routes.readComposite, async ({ params: { device }, query, body, signal }) => {
    const paths = body.paths.map(pathFrom);
    const accept = acceptOf(query.format);
    return askOrQueue(services, {
      device,
      query,
      signal,
      operation: () => ({ kind: 'read-composite', paths: paths.map(formatPath), ...accept }),
      direct: async (client, model) => {
        const options = { ...optionsFrom(query, signal), ...accept };
        const { code, values, oneByOne } = await agreed(server.readComposite(client, paths, options));
        const time = timeToJson(clock.epoch());
        return { coapCode: formatCode(code), time, oneByOne, values: values.map((one) => valueToJson(one, model)) };
      },
      answer: waited,
    });
  });
  table.add(routes.observeComposite, async ({ params: { device }, query, body, signal }) => {
    const paths = body.paths.map(pathFrom);
    const accept = { ...acceptOf(query.format), ...observeAttributes(query), standing: true };
    return askOrQueue(services, {
      device,
      query,
      signal,
      operation: () => ({ kind: 'observe-composite', paths: paths.map(formatPath), ...accept }),
      direct: async (client, model) => {
        const options = { ...optionsFrom(query, signal), ...accept };
        const answer = await agreed(server.observeComposite(client, paths, options));
        return {
          coapCode: formatCode(answer.code),
          time: timeToJson(clock.epoch()),
          oneByOne: false,
          values: answer.values.map((one) => valueToJson(one, model)),
          observing: answer.observation !== undefined,
        };
      },
      answer: (outcome, model) => ({ ...waited(outcome, model), observing: outcome.observing ?? false }),
    });
  });
}

function addWriting(table: RouteTable, services: CompositeServices): void {
  const { server } = services;
  table.add(routes.writeComposite, async ({ params: { device }, query, body, signal }) => {
    const contentFormat = contentFormatOf(query.format);
    const format = contentFormat === undefined ? {} : { contentFormat };
    return askOrQueue(services, {
      device,
      query,
      signal,
      operation: (model) => ({
        kind: 'write-composite',
        writes: writesFrom(body, model).map(({ path, node }) => ({
          path: formatPath(path),
          node: node ? nodeToStored(node) : null,
        })),
        ...format,
      }),
      direct: async (client, model) => {
        const options = { ...optionsFrom(query, signal), ...format };
        const { code } = await agreed(server.writeComposite(client, writesFrom(body, model), options));
        return { coapCode: formatCode(code) };
      },
      answer: ({ code }) => ({ coapCode: formatCode(code!) }),
    });
  });
}

/** @throws Refusal `invalid-value` */
function writesFrom({ writes }: JsonCompositeWriteBody, model: ObjectModel): readonly CompositeWrite[] {
  return writes.map(({ path: text, removed, ...body }, index) => {
    const path = pathFrom(text);
    const given = Object.keys(body).length > 0;
    if (removed && !given) return { path, node: undefined };
    const where = `body/writes/${index}`;
    if (removed) {
      throw unfit('invalid-value', [mistakeAt(where, '"removed" goes without a value', 'removed-with-value')]);
    }
    const node = nodeFromWriteBody(path, body, model);
    if (node.ok) return { path, node: node.value };
    throw unfit('invalid-value', [{ ...node.error, where: node.error.where.replace(/^body/, where) }]);
  });
}

function acceptOf(format: Parameters<typeof contentFormatOf>[0]): { readonly accept?: number } {
  const accept = contentFormatOf(format);
  return accept === undefined ? {} : { accept };
}

function valueToJson({ path, node }: CompositeValue, model: ObjectModel) {
  const text = formatPath(path as Lwm2mPath);
  return node === undefined ? { path: text } : { path: text, node: nodeToJson(path, node, model) };
}
