import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';
import { LinkSchema } from './device.ts';
import { NodeSchema, ResourceTypeSchema, ValueSchema, ValuesSchema } from './value.ts';

/** Names of the formats that values travel in between platform and device. */
export const valueFormats = [
  'text',
  'opaque',
  'tlv',
  'json',
  'cbor',
  'senml-json',
  'senml-cbor',
  'lwm2m-cbor',
] as const;

export const ValueFormatSchema = Type.Enum([...valueFormats], {
  description: 'The format asked of the device; absent: the platform chooses',
});

/** What the device said to an operation that it carried out. */
export const OutcomeSchema = Type.Object(
  { coapCode: Type.String({ description: 'The answer of the device', examples: ['2.04'] }) },
  { title: 'Outcome' },
);

export const ReadResponseSchema = Type.Object(
  { coapCode: Type.String({ examples: ['2.05'] }), time: TimeSchema, node: NodeSchema },
  { title: 'ReadAnswer' },
);

const resources = Type.Record(Type.String({ pattern: '^\\d{1,5}$' }), Type.Union([ValueSchema, ValuesSchema]), {
  description: 'Resources by id; one with instances has its values by instance id',
});

const types = Type.Record(Type.String({ pattern: '^\\d{1,5}$' }), ResourceTypeSchema, {
  additionalProperties: false,
  description: 'Types by resource id, for resources that the object model does not know',
});

/** Exactly one of value, values, resources: what the path addresses decides. */
export const WriteBodySchema = Type.Object(
  {
    value: Type.Optional(ValueSchema),
    values: Type.Optional(ValuesSchema),
    resources: Type.Optional(resources),
    type: Type.Optional(ResourceTypeSchema),
    types: Type.Optional(types),
  },
  {
    title: 'Write',
    additionalProperties: false,
    description:
      '"value" for a resource or resource instance, "values" for a resource with instances, "resources" for an object ' +
      'instance. "type" and "types" are for resources that the object model does not know.',
  },
);

export const CreateBodySchema = Type.Object(
  {
    instanceId: Type.Optional(Type.Integer({ minimum: 0, maximum: 65534, description: 'Absent: the device chooses' })),
    resources,
    types: Type.Optional(types),
  },
  {
    title: 'Create',
    additionalProperties: false,
  },
);

export const CreateResponseSchema = Type.Object(
  {
    coapCode: Type.String({ examples: ['2.01'] }),
    path: Type.Optional(Type.String({ description: 'The new instance, when it is known', examples: ['/3303/1'] })),
  },
  { title: 'Created' },
);

export const ExecuteBodySchema = Type.Object(
  {
    arguments: Type.Optional(
      Type.String({
        maxLength: 1024,
        description: 'As LwM2M writes them: digits 0 to 9, each with an optional quoted value',
        examples: ["0='reboot',1"],
      }),
    ),
  },
  { title: 'Execute', additionalProperties: false },
);

export const DiscoverResponseSchema = Type.Object(
  { coapCode: Type.String({ examples: ['2.05'] }), links: Type.Array(LinkSchema) },
  { title: 'DiscoverAnswer' },
);

const nullable = (description: string, minimum?: number) =>
  Type.Optional(
    Type.Union([Type.Number(minimum === undefined ? {} : { minimum }), Type.Null()], {
      description: `${description}; null removes the attribute`,
    }),
  );

export const AttributesBodySchema = Type.Object(
  {
    pmin: nullable('Seconds at least between two notifications', 0),
    pmax: nullable('Seconds at most between two notifications', 0),
    gt: nullable('Notify when the value rises above'),
    lt: nullable('Notify when the value falls below'),
    st: nullable('Notify when the value changed by at least', 0),
    epmin: nullable('Seconds at least between two evaluations', 0),
    epmax: nullable('Seconds at most between two evaluations', 0),
    edge: nullable('Of a boolean: notify when it becomes false (0) or true (1)', 0),
    con: nullable('1: notifications are confirmable, 0: they are not', 0),
    hqmax: nullable('Values kept at most while they cannot be reported', 0),
  },
  {
    title: 'Attributes',
    additionalProperties: false,
    minProperties: 1,
  },
);

const number = (description: string) => Type.Optional(Type.Number({ description }));

/** The attributes that an Observe may carry (LwM2M 1.2). */
export const ObserveAttributes = {
  pmin: number('Seconds at least between two notifications'),
  pmax: number('Seconds at most between two notifications'),
  gt: number('Notify when the value rises above'),
  lt: number('Notify when the value falls below'),
  st: number('Notify when the value changed by at least'),
  epmin: number('Seconds at least between two evaluations'),
  epmax: number('Seconds at most between two evaluations'),
  edge: number('Of a boolean: notify when it becomes false (0) or true (1)'),
  con: number('1: notifications are confirmable, 0: they are not'),
  hqmax: number('Values kept at most while they cannot be reported'),
};

export const observationCancelModes = ['active', 'passive'] as const;

export const ObservationSchema = Type.Object(
  {
    path: Type.String({
      description: 'Of a composite observation all paths',
      examples: ['/3/0/13', '/3/0/9 /3303/0/5700'],
    }),
    state: Type.Enum(['active', 'waiting'], {
      description: 'waiting: for the device to register, when it is observed again',
    }),
    composite: Type.Optional(Type.Boolean()),
    name: Type.Optional(Type.String()),
    format: Type.Optional(ValueFormatSchema),
    startedAt: TimeSchema,
  },
  { title: 'Observation' },
);

export const ObserveResponseSchema = Type.Object(
  {
    coapCode: Type.String({ examples: ['2.05'] }),
    observing: Type.Boolean({ description: 'False when the device answered without taking the observation on' }),
    time: TimeSchema,
    node: NodeSchema,
  },
  { title: 'ObserveAnswer' },
);

export const CancelResponseSchema = Type.Object(
  {
    coapCode: Type.Optional(Type.String({ description: 'Present when the device was told (mode active)' })),
  },
  { title: 'Cancelled' },
);

export type JsonReadResponse = Static<typeof ReadResponseSchema>;
export type JsonWriteBody = Static<typeof WriteBodySchema>;
export type JsonCreateBody = Static<typeof CreateBodySchema>;
export type JsonAttributes = Static<typeof AttributesBodySchema>;
export type JsonObservation = Static<typeof ObservationSchema>;
export type JsonObserveResponse = Static<typeof ObserveResponseSchema>;
export type ValueFormat = (typeof valueFormats)[number];
export type ObservationCancelMode = (typeof observationCancelModes)[number];
