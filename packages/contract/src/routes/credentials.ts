import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import { CredentialSchema, NewCredentialSchema } from '../schemas/credential.ts';
import { ImportResultSchema, importOf } from '../schemas/import.ts';

const tag = 'Credentials';

export const listCredentials = defineRoute({
  id: 'listCredentials',
  method: 'GET',
  path: '/api/v1/credentials',
  role: 'viewer',
  tag,
  summary: 'List with what terminals prove who they are, without the secrets',
  query: Type.Object({
    ...PageQuery,
    endpoint: Type.Optional(Type.String({ minLength: 1, maxLength: 512, description: 'Of this endpoint alone' })),
  }),
  status: 200,
  response: pageOf(CredentialSchema),
  problems: ['invalid-cursor'],
});

export const addCredential = defineRoute({
  id: 'addCredential',
  method: 'POST',
  path: '/api/v1/credentials',
  role: 'admin',
  tag,
  summary: 'Add a credential of an endpoint',
  description:
    'From then on the endpoint registers with a credential only. To rotate, add the new one: both are good until the terminal first uses the new one.',
  body: NewCredentialSchema,
  status: 201,
  response: CredentialSchema,
  problems: ['invalid-value', 'conflict'],
});

export const importCredentials = defineRoute({
  id: 'importCredentials',
  method: 'POST',
  path: '/api/v1/credential-imports',
  role: 'admin',
  tag,
  summary: 'Add many credentials at once',
  description:
    'Up to 1000, within http.body-limit. Each entry is judged by itself: one that is refused holds up no other, and one that is there ' +
    'already, with the same secret, is left as it is, so that the same request may come again. Those that are added are on disk together ' +
    'before the answer; if that fails, none of them is.',
  body: importOf(NewCredentialSchema, 'CredentialImport'),
  status: 200,
  response: ImportResultSchema,
  problems: [],
});

export const removeCredential = defineRoute({
  id: 'removeCredential',
  method: 'DELETE',
  path: '/api/v1/credentials/{id}',
  role: 'admin',
  tag,
  summary: 'Remove a credential and end the DTLS sessions that were made with it',
  params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
  status: 204,
  problems: ['not-found'],
});
