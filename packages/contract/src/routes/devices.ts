import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DeviceParam, PageQuery, pageOf } from '../schemas/basic.ts';
import { DeviceDetailSchema, DeviceSchema, DeviceStateSchema } from '../schemas/device.ts';

const tag = 'Devices';

export const listDevices = defineRoute({
  id: 'listDevices',
  method: 'GET',
  path: '/api/v1/devices',
  role: 'viewer',
  tag,
  summary: 'List devices in the order of their keys',
  query: Type.Object({
    search: Type.Optional(
      Type.String({ maxLength: 200, description: 'Part of the key, endpoint name or an identity field, in any case' }),
    ),
    state: Type.Optional(DeviceStateSchema),
    ...PageQuery,
  }),
  status: 200,
  response: pageOf(DeviceSchema),
  problems: ['invalid-cursor'],
});

export const showDevice = defineRoute({
  id: 'showDevice',
  method: 'GET',
  path: '/api/v1/devices/{device}',
  role: 'viewer',
  tag,
  summary: 'Show a device with its registration',
  params: Type.Object(DeviceParam),
  status: 200,
  response: DeviceDetailSchema,
  problems: ['device-unknown'],
});

export const removeDevice = defineRoute({
  id: 'removeDevice',
  method: 'DELETE',
  path: '/api/v1/devices/{device}',
  role: 'admin',
  tag,
  summary: 'Forget a device: its activation, registration and observations',
  description: 'It becomes a new device when it registers again, if enrolment lets it.',
  params: Type.Object(DeviceParam),
  status: 204,
  problems: ['device-unknown'],
});
