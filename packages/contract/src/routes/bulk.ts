import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import { BulkJobBodySchema, BulkJobSchema, BulkTargetSchema } from '../schemas/bulk.ts';
import { targetStates } from '../schemas/firmware.ts';

const tag = 'Bulk jobs';
const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

export const createBulkJob = defineRoute({
  id: 'createBulkJob',
  method: 'POST',
  path: '/api/v1/bulk-jobs',
  role: 'operator',
  tag,
  summary: 'Do one thing with many devices',
  description:
    'The platform works it off and keeps it over restarts; devices that sleep get it when they are heard. At most 100,000 devices. ' +
    'For firmware there are campaigns.',
  body: BulkJobBodySchema,
  status: 201,
  response: BulkJobSchema,
  problems: ['invalid-path', 'invalid-value', 'not-found'],
});

export const listBulkJobs = defineRoute({
  id: 'listBulkJobs',
  method: 'GET',
  path: '/api/v1/bulk-jobs',
  role: 'viewer',
  tag,
  summary: 'List bulk jobs, the newest first',
  query: Type.Object(PageQuery),
  status: 200,
  response: pageOf(BulkJobSchema),
  problems: ['invalid-cursor'],
});

export const showBulkJob = defineRoute({
  id: 'showBulkJob',
  method: 'GET',
  path: '/api/v1/bulk-jobs/{id}',
  role: 'viewer',
  tag,
  summary: 'Show a bulk job and what became of its devices',
  params,
  status: 200,
  response: BulkJobSchema,
  tagged: [],
  problems: ['not-found'],
});

export const listBulkTargets = defineRoute({
  id: 'listBulkTargets',
  method: 'GET',
  path: '/api/v1/bulk-jobs/{id}/devices',
  role: 'viewer',
  tag,
  summary: 'List the devices of a bulk job in the order of their keys',
  params,
  query: Type.Object({ ...PageQuery, state: Type.Optional(Type.Enum([...targetStates])) }),
  status: 200,
  response: pageOf(BulkTargetSchema),
  problems: ['not-found', 'invalid-cursor'],
});

export const cancelBulkJob = defineRoute({
  id: 'cancelBulkJob',
  method: 'POST',
  path: '/api/v1/bulk-jobs/{id}/cancel',
  role: 'operator',
  tag,
  summary: 'End a bulk job: nothing more is asked, what waits for devices that sleep is taken back',
  params,
  status: 200,
  response: BulkJobSchema,
  problems: ['not-found', 'conflict'],
});

export const retryBulkJob = defineRoute({
  id: 'retryBulkJob',
  method: 'POST',
  path: '/api/v1/bulk-jobs/{id}/retry',
  role: 'operator',
  tag,
  summary: 'Try the devices again that failed or were cancelled',
  params,
  status: 200,
  response: BulkJobSchema,
  problems: ['not-found', 'conflict'],
});
