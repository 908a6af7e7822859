import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import { NewRoomSchema, RoomDetailSchema, RoomSchema } from '../schemas/room.ts';

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
