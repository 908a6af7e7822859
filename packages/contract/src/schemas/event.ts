import { type Static, type TSchema, Type } from 'typebox';
import { TimeSchema } from './basic.ts';
import { BulkJobSchema } from './bulk.ts';
import { CampaignSchema } from './firmware.ts';
import { QueuedRequestSchema } from './queue.ts';
import { NodeSchema } from './value.ts';

const address = Type.String({ examples: ['192.0.2.7:56830'] });
const reason = Type.String({ description: 'A sentence for people' });
const coapCode = Type.String({ examples: ['4.03'] });

/** Why terminals are turned away. */
export const refusalCodes = [
  ...['accept', 'binding-invalid', 'busy', 'closed', 'content-format', 'duplicate-parameter', 'empty'],
  ...['endpoint-changed', 'endpoint-invalid', 'endpoint-missing', 'endpoint-too-long', 'enrolment'],
  ...['enrolment-failed', 'failed', 'full', 'insisting', 'keys', 'lifetime-invalid', 'links-malformed'],
  ...[
    'links-missing',
    'malformed',
    'not-readable',
    'not-registered',
    'object-unknown',
    'payload-too-large',
    'too-large',
  ],
  ...['profile-invalid', 'profile-unknown', 'store', 'store-failed', 'too-many-parameters', 'unknown'],
  ...['version-unsupported'],
];

/** Why a bootstrap failed. */
export const bootstrapFailures = ['inconsistent', 'refused', 'lost', 'restarted', 'closed'] as const;

const code = (examples: readonly string[]) =>
  Type.Optional(Type.String({ description: 'The reason as a stable code', examples: [...examples] }));

/** What each type of event carries in "data". */
export const eventData = {
  'device.registered': Type.Object({
    address,
    lifetime: Type.Integer({ description: 'Seconds' }),
    lwm2mVersion: Type.String(),
    binding: Type.String(),
    replaced: Type.Boolean({ description: 'True when it was still registered' }),
  }),
  'device.updated': Type.Object({
    address,
    lifetime: Type.Integer({ description: 'Seconds' }),
    addressChanged: Type.Boolean({ description: 'It came from another address than before' }),
    linksChanged: Type.Boolean({ description: 'It brought another list of objects' }),
  }),
  'device.deregistered': Type.Object({ address }),
  'device.expired': Type.Object({}),
  'device.connected': Type.Object({ address }),
  'device.disconnected': Type.Object({}),
  'device.refused': Type.Object({
    address,
    request: Type.String({ examples: ['register', 'bootstrap'] }),
    coapCode,
    reason,
    code: code(['enrolment']),
  }),
  'device.removed': Type.Object({}),
  'device.reported': Type.Object({
    fields: Type.Array(Type.String(), { description: 'Names of what it reported; GET …/report has the values' }),
    unreadable: Type.Array(Type.String(), { description: 'Names of what could not be decrypted' }),
    notes: Type.Array(Type.String(), { description: 'What it refused on the way' }),
  }),
  'device.report-failed': Type.Object({ reason, code: code(['LWM2M_TIMEOUT', 'unreadable']) }),
  'operation.completed': Type.Object({
    operation: Type.String({ examples: ['read', 'write', 'execute'] }),
    path: Type.String(),
    coapCode: Type.Optional(coapCode),
    error: Type.Optional(Type.String({ description: 'Why the device could not be asked; a stable code' })),
    duration: Type.Integer({ description: 'Milliseconds, waiting included' }),
  }),
  'observation.started': Type.Object({ path: Type.String() }),
  'observation.notified': Type.Object({ path: Type.String(), node: NodeSchema }),
  'observation.malformed': Type.Object({ path: Type.String(), reason }),
  'observation.ended': Type.Object({
    path: Type.String(),
    reason,
    waiting: Type.Optional(Type.Boolean({ description: 'The path is observed again when the device registers' })),
  }),
  'device.sent': Type.Object({
    path: Type.String({ description: 'An object instance' }),
    values: Type.Array(
      Type.Object({
        time: Type.Optional({ ...TimeSchema, description: 'When it was measured; absent: now' }),
        node: NodeSchema,
      }),
      { description: 'What the device sent unasked, oldest first' },
    ),
  }),
  'request.queued': QueuedRequestSchema,
  'request.sent': QueuedRequestSchema,
  'request.finished': QueuedRequestSchema,
  'firmware.changed': Type.Object({
    update: Type.String({ description: 'The id of the firmware update' }),
    campaign: Type.Optional(Type.String()),
    phase: Type.String({ examples: ['delivering', 'succeeded'] }),
    delivery: Type.Optional(Type.String()),
    version: Type.Optional(Type.String()),
    failure: Type.Optional(Type.String()),
    note: Type.Optional(Type.String()),
  }),
  'firmware.progress': Type.Object({
    update: Type.String(),
    sent: Type.Integer({ description: 'Bytes that the device has' }),
    size: Type.Integer(),
  }),
  'campaign.changed': CampaignSchema,
  'bulk.changed': BulkJobSchema,
  'bootstrap.started': Type.Object({ address }),
  'bootstrap.finished': Type.Object({ address, notes: Type.Array(Type.String()) }),
  'bootstrap.failed': Type.Object({
    address,
    reason,
    code: code(bootstrapFailures),
    notes: Type.Array(Type.String()),
  }),
  'bootstrap.refused': Type.Object({ address, coapCode, reason, code: code(['unknown']) }),
  'message.waiting': Type.Object({
    account: Type.String({ description: 'Whose client is away', examples: ['juliet@im.example.com'] }),
    node: Type.Optional(
      Type.String({ description: 'What its client gave when it enabled pushes; told to webhooks that name this type' }),
    ),
    options: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          'And what it gave along, such as a secret; told to webhooks that name this type, and to nobody else',
      }),
    ),
  }),
  'stream.gap': Type.Object({
    reason,
    code: code(['restarted', 'forgotten']),
    missed: Type.Optional(Type.Integer({ description: 'So many, where that is known' })),
    since: Type.Optional({
      ...TimeSchema,
      description: 'When the last event happened that the reader had, where that is known: ask history from then on',
    }),
  }),
} as const satisfies Record<string, TSchema>;

export type EventType = keyof typeof eventData;

export const eventTypes = Object.keys(eventData) as EventType[];

export type EventData<T extends EventType> = Static<(typeof eventData)[T]>;

function eventSchema<const T extends EventType>(type: T) {
  return Type.Object({
    id: Type.String({ description: 'Send it as Last-Event-ID to go on after it' }),
    type: Type.Literal(type),
    time: TimeSchema,
    device: Type.Optional(Type.String({ description: 'The device key' })),
    endpoint: Type.Optional(Type.String({ description: 'The endpoint name' })),
    data: eventData[type],
  });
}

/** One message of the event stream: its SSE "event" is the type, its "data" this object. */
export const EventSchema = Type.Union(eventTypes.map(eventSchema), {
  title: 'Event',
  description: 'stream.gap says that events before it were lost to this reader',
});

export type JsonEvent = {
  [T in EventType]: {
    readonly id: string;
    readonly type: T;
    readonly time: string;
    readonly device?: string;
    readonly endpoint?: string;
    readonly data: EventData<T>;
  };
}[EventType];
