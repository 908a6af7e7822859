import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';

export const UserKindSchema = Type.Union([Type.Literal('user'), Type.Literal('device')]);

/** An account of the message server. */
export const UserSchema = Type.Object(
  {
    name: Type.String({
      description: 'The part of its address before the @; in a domain of xmpp.domains the whole address',
      examples: ['juliet'],
    }),
    kind: UserKindSchema,
    nick: Type.Optional(Type.String()),
    createdAt: TimeSchema,
    disabledAt: Type.Optional({ ...TimeSchema, description: 'Since when it is kept out' }),
  },
  { title: 'User' },
);

const address = Type.String({ examples: ['lamp@home.example'] });

/** An account with what it is joined to. */
export const UserDetailSchema = Type.Object(
  {
    ...UserSchema.properties,
    connections: Type.Array(Type.String(), { description: 'The resources of its connections over XMPP' }),
    pages: Type.Integer({ description: 'Pages of its home that are open' }),
    devices: Type.Array(
      Type.Object({
        device: address,
        name: Type.String(),
        state: Type.Enum(['active', 'pending']),
        since: TimeSchema,
      }),
      { description: 'Devices that it owns, or waits to' },
    ),
    friends: Type.Array(Type.Object({ user: address, state: Type.Enum(['friends', 'asking', 'asked']) })),
  },
  { title: 'UserDetail' },
);

export const UserMessageSchema = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: 4000 }) },
  { title: 'UserMessage', additionalProperties: false },
);

const UserPassword = Type.String({ minLength: 8, maxLength: 256 });

export const UserBodySchema = Type.Object(
  {
    password: UserPassword,
    kind: Type.Optional(UserKindSchema),
    nick: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  { title: 'NewUser', additionalProperties: false },
);

export const UserPasswordBodySchema = Type.Object(
  { password: UserPassword },
  { title: 'NewUserPassword', additionalProperties: false },
);

export type JsonUser = Static<typeof UserSchema>;
export type JsonUserDetail = Static<typeof UserDetailSchema>;
