import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import { AllowBodySchema, AllowEntrySchema, EnrolmentSchema } from '../schemas/enrolment.ts';

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
