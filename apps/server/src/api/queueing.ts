import { because, type RouteQuery, type routes } from '@yaolian/contract';
import { type Duration, parseDuration, toMilliseconds } from '@yaolian/kernel';
import type { ObjectModel } from '@yaolian/lwm2m';
import {
  type ClientReference,
  isRepeatable,
  type Lwm2mServer,
  type QueuedOperation,
  type QueuedOutcome,
  type QueuedRequest,
  type RequestQueue,
} from '@yaolian/lwm2m/server';
import type { Fleet } from '../fleet/fleet.ts';
import { Accepted } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { queuedToJson } from '../json/queue.ts';
import { clientFrom } from './asked.ts';
import { deviceRefused, orRefusal, refusalOfError } from './device-failures.ts';

export interface QueueingServices {
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
  /** The object model for devices that are away. */
  readonly model: ObjectModel;
}

/** What the query of an operation says about devices that do not listen. */
type QueueQuery = Pick<RouteQuery<typeof routes.deleteInstance>, 'queue' | 'expires' | 'wait' | 'unchecked'>;

export interface QueueableRequest<T> {
  readonly device: string;
  readonly query: QueueQuery;
  /** The account that asks, which has to be permitted to when the device wakes up too. Absent: an operator. */
  readonly asker?: string;
  readonly signal: AbortSignal;
  /** The operation as it is kept. */
  readonly operation: (model: ObjectModel) => QueuedOperation;
  /** Asks the device now. */
  readonly direct: (client: ClientReference, model: ObjectModel) => Promise<T>;
  /** The answer of the route for an operation that waited and is done. */
  readonly answer: (outcome: QueuedOutcome, model: ObjectModel) => T;
}

/**
 * Asks a device now if it listens and nothing else waits for it; otherwise, and when one in queue mode turns out to sleep, keeps the
 * request until it is heard, and waits as long as the caller wants.
 * @throws Refusal
 */
export async function askOrQueue<T>(services: QueueingServices, request: QueueableRequest<T>): Promise<T | Accepted> {
  const { fleet, server, model } = services;
  const { device, query, signal } = request;
  const mode = query.queue ?? 'auto';
  const door = fleet.doorOf(device);
  if (door !== undefined) {
    return request.answer(await door.carryOut(device, request.operation(model), model, signal), model);
  }
  const found = queuedDevice(services, device, mode);
  const queued = found instanceof Promise ? await found : found;
  if (queued !== undefined) return keep(services, request, queued);
  const registration = fleet.registration(device);
  const client = registration ? { deviceKey: registration.deviceKey } : await clientFrom(fleet, device);
  try {
    return await request.direct(client, server.modelOf(client) ?? model);
  } catch (error) {
    const sleeper = mode === 'auto' ? fellAsleep(services, request, error) : undefined;
    if (sleeper === undefined) throw error;
    return keep(services, request, sleeper);
  }
}

/**
 * The key of a device in queue mode that did not answer though it was thought to listen: its own window may be shorter than ours. What
 * may have been done, and is not to be done twice, is not asked again.
 */
function fellAsleep<T>(
  { fleet, server, model }: QueueingServices,
  { device, operation }: QueueableRequest<T>,
  error: unknown,
): string | undefined {
  const code = error instanceof Refusal ? error.problem.code : undefined;
  const isUnanswered = code === 'device-asleep' || (code === 'device-timeout' && isRepeatable(operation(model)));
  const registration = isUnanswered && server.queue ? fleet.registration(device) : undefined;
  return registration?.queueMode ? registration.deviceKey : undefined;
}

/** Puts a request in the queue, and waits for its outcome as long as the caller wants. */
async function keep<T>(
  { server, model }: QueueingServices,
  request: QueueableRequest<T>,
  deviceKey: string,
): Promise<T | Accepted> {
  const { query, signal, asker } = request;
  const known = server.modelOf({ deviceKey }) ?? model;
  const queue = server.queue!;
  const expiry = query.expires === undefined ? {} : { expiry: parseDuration(query.expires) };
  const options = { ...expiry, unchecked: query.unchecked ?? false, ...(asker !== undefined && { asker }) };
  const taken = await orRefusal(queue.submit(deviceKey, request.operation(known), options));
  const wait = query.wait === undefined ? undefined : parseDuration(query.wait);
  const latest = await outcomeWithin(queue, taken, wait, signal);
  if (latest.state === 'done') return request.answer(latest.outcome!, known);
  throwUnlessWaiting(latest);
  return new Accepted(`/api/v1/queue/${latest.id}`, queuedToJson(latest, known));
}

/** The key of a device whose requests are to be queued now; undefined: it is to be asked at once. */
async function queuedDevice(
  { fleet, server }: QueueingServices,
  device: string,
  mode: NonNullable<QueueQuery['queue']>,
): Promise<string | undefined> {
  if (mode === 'never' || !server.queue) return undefined;
  const registration = fleet.registration(device);
  if (!registration) return mode === 'always' ? (await fleet.find(device))?.device.key : undefined;
  const { deviceKey } = registration;
  if (mode === 'always') return deviceKey;
  const mustWait = !server.isAwake({ deviceKey }) || server.queue.pending(deviceKey).length > 0;
  return mustWait ? deviceKey : undefined;
}

/** The request as it is when its outcome is known, or when the time is over. */
export async function outcomeWithin(
  queue: RequestQueue,
  request: QueuedRequest,
  wait: Duration | undefined,
  signal: AbortSignal,
): Promise<QueuedRequest> {
  if (wait === undefined) return request;
  const patience = AbortSignal.timeout(toMilliseconds(wait));
  try {
    return (await queue.finished(request.id, AbortSignal.any([signal, patience]))) ?? request;
  } catch {
    return (await queue.find(request.id)) ?? request; // not finished in time: that is what the caller is told
  }
}

/** @throws Refusal for a request that came to nothing */
function throwUnlessWaiting({ state, outcome, id }: QueuedRequest): void {
  switch (state) {
    case 'refused':
      throw deviceRefused({ code: outcome!.code as never, diagnostic: outcome!.message ?? '' });
    case 'failed': {
      const detail = `${outcome?.message ?? 'The request failed'}.`;
      throw refusalOfError(outcome?.error, detail) ?? new Refusal('internal-error', { detail });
    }
    case 'expired':
      throw new Refusal('device-timeout', { detail: `The device was not heard before request ${id} expired.` });
    case 'cancelled':
      throw new Refusal('conflict', because('request-cancelled', { id }));
  }
}
