import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';

export const RaSessionStateSchema = Type.Enum(['connected', 'waiting'], {
  description: 'waiting: its connection is lost and it may be resumed (XEP-0198); what comes for it is kept',
});

/** A session of an account with the message server. */
export const RaSessionSchema = Type.Object(
  {
    session: Type.String({
      description: 'Its address: the account with the resource',
      examples: ['juliet@home.example/phone'],
    }),
    account: Type.String({ description: 'The name of its account', examples: ['juliet'] }),
    resource: Type.String({ examples: ['phone'] }),
    kind: Type.Optional(Type.Enum(['user', 'device'], { description: 'Whose account it is' })),
    state: RaSessionStateSchema,
    address: Type.Optional(
      Type.String({ description: 'Where it comes from; absent while it waits', examples: ['192.0.2.1:49152'] }),
    ),
    secure: Type.Optional(Type.Boolean({ description: 'Whether TLS is below it; absent while it waits' })),
    since: { ...TimeSchema, description: 'When it began' },
    active: Type.Boolean({ description: 'False while its client says that nobody looks at it (XEP-0352)' }),
    presence: Type.Enum(['available', 'chat', 'away', 'xa', 'dnd', 'unavailable'], {
      description: 'What it says of itself (RFC 6121 §4.7.2); unavailable: nothing yet, or not any more',
    }),
    priority: Type.Integer({ minimum: -128, maximum: 127 }),
    client: Type.Optional(
      Type.String({ maxLength: 200, description: 'What its client calls itself (XEP-0115), as a URL mostly' }),
    ),
  },
  { title: 'RaSession' },
);

export type JsonRaSession = Static<typeof RaSessionSchema>;
