import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DeviceParam, OperationQuery, PageQuery, pageOf } from '../schemas/basic.ts';
import { BootstrapBodySchema, BootstrapEntrySchema } from '../schemas/bootstrap.ts';
import { OutcomeSchema } from '../schemas/operation.ts';
import { deviceProblems } from './device-problems.ts';

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
  tagged: [],
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

export const triggerBootstrap = defineRoute({
  id: 'triggerBootstrap',
  method: 'POST',
  path: '/api/v1/devices/{device}/bootstrap',
  role: 'operator',
  tag,
  summary: 'Have a device bootstrap again: it de-registers and asks its bootstrap server (LwM2M 1.1)',
  description: 'Executes the Bootstrap-Request Trigger, resource 9 of the Server object.',
  params: Type.Object(DeviceParam),
  query: Type.Object({
    instance: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65534,
        description: 'The instance of the Server object that stands for us; absent: the first that the device lists',
      }),
    ),
    ...OperationQuery,
  }),
  status: 200,
  queueable: true,
  response: OutcomeSchema,
  problems: ['invalid-value', ...deviceProblems],
});
