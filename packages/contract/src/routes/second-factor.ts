import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { NewSecondFactorSchema, RecoveryCodesSchema, SecondFactorSchema } from '../schemas/session.ts';

const tag = 'Access';
const path = '/api/v1/second-factor';
const password = Type.String({ minLength: 1, maxLength: 256, description: 'Yours, once more' });

export const showSecondFactor = defineRoute({
  id: 'showSecondFactor',
  method: 'GET',
  path,
  role: 'viewer',
  tag,
  summary: 'Whether your logins ask for a second factor',
  status: 200,
  response: SecondFactorSchema,
  problems: [],
});

export const beginSecondFactor = defineRoute({
  id: 'beginSecondFactor',
  method: 'POST',
  path,
  role: 'viewer',
  tag,
  summary: 'Make a secret for an authenticator app (TOTP, RFC 6238); it counts once it is confirmed',
  body: Type.Object({ password }, { additionalProperties: false }),
  status: 200,
  response: NewSecondFactorSchema,
  problems: ['wrong-password', 'too-many-attempts', 'conflict'],
});

export const confirmSecondFactor = defineRoute({
  id: 'confirmSecondFactor',
  method: 'PUT',
  path,
  role: 'viewer',
  tag,
  summary: 'Confirm with a code that the app has the secret; from now on logins ask for one',
  body: Type.Object({ code: Type.String({ pattern: '^[0-9]{3} ?[0-9]{3}$' }) }, { additionalProperties: false }),
  status: 200,
  response: RecoveryCodesSchema,
  problems: ['second-factor-wrong', 'too-many-attempts'],
});

export const removeSecondFactor = defineRoute({
  id: 'removeSecondFactor',
  method: 'POST',
  path: `${path}/remove`,
  role: 'viewer',
  tag,
  summary: 'Log in with the password alone again',
  body: Type.Object({ password }, { additionalProperties: false }),
  status: 204,
  problems: ['wrong-password', 'too-many-attempts', 'not-found'],
});

export const resetSecondFactor = defineRoute({
  id: 'resetSecondFactor',
  method: 'DELETE',
  path: '/api/v1/operators/{name}/second-factor',
  role: 'admin',
  tag,
  summary: 'Take the second factor from somebody who lost it',
  params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) }),
  status: 204,
  problems: ['not-found'],
});
