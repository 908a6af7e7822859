import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import { BootstrapBodySchema, BootstrapEntrySchema } from '../schemas/bootstrap.ts';

const tag = 'Bootstrap';
const params = Type.Object({
  endpoint: Type.String({
    minLength: 1,
    maxLength: 512,
    description: '`default`, or an endpoint name, percent-encoded',
    examples: ['default'],
  }),
});

export const listBootstraps = defineRoute({
  id: 'listBootstraps',
  method: 'GET',
  path: '/api/v1/bootstrap',
  role: 'viewer',
  tag,
  summary: 'List what terminals are told at bootstrap, default first',
  query: Type.Object(PageQuery),
  status: 200,
  response: pageOf(BootstrapEntrySchema),
  problems: ['invalid-cursor'],
});

export const showBootstrap = defineRoute({
  id: 'showBootstrap',
  method: 'GET',
  path: '/api/v1/bootstrap/{endpoint}',
  role: 'viewer',
  tag,
  summary: 'Show what one terminal, or every other one, is told at bootstrap',
  params,
  status: 200,
  response: BootstrapEntrySchema,
  problems: ['not-found'],
});

export const setBootstrap = defineRoute({
  id: 'setBootstrap',
  method: 'PUT',
  path: '/api/v1/bootstrap/{endpoint}',
  role: 'admin',
  tag,
  summary: 'Set what one terminal, or every other one, is told at bootstrap',
  params,
  body: BootstrapBodySchema,
  status: 200,
  response: BootstrapEntrySchema,
  problems: ['invalid-value'],
});

export const removeBootstrap = defineRoute({
  id: 'removeBootstrap',
  method: 'DELETE',
  path: '/api/v1/bootstrap/{endpoint}',
  role: 'admin',
  tag,
  summary: 'Remove a bootstrap configuration; without a default, terminals that have none of their own are refused',
  params,
  status: 204,
  problems: ['not-found'],
});
