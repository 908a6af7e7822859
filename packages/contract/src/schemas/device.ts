import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';

export const deviceStates = ['ONLINE', 'OFFLINE', 'SLEEPING'] as const;

export const DeviceStateSchema = Type.Enum([...deviceStates]);

/** One link of a Register payload or a Discover answer (RFC 6690). */
export const LinkSchema = Type.Object(
  {
    path: Type.String({ examples: ['/3/0'] }),
    name: Type.Optional(Type.String({ description: 'From the object model' })),
    attributes: Type.Record(Type.String(), Type.String(), {
      description: 'As the device wrote them: ver, pmin, dim, …',
    }),
  },
  { title: 'Link' },
);

export const RegistrationSchema = Type.Object(
  {
    id: Type.String(),
    address: Type.String({ examples: ['192.0.2.7:56830'] }),
    lifetime: Type.Integer({ description: 'Seconds' }),
    lwm2mVersion: Type.String({ examples: ['1.1'] }),
    binding: Type.String({ examples: ['U'] }),
    queueMode: Type.Boolean(),
    smsNumber: Type.Optional(Type.String()),
    registeredAt: TimeSchema,
    updatedAt: TimeSchema,
    expiresAt: TimeSchema,
    otherParameters: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Query parameters of Register that LwM2M does not define',
      }),
    ),
  },
  { title: 'Registration' },
);

const summary = {
  key: Type.String({
    description: 'What the profile derives from the endpoint name: it stays when SIM or firmware change',
  }),
  endpoint: Type.Optional(Type.String({ description: 'The endpoint name of the last Register' })),
  state: DeviceStateSchema,
  identity: Type.Record(Type.String(), Type.String(), {
    description: 'What the endpoint name says besides the key: imei, imsi, cmei, version',
  }),
  activatedAt: Type.Optional(TimeSchema),
  activationAddress: Type.Optional(Type.String()),
  lastRegisteredAt: Type.Optional(TimeSchema),
  lastAddress: Type.Optional(Type.String()),
};

export const DeviceSchema = Type.Object(
  { ...summary, lifetime: Type.Optional(Type.Integer()), expiresAt: Type.Optional(TimeSchema) },
  { title: 'Device' },
);

export const DeviceDetailSchema = Type.Object(
  {
    ...summary,
    registration: Type.Optional(RegistrationSchema),
    links: Type.Array(LinkSchema, { description: 'What it announced at Register; empty while it is not registered' }),
  },
  { title: 'DeviceDetail' },
);

export type JsonLink = Static<typeof LinkSchema>;
export type JsonRegistration = Static<typeof RegistrationSchema>;
export type JsonDevice = Static<typeof DeviceSchema>;
export type JsonDeviceDetail = Static<typeof DeviceDetailSchema>;
