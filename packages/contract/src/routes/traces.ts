import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DurationSchema } from '../schemas/basic.ts';
import {
  FollowedMessageSchema,
  TraceMessageDetailSchema,
  TraceMessageSchema,
  TraceSchema,
  traceDirections,
} from '../schemas/trace.ts';

const tag = 'Message trace';
const params = Type.Object({
  subject: Type.String({
    minLength: 1,
    maxLength: 512,
    description: 'The device key or endpoint name, percent-encoded; "*": everything, unknown senders included',
  }),
});

const filter = {
  direction: Type.Optional(Type.Enum([...traceDirections])),
  device: Type.Optional(Type.String({ maxLength: 512, description: 'Only of this endpoint name' })),
  unknown: Type.Optional(Type.Boolean({ description: 'true: only of senders that nobody is registered at' })),
  search: Type.Optional(
    Type.String({ maxLength: 200, description: 'Part of the title, note, path name or address, in any case' }),
  ),
};

export const listTraces = defineRoute({
  id: 'listTraces',
  method: 'GET',
  path: '/api/v1/traces',
  role: 'operator',
  tag,
  summary: 'List the traces that are recorded or kept',
  status: 200,
  response: Type.Object({ items: Type.Array(TraceSchema) }),
  problems: [],
});

export const startTrace = defineRoute({
  id: 'startTrace',
  method: 'PUT',
  path: '/api/v1/traces/{subject}',
  role: 'operator',
  tag,
  summary: 'Record the messages of a device, or let a trace go on for longer',
  description:
    'The newest messages are kept in memory, as many as the settings trace.max-messages and trace.max-memory allow. What ' +
    'bootstrap writes to Security objects is zeroed: keys are shown to nobody.',
  params,
  body: Type.Object({ duration: Type.Optional(DurationSchema) }, { additionalProperties: false }),
  bodyOptional: true,
  status: 200,
  response: TraceSchema,
  problems: ['device-unknown', 'too-many-traces'],
});

export const showTrace = defineRoute({
  id: 'showTrace',
  method: 'GET',
  path: '/api/v1/traces/{subject}',
  role: 'operator',
  tag,
  summary: 'Show how a trace stands',
  params,
  status: 200,
  response: TraceSchema,
  tagged: ['messages', 'bytes', 'forgotten'],
  problems: ['not-found'],
});

export const stopTrace = defineRoute({
  id: 'stopTrace',
  method: 'POST',
  path: '/api/v1/traces/{subject}/stop',
  role: 'operator',
  tag,
  summary: 'Stop recording; what was recorded is kept',
  params,
  status: 200,
  response: TraceSchema,
  problems: ['not-found'],
});

export const removeTrace = defineRoute({
  id: 'removeTrace',
  method: 'DELETE',
  path: '/api/v1/traces/{subject}',
  role: 'operator',
  tag,
  summary: 'Stop recording and forget what was recorded',
  params,
  status: 204,
  problems: ['not-found'],
});

export const listTraceMessages = defineRoute({
  id: 'listTraceMessages',
  method: 'GET',
  path: '/api/v1/traces/{subject}/messages',
  role: 'operator',
  tag,
  summary: 'List recorded messages, oldest first',
  params,
  query: Type.Object({
    after: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Only those with a greater number' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 })),
    ...filter,
  }),
  audited: true,
  status: 200,
  response: Type.Object({
    items: Type.Array(TraceMessageSchema),
    next: Type.Optional(Type.Integer({ description: 'Ask with this "after" for more; absent: these were all' })),
  }),
  problems: ['not-found'],
});

export const showTraceMessage = defineRoute({
  id: 'showTraceMessage',
  method: 'GET',
  path: '/api/v1/traces/{subject}/messages/{number}',
  role: 'operator',
  tag,
  summary: 'Show a message layer by layer, with its bytes',
  params: Type.Object({ ...params.properties, number: Type.Integer({ minimum: 1 }) }),
  status: 200,
  response: TraceMessageDetailSchema,
  problems: ['not-found'],
});

export const followTrace = defineRoute({
  id: 'followTrace',
  method: 'GET',
  path: '/api/v1/traces/{subject}/stream',
  role: 'operator',
  tag,
  summary: 'Follow a trace, as server-sent events named "message"',
  description:
    'The id of an event is the number of the message; with Last-Event-ID the stream goes on after it. It ends when the ' +
    'trace is removed, and when the reader is too slow.',
  params,
  query: Type.Object({
    after: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'As Last-Event-ID, which wins' })),
    ...filter,
  }),
  headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 32 })) }),
  audited: true,
  status: 200,
  response: TraceMessageDetailSchema,
  responseType: 'text/event-stream',
  problems: ['not-found', 'too-many-streams'],
});

export const followTraces = defineRoute({
  id: 'followTraces',
  method: 'GET',
  path: '/api/v1/trace-stream',
  role: 'operator',
  tag,
  summary: 'Follow several traces at once, as server-sent events named "message"',
  description:
    'What is recorded from now on; what was before is listed. A subject of which nothing is recorded waits until a trace of it begins. ' +
    'It ends when the reader is too slow.',
  query: Type.Object({
    subject: Type.Array(params.properties.subject, { minItems: 1, maxItems: 100 }),
  }),
  audited: true,
  status: 200,
  response: FollowedMessageSchema,
  responseType: 'text/event-stream',
  problems: ['too-many-streams'],
});

export const exportTrace = defineRoute({
  id: 'exportTrace',
  method: 'GET',
  path: '/api/v1/traces/{subject}/pcapng',
  role: 'operator',
  tag,
  summary: 'Take a trace home for Wireshark',
  description:
    'Messages come with IP, UDP and TCP headers that are made up: the platform is at port 5683. What DTLS and OSCORE carried ' +
    'comes decrypted; with wire=true as it was on the wire, which Wireshark decrypts where secrets=true put the keys of the ' +
    'sessions into the file: for admins, and while the setting trace.key-log is on. With wire=true and decrypted=true each protected ' +
    'datagram is followed by the message in it, on a second interface called decrypted, where the platform is at 127.0.0.2 or ::2.',
  params,
  query: Type.Object({
    wire: Type.Optional(Type.Boolean({ default: false })),
    decrypted: Type.Optional(Type.Boolean({ default: false })),
    secrets: Type.Optional(Type.Boolean({ default: false })),
    ...filter,
  }),
  audited: true,
  status: 200,
  response: Type.String({ format: 'binary' }),
  responseType: 'application/octet-stream',
  problems: ['not-found', 'key-log-off'],
});
