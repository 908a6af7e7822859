import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import {
  HomeFriendBodySchema,
  HomeFriendSchema,
  HomeGrantBodySchema,
  HomeGrantQuery,
  HomeGrantSchema,
} from '../schemas/home.ts';

const tag = 'Home: friends';
const device = Type.Object({
  device: Type.String({ minLength: 1, maxLength: 1023, description: 'lamp, or lamp@home.example, percent-encoded' }),
});
const user = Type.Object({ user: Type.String({ minLength: 1, maxLength: 1023, description: 'bob, percent-encoded' }) });

export const listHomeFriends = defineRoute({
  id: 'listHomeFriends',
  method: 'GET',
  path: '/api/v1/home/friends',
  role: 'user',
  tag,
  summary: 'Friends, those who asked, and those who were asked',
  status: 200,
  response: Type.Object({ items: Type.Array(HomeFriendSchema) }),
  problems: [],
});

export const askHomeFriend = defineRoute({
  id: 'askHomeFriend',
  method: 'POST',
  path: '/api/v1/home/friends',
  role: 'user',
  tag,
  summary: 'Ask somebody to be a friend, or agree to who asked',
  description: 'Nothing tells whether there is such a user: an unknown one just never answers.',
  body: HomeFriendBodySchema,
  status: 200,
  response: HomeFriendSchema,
  problems: ['conflict', 'too-many-attempts'],
});

export const removeHomeFriend = defineRoute({
  id: 'removeHomeFriend',
  method: 'DELETE',
  path: '/api/v1/home/friends/{user}',
  role: 'user',
  tag,
  summary: 'End a friendship, or decline a request, with what each permitted the other',
  params: user,
  status: 204,
  problems: ['not-found', 'too-many-attempts'],
});

export const listHomeGrants = defineRoute({
  id: 'listHomeGrants',
  method: 'GET',
  path: '/api/v1/home/devices/{device}/permissions',
  role: 'user',
  tag,
  summary: 'Who may do what with a device of yours',
  params: device,
  status: 200,
  response: Type.Object({ items: Type.Array(HomeGrantSchema) }),
  tagged: [],
  problems: ['access-denied'],
});

export const setHomeGrant = defineRoute({
  id: 'setHomeGrant',
  method: 'PUT',
  path: '/api/v1/home/devices/{device}/permissions',
  role: 'user',
  tag,
  summary: 'Permit a friend, or all friends, something with a device of yours',
  params: device,
  body: HomeGrantBodySchema,
  status: 204,
  problems: ['access-denied', 'not-a-friend', 'conflict', 'invalid-value', 'too-many-attempts'],
});

export const revokeHomeGrant = defineRoute({
  id: 'revokeHomeGrant',
  method: 'DELETE',
  path: '/api/v1/home/devices/{device}/permissions',
  role: 'user',
  tag,
  summary: 'Revoke a permission',
  params: device,
  query: HomeGrantQuery,
  status: 204,
  problems: ['access-denied', 'not-found', 'invalid-value', 'too-many-attempts'],
});
