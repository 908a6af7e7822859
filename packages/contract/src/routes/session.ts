import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { LongPageQuery, PageQuery, pageOf } from '../schemas/basic.ts';
import {
  IssuedTokenSchema,
  LoginBodySchema,
  OperatorBodySchema,
  OperatorChangeSchema,
  OperatorSchema,
  PasswordBodySchema,
  TokenBodySchema,
  TokenSchema,
} from '../schemas/session.ts';

const tag = 'Access';

export const login = defineRoute({
  id: 'login',
  method: 'POST',
  path: '/api/v1/login',
  role: 'anyone',
  tag,
  summary: 'Get a token for a password',
  description:
    'The token stands for the session: send it as `Authorization: Bearer`. It expires after http.session-lifetime.',
  body: LoginBodySchema,
  status: 200,
  response: IssuedTokenSchema,
  problems: ['wrong-password', 'second-factor-needed', 'second-factor-wrong', 'too-many-attempts'],
});

export const signIn = defineRoute({
  id: 'signIn',
  method: 'POST',
  path: '/api/v1/session',
  role: 'anyone',
  tag,
  summary: 'Begin a session of a browser for a password',
  description:
    'The token comes as a cookie that no script can read (HttpOnly, SameSite=Strict). Programs use /api/v1/login instead.',
  body: LoginBodySchema,
  status: 200,
  response: TokenSchema,
  problems: ['wrong-password', 'second-factor-needed', 'second-factor-wrong', 'too-many-attempts', 'cross-origin'],
});

export const logout = defineRoute({
  id: 'logout',
  method: 'DELETE',
  path: '/api/v1/session',
  role: 'viewer',
  tag,
  summary: 'Make the token of this request invalid',
  status: 204,
  problems: [],
});

export const showSession = defineRoute({
  id: 'showSession',
  method: 'GET',
  path: '/api/v1/session',
  role: 'viewer',
  tag,
  summary: 'Whose token this request carries',
  status: 200,
  response: TokenSchema,
  problems: [],
});

export const changePassword = defineRoute({
  id: 'changePassword',
  method: 'PUT',
  path: '/api/v1/password',
  role: 'viewer',
  tag,
  summary: 'Change your own password',
  description: 'Ends every other session of yours; API tokens stay valid.',
  body: PasswordBodySchema,
  status: 204,
  problems: ['wrong-password', 'too-many-attempts'],
});

export const listTokens = defineRoute({
  id: 'listTokens',
  method: 'GET',
  path: '/api/v1/tokens',
  role: 'admin',
  tag,
  summary: 'List API tokens and sessions',
  query: Type.Object(PageQuery),
  status: 200,
  response: pageOf(TokenSchema),
  problems: ['invalid-cursor'],
});

export const createToken = defineRoute({
  id: 'createToken',
  method: 'POST',
  path: '/api/v1/tokens',
  role: 'admin',
  tag,
  summary: 'Make an API token',
  description: 'It may do no more than the operator who makes it.',
  body: TokenBodySchema,
  status: 201,
  response: IssuedTokenSchema,
  problems: ['conflict'],
});

export const removeToken = defineRoute({
  id: 'removeToken',
  method: 'DELETE',
  path: '/api/v1/tokens/{token}',
  role: 'admin',
  tag,
  summary: 'Make a token invalid',
  params: Type.Object({ token: Type.String({ maxLength: 64, description: 'Its "id"' }) }),
  status: 204,
  problems: ['not-found'],
});

export const listOperators = defineRoute({
  id: 'listOperators',
  method: 'GET',
  path: '/api/v1/operators',
  role: 'admin',
  tag,
  summary: 'List who may log in',
  query: Type.Object(LongPageQuery),
  status: 200,
  response: pageOf(OperatorSchema),
  problems: ['invalid-cursor'],
});

export const addOperator = defineRoute({
  id: 'addOperator',
  method: 'POST',
  path: '/api/v1/operators',
  role: 'admin',
  tag,
  summary: 'Add somebody who may log in',
  body: OperatorBodySchema,
  status: 201,
  response: OperatorSchema,
  problems: ['conflict'],
});

export const showOperator = defineRoute({
  id: 'showOperator',
  method: 'GET',
  path: '/api/v1/operators/{name}',
  role: 'admin',
  tag,
  summary: 'Show who may log in',
  params: Type.Object({ name: Type.String() }),
  status: 200,
  response: OperatorSchema,
  tagged: [],
  problems: ['not-found'],
});

export const changeOperator = defineRoute({
  id: 'changeOperator',
  method: 'PATCH',
  path: '/api/v1/operators/{name}',
  role: 'admin',
  tag,
  summary: 'Change the role of somebody else, or give them a new password',
  description:
    'What is absent stays. A lesser role holds at once, for tokens too. Your own password: PUT /api/v1/password.',
  params: Type.Object({ name: Type.String() }),
  body: OperatorChangeSchema,
  status: 200,
  response: OperatorSchema,
  problems: ['conflict', 'not-found'],
});

export const removeOperator = defineRoute({
  id: 'removeOperator',
  method: 'DELETE',
  path: '/api/v1/operators/{name}',
  role: 'admin',
  tag,
  summary: 'Remove an operator with its sessions and tokens; you cannot remove yourself',
  params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) }),
  status: 204,
  problems: ['not-found', 'conflict'],
});
