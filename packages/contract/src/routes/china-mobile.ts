import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DeviceParam, PageQuery, pageOf } from '../schemas/basic.ts';
import {
  AppKeyBodySchema,
  AppKeySchema,
  DeviceReportGroupsSchema,
  DeviceReportSchema,
  IssuedAppKeySchema,
  ReportGroupBodySchema,
  ReportGroupSchema,
} from '../schemas/china-mobile.ts';
import { deviceProblems } from './device-problems.ts';

const tag = 'China Mobile';
const appKey = Type.Object({ appKey: Type.String({ minLength: 1, maxLength: 32, examples: ['M100000001'] }) });
const name = Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) });

export const listAppKeys = defineRoute({
  id: 'listAppKeys',
  method: 'GET',
  path: '/api/v1/app-keys',
  role: 'operator',
  tag,
  summary: 'List the appKeys of vendors',
  query: Type.Object(PageQuery),
  status: 200,
  response: pageOf(AppKeySchema),
  problems: ['invalid-cursor'],
});

export const issueAppKey = defineRoute({
  id: 'issueAppKey',
  method: 'POST',
  path: '/api/v1/app-keys',
  role: 'admin',
  tag,
  summary: 'Issue an appKey and its password to a vendor',
  description: 'Or take over one that was issued elsewhere. The password is told this once, and sealed at rest.',
  body: AppKeyBodySchema,
  status: 201,
  response: IssuedAppKeySchema,
  problems: ['conflict'],
});

export const revokeAppKey = defineRoute({
  id: 'revokeAppKey',
  method: 'DELETE',
  path: '/api/v1/app-keys/{appKey}',
  role: 'admin',
  tag,
  summary: 'Revoke an appKey',
  description: 'Its terminals cannot register any more. Those that are registered stay so until they register again.',
  params: appKey,
  status: 204,
  problems: ['not-found'],
});

export const listReportGroups = defineRoute({
  id: 'listReportGroups',
  method: 'GET',
  path: '/api/v1/report-groups',
  role: 'viewer',
  tag,
  summary: 'List the groups of reporting rules and fields',
  status: 200,
  response: Type.Object({ items: Type.Array(ReportGroupSchema) }),
  problems: [],
});

export const showReportGroup = defineRoute({
  id: 'showReportGroup',
  method: 'GET',
  path: '/api/v1/report-groups/{name}',
  role: 'viewer',
  tag,
  summary: 'Show a group of reporting rules and fields',
  params: name,
  status: 200,
  response: ReportGroupSchema,
  tagged: ['yieldsTo'],
  problems: ['not-found'],
});

export const showReportGroupsOfDevice = defineRoute({
  id: 'showReportGroupsOfDevice',
  method: 'GET',
  path: '/api/v1/devices/{device}/report-groups',
  role: 'viewer',
  tag,
  summary: 'Show which groups of reporting rules fit a terminal of profile C, and which counts',
  params: Type.Object(DeviceParam),
  status: 200,
  response: DeviceReportGroupsSchema,
  problems: ['device-unknown', 'not-found'],
});

export const setReportGroup = defineRoute({
  id: 'setReportGroup',
  method: 'PUT',
  path: '/api/v1/report-groups/{name}',
  role: 'operator',
  tag,
  summary: 'Set what a group of terminals reports',
  description:
    'A terminal is of the group with most conditions that it meets; of equals the first by name counts. Registered terminals of profile C are told at once.',
  params: name,
  body: ReportGroupBodySchema,
  status: 200,
  response: ReportGroupSchema,
  problems: [],
});

export const removeReportGroup = defineRoute({
  id: 'removeReportGroup',
  method: 'DELETE',
  path: '/api/v1/report-groups/{name}',
  role: 'operator',
  tag,
  summary: 'Remove a group of reporting rules and fields',
  params: name,
  status: 204,
  problems: ['not-found'],
});

export const showReport = defineRoute({
  id: 'showReport',
  method: 'GET',
  path: '/api/v1/devices/{device}/report',
  role: 'viewer',
  tag,
  summary: 'What a terminal of profile B or C reported',
  params: Type.Object(DeviceParam),
  audited: true,
  status: 200,
  response: DeviceReportSchema,
  tagged: [],
  problems: ['device-unknown', 'not-found'],
});

export const readReport = defineRoute({
  id: 'readReport',
  method: 'POST',
  path: '/api/v1/devices/{device}/report',
  role: 'operator',
  tag,
  summary: 'Ask a terminal of profile B or C for its report now',
  params: Type.Object(DeviceParam),
  status: 200,
  response: DeviceReportSchema,
  problems: deviceProblems,
});
