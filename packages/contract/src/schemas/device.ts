import { type Static, Type } from 'typebox';
import { DeviceStateSchema, TimeSchema } from './basic.ts';
import { RaDeviceSchema } from './remote-access.ts';

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

export const DeviceCountsSchema = Type.Object(
  { total: Type.Integer(), online: Type.Integer(), sleeping: Type.Integer(), offline: Type.Integer() },
  { title: 'DeviceCounts' },
);

/** A device behind an LwM2M Gateway. */
export const EndDeviceSchema = Type.Object(
  {
    instance: Type.Integer({ description: 'Of object 25' }),
    deviceId: Type.String({ examples: ['urn:dev:os:32473-101'] }),
    prefix: Type.String({ description: 'What its paths begin with', examples: ['d01'] }),
    links: Type.Array(LinkSchema, { description: 'What it has, with the prefix: /d01/3303/0' }),
  },
  { title: 'EndDevice' },
);

const securityKinds = ['none', 'psk', 'rpk', 'certificate', 'oscore'] as const;
const securityKind = Type.Enum([...securityKinds], {
  description:
    'With what it proves who it is. psk: a pre-shared key; rpk: a raw public key; certificate: X.509; oscore: a security context of OSCORE (RFC 8613); none: nothing',
});

/** How a terminal is connected, and how that is secured. No secrets. */
export const ConnectionSchema = Type.Object(
  {
    transport: Type.Enum(['udp', 'dtls', 'tcp', 'tls', 'ws', 'wss', 'mqtt'], {
      description: 'wss: WebSocket over TLS; mqtt: through a broker, whose own security is not known here',
    }),
    security: securityKind,
    identity: Type.Optional(Type.String({ description: 'Of psk and oscore: what its key or context is called' })),
    names: Type.Optional(
      Type.Array(Type.String(), { description: 'Of certificate: common name, DNS names and URIs it bears' }),
    ),
    digest: Type.Optional(
      Type.String({
        description: 'SHA-256 in hex. Of certificate: of the certificate; of rpk: of the key (SubjectPublicKeyInfo)',
      }),
    ),
    expiresAt: Type.Optional({ ...TimeSchema, description: 'Of certificate: it is good until then' }),
    cipherSuite: Type.Optional(Type.String({ examples: ['TLS_PSK_WITH_AES_128_CCM_8'], description: 'Of dtls' })),
    connectionId: Type.Optional(
      Type.Boolean({ description: 'Of dtls: whether its address may change in a session (RFC 9146)' }),
    ),
  },
  { title: 'Connection' },
);

export const RegistrationSchema = Type.Object(
  {
    id: Type.String(),
    address: Type.String({ examples: ['192.0.2.7:56830'] }),
    lifetime: Type.Integer({ description: 'Seconds' }),
    lwm2mVersion: Type.String({ examples: ['1.1'] }),
    binding: Type.String({ examples: ['U'] }),
    queueMode: Type.Boolean(),
    connection: Type.Optional({
      ...ConnectionSchema,
      description: 'Absent after a restart, until a terminal comes again whose connection did not outlive it',
    }),
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
  vendor: Type.Optional(Type.String({ description: 'What it last said in /3/0/0, as far as it was read' })),
  model: Type.Optional(Type.String({ description: '/3/0/1' })),
  version: Type.Optional(Type.String({ description: '/3/0/3: the version of its firmware' })),
  activatedAt: Type.Optional(TimeSchema),
  activationAddress: Type.Optional(Type.String()),
  lastRegisteredAt: Type.Optional(TimeSchema),
  lastAddress: Type.Optional(
    Type.String({ description: 'Where its last Register or Update came from; once it is gone, its last Register' }),
  ),
};

export const DeviceSchema = Type.Object(
  {
    ...summary,
    lifetime: Type.Optional(Type.Integer()),
    expiresAt: Type.Optional(TimeSchema),
    security: Type.Optional(securityKind),
  },
  { title: 'Device' },
);

export const DeviceDetailSchema = Type.Object(
  {
    ...summary,
    registration: Type.Optional(RegistrationSchema),
    groups: Type.Array(Type.String(), { description: 'The groups that it was put in' }),
    remoteAccess: Type.Optional({
      ...RaDeviceSchema,
      description: 'What it is in Remote Access; absent: it is not shared',
    }),
    links: Type.Array(LinkSchema, {
      description: 'What it announced at Register or when it connected; empty while it is away',
    }),
  },
  { title: 'DeviceDetail' },
);

export type JsonLink = Static<typeof LinkSchema>;
export type JsonEndDevice = Static<typeof EndDeviceSchema>;
export type JsonConnection = Static<typeof ConnectionSchema>;
export type JsonRegistration = Static<typeof RegistrationSchema>;
export type JsonDevice = Static<typeof DeviceSchema>;
export type JsonDeviceDetail = Static<typeof DeviceDetailSchema>;
export type JsonDeviceCounts = Static<typeof DeviceCountsSchema>;
