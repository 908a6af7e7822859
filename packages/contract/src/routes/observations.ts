import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DeviceParam, OperationQuery, PathParam, pageOf } from '../schemas/basic.ts';
import {
  CancelResponseSchema,
  ObservationSchema,
  ObserveAttributes,
  ObserveResponseSchema,
  observationCancelModes,
  ValueFormatSchema,
} from '../schemas/operation.ts';
import { deviceProblems } from './device-problems.ts';

const tag = 'Observations';
const params = Type.Object({ ...DeviceParam, ...PathParam });

export const listObservations = defineRoute({
  id: 'listObservations',
  method: 'GET',
  path: '/api/v1/devices/{device}/observations',
  role: 'viewer',
  tag,
  summary: 'List what is observed of a device',
  params: Type.Object(DeviceParam),
  status: 200,
  response: pageOf(ObservationSchema),
  problems: ['device-unknown'],
});

export const startObservation = defineRoute({
  id: 'startObservation',
  method: 'PUT',
  path: '/api/v1/devices/{device}/observations/{path...}',
  role: 'operator',
  tag,
  summary: 'Observe a path; notifications arrive as events',
  description:
    'Again on the same path: the old observation is replaced. It outlives a restart of the platform, and the registration: after a ' +
    'De-register or the end of the lifetime it waits, and begins again when the device registers, until it is cancelled or the device ends it. pmin, pmax, … hold for this ' +
    'observation alone and are for devices of LwM2M 1.2; write attributes for others.',
  params,
  query: Type.Object({ format: Type.Optional(ValueFormatSchema), ...ObserveAttributes, ...OperationQuery }),
  status: 200,
  queueable: true,
  response: ObserveResponseSchema,
  problems: deviceProblems,
});

export const cancelObservation = defineRoute({
  id: 'cancelObservation',
  method: 'DELETE',
  path: '/api/v1/devices/{device}/observations/{path...}',
  role: 'operator',
  tag,
  summary: 'End an observation',
  description:
    'active: tell the device now (GET with Observe 1). passive: forget it, and answer its next notification with RST.',
  params,
  query: Type.Object({
    mode: Type.Optional(Type.Enum([...observationCancelModes], { default: 'active' })),
    ...OperationQuery,
  }),
  status: 200,
  response: CancelResponseSchema,
  problems: ['not-found', ...deviceProblems],
});
