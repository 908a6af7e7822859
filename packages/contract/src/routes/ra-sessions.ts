import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import { RaSessionSchema, RaSessionStateSchema } from '../schemas/ra-session.ts';

const tag = 'Remote access';

export const listRaSessions = defineRoute({
  id: 'listRaSessions',
  method: 'GET',
  path: '/api/v1/ra/sessions',
  role: 'viewer',
  tag,
  summary: 'List the sessions of users and devices with the message server',
  description: 'In the order of their addresses. Shared terminals have none: the platform speaks for them.',
  query: Type.Object({
    search: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'A part of the address of the session, or of where it comes from; in any case',
      }),
    ),
    state: Type.Optional(RaSessionStateSchema),
    ...PageQuery,
  }),
  status: 200,
  response: pageOf(RaSessionSchema),
  problems: ['invalid-cursor', 'unavailable'],
});

export const endRaSession = defineRoute({
  id: 'endRaSession',
  method: 'DELETE',
  path: '/api/v1/ra/sessions/{session}',
  role: 'operator',
  tag,
  summary: 'End one session with the message server',
  description: 'Its client may come again. To keep the account out, disable it.',
  params: Type.Object({
    session: Type.String({
      minLength: 1,
      maxLength: 3071,
      description: 'The address of the session with its resource, percent-encoded',
      examples: ['juliet@home.example/phone'],
    }),
  }),
  status: 204,
  problems: ['not-found', 'unavailable'],
});
