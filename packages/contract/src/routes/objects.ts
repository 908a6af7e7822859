import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import { ObjectDefinitionSchema, ObjectSummarySchema } from '../schemas/object.ts';

const tag = 'Object model';
const params = Type.Object({ id: Type.Integer({ minimum: 0, maximum: 65535 }) });
const version = Type.String({ maxLength: 16, examples: ['1.1'] });

export const listObjects = defineRoute({
  id: 'listObjects',
  method: 'GET',
  path: '/api/v1/objects',
  role: 'viewer',
  tag,
  summary: 'List every version of every object known',
  query: Type.Object({
    search: Type.Optional(Type.String({ maxLength: 100, description: 'Part of the name or URN, in any case' })),
    source: Type.Optional(Type.Enum(['user', 'registry'], { description: 'user: those that were added; absent: all' })),
    ...PageQuery,
  }),
  status: 200,
  response: pageOf(ObjectSummarySchema),
  problems: ['invalid-cursor'],
});

export const showObject = defineRoute({
  id: 'showObject',
  method: 'GET',
  path: '/api/v1/objects/{id}',
  role: 'viewer',
  tag,
  summary: 'Show an object with its resources',
  params,
  query: Type.Object({ version: Type.Optional({ ...version, description: 'Absent: the newest' }) }),
  status: 200,
  response: ObjectDefinitionSchema,
  tagged: [],
  problems: ['not-found'],
});

export const addObject = defineRoute({
  id: 'addObject',
  method: 'POST',
  path: '/api/v1/objects',
  role: 'admin',
  tag,
  summary: 'Add an object by its DDF XML file',
  description:
    'Kept in the data folder. It stands in for a definition with the same id and version; `replaces` of the answer says what is different from that of the registry. What history has stays as it was recorded; requests and values are of the new definition from now on, until it is removed.',
  query: Type.Object({
    dryRun: Type.Optional(
      Type.Boolean({ description: 'true: the answer says what it would be and replace; nothing is kept' }),
    ),
  }),
  body: Type.String({ minLength: 1, description: 'A DDF file as LWM2M.xsd of the Open Mobile Alliance has it' }),
  bodyType: 'application/xml',
  status: 201,
  response: ObjectDefinitionSchema,
  problems: ['invalid-object-definition', 'unsupported-media-type'],
});

export const removeObject = defineRoute({
  id: 'removeObject',
  method: 'DELETE',
  path: '/api/v1/objects/{id}',
  role: 'admin',
  tag,
  summary: 'Remove an object that was added',
  params,
  query: Type.Object({ version }),
  status: 204,
  problems: ['not-found', 'conflict'],
});
