import { type EventType, routes } from '@yaolian/contract';
import type { EventFilter, EventHub, EventSink } from '../events/event-hub.ts';
import type { RouteRequest, RouteTable } from './mount.ts';
import { Refusal } from './refusal.ts';

/** GET /events: server-sent events, written straight to the socket. */
export function addEventStream(table: RouteTable, hub: EventHub): void {
  table.add(routes.streamEvents, (request) => {
    stream(request, hub);
    return undefined as never; // the reply is ours now
  });
}

function stream(request: RouteRequest<typeof routes.streamEvents>, hub: EventHub): void {
  const { raw } = request.reply;
  const begin = () => {
    request.reply.hijack();
    const headers = request.reply.getHeaders() as Record<string, string>;
    raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  };
  const sink: EventSink = {
    write(text) {
      if (!raw.headersSent) begin();
      raw.write(text);
    },
    pending: () => raw.writableLength,
    // Ending would wait for a reader that does not read.
    end: () => (raw.writableLength > 0 ? raw.destroy() : raw.end()),
  };
  const unsubscribe = hub.subscribe(filterOf(request), sink, lastEventId(request));
  if (unsubscribe === undefined) throw new Refusal('too-many-streams');
  raw.on('close', unsubscribe);
  raw.on('error', unsubscribe);
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
