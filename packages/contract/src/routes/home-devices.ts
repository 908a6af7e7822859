import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, PathParam } from '../schemas/basic.ts';
import { HistorySchema } from '../schemas/history.ts';
import {
  HomeBindingSchema,
  HomeCodeSchema,
  HomeDeviceDetailSchema,
  HomeDeviceSchema,
  HomeEventSchema,
  HomeExecuteSchema,
  HomeFirmwareSchema,
  HomeNamesSchema,
  HomeNewsReadSchema,
  HomeNewsSchema,
  HomeOutcomeSchema,
  HomeUpdateSchema,
  HomeWriteSchema,
} from '../schemas/home.ts';
import { deviceProblems } from './device-problems.ts';
import { showHistory } from './history.ts';

const tag = 'Home: devices';
const DeviceParam = {
  device: Type.String({ minLength: 1, maxLength: 1023, description: 'lamp, or lamp@home.example, percent-encoded' }),
};
const device = Type.Object(DeviceParam);
const resource = Type.Object({ ...DeviceParam, ...PathParam });
/** What goes wrong between a user, the platform and a device. */
const askingProblems = ['access-denied', 'invalid-value', ...deviceProblems] as const;

export const listHomeDevices = defineRoute({
  id: 'listHomeDevices',
  method: 'GET',
  path: '/api/v1/home/devices',
  role: 'user',
  tag,
  summary: 'Your devices, and those that friends share with you',
  status: 200,
  response: Type.Object({ items: Type.Array(HomeDeviceSchema) }),
  problems: [],
});

export const bindHomeDevice = defineRoute({
  id: 'bindHomeDevice',
  method: 'POST',
  path: '/api/v1/home/devices',
  role: 'user',
  tag,
  summary: 'Make a device yours by its verification code',
  description: 'A wrong code, an old one and a device that is not there are answered alike.',
  body: HomeBindingSchema,
  status: 201,
  response: HomeDeviceSchema,
  problems: ['wrong-code', 'conflict', 'too-many-attempts'],
});

export const showHomeDevice = defineRoute({
  id: 'showHomeDevice',
  method: 'GET',
  path: '/api/v1/home/devices/{device}',
  role: 'user',
  tag,
  summary: 'A device with all its objects and their last values',
  params: device,
  status: 200,
  response: HomeDeviceDetailSchema,
  tagged: [],
  problems: ['access-denied'],
});

export const renameHomeDevice = defineRoute({
  id: 'renameHomeDevice',
  method: 'PUT',
  path: '/api/v1/home/devices/{device}/names',
  role: 'user',
  tag,
  summary: 'Call a device of yours something else, or put it into other groups',
  params: device,
  body: HomeNamesSchema,
  status: 204,
  problems: ['access-denied', 'too-many-attempts'],
});

export const unbindHomeDevice = defineRoute({
  id: 'unbindHomeDevice',
  method: 'DELETE',
  path: '/api/v1/home/devices/{device}',
  role: 'user',
  tag,
  summary: 'Give up a device of yours, with all that you permitted on it',
  params: device,
  status: 204,
  problems: ['access-denied', 'too-many-attempts'],
});

export const removeHomeOwner = defineRoute({
  id: 'removeHomeOwner',
  method: 'DELETE',
  path: '/api/v1/home/devices/{device}/owners/{user}',
  role: 'user',
  tag,
  summary: 'Remove an owner that came after you from a device of yours',
  description: 'The device gets a new verification code, so that the one that the other may know is void.',
  params: Type.Object({
    ...DeviceParam,
    user: Type.String({ minLength: 1, maxLength: 1023, description: 'bob, or bob@home.example, percent-encoded' }),
  }),
  status: 200,
  response: HomeCodeSchema,
  problems: ['access-denied', 'not-found', 'too-many-attempts'],
});

export const resetHomeCode = defineRoute({
  id: 'resetHomeCode',
  method: 'POST',
  path: '/api/v1/home/devices/{device}/code',
  role: 'user',
  tag,
  summary: 'Get a new verification code for a device of yours',
  description: 'With it somebody else can own it too. The one before is void.',
  params: device,
  status: 200,
  response: HomeCodeSchema,
  problems: ['access-denied', 'too-many-attempts'],
});

export const readHomeResource = defineRoute({
  id: 'readHomeResource',
  method: 'GET',
  path: '/api/v1/home/devices/{device}/resources/{path...}',
  role: 'user',
  tag,
  summary: 'Ask a device for its values',
  params: resource,
  status: 200,
  response: HomeOutcomeSchema,
  problems: askingProblems,
});

export const writeHomeResource = defineRoute({
  id: 'writeHomeResource',
  method: 'PUT',
  path: '/api/v1/home/devices/{device}/resources/{path...}',
  role: 'user',
  tag,
  summary: 'Set a value of a device',
  params: resource,
  body: HomeWriteSchema,
  status: 200,
  response: HomeOutcomeSchema,
  problems: askingProblems,
});

export const executeHomeResource = defineRoute({
  id: 'executeHomeResource',
  method: 'POST',
  path: '/api/v1/home/devices/{device}/resources/{path...}',
  role: 'user',
  tag,
  summary: 'Let a device do something',
  params: resource,
  body: HomeExecuteSchema,
  bodyOptional: true,
  status: 200,
  response: HomeOutcomeSchema,
  problems: askingProblems,
});

const firmwareProblems = ['access-denied', 'not-found', 'conflict', 'unavailable'] as const;

export const showHomeFirmware = defineRoute({
  id: 'showHomeFirmware',
  method: 'GET',
  path: '/api/v1/home/devices/{device}/firmware',
  role: 'user',
  tag,
  summary: 'What firmware a device of yours has, what its operator offers for it, and its last update',
  description: 'Of a device that looks after its firmware itself nothing is known.',
  params: device,
  status: 200,
  response: HomeFirmwareSchema,
  problems: ['access-denied'],
});

export const updateHomeFirmware = defineRoute({
  id: 'updateHomeFirmware',
  method: 'POST',
  path: '/api/v1/home/devices/{device}/firmware/update',
  role: 'user',
  tag,
  summary: 'Update a device of yours to the firmware that is offered',
  description: 'How it goes comes in the events.',
  params: device,
  status: 202,
  response: HomeUpdateSchema,
  problems: firmwareProblems,
});

export const cancelHomeFirmware = defineRoute({
  id: 'cancelHomeFirmware',
  method: 'POST',
  path: '/api/v1/home/devices/{device}/firmware/cancel',
  role: 'user',
  tag,
  summary: 'Give up the update that is under way, unless the device is installing it or the operator rolls it out',
  params: device,
  status: 200,
  response: HomeUpdateSchema,
  problems: firmwareProblems,
});

export const showHomeHistory = defineRoute({
  id: 'showHomeHistory',
  method: 'GET',
  path: '/api/v1/home/devices/{device}/history',
  role: 'user',
  tag,
  summary: 'The values of a resource over time',
  description:
    'From when the first of those who own the device now bound it: what it was for others before is not told.',
  params: device,
  query: showHistory.query,
  status: 200,
  response: HistorySchema,
  problems: ['access-denied', 'invalid-path', 'invalid-cursor'],
});

export const listHomeNews = defineRoute({
  id: 'listHomeNews',
  method: 'GET',
  path: '/api/v1/home/news',
  role: 'user',
  tag,
  summary: 'What happened at home, the newest first',
  description:
    'What has a number in the events of the stream, of the last 90 days, the newest 200. A page that opens the stream before it asks, and takes each number once, misses nothing.',
  query: Type.Object(PageQuery),
  status: 200,
  response: HomeNewsSchema,
  problems: ['invalid-cursor'],
});

export const readHomeNews = defineRoute({
  id: 'readHomeNews',
  method: 'PUT',
  path: '/api/v1/home/news/read',
  role: 'user',
  tag,
  summary: 'Mark news as read',
  body: HomeNewsReadSchema,
  status: 204,
  problems: [],
});

export const streamHomeEvents = defineRoute({
  id: 'streamHomeEvents',
  method: 'GET',
  path: '/api/v1/home/events',
  role: 'user',
  tag,
  summary: 'What happens at home, as it happens (Server-Sent Events)',
  description: 'The data of each is a HomeEvent. While it is open, the main values of your devices are observed.',
  status: 200,
  response: HomeEventSchema,
  responseType: 'text/event-stream',
  problems: ['too-many-streams'],
});
