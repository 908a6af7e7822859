import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DeviceParam, OperationQuery } from '../schemas/basic.ts';
import {
  CancelCompositeBodySchema,
  CompositeObserveSchema,
  CompositeReadSchema,
  CompositeWriteBodySchema,
  PackFormatSchema,
  PathsBodySchema,
} from '../schemas/composite.ts';
import { CancelResponseSchema, ObserveAttributes, OutcomeSchema } from '../schemas/operation.ts';
import { deviceProblems } from './device-problems.ts';

const tag = 'Composite operations';
const params = Type.Object(DeviceParam);
const query = Type.Object({ format: Type.Optional(PackFormatSchema), ...OperationQuery });
const problems = ['invalid-value', ...deviceProblems] as const;

export const readComposite = defineRoute({
  id: 'readComposite',
  method: 'POST',
  path: '/api/v1/devices/{device}/composite/read',
  role: 'viewer',
  tag,
  summary: 'Read several paths with one request',
  description: 'A device that takes no composite operations is asked path by path.',
  params,
  query,
  body: PathsBodySchema,
  status: 200,
  queueable: true,
  response: CompositeReadSchema,
  problems,
});

export const writeComposite = defineRoute({
  id: 'writeComposite',
  method: 'POST',
  path: '/api/v1/devices/{device}/composite/write',
  role: 'operator',
  tag,
  summary: 'Write several resources with one request: all of them or none',
  params,
  query,
  body: CompositeWriteBodySchema,
  status: 200,
  queueable: true,
  response: OutcomeSchema,
  problems,
});

export const observeComposite = defineRoute({
  id: 'observeComposite',
  method: 'POST',
  path: '/api/v1/devices/{device}/composite/observe',
  role: 'operator',
  tag,
  summary: 'Observe several paths together; notifications arrive as events, path by path',
  params,
  query: Type.Object({ format: Type.Optional(PackFormatSchema), ...ObserveAttributes, ...OperationQuery }),
  body: PathsBodySchema,
  status: 200,
  queueable: true,
  response: CompositeObserveSchema,
  problems,
});

export const cancelComposite = defineRoute({
  id: 'cancelComposite',
  method: 'POST',
  path: '/api/v1/devices/{device}/composite/cancel',
  role: 'operator',
  tag,
  summary: 'End the observation of several paths, named as they were observed',
  params,
  query: Type.Object(OperationQuery),
  body: CancelCompositeBodySchema,
  status: 200,
  response: CancelResponseSchema,
  problems: ['not-found', ...problems],
});
