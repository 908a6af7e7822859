import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import { AllowBodySchema, AllowEntrySchema, EnrolmentSchema, NewAllowEntrySchema } from '../schemas/enrolment.ts';
import { ImportResultSchema, importOf } from '../schemas/import.ts';

const tag = 'Enrolment';
const key = Type.Object({
  key: Type.String({ minLength: 1, maxLength: 512, description: 'A device key, percent-encoded' }),
});

export const showEnrolment = defineRoute({
  id: 'showEnrolment',
  method: 'GET',
  path: '/api/v1/enrolment',
  role: 'viewer',
  tag,
  summary: 'Who may register',
  status: 200,
  response: EnrolmentSchema,
  tagged: [],
  problems: [],
});

export const setEnrolment = defineRoute({
  id: 'setEnrolment',
  method: 'PUT',
  path: '/api/v1/enrolment',
  role: 'admin',
  tag,
  summary: 'Set who may register',
  description:
    'Kept in the data folder, and then stronger than the setting `enrolment`. Registered devices stay so until their next Update.',
  body: EnrolmentSchema,
  status: 200,
  response: EnrolmentSchema,
  problems: [],
});

export const listAllowed = defineRoute({
  id: 'listAllowed',
  method: 'GET',
  path: '/api/v1/allow-list',
  role: 'viewer',
  tag,
  summary: 'List the allowed device keys',
  query: Type.Object(PageQuery),
  status: 200,
  response: pageOf(AllowEntrySchema),
  problems: ['invalid-cursor'],
});

export const allow = defineRoute({
  id: 'allow',
  method: 'PUT',
  path: '/api/v1/allow-list/{key}',
  role: 'operator',
  tag,
  summary: 'Allow a device key',
  params: key,
  body: AllowBodySchema,
  bodyOptional: true,
  status: 200,
  response: AllowEntrySchema,
  problems: [],
});

export const importAllowed = defineRoute({
  id: 'importAllowed',
  method: 'POST',
  path: '/api/v1/allow-list-imports',
  role: 'operator',
  tag,
  summary: 'Allow many device keys at once',
  description:
    'Up to 1000, within http.body-limit. Each entry is judged by itself: one that is refused holds up no other, and of one that is on the ' +
    'list already the note changes, so that the same request may come again. Those that are taken are on disk together before the answer; ' +
    'if that fails, none of them is.',
  body: importOf(NewAllowEntrySchema, 'AllowImport'),
  status: 200,
  response: ImportResultSchema,
  problems: [],
});

export const disallow = defineRoute({
  id: 'disallow',
  method: 'DELETE',
  path: '/api/v1/allow-list/{key}',
  role: 'operator',
  tag,
  summary: 'Take a device key off the list',
  params: key,
  status: 204,
  problems: ['not-found'],
});
