import { type Static, Type } from 'typebox';
import { BootstrapSecuritySchema } from './bootstrap-security.ts';
import { ResourceTypeSchema, ValueSchema, ValuesSchema } from './value.ts';

const seconds = (description: string, minimum: number) =>
  Type.Optional(Type.Integer({ minimum, maximum: 4_294_967_295, description: `Seconds; ${description}` }));

const count = (description: string, minimum: number) =>
  Type.Optional(Type.Integer({ minimum, maximum: 65_535, description: `${description} (LwM2M 1.1)` }));

const instance = (description: string) => Type.Optional(Type.Integer({ minimum: 0, maximum: 65534, description }));

const uri = Type.String({
  minLength: 8,
  maxLength: 255,
  pattern: '^(?:coaps?(?:\\+(?:tcp|ws))?|mqtts?)://',
  examples: ['coap://192.0.2.1:5683'],
});

const security = Type.Optional(BootstrapSecuritySchema);

/** An LwM2M server that a terminal is told to register with: instances of objects 0 (Security) and 1 (Server). */
export const BootstrapServerSchema = Type.Object(
  {
    shortServerId: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65534, description: 'May be absent only where serverObject is false' }),
    ),
    uri,
    security,
    lifetime: seconds('absent: 86400', 1),
    binding: Type.Optional(
      Type.String({ maxLength: 8, pattern: '^[A-Z]+$', description: 'Absent: U, or M at an mqtt:// address' }),
    ),
    minimumPeriod: seconds('the default of pmin', 0),
    maximumPeriod: seconds('the default of pmax', 0),
    disableTimeout: seconds('how long the terminal stays away after Disable', 0),
    storeNotifications: Type.Optional(
      Type.Boolean({ description: 'Keep notifications while the terminal is offline; absent: true' }),
    ),
    registrationPriority: count('Servers that have one are registered with in its order, the lowest first', 0),
    initialRegistrationDelay: seconds('before the first Register (LwM2M 1.1)', 0),
    registrationFailureBlocks: Type.Optional(
      Type.Boolean({ description: 'Servers behind it wait while registration here fails (LwM2M 1.1); absent: false' }),
    ),
    bootstrapOnRegistrationFailure: Type.Optional(
      Type.Boolean({ description: 'False: failed registrations lead to no other bootstrap (LwM2M 1.1); absent: true' }),
    ),
    retryCount: count('Attempts of a sequence', 1),
    retryTimer: seconds('after the first failed attempt; doubles (LwM2M 1.1)', 1),
    sequenceDelay: seconds('between two sequences of attempts (LwM2M 1.1)', 1),
    sequenceRetryCount: count('Sequences before registration counts as failed', 1),
    preferredTransport: Type.Optional(
      Type.String({ pattern: '^[UTSNMH]$', description: 'The letter of a binding (LwM2M 1.1)' }),
    ),
    notificationMode: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 1, description: '1: notifications are confirmed (LwM2M 1.2)' }),
    ),
    muteSend: Type.Optional(
      Type.Boolean({ description: 'False lets the terminal Send values unasked (LwM2M 1.1); absent: it may not' }),
    ),
    securityInstance: instance(
      'Of object 0; absent: 1, 2, … in the order of the list, because 0 is mostly the bootstrap account',
    ),
    serverInstance: instance('Of object 1; absent: 0, 1, … in the order of the list'),
    serverObject: Type.Optional(
      Type.Boolean({ description: 'False: only object 0 is written, as China Mobile profile A has it; absent: true' }),
    ),
  },
  { title: 'BootstrapServer', additionalProperties: false },
);

/** The account of a bootstrap server, where terminals are to go to another one. */
export const BootstrapAccountSchema = Type.Object(
  {
    uri,
    security,
    securityInstance: instance('Of object 0; absent: 0'),
    holdOffTime: seconds('how long the terminal waits before it asks', 0),
    accountTimeout: seconds('how long the terminal keeps the account after a bootstrap', 0),
  },
  { title: 'BootstrapAccount', additionalProperties: false },
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
    types: Type.Optional(
      Type.Record(Type.String({ pattern: '^\\d{1,5}$' }), ResourceTypeSchema, { additionalProperties: false }),
    ),
    hidden: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0, maximum: 65_534 }), {
        maxItems: 16,
        description: 'Resources whose values are kept and never shown, passwords; given back, they stay what they were',
      }),
    ),
  },
  { title: 'BootstrapWrite', additionalProperties: false },
);

export const BootstrapBodySchema = Type.Object(
  {
    servers: Type.Array(BootstrapServerSchema, { minItems: 1, maxItems: 16 }),
    bootstrapServer: Type.Optional(BootstrapAccountSchema),
    deletes: Type.Optional(
      Type.Array(Type.String({ pattern: '^/(?:\\d{1,5}(?:/\\d{1,5})?)?$' }), {
        maxItems: 64,
        description: 'What is deleted first: / (all but the bootstrap account), objects, instances; absent: /',
      }),
    ),
    discovers: Type.Optional(
      Type.Array(Type.String({ pattern: '^/(?:\\d{1,5})?$' }), {
        maxItems: 16,
        description: 'What is asked after next',
      }),
    ),
    reads: Type.Optional(
      Type.Array(Type.String({ pattern: '^/\\d{1,5}(?:/\\d{1,5})?$' }), {
        maxItems: 16,
        description: 'What is read next: objects 1 and 2, in LwM2M 1.1',
      }),
    ),
    writes: Type.Optional(Type.Array(BootstrapWriteSchema, { maxItems: 256 })),
    discoversAfter: Type.Optional(
      Type.Array(Type.String({ pattern: '^/(?:\\d{1,5})?$' }), {
        maxItems: 16,
        description: 'What is asked after once all is written',
      }),
    ),
  },
  {
    title: 'BootstrapConfiguration',
    additionalProperties: false,
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
export type JsonBootstrapAccount = Static<typeof BootstrapAccountSchema>;
export type JsonBootstrapWrite = Static<typeof BootstrapWriteSchema>;
export type JsonBootstrapConfiguration = Static<typeof BootstrapBodySchema>;
export type JsonBootstrapEntry = Static<typeof BootstrapEntrySchema>;
