import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { TrialDeviceSchema, TrialDevicesSchema } from '../schemas/trial.ts';

const tag = 'Try it';

export const listTrialDevices = defineRoute({
  id: 'listTrialDevices',
  method: 'GET',
  path: '/api/v1/try/devices',
  role: 'viewer',
  tag,
  summary: 'List the simulated devices that the platform itself runs',
  status: 200,
  response: TrialDevicesSchema,
  problems: [],
});

export const startTrialDevice = defineRoute({
  id: 'startTrialDevice',
  method: 'POST',
  path: '/api/v1/try/devices',
  role: 'operator',
  tag,
  summary: 'Start a simulated device, to see how things work',
  description:
    'It runs inside the platform, registers over CoAP on UDP like any other, and ends with the platform. Answered once it has registered.',
  status: 201,
  response: TrialDeviceSchema,
  problems: ['conflict', 'unavailable'],
});

export const stopTrialDevice = defineRoute({
  id: 'stopTrialDevice',
  method: 'DELETE',
  path: '/api/v1/try/devices/{endpoint}',
  role: 'operator',
  tag,
  summary: 'Let a simulated device de-register and end',
  params: Type.Object({ endpoint: Type.String({ minLength: 1, maxLength: 512 }) }),
  status: 204,
  problems: ['not-found'],
});
