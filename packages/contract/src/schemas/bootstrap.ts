import { type Static, Type } from 'typebox';
import { ResourceTypeSchema, ValueSchema, ValuesSchema } from './value.ts';

const seconds = (description: string, minimum: number) =>
  Type.Optional(Type.Integer({ minimum, maximum: 4_294_967_295, description: `Seconds; ${description}` }));

/** An LwM2M server that a terminal is told to register with: instances of objects 0 (Security) and 1 (Server). */
export const BootstrapServerSchema = Type.Object(
  {
    shortServerId: Type.Integer({ minimum: 1, maximum: 65534 }),
    uri: Type.String({ minLength: 8, maxLength: 255, pattern: '^coaps?://', examples: ['coap://192.0.2.1:5683'] }),
    lifetime: seconds('absent: 86400', 1),
    binding: Type.Optional(Type.String({ maxLength: 8, pattern: '^[A-Z]+$', description: 'Absent: U' })),
    minimumPeriod: seconds('the default of pmin', 0),
    maximumPeriod: seconds('the default of pmax', 0),
    disableTimeout: seconds('how long the terminal stays away after Disable', 0),
    storeNotifications: Type.Optional(
      Type.Boolean({ description: 'Keep notifications while the terminal is offline; absent: true' }),
    ),
  },
  { title: 'BootstrapServer', additionalProperties: false },
);

/** Something else to write: an object instance, a resource or a resource instance. */
export const BootstrapWriteSchema = Type.Object(
  {
    path: Type.String({ maxLength: 32, pattern: '^/\\d{1,5}(?:/\\d{1,5}){1,3}$', examples: ['/3/0/14'] }),
    value: Type.Optional(ValueSchema),
    values: Type.Optional(ValuesSchema),
    resources: Type.Optional(
      Type.Record(Type.String({ pattern: '^\\d{1,5}$' }), Type.Union([ValueSchema, ValuesSchema])),
    ),
    type: Type.Optional(ResourceTypeSchema),
    types: Type.Optional(Type.Record(Type.String({ pattern: '^\\d{1,5}$' }), ResourceTypeSchema)),
  },
  { title: 'BootstrapWrite', additionalProperties: false },
);

export const BootstrapBodySchema = Type.Object(
  {
    servers: Type.Array(BootstrapServerSchema, { minItems: 1, maxItems: 16 }),
    deletes: Type.Optional(
      Type.Array(Type.String({ pattern: '^/(?:\\d{1,5}(?:/\\d{1,5})?)?$' }), {
        maxItems: 64,
        description: 'What is deleted first: / (all but the bootstrap account), objects, instances; absent: /',
      }),
    ),
    writes: Type.Optional(Type.Array(BootstrapWriteSchema, { maxItems: 256 })),
  },
  {
    title: 'BootstrapConfiguration',
    additionalProperties: false,
    examples: [{ servers: [{ shortServerId: 1, uri: 'coap://192.0.2.1:5683', lifetime: 86400 }] }],
  },
);

export const BootstrapEntrySchema = Type.Object(
  {
    endpoint: Type.String({ description: '"default", or the endpoint name that it is for' }),
    configuration: BootstrapBodySchema,
  },
  { title: 'BootstrapEntry' },
);

export type JsonBootstrapServer = Static<typeof BootstrapServerSchema>;
export type JsonBootstrapWrite = Static<typeof BootstrapWriteSchema>;
export type JsonBootstrapConfiguration = Static<typeof BootstrapBodySchema>;
export type JsonBootstrapEntry = Static<typeof BootstrapEntrySchema>;
