import { type Static, Type } from 'typebox';
import { RoleSchema } from '../role.ts';
import { DurationSchema, TimeSchema } from './basic.ts';

export const LoginBodySchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 64, default: 'admin' })),
    password: Type.String({ minLength: 1, maxLength: 256 }),
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

export const PasswordBodySchema = Type.Object(
  {
    current: Type.String({ minLength: 1, maxLength: 256 }),
    new: Type.String({ minLength: 12, maxLength: 256 }),
  },
  { title: 'NewPassword', additionalProperties: false },
);

export type JsonToken = Static<typeof TokenSchema>;
export type JsonIssuedToken = Static<typeof IssuedTokenSchema>;
