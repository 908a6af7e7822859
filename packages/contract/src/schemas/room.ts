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

/** A room with who is what to it. */
export const RoomDetailSchema = Type.Object(
  {
    ...RoomSchema.properties,
    description: Type.String(),
    moderated: Type.Boolean(),
    passwordProtected: Type.Boolean(),
    archived: Type.Boolean({ description: 'What is said in it is kept in its archive' }),
    affiliations: Type.Array(
      Type.Object({
        account: Type.String({ examples: ['juliet@im.example.com'] }),
        affiliation: Type.Enum(['owner', 'admin', 'member', 'outcast']),
      }),
    ),
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

export type JsonRoom = Static<typeof RoomSchema>;
export type JsonRoomDetail = Static<typeof RoomDetailSchema>;
