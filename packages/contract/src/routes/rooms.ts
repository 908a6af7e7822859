import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import {
  NewRoomSchema,
  RoomAffiliationBodySchema,
  RoomAffiliationSchema,
  RoomChangeSchema,
  RoomDetailSchema,
  RoomSchema,
} from '../schemas/room.ts';

const tag = 'Rooms';
const params = Type.Object({
  room: Type.String({
    minLength: 1,
    maxLength: 2047,
    description: 'The address of the room, percent-encoded',
    examples: ['family@rooms.im.example.com'],
  }),
});

export const listRooms = defineRoute({
  id: 'listRooms',
  method: 'GET',
  path: '/api/v1/rooms',
  role: 'viewer',
  tag,
  summary: 'List the rooms of the message server',
  query: Type.Object(PageQuery),
  status: 200,
  response: pageOf(RoomSchema),
  problems: ['invalid-cursor'],
});

export const createRoom = defineRoute({
  id: 'createRoom',
  method: 'POST',
  path: '/api/v1/rooms',
  role: 'admin',
  tag,
  summary: 'Make a persistent room',
  body: NewRoomSchema,
  status: 201,
  response: RoomDetailSchema,
  problems: ['invalid-value', 'conflict'],
});

export const showRoom = defineRoute({
  id: 'showRoom',
  method: 'GET',
  path: '/api/v1/rooms/{room}',
  role: 'viewer',
  tag,
  summary: 'Show a room with its affiliations and who is in it',
  description: 'What is said in it is for its occupants alone.',
  params,
  status: 200,
  response: RoomDetailSchema,
  tagged: ['occupants', 'present', 'affiliations'],
  problems: ['not-found'],
});

export const destroyRoom = defineRoute({
  id: 'destroyRoom',
  method: 'DELETE',
  path: '/api/v1/rooms/{room}',
  role: 'admin',
  tag,
  summary: 'Destroy a room for good, with its affiliations and its archive',
  params,
  query: Type.Object({
    reason: Type.Optional(Type.String({ maxLength: 1000, description: 'What those in it are told' })),
  }),
  status: 204,
  problems: ['not-found'],
});

export const configureRoom = defineRoute({
  id: 'configureRoom',
  method: 'PATCH',
  path: '/api/v1/rooms/{room}',
  role: 'admin',
  tag,
  summary: 'Set a room up otherwise, as its owner does',
  description: 'Who is in it is told (XEP-0045 §10.2.1).',
  params,
  body: RoomChangeSchema,
  status: 200,
  response: RoomDetailSchema,
  problems: ['not-found', 'conflict'],
});

const ofMember = Type.Object({
  ...params.properties,
  member: Type.String({
    minLength: 1,
    maxLength: 2047,
    description: 'The name of an account, as in /api/v1/users, or its address',
    examples: ['juliet'],
  }),
});

export const showRoomAffiliation = defineRoute({
  id: 'showRoomAffiliation',
  method: 'GET',
  path: '/api/v1/rooms/{room}/affiliations/{member}',
  role: 'viewer',
  tag,
  summary: 'Show what an account is to a room',
  params: ofMember,
  status: 200,
  response: RoomAffiliationSchema,
  tagged: [],
  problems: ['not-found'],
});

export const setRoomAffiliation = defineRoute({
  id: 'setRoomAffiliation',
  method: 'PUT',
  path: '/api/v1/rooms/{room}/affiliations/{member}',
  role: 'admin',
  tag,
  summary: 'Make an account owner, admin or member of a room, or ban it',
  description: 'Who is in the room is told; who is banned leaves it.',
  params: ofMember,
  body: RoomAffiliationBodySchema,
  status: 200,
  response: RoomDetailSchema,
  problems: ['not-found', 'invalid-value', 'conflict'],
});

export const removeRoomAffiliation = defineRoute({
  id: 'removeRoomAffiliation',
  method: 'DELETE',
  path: '/api/v1/rooms/{room}/affiliations/{member}',
  role: 'admin',
  tag,
  summary: 'Take its place in a room from an account, or let it in again that was banned',
  params: ofMember,
  query: Type.Object({
    reason: Type.Optional(Type.String({ maxLength: 1000, description: 'What those in the room are told' })),
  }),
  status: 204,
  problems: ['not-found', 'conflict'],
});
