import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DeviceParam, OperationQuery, PathParam } from '../schemas/basic.ts';
import {
  AttributesBodySchema,
  CreateBodySchema,
  CreateResponseSchema,
  DiscoverResponseSchema,
  ExecuteBodySchema,
  OutcomeSchema,
  ReadResponseSchema,
  ValueFormatSchema,
  WriteBodySchema,
} from '../schemas/operation.ts';
import { deviceProblems } from './device-problems.ts';

const tag = 'Operations';
const params = Type.Object({ ...DeviceParam, ...PathParam });
const query = Type.Object({ ...OperationQuery });
const formatQuery = Type.Object({ format: Type.Optional(ValueFormatSchema), ...OperationQuery });

const writeProblems = ['invalid-value', ...deviceProblems] as const;

export const readResource = defineRoute({
  id: 'readResource',
  method: 'GET',
  path: '/api/v1/devices/{device}/resources/{path...}',
  role: 'viewer',
  tag,
  summary: 'Read an object, instance, resource or resource instance',
  params,
  query: formatQuery,
  audited: true,
  status: 200,
  queueable: true,
  response: ReadResponseSchema,
  problems: deviceProblems,
});

export const writeResource = defineRoute({
  id: 'writeResource',
  method: 'PUT',
  path: '/api/v1/devices/{device}/resources/{path...}',
  role: 'operator',
  tag,
  summary: 'Write: replace what is there',
  description: 'On an object instance, resources that the body leaves out are removed where the object allows it.',
  params,
  query: formatQuery,
  body: WriteBodySchema,
  status: 200,
  queueable: true,
  response: OutcomeSchema,
  problems: writeProblems,
});

export const updateResource = defineRoute({
  id: 'updateResource',
  method: 'PATCH',
  path: '/api/v1/devices/{device}/resources/{path...}',
  role: 'operator',
  tag,
  summary: 'Write: partial update',
  description: 'For an object instance, or a resource with instances: what the body leaves out stays as it is.',
  params,
  query: formatQuery,
  body: WriteBodySchema,
  status: 200,
  queueable: true,
  response: OutcomeSchema,
  problems: writeProblems,
});

export const createInstance = defineRoute({
  id: 'createInstance',
  method: 'POST',
  path: '/api/v1/devices/{device}/resources/{path...}',
  role: 'operator',
  tag,
  summary: 'Create an object instance; the path is an object',
  params,
  query: formatQuery,
  body: CreateBodySchema,
  status: 201,
  queueable: true,
  response: CreateResponseSchema,
  problems: writeProblems,
});

export const deleteInstance = defineRoute({
  id: 'deleteInstance',
  method: 'DELETE',
  path: '/api/v1/devices/{device}/resources/{path...}',
  role: 'operator',
  tag,
  summary: 'Delete an object instance',
  params,
  query,
  status: 200,
  queueable: true,
  response: OutcomeSchema,
  problems: deviceProblems,
});

export const executeResource = defineRoute({
  id: 'executeResource',
  method: 'POST',
  path: '/api/v1/devices/{device}/execute/{path...}',
  role: 'operator',
  tag,
  summary: 'Execute a resource, with or without arguments',
  params,
  query,
  body: ExecuteBodySchema,
  bodyOptional: true,
  status: 200,
  queueable: true,
  response: OutcomeSchema,
  problems: writeProblems,
});

export const discoverResources = defineRoute({
  id: 'discoverResources',
  method: 'GET',
  path: '/api/v1/devices/{device}/discover/{path...}',
  role: 'viewer',
  tag,
  summary: 'Discover instances, resources and attributes below a path',
  params,
  query: Type.Object({
    depth: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 3,
        description: 'Levels below the path, for devices of LwM2M 1.2; absent: 2 below an object and 1 otherwise',
      }),
    ),
    ...OperationQuery,
  }),
  audited: true,
  status: 200,
  queueable: true,
  response: DiscoverResponseSchema,
  problems: deviceProblems,
});

export const writeAttributes = defineRoute({
  id: 'writeAttributes',
  method: 'PUT',
  path: '/api/v1/devices/{device}/attributes/{path...}',
  role: 'operator',
  tag,
  summary: 'Write attributes that shape notifications',
  params,
  query,
  body: AttributesBodySchema,
  status: 200,
  queueable: true,
  response: OutcomeSchema,
  problems: writeProblems,
});
