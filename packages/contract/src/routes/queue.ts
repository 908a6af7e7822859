import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import { QueuedRequestSchema, queuedStates } from '../schemas/queue.ts';

const tag = 'Queue';
const params = Type.Object({ id: Type.Integer({ minimum: 1, description: 'The id of the request' }) });

export const listQueue = defineRoute({
  id: 'listQueue',
  method: 'GET',
  path: '/api/v1/queue',
  role: 'viewer',
  tag,
  summary: 'List requests for devices that sleep: those that wait, and for a day those that did',
  query: Type.Object({
    device: Type.Optional(Type.String({ maxLength: 512, description: 'Only those for this device' })),
    state: Type.Optional(
      Type.Union([Type.Enum([...queuedStates]), Type.Array(Type.Enum([...queuedStates]))], {
        description: 'Only those in these states; absent: all',
      }),
    ),
    ...PageQuery,
  }),
  status: 200,
  response: pageOf(QueuedRequestSchema),
  problems: ['invalid-cursor', 'device-unknown'],
});

export const showQueued = defineRoute({
  id: 'showQueued',
  method: 'GET',
  path: '/api/v1/queue/{id}',
  role: 'viewer',
  tag,
  summary: 'Show a request, and its outcome once there is one',
  params,
  query: Type.Object({
    wait: Type.Optional(
      Type.String({
        pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
        maxLength: 32,
        description: 'How long to wait for its outcome; absent: not at all',
        examples: ['30s'],
      }),
    ),
  }),
  status: 200,
  response: QueuedRequestSchema,
  tagged: [],
  problems: ['not-found'],
});

export const cancelQueued = defineRoute({
  id: 'cancelQueued',
  method: 'DELETE',
  path: '/api/v1/queue/{id}',
  role: 'operator',
  tag,
  summary: 'Take a request back that waits',
  params,
  status: 200,
  response: QueuedRequestSchema,
  problems: ['not-found', 'conflict'],
});
