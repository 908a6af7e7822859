import { defineRoute } from '../route.ts';
import {
  HomeLoginSchema,
  HomePasswordSchema,
  HomeRegistrationSchema,
  HomeRemovalSchema,
  HomeUserSchema,
} from '../schemas/home.ts';

const tag = 'Home: account';

export const registerAtHome = defineRoute({
  id: 'registerAtHome',
  method: 'POST',
  path: '/api/v1/home/account',
  role: 'anyone',
  tag,
  summary: 'Register a user of the RA and begin a session',
  description: 'For browsers: the session comes as a cookie that no script can read, for these paths only.',
  body: HomeRegistrationSchema,
  status: 201,
  response: HomeUserSchema,
  problems: ['conflict', 'invalid-value', 'invitation-needed', 'too-many-attempts', 'cross-origin', 'unavailable'],
});

export const signInAtHome = defineRoute({
  id: 'signInAtHome',
  method: 'POST',
  path: '/api/v1/home/session',
  role: 'anyone',
  tag,
  summary: 'Begin a session of a user of the RA',
  description: 'It is good for /api/v1/home only; operators have sessions of their own.',
  body: HomeLoginSchema,
  status: 200,
  response: HomeUserSchema,
  problems: ['wrong-password', 'too-many-attempts', 'cross-origin', 'unavailable'],
});

export const showHomeSession = defineRoute({
  id: 'showHomeSession',
  method: 'GET',
  path: '/api/v1/home/session',
  role: 'user',
  tag,
  summary: 'Whose session this is',
  status: 200,
  response: HomeUserSchema,
  problems: [],
});

export const signOutAtHome = defineRoute({
  id: 'signOutAtHome',
  method: 'DELETE',
  path: '/api/v1/home/session',
  role: 'user',
  tag,
  summary: 'End the session',
  status: 204,
  problems: [],
});

export const changeHomePassword = defineRoute({
  id: 'changeHomePassword',
  method: 'PUT',
  path: '/api/v1/home/password',
  role: 'user',
  tag,
  summary: 'Change your password',
  description: 'Ends every other session of yours, here and over XMPP; the answer carries a new cookie.',
  body: HomePasswordSchema,
  status: 200,
  response: HomeUserSchema,
  problems: ['wrong-password', 'invalid-value', 'too-many-attempts'],
});

export const removeHomeAccount = defineRoute({
  id: 'removeHomeAccount',
  method: 'POST',
  path: '/api/v1/home/account/removal',
  role: 'user',
  tag,
  summary: 'Delete your account with everything that names it',
  body: HomeRemovalSchema,
  status: 204,
  problems: ['wrong-password', 'too-many-attempts'],
});
