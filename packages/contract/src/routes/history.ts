import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DeviceParam, DurationSchema, PageQuery, pageOf, SpanQuery } from '../schemas/basic.ts';
import {
  HistorySchema,
  ModelMapSchema,
  OverviewHistorySchema,
  SeriesSchema,
  TimelineEntrySchema,
  timelineTypes,
} from '../schemas/history.ts';

const tag = 'History';

const order = Type.Optional(
  Type.Enum(['oldest', 'newest'], { default: 'oldest', description: 'Which values come first' }),
);

export const listSeries = defineRoute({
  id: 'listSeries',
  method: 'GET',
  path: '/api/v1/devices/{device}/series',
  role: 'viewer',
  tag,
  summary: 'List the resources of a device that history has values of',
  params: Type.Object(DeviceParam),
  audited: true,
  status: 200,
  response: pageOf(SeriesSchema),
  problems: ['device-unknown'],
});

const SeriesQuery = {
  path: Type.String({ maxLength: 64, description: 'A resource or resource instance', examples: ['/3303/0/5700'] }),
  ...SpanQuery,
  every: Type.Optional({ ...DurationSchema, description: 'Length of the spans; absent: value by value' }),
  zone: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'A time zone of the IANA database: "every" is whole days then, which begin at midnight there',
      examples: ['Asia/Shanghai'],
    }),
  ),
};

export const showHistory = defineRoute({
  id: 'showHistory',
  method: 'GET',
  path: '/api/v1/devices/{device}/history',
  role: 'viewer',
  tag,
  summary: 'Show the values that a resource had',
  description:
    'Every value that was notified, sent or read is kept, as long as the settings history.… say. With "every", the values of each ' +
    'span of that length come together; spans begin at multiples of it since 1970-01-01T00:00:00Z, or at midnight of "zone".',
  params: Type.Object(DeviceParam),
  query: Type.Object({
    ...SeriesQuery,
    order,
    cursor: PageQuery.cursor,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, default: 1000, description: 'At most so many values or spans' }),
    ),
  }),
  audited: true,
  status: 200,
  response: HistorySchema,
  problems: ['invalid-path', 'invalid-cursor', 'device-unknown'],
});

export const exportHistory = defineRoute({
  id: 'exportHistory',
  method: 'GET',
  path: '/api/v1/devices/{device}/history.csv',
  role: 'viewer',
  tag,
  summary: 'Export the values that a resource had, as CSV',
  description:
    'All of the span, as it is read: however long it is, neither side has to hold it. Columns are time and value; with "every" time, ' +
    'count, min, max, mean and last. Times are in UTC, or in "zone" with its offset.',
  params: Type.Object(DeviceParam),
  query: Type.Object(SeriesQuery),
  audited: true,
  status: 200,
  response: Type.String(),
  responseType: 'text/csv',
  problems: ['invalid-path', 'device-unknown'],
});

export const showTimeline = defineRoute({
  id: 'showTimeline',
  method: 'GET',
  path: '/api/v1/devices/{device}/timeline',
  role: 'viewer',
  tag,
  summary: 'Show what happened to a device, the newest first',
  params: Type.Object(DeviceParam),
  query: Type.Object({
    ...SpanQuery,
    type: Type.Optional(
      Type.Array(Type.Enum([...timelineTypes]), { maxItems: 100, description: 'Types of events; absent: all' }),
    ),
    ...PageQuery,
  }),
  status: 200,
  response: pageOf(TimelineEntrySchema),
  problems: ['invalid-cursor', 'device-unknown'],
});

export const showOverviewHistory = defineRoute({
  id: 'showOverviewHistory',
  method: 'GET',
  path: '/api/v1/overview/history',
  role: 'viewer',
  tag,
  summary: 'Show how the platform fared: devices by state, messages and refusals, minute by minute',
  query: Type.Object({
    ...SpanQuery,
    every: Type.Optional({
      ...DurationSchema,
      description: 'Length of the spans, at least 1m; absent: some 300 in all',
    }),
  }),
  status: 200,
  response: OverviewHistorySchema,
  problems: [],
});

export const showModelMap = defineRoute({
  id: 'showModelMap',
  method: 'GET',
  path: '/api/v1/overview/models',
  role: 'viewer',
  tag,
  summary: 'Count the devices by model, firmware version and state',
  query: Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50, description: 'Groups at most' })),
  }),
  status: 200,
  response: ModelMapSchema,
  problems: [],
});
