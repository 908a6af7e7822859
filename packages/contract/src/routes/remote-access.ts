import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DeviceParam, LongPageQuery, PageQuery, pageOf, SpanQuery } from '../schemas/basic.ts';
import {
  AuditEntrySchema,
  ConfirmationBodySchema,
  IssuedCodeSchema,
  RaDeviceSchema,
  RaPermissionSchema,
  ShareBodySchema,
} from '../schemas/remote-access.ts';

const tag = 'Remote access';
const account = Type.Object({
  account: Type.String({ minLength: 1, maxLength: 1023, description: 'The name of the account, percent-encoded' }),
});

const owner = Type.Object({
  ...account.properties,
  user: Type.String({ minLength: 1, maxLength: 1023, description: 'bob, or bob@home.example, percent-encoded' }),
});

export const shareDevice = defineRoute({
  id: 'shareDevice',
  method: 'POST',
  path: '/api/v1/devices/{device}/share',
  role: 'operator',
  tag,
  summary: 'Make a terminal a device of the RA, which users bind',
  description: 'It gets an account and a verification code, which the answer has and nothing later.',
  params: Type.Object(DeviceParam),
  body: ShareBodySchema,
  bodyOptional: true,
  status: 201,
  response: IssuedCodeSchema,
  problems: ['device-unknown', 'conflict', 'unavailable'],
});

export const listRaDevices = defineRoute({
  id: 'listRaDevices',
  method: 'GET',
  path: '/api/v1/ra/devices',
  role: 'viewer',
  tag,
  summary: 'List devices of the RA: terminals that are shared, and those that speak RA themselves',
  query: Type.Object(PageQuery),
  status: 200,
  response: pageOf(RaDeviceSchema),
  problems: ['invalid-cursor', 'unavailable'],
});

export const listRaPermissions = defineRoute({
  id: 'listRaPermissions',
  method: 'GET',
  path: '/api/v1/ra/devices/{account}/permissions',
  role: 'viewer',
  tag,
  summary: 'List what users may do with a device of the RA',
  description: 'Without any, owners may do all, and nobody else anything.',
  params: account,
  query: Type.Object(LongPageQuery),
  status: 200,
  response: pageOf(RaPermissionSchema),
  problems: ['invalid-cursor', 'not-found', 'unavailable'],
});

export const resetVerificationCode = defineRoute({
  id: 'resetVerificationCode',
  method: 'POST',
  path: '/api/v1/ra/devices/{account}/code',
  role: 'operator',
  tag,
  summary: 'Give a device a new verification code',
  description: 'The one before is void; owners stay owners.',
  params: account,
  status: 200,
  response: IssuedCodeSchema,
  problems: ['not-found', 'unavailable'],
});

export const setRaConfirmation = defineRoute({
  id: 'setRaConfirmation',
  method: 'PUT',
  path: '/api/v1/ra/devices/{account}/confirmation',
  role: 'operator',
  tag,
  summary: 'Let a device be asked before a user owns it, or not any more',
  description: 'Who waits for it goes on waiting; where it is not asked any more, who binds it again owns it at once.',
  params: account,
  body: ConfirmationBodySchema,
  status: 204,
  problems: ['not-found', 'unavailable'],
});

export const confirmRaOwner = defineRoute({
  id: 'confirmRaOwner',
  method: 'POST',
  path: '/api/v1/ra/devices/{account}/owners/{user}/confirm',
  role: 'operator',
  tag,
  summary: 'Agree to a binding in the place of a device that is asked: a terminal has no way to',
  params: owner,
  status: 204,
  problems: ['not-found', 'unavailable'],
});

export const removeRaOwner = defineRoute({
  id: 'removeRaOwner',
  method: 'DELETE',
  path: '/api/v1/ra/devices/{account}/owners/{user}',
  role: 'operator',
  tag,
  summary: 'Take a device from one of its owners: a sold one from who sold it',
  description: 'The device gets a new verification code, so that the one that the owner may know is void.',
  params: owner,
  status: 200,
  response: IssuedCodeSchema,
  problems: ['not-found', 'unavailable'],
});

export const removeRaDevice = defineRoute({
  id: 'removeRaDevice',
  method: 'DELETE',
  path: '/api/v1/ra/devices/{account}',
  role: 'operator',
  tag,
  summary: 'Remove the account of a device, with its bindings and permissions',
  description: 'A terminal goes on being managed.',
  params: account,
  status: 204,
  problems: ['not-found', 'unavailable'],
});

export const listAudit = defineRoute({
  id: 'listAudit',
  method: 'GET',
  path: '/api/v1/audit',
  role: 'admin',
  tag,
  summary: 'Who did what, the newest first',
  query: Type.Object({
    actor: Type.Optional(Type.String({ maxLength: 1023, description: 'Only what this account or operator did' })),
    device: Type.Optional(Type.String({ maxLength: 1023, description: 'Only what was done to this device' })),
    looks: Type.Optional(
      Type.Boolean({ default: true, description: 'false: without those who only looked, and changed nothing' }),
    ),
    ...SpanQuery,
    ...PageQuery,
  }),
  status: 200,
  response: pageOf(AuditEntrySchema),
  problems: ['invalid-cursor'],
});
