import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import {
  UserBodySchema,
  UserDetailSchema,
  UserKindSchema,
  UserMessageSchema,
  UserPasswordBodySchema,
  UserSchema,
} from '../schemas/user.ts';

const tag = 'Users';
const params = Type.Object({
  name: Type.String({
    minLength: 1,
    maxLength: 1023,
    description:
      'The part of the address before the @, or, in a domain of xmpp.domains, the whole address; percent-encoded',
    examples: ['juliet'],
  }),
});

export const listUsers = defineRoute({
  id: 'listUsers',
  method: 'GET',
  path: '/api/v1/users',
  role: 'viewer',
  tag,
  summary: 'List the accounts of the message server',
  query: Type.Object({ kind: Type.Optional(UserKindSchema), ...PageQuery }),
  status: 200,
  response: pageOf(UserSchema),
  problems: ['invalid-cursor'],
});

export const addUser = defineRoute({
  id: 'addUser',
  method: 'PUT',
  path: '/api/v1/users/{name}',
  role: 'admin',
  tag,
  summary: 'Add an account to the message server',
  params,
  body: UserBodySchema,
  status: 201,
  response: UserSchema,
  problems: ['invalid-value', 'conflict'],
});

export const setUserPassword = defineRoute({
  id: 'setUserPassword',
  method: 'PUT',
  path: '/api/v1/users/{name}/password',
  role: 'admin',
  tag,
  summary: 'Set the password of an account; its sessions end',
  params,
  body: UserPasswordBodySchema,
  status: 204,
  problems: ['invalid-value', 'not-found'],
});

export const removeUser = defineRoute({
  id: 'removeUser',
  method: 'DELETE',
  path: '/api/v1/users/{name}',
  role: 'admin',
  tag,
  summary: 'Remove an account with all that is kept for it; its sessions end',
  params,
  status: 204,
  problems: ['not-found'],
});

export const showUser = defineRoute({
  id: 'showUser',
  method: 'GET',
  path: '/api/v1/users/{name}',
  role: 'viewer',
  tag,
  summary: 'Show an account with its connections, devices and friends',
  params,
  status: 200,
  response: UserDetailSchema,
  tagged: ['connections', 'pages'],
  problems: ['not-found'],
});

export const endUserSessions = defineRoute({
  id: 'endUserSessions',
  method: 'DELETE',
  path: '/api/v1/users/{name}/sessions',
  role: 'admin',
  tag,
  summary: 'End the sessions of an account: its connections over XMPP, and its pages of home everywhere',
  description: 'It is let in again with its password. To keep it out, disable it.',
  params,
  query: Type.Object({
    connection: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1023, description: 'Only the connection over XMPP with this resource' }),
    ),
  }),
  status: 204,
  problems: ['not-found'],
});

export const disableUser = defineRoute({
  id: 'disableUser',
  method: 'PUT',
  path: '/api/v1/users/{name}/disabled',
  role: 'admin',
  tag,
  summary: 'Keep an account out, whatever the password; its sessions end, everything else stays',
  params,
  status: 204,
  problems: ['not-found'],
});

export const enableUser = defineRoute({
  id: 'enableUser',
  method: 'DELETE',
  path: '/api/v1/users/{name}/disabled',
  role: 'admin',
  tag,
  summary: 'Let an account in again with the password that it had',
  params,
  status: 204,
  problems: ['not-found'],
});

export const tellUser = defineRoute({
  id: 'tellUser',
  method: 'POST',
  path: '/api/v1/users/{name}/messages',
  role: 'operator',
  tag,
  summary: 'Send an account a message as support',
  description: 'From the domain itself; it waits for an account that is away. The audit trail has who sent it.',
  params,
  body: UserMessageSchema,
  status: 204,
  problems: ['not-found', 'unavailable'],
});
