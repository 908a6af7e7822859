import { type Static, Type } from 'typebox';
import { RoleSchema } from '../role.ts';
import { DurationSchema, TimeSchema } from './basic.ts';

export const LoginBodySchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 64, default: 'admin' })),
    password: Type.String({ minLength: 1, maxLength: 256 }),
    code: Type.Optional(
      Type.String({ minLength: 6, maxLength: 64, description: 'Of the second factor, or a recovery code' }),
    ),
  },
  { title: 'Login', additionalProperties: false },
);

export const TokenSchema = Type.Object(
  {
    id: Type.String({ description: 'Public name of the token, not the token itself' }),
    kind: Type.Enum(['session', 'api'], { description: 'session: from a login; api: made by name' }),
    operator: Type.String({ description: 'Whose token it is' }),
    role: RoleSchema,
    label: Type.String(),
    createdAt: TimeSchema,
    expiresAt: Type.Optional(TimeSchema),
    lastUsedAt: Type.Optional(TimeSchema),
  },
  { title: 'Token' },
);

export const IssuedTokenSchema = Type.Object(
  {
    token: Type.String({ description: 'The secret, shown only here: only its hash is kept' }),
    ...TokenSchema.properties,
  },
  { title: 'IssuedToken' },
);

export const TokenBodySchema = Type.Object(
  {
    label: Type.String({ minLength: 1, maxLength: 100, examples: ['billing export'] }),
    role: RoleSchema,
    expiresIn: Type.Optional({ ...DurationSchema, description: 'Absent: it does not expire' }),
  },
  { title: 'NewToken', additionalProperties: false },
);

export const OperatorSchema = Type.Object(
  {
    name: Type.String(),
    role: RoleSchema,
    createdAt: TimeSchema,
    passwordChangedAt: TimeSchema,
    secondFactor: Type.Boolean({ description: 'Whether logins ask for a code too' }),
  },
  { title: 'Operator' },
);

export const OperatorBodySchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$', description: 'Small letters, digits, . _ -' }),
    role: RoleSchema,
    password: Type.String({ minLength: 12, maxLength: 256 }),
  },
  { title: 'NewOperator', additionalProperties: false },
);

export const OperatorChangeSchema = Type.Object(
  {
    role: Type.Optional(RoleSchema),
    password: Type.Optional(
      Type.String({ minLength: 12, maxLength: 256, description: 'Ends the sessions of the operator' }),
    ),
  },
  { title: 'OperatorChange', additionalProperties: false, minProperties: 1 },
);

export const PasswordBodySchema = Type.Object(
  {
    current: Type.String({ minLength: 1, maxLength: 256 }),
    new: Type.String({ minLength: 12, maxLength: 256 }),
  },
  { title: 'NewPassword', additionalProperties: false },
);

export const SecondFactorSchema = Type.Object(
  {
    since: Type.Optional({ ...TimeSchema, description: 'Absent: there is none' }),
    recoveryCodes: Type.Integer({ description: 'How many are left' }),
  },
  { title: 'SecondFactor' },
);

export const NewSecondFactorSchema = Type.Object(
  {
    secret: Type.String({ description: 'Base32, to be typed into an app that cannot scan' }),
    uri: Type.String({ examples: ['otpauth://totp/Yaolian:ann?secret=…'] }),
    qrSvg: Type.String({ description: 'The QR code of the uri, as a picture (SVG)' }),
  },
  { title: 'NewSecondFactor' },
);

export const RecoveryCodesSchema = Type.Object(
  { recoveryCodes: Type.Array(Type.String(), { description: 'Each works once; shown only here' }) },
  { title: 'RecoveryCodes' },
);

export type JsonSecondFactor = Static<typeof SecondFactorSchema>;
export type JsonNewSecondFactor = Static<typeof NewSecondFactorSchema>;
export type JsonOperator = Static<typeof OperatorSchema>;
export type JsonToken = Static<typeof TokenSchema>;
export type JsonIssuedToken = Static<typeof IssuedTokenSchema>;
