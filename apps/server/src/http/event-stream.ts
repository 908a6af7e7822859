import { because, type EventType, type Role, routes } from '@yaolian/contract';
import { seconds, type Timer, type Timers } from '@yaolian/kernel';
import type { FastifyReply } from 'fastify';
import type { EventFilter, EventHub, EventSink, NoRoom } from '../events/event-hub.ts';
import type { CredentialHeaders } from './authentication.ts';
import type { RouteRequest, RouteTable } from './mount.ts';
import { Refusal } from './refusal.ts';

export interface EventStreamServices {
  readonly hub: EventHub;
  readonly timers: Timers;
  /** Asked from time to time: a stream ends with the token that opened it. */
  readonly isStillGood: (headers: CredentialHeaders, role: Role) => Promise<boolean>;
}

const recheckInterval = seconds(30);

/** GET /events: server-sent events, written straight to the socket. */
export function addEventStream(table: RouteTable, services: EventStreamServices): void {
  table.add(routes.streamEvents, (request) => {
    stream(request, services);
    return undefined as never; // the reply is ours now
  });
}

function stream(request: RouteRequest<typeof routes.streamEvents>, services: EventStreamServices): void {
  const { hub } = services;
  if (hasLeft(request.reply)) return;
  const { raw } = request.reply;
  const begin = () => beginEventStream(request.reply);
  const sink: EventSink = {
    write(text) {
      if (!raw.headersSent) begin();
      raw.write(text);
    },
    pending: () => raw.writableLength,
    // Ending would wait for a reader that does not read.
    end: () => (raw.writableLength > 0 ? raw.destroy() : raw.end()),
  };
  const start = { lastEventId: lastEventId(request), last: request.query.last, operator: request.actor?.operator };
  const unsubscribe = hub.subscribe(filterOf(request), sink, start);
  if (typeof unsubscribe === 'string') throw noRoom(unsubscribe, hub);
  if (request.query.follow === false) {
    unsubscribe();
    raw.end();
    return;
  }
  const { timers, isStillGood } = services;
  const isGood = (headers: CredentialHeaders) => isStillGood(headers, routes.streamEvents.role);
  const stopChecking = endWithToken(request, { timers, isStillGood: isGood }, () => {
    unsubscribe();
    sink.end();
  });
  const leave = () => {
    unsubscribe();
    stopChecking();
  };
  raw.on('close', leave);
  raw.on('error', leave);
}

function noRoom(why: NoRoom, { maxReadersPerOperator: maximum }: EventHub): Refusal {
  return new Refusal('too-many-streams', why === 'all-taken' ? {} : because('own-streams', { maximum }));
}

/**
 * Whether the reader of a stream that is to begin has left already, while its token was looked up say: it would never be heard to
 * leave, and keep its place for ever. The reply is taken over then.
 */
export function hasLeft(reply: FastifyReply): boolean {
  if (!reply.raw.destroyed) return false;
  reply.hijack();
  return true;
}

/** Takes the reply over and sends the head of an event stream. */
export function beginEventStream(reply: FastifyReply): void {
  reply.hijack();
  const headers = reply.getHeaders() as Record<string, string>;
  reply.raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
}

/** Calls `end` when the token is no longer good. Returns what stops asking. */
export function endWithToken(
  request: Pick<RouteRequest<typeof routes.streamEvents>, 'headers'>,
  {
    timers,
    isStillGood,
  }: { readonly timers: Timers; readonly isStillGood: (headers: CredentialHeaders) => Promise<boolean> },
  end: () => void,
): () => void {
  const headers = request.headers as CredentialHeaders;
  let timer: Timer;
  let isOver = false;
  const later = () => {
    if (isOver) return; // it ended while the store was asked
    timer = timers.schedule(recheckInterval, () => {
      // A store that cannot be asked now can be asked later.
      isStillGood(headers).then((isGood) => (isGood || isOver ? later() : end()), later);
    });
  };
  later();
  return () => {
    isOver = true;
    timer.cancel();
  };
}

function filterOf(request: RouteRequest<typeof routes.streamEvents>): EventFilter {
  const { device, type } = request.query;
  return {
    ...(device === undefined ? {} : { devices: new Set(device) }),
    ...(type === undefined ? {} : { types: new Set<EventType>(type) }),
  };
}

function lastEventId(request: RouteRequest<typeof routes.streamEvents>): string | undefined {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}
