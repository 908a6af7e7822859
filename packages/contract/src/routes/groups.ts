import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { LongPageQuery, pageOf } from '../schemas/basic.ts';
import {
  DeviceFactsSchema,
  GroupBodySchema,
  GroupChangeSchema,
  GroupCountSchema,
  GroupMembersSchema,
  GroupSchema,
} from '../schemas/group.ts';

const tag = 'Groups';
const params = Type.Object({ group: Type.String({ minLength: 1, maxLength: 64, description: 'Percent-encoded' }) });

export const listGroups = defineRoute({
  id: 'listGroups',
  method: 'GET',
  path: '/api/v1/groups',
  role: 'viewer',
  tag,
  summary: 'List groups of devices',
  query: Type.Object(LongPageQuery),
  status: 200,
  response: pageOf(GroupSchema),
  problems: ['invalid-cursor'],
});

export const addGroup = defineRoute({
  id: 'addGroup',
  method: 'POST',
  path: '/api/v1/groups',
  role: 'operator',
  tag,
  summary: 'Make a group: devices are put in, or a question finds them',
  body: GroupBodySchema,
  status: 201,
  response: GroupSchema,
  problems: ['conflict'],
});

export const showGroup = defineRoute({
  id: 'showGroup',
  method: 'GET',
  path: '/api/v1/groups/{group}',
  role: 'viewer',
  tag,
  summary: 'Show a group; GET /api/v1/devices?group= lists its devices',
  params,
  status: 200,
  response: GroupSchema,
  tagged: ['members'],
  problems: ['not-found'],
});

export const changeGroup = defineRoute({
  id: 'changeGroup',
  method: 'PUT',
  path: '/api/v1/groups/{group}',
  role: 'operator',
  tag,
  summary: 'Give a group another note or question',
  params,
  body: GroupChangeSchema,
  status: 200,
  response: GroupSchema,
  problems: ['not-found', 'conflict'],
});

export const removeGroup = defineRoute({
  id: 'removeGroup',
  method: 'DELETE',
  path: '/api/v1/groups/{group}',
  role: 'operator',
  tag,
  summary: 'Remove a group; its devices stay',
  params,
  status: 204,
  problems: ['not-found'],
});

export const addGroupMembers = defineRoute({
  id: 'addGroupMembers',
  method: 'POST',
  path: '/api/v1/groups/{group}/members',
  role: 'operator',
  tag,
  summary: 'Put devices into a group',
  params,
  body: GroupMembersSchema,
  status: 200,
  response: GroupCountSchema,
  problems: ['not-found', 'conflict'],
});

export const removeGroupMembers = defineRoute({
  id: 'removeGroupMembers',
  method: 'POST',
  path: '/api/v1/groups/{group}/members/removal',
  role: 'operator',
  tag,
  summary: 'Take devices out of a group',
  params,
  body: GroupMembersSchema,
  status: 200,
  response: GroupCountSchema,
  problems: ['not-found', 'conflict'],
});

export const showDeviceFacts = defineRoute({
  id: 'showDeviceFacts',
  method: 'GET',
  path: '/api/v1/device-facts',
  role: 'viewer',
  tag: 'Devices',
  summary: 'Vendors, models and versions of the devices, and how many there are of each',
  description: 'What devices said of themselves when /3/0 was read, notified or sent; the 200 most frequent of each.',
  status: 200,
  response: DeviceFactsSchema,
  problems: [],
});
