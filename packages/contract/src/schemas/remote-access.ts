import { type Static, Type } from 'typebox';
import { DeviceStateSchema, TimeSchema } from './basic.ts';

const account = Type.String({ description: 'The address of its account', examples: ['lamp@home.example'] });

export const ShareBodySchema = Type.Object(
  {
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: 'The name of its account; absent: made from the key' }),
    ),
    confirms: Type.Optional(Type.Boolean({ description: 'Bindings wait until the device agrees. Default false' })),
  },
  { title: 'ShareBody', additionalProperties: false },
);

export const IssuedCodeSchema = Type.Object(
  {
    account,
    code: Type.String({ description: 'The verification code: readable only here', examples: ['7KQ2M-0WX9D'] }),
    expiresAt: Type.Optional(TimeSchema),
    link: Type.String({
      description:
        'The page on which a user adds the device, what a QR code says: at http.public-url, else at the address by which this was asked, else at one of the platform',
      examples: ['https://home.example/home/add#device=lamp%40home.example&code=7KQ2M-0WX9D'],
    }),
    linkIsLocal: Type.Boolean({
      description:
        'Whether only the machine of the platform reaches the link: http.public-url and http.tls-port are unset',
    }),
    qrSvg: Type.String({ description: 'The QR code of the link, as a picture (SVG)' }),
  },
  { title: 'IssuedCode' },
);

export const RaOwnerSchema = Type.Object({
  user: Type.String({ examples: ['ann@home.example'] }),
  name: Type.String({ description: 'What the user calls the device' }),
  state: Type.Enum(['active', 'pending']),
  since: TimeSchema,
});

export const RaDeviceSchema = Type.Object(
  {
    account,
    device: Type.String({
      description: 'Its key: that of the terminal that it is, or its account where it speaks RA itself',
    }),
    deviceType: Type.String(),
    vendor: Type.String(),
    model: Type.String(),
    state: DeviceStateSchema,
    confirms: Type.Boolean({
      description: 'Whether bindings wait until the device, or an operator in its place, agrees',
    }),
    owners: Type.Array(RaOwnerSchema),
    createdAt: TimeSchema,
  },
  { title: 'RaDevice' },
);

export const ConfirmationBodySchema = Type.Object(
  { confirms: Type.Boolean({ description: 'Whether bindings wait until the device agrees' }) },
  { title: 'ConfirmationBody', additionalProperties: false },
);

export const RaPermissionSchema = Type.Object(
  {
    to: Type.String({ description: 'An account, or "owners" or "friends"', examples: ['bob@home.example', 'friends'] }),
    feature: Type.String({ examples: ['urn:oma:lwm2m:ext:3303'] }),
    operations: Type.Array(Type.Enum(['read', 'write', 'execute', 'observe', 'message'])),
    expiresAt: Type.Optional(TimeSchema),
    grantedBy: Type.String({ examples: ['ann@home.example'] }),
  },
  { title: 'RaPermission' },
);

const AuditedPermissionSchema = Type.Object(
  {
    to: Type.String({ description: 'An account, or "owners" or "friends"', examples: ['bob', 'friends'] }),
    feature: Type.String({ examples: ['urn:oma:lwm2m:ext:3303'] }),
    featureName: Type.Optional(
      Type.String({ description: 'The name of the object that the feature is, where it is known' }),
    ),
    operations: Type.Array(Type.Enum(['read', 'write', 'execute', 'observe', 'message'])),
    expiresAt: Type.Optional(TimeSchema),
  },
  { title: 'AuditedPermission', description: 'What was permitted or revoked' },
);

export const AuditEntrySchema = Type.Object(
  {
    id: Type.Integer(),
    time: TimeSchema,
    door: Type.Enum(['ra', 'rest', 'https']),
    actor: Type.String({ description: 'An account, or an operator where the door is rest' }),
    action: Type.String({ examples: ['bind', 'read', 'grant'] }),
    device: Type.Optional(Type.String()),
    subject: Type.Optional(Type.String({ description: 'What exactly: a path, a feature, another account' })),
    outcome: Type.String({ description: 'done, or why not' }),
    permission: Type.Optional(AuditedPermissionSchema),
  },
  { title: 'AuditEntry' },
);

export type JsonIssuedCode = Static<typeof IssuedCodeSchema>;
export type JsonRaPermission = Static<typeof RaPermissionSchema>;
export type JsonRaDevice = Static<typeof RaDeviceSchema>;
export type JsonAuditEntry = Static<typeof AuditEntrySchema>;
