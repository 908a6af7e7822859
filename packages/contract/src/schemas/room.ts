import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';

/** A room of the message server. */
export const RoomSchema = Type.Object(
  {
    room: Type.String({ description: 'Its address', examples: ['family@rooms.im.example.com'] }),
    name: Type.String({ description: 'What it is called; empty: nothing' }),
    persistent: Type.Boolean({ description: 'It stays when everybody has left' }),
    public: Type.Boolean({ description: 'It is listed for everybody' }),
    membersOnly: Type.Boolean(),
    occupants: Type.Integer({ description: 'People in it now' }),
    createdBy: Type.String({ examples: ['juliet@im.example.com'] }),
    createdAt: TimeSchema,
  },
  { title: 'Room' },
);

/** What somebody is to a room. */
export const RoomAffiliationSchema = Type.Object(
  {
    account: Type.String({ examples: ['juliet@im.example.com'] }),
    affiliation: Type.Enum(['owner', 'admin', 'member', 'outcast']),
  },
  { title: 'RoomAffiliation' },
);

/** A room with who is what to it. */
export const RoomDetailSchema = Type.Object(
  {
    ...RoomSchema.properties,
    description: Type.String(),
    moderated: Type.Boolean(),
    passwordProtected: Type.Boolean(),
    archived: Type.Boolean({ description: 'What is said in it is kept in its archive' }),
    maxUsers: Type.Integer({ description: 'People at once' }),
    affiliations: Type.Array(RoomAffiliationSchema),
    present: Type.Array(
      Type.Object({
        nick: Type.String(),
        account: Type.String({ examples: ['juliet@im.example.com'] }),
        role: Type.Enum(['visitor', 'participant', 'moderator']),
        sessions: Type.Integer(),
      }),
      { description: 'Who is in it now' },
    ),
  },
  { title: 'RoomDetail' },
);

/** A room to make. What is left out is as in a room that a client makes, but that it stays when everybody has left. */
export const NewRoomSchema = Type.Object(
  {
    room: Type.String({
      minLength: 1,
      maxLength: 2047,
      description: 'Its address',
      examples: ['family@rooms.im.example.com'],
    }),
    owner: Type.String({
      minLength: 1,
      maxLength: 2047,
      description: 'Whose room it is: the name of an account, as in /api/v1/users',
      examples: ['juliet'],
    }),
    name: Type.Optional(Type.String({ maxLength: 128 })),
    description: Type.Optional(Type.String({ maxLength: 1024 })),
    public: Type.Optional(Type.Boolean({ default: true })),
    membersOnly: Type.Optional(Type.Boolean({ default: false })),
    moderated: Type.Optional(Type.Boolean({ default: false })),
    password: Type.Optional(Type.String({ maxLength: 256, description: 'Who enters has to know it; empty: nothing' })),
  },
  { title: 'NewRoom', additionalProperties: false },
);

/** What changes of a room; what is left out stays. */
export const RoomChangeSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 128 })),
    description: Type.Optional(Type.String({ maxLength: 1024 })),
    persistent: Type.Optional(Type.Boolean({ description: 'It stays when everybody has left' })),
    public: Type.Optional(Type.Boolean()),
    membersOnly: Type.Optional(Type.Boolean({ description: 'true: who is no member leaves it at once' })),
    moderated: Type.Optional(Type.Boolean()),
    password: Type.Optional(
      Type.String({ maxLength: 256, description: 'Who enters has to know it; empty: nothing. It is never told' }),
    ),
    archived: Type.Optional(Type.Boolean({ description: 'Whether what is said is kept, where it is persistent' })),
    maxUsers: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: 'People at once; no more than xmpp.max-room-occupants',
      }),
    ),
  },
  { title: 'RoomChange', additionalProperties: false, minProperties: 1 },
);

export const RoomAffiliationBodySchema = Type.Object(
  {
    affiliation: Type.Enum(['owner', 'admin', 'member', 'outcast']),
    reason: Type.Optional(Type.String({ maxLength: 1000, description: 'What those in the room are told' })),
  },
  { title: 'RoomAffiliationBody', additionalProperties: false },
);

export type JsonRoomChange = Static<typeof RoomChangeSchema>;
export type JsonNewRoom = Static<typeof NewRoomSchema>;
export type JsonRoom = Static<typeof RoomSchema>;
export type JsonRoomAffiliation = Static<typeof RoomAffiliationSchema>;
export type JsonRoomDetail = Static<typeof RoomDetailSchema>;
