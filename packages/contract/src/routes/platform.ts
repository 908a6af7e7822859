import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { EventSchema, eventTypes } from '../schemas/event.ts';
import { HealthSchema, StatusSchema } from '../schemas/status.ts';

const tag = 'Platform';

export const streamEvents = defineRoute({
  id: 'streamEvents',
  method: 'GET',
  path: '/api/v1/events',
  role: 'viewer',
  tag,
  summary: 'Follow what happens, as server-sent events',
  description:
    'A comment line comes as heartbeat. With Last-Event-ID the stream goes on after that event as long as the platform ' +
    'remembers it; otherwise it begins with stream.gap. A reader that is too slow is disconnected and may resume.',
  query: Type.Object({
    device: Type.Optional(
      Type.Array(Type.String({ maxLength: 512 }), { maxItems: 100, description: 'Device keys or endpoint names' }),
    ),
    type: Type.Optional(
      Type.Array(Type.Enum([...eventTypes]), { maxItems: 100, description: 'Types of events; absent: all' }),
    ),
  }),
  headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 64 })) }),
  status: 200,
  response: EventSchema,
  responseType: 'text/event-stream',
  problems: ['too-many-streams'],
});

export const showStatus = defineRoute({
  id: 'showStatus',
  method: 'GET',
  path: '/api/v1/status',
  role: 'viewer',
  tag,
  summary: 'How the platform does',
  status: 200,
  response: StatusSchema,
  problems: [],
});

export const showHealth = defineRoute({
  id: 'showHealth',
  method: 'GET',
  path: '/health',
  role: 'anyone',
  tag,
  summary: 'Whether the platform takes requests; for load balancers and supervisors',
  status: 200,
  response: HealthSchema,
  problems: ['unavailable'],
});

export const showMetrics = defineRoute({
  id: 'showMetrics',
  method: 'GET',
  path: '/metrics',
  role: 'viewer',
  tag,
  summary: 'Metrics in the text format of Prometheus',
  description: 'Needs no token when the setting http.public-metrics is on.',
  status: 200,
  response: Type.String(),
  responseType: 'text/plain',
  problems: [],
});

export const showOpenApi = defineRoute({
  id: 'showOpenApi',
  method: 'GET',
  path: '/openapi.json',
  role: 'anyone',
  tag,
  summary: 'This document',
  status: 200,
  response: Type.Object({}, { additionalProperties: true }),
  problems: [],
});
