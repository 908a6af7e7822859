import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DeviceParam, PageQuery, pageOf } from '../schemas/basic.ts';
import { DeviceCountsSchema, DeviceDetailSchema, DeviceSchema, EndDeviceSchema } from '../schemas/device.ts';
import { DeviceFilterQuery, NamePatternSchema } from '../schemas/group.ts';
import { deviceProblems } from './device-problems.ts';

const tag = 'Devices';

export const listDevices = defineRoute({
  id: 'listDevices',
  method: 'GET',
  path: '/api/v1/devices',
  role: 'viewer',
  tag,
  summary: 'List devices in the order of their keys',
  query: Type.Object({
    ...DeviceFilterQuery,
    ...PageQuery,
  }),
  status: 200,
  response: pageOf(DeviceSchema),
  problems: ['invalid-cursor', 'not-found'],
});

export const countDevices = defineRoute({
  id: 'countDevices',
  method: 'GET',
  path: '/api/v1/device-count',
  role: 'viewer',
  tag,
  summary: 'How many devices a filter finds, and how they are now',
  description: 'What a bulk job or a campaign with this choice would begin with.',
  query: Type.Object({ ...DeviceFilterQuery, name: NamePatternSchema }),
  status: 200,
  response: DeviceCountsSchema,
  problems: ['not-found'],
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
  tagged: [],
  problems: ['device-unknown'],
});

export const listEndDevices = defineRoute({
  id: 'listEndDevices',
  method: 'GET',
  path: '/api/v1/devices/{device}/end-devices',
  role: 'viewer',
  tag,
  summary: 'List the devices behind an LwM2M Gateway',
  description:
    'Asks the gateway (object 25); of one that sleeps, what it said last. None where the device is no gateway. Every operation ' +
    'takes their paths, which begin with the prefix: /d01/3303/0/5700.',
  params: Type.Object(DeviceParam),
  status: 200,
  response: Type.Object({ items: Type.Array(EndDeviceSchema) }),
  problems: deviceProblems,
});

export const removeDevice = defineRoute({
  id: 'removeDevice',
  method: 'DELETE',
  path: '/api/v1/devices/{device}',
  role: 'admin',
  tag,
  summary: 'Forget a device: its activation, registration, observations and owners',
  description: 'It becomes a new device when it registers again, if enrolment lets it.',
  params: Type.Object(DeviceParam),
  status: 204,
  problems: ['device-unknown'],
});
