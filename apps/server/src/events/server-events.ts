import { formatCode } from '@yaolian/coap';
import type { EventData, EventType } from '@yaolian/contract';
import {
  formatPath,
  type Lwm2mNode,
  type Lwm2mPath,
  nodeValues,
  type ObjectModel,
  resolveContentTime,
} from '@yaolian/lwm2m';
import type {
  ClientReference,
  Lwm2mServer,
  Lwm2mServerEvent,
  NotificationEvent,
  QueuedState,
  Registration,
  SentEvent,
} from '@yaolian/lwm2m/server';
import { timeToJson } from '../api/times.ts';
import { nodeToJson } from '../json/node.ts';
import { queuedToJson } from '../json/queue.ts';
import { type EventHub, ordinaryWeight, type PlatformEvent } from './event-hub.ts';
import { StoredEvents } from './stored-events.ts';

/** Tells the hub what happens on the DM service. */
export class ServerEventRelay {
  readonly #model: ObjectModel;
  readonly #events: StoredEvents<Lwm2mServerEvent>;
  #server: Lwm2mServer | undefined;

  constructor(hub: EventHub, model: ObjectModel) {
    this.#model = model;
    this.#events = new StoredEvents(
      hub,
      (event) => this.#eventsOf(event),
      // These come by the thousand, and mostly nobody keeps them.
      ({ type }) =>
        type === 'sent'
          ? hub.keeps('device.sent')
          : type === 'notification'
            ? hub.keeps('observation.notified')
            : hub.isKept,
    );
  }

  /** The option `onStoring` of the server. */
  get storing(): (event: Lwm2mServerEvent) => void {
    return this.#events.storing;
  }

  /** From now on, until the function that is returned has been called. */
  follow(server: Lwm2mServer): () => void {
    this.#server = server;
    return server.events.onAny(this.#events.happened);
  }

  #eventsOf(event: Lwm2mServerEvent): readonly PlatformEvent[] {
    if (event.type === 'sent') return sentEvents(event, this.#modelOf(event.registration));
    const told = toPlatformEvent(event, this.#modelOf);
    return told === undefined ? nothing : [told];
  }

  readonly #modelOf: ModelOf = (reference) => this.#server?.modelOf(reference) ?? this.#model;
}

const nothing: readonly PlatformEvent[] = [];

type ModelOf = (reference: ClientReference) => ObjectModel;

/** A request that was put back is queued again. */
const queueEventTypes = {
  queued: 'request.queued',
  sent: 'request.sent',
  done: 'request.finished',
  refused: 'request.finished',
  failed: 'request.finished',
  expired: 'request.finished',
  cancelled: 'request.finished',
} as const satisfies Record<QueuedState, EventType>;

/** What a Send holds, an event for each object instance. */
function sentEvents(event: SentEvent, model: ObjectModel): readonly PlatformEvent[] {
  const weight = Math.round(ordinaryWeight + event.payload.length / event.instances.length);
  return event.instances.map((path, i) => {
    const data = () => ({
      path: formatPath(path),
      values: event.values[i]!.values.map(({ time, node }) => ({
        ...(time === undefined ? {} : { time: timeToJson(resolveContentTime(time, event.time)) }),
        node: nodeToJson(path, node, model),
      })),
    });
    return of(event, 'device.sent', data, weight);
  });
}

/** Undefined for what another event tells too. */
function toPlatformEvent(event: Lwm2mServerEvent, modelOf: ModelOf): PlatformEvent | undefined {
  switch (event.type) {
    case 'registered': {
      const { registration, replaced } = event;
      return of(event, 'device.registered', () => ({
        address: registration.address.key,
        lifetime: registration.lifetime,
        lwm2mVersion: registration.lwm2mVersion,
        binding: registration.binding,
        replaced: replaced !== undefined,
      }));
    }
    case 'updated': {
      const { registration, previous } = event;
      return of(event, 'device.updated', () => ({
        address: registration.address.key,
        lifetime: registration.lifetime,
        addressChanged: registration.address.key !== previous.address.key,
        linksChanged: registration.objectLinks !== previous.objectLinks,
      }));
    }
    case 'deregistered':
      return of(event, 'device.deregistered', () => ({ address: event.registration.address.key }));
    case 'expired':
      return of(event, 'device.expired', () => ({}));
    case 'refused':
      return {
        type: 'device.refused',
        time: event.time,
        endpoint: event.endpoint,
        data: () => ({
          address: event.address.key,
          request: event.request,
          coapCode: formatCode(event.code),
          reason: event.message,
          code: event.reason,
        }),
      };
    case 'operation-completed':
      return of(event, 'operation.completed', () => ({
        operation: event.operation,
        path: event.path,
        ...(event.code === undefined ? {} : { coapCode: formatCode(event.code) }),
        ...(event.error === undefined ? {} : { error: event.error }),
        duration: Math.round(event.duration),
      }));
    case 'observation-started':
      return of(event, 'observation.started', () => ({ path: event.observation.path }));
    case 'observation-ended':
      return of(event, 'observation.ended', () => ({
        path: event.observation.path,
        reason: event.reason,
        ...(event.stands ? { waiting: true } : {}),
      }));
    case 'notification':
      return notified(event, modelOf(event.registration));
    case 'queue-changed': {
      const { request } = event;
      const known = modelOf({ deviceKey: request.deviceKey });
      const type = queueEventTypes[request.state];
      return { type, time: event.time, device: request.deviceKey, data: () => queuedToJson(request, known) };
    }
    case 'sent':
      return undefined; // told instance by instance
    case 'notification-malformed':
      return of(event, 'observation.malformed', () => ({ path: event.observation.path, reason: event.message }));
    default:
      return undefined; // `replaced` is in `registered`, `address-changed` in `updated`
  }
}

function notified(event: NotificationEvent, model: ObjectModel): PlatformEvent {
  const { path, node } = event;
  const data = () => ({ path: formatPath(path), node: nodeToJson(path, node, model) });
  return of(event, 'observation.notified', data, weightOf(path, node));
}

/** Bytes of memory that a notification keeps, roughly. */
function weightOf(path: Lwm2mPath, node: Lwm2mNode): number {
  let bytes = ordinaryWeight;
  for (const { value } of nodeValues(path, node)) {
    if (typeof value === 'string') bytes += 2 * value.length;
    else if (value instanceof Uint8Array) bytes += value.length;
    bytes += 100;
  }
  return bytes;
}

function of<T extends EventType>(
  event: { readonly time: number; readonly registration: Registration },
  type: T,
  data: () => EventData<T>,
  weight = ordinaryWeight,
): PlatformEvent {
  const { deviceKey, endpoint } = event.registration;
  return { type, time: event.time, device: deviceKey, endpoint, data: data as () => EventData<EventType>, weight };
}
