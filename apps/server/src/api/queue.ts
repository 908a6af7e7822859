import { because, routes } from '@yaolian/contract';
import type { TokenDescription } from '@yaolian/directory';
import { parseDuration } from '@yaolian/kernel';
import type { QueuedRequest, QueuedState } from '@yaolian/lwm2m/server';
import { decodeCursor, pageFrom } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { queuedToJson, queuedWithAsked } from '../json/queue.ts';
import { outcomeWithin, type QueueingServices } from './queueing.ts';

/** Requests that wait for devices that sleep. */
export function addQueueRoutes(table: RouteTable, services: QueueingServices): void {
  const { fleet, server, model } = services;
  const queue = server.queue;
  if (!queue) return;
  /** A value on its way may be a password: who only looks is not told. */
  const jsonFor = (actor: TokenDescription | undefined) => (request: QueuedRequest) => {
    const toJson = actor?.role === 'viewer' ? queuedToJson : queuedWithAsked;
    return toJson(request, server.modelOf({ deviceKey: request.deviceKey }) ?? model);
  };
  table.add(routes.listQueue, async ({ query: { device, state, cursor, limit = 100 }, actor }) => {
    const after = decodeCursor(cursor);
    const found = await queue.list({
      ...(device === undefined ? {} : { deviceKey: await keyOf(device) }),
      ...(state === undefined ? {} : { states: [state].flat() as QueuedState[] }),
      ...(after === undefined ? {} : { after: Number(after) }),
      limit: limit + 1,
    });
    return pageFrom(found, limit, ({ id }) => String(id), jsonFor(actor));
  });
  table.add(routes.showQueued, async ({ params, query, signal, actor }) => {
    const found = await queue.find(params.id);
    if (!found) throw notFound(params.id);
    const wait = query.wait === undefined ? undefined : parseDuration(query.wait);
    return jsonFor(actor)(await outcomeWithin(queue, found, wait, signal));
  });
  table.add(routes.cancelQueued, async ({ params, actor }) => {
    const found = await queue.find(params.id);
    if (!found) throw notFound(params.id);
    const cancelled = await queue.cancel(params.id);
    if (cancelled) return jsonFor(actor)(cancelled);
    const now = (await queue.find(params.id)) ?? found;
    const detail = `Request ${params.id} does not wait any more: it is ${now.state}.`;
    throw new Refusal('conflict', { ...because('request-not-waiting', { id: params.id }), detail });
  });

  async function keyOf(device: string): Promise<string> {
    const key = fleet.registration(device)?.deviceKey ?? (await fleet.find(device))?.device.key;
    if (key !== undefined) return key;
    throw new Refusal('device-unknown', { detail: `There is no device "${device}".` });
  }
}

function notFound(id: number): Refusal {
  return new Refusal('not-found', { detail: `There is no request ${id}, or it was finished more than a day ago.` });
}
