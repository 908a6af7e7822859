import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';
import { eventTypes } from './event.ts';
import { ResourceTypeSchema, ValueSchema } from './value.ts';

const truncated = Type.Optional(
  Type.Integer({
    description: 'The length that it had, in UTF-16 code units or bytes; present when only its beginning is kept',
  }),
);

export const HistorySpanSchema = Type.Object(
  {
    from: { ...TimeSchema, description: 'When the span begins' },
    to: { ...TimeSchema, description: 'When it ends' },
    count: Type.Integer({ description: 'Values that there were' }),
    min: Type.Optional(ValueSchema),
    max: Type.Optional(ValueSchema),
    mean: Type.Optional(ValueSchema),
  },
  {
    title: 'HistorySpan',
    description:
      'What is left of values that are older than history.keep-raw. min, max and mean are of the numbers among them, true being 1 and false 0.',
  },
);

export const HistoryPointSchema = Type.Object(
  {
    time: TimeSchema,
    value: ValueSchema,
    truncated,
    span: Type.Optional({ ...HistorySpanSchema, description: 'Present: the value is the last of so many together' }),
  },
  { title: 'HistoryPoint' },
);

export const HistoryBucketSchema = Type.Object(
  {
    time: { ...TimeSchema, description: 'When the span begins' },
    count: Type.Integer({ description: 'Values in the span' }),
    last: ValueSchema,
    truncated,
    min: Type.Optional(ValueSchema),
    max: Type.Optional(ValueSchema),
    mean: Type.Optional(ValueSchema),
  },
  {
    title: 'HistoryBucket',
    description: 'The values of a span together. min, max and mean are of its numbers, true being 1 and false 0.',
  },
);

const range = {
  path: Type.String({ examples: ['/3303/0/5700'] }),
  name: Type.Optional(Type.String({ description: 'From the object model' })),
  units: Type.Optional(Type.String({ examples: ['Cel'] })),
  from: { ...TimeSchema, description: 'Where the span begins that was asked for' },
  to: { ...TimeSchema, description: 'Where it ends' },
};

export const HistorySchema = Type.Object(
  {
    ...range,
    points: Type.Optional(Type.Array(HistoryPointSchema, { description: 'Value by value; when "every" is absent' })),
    buckets: Type.Optional(
      Type.Array(HistoryBucketSchema, { description: 'Span by span, those without values left out; with "every"' }),
    ),
    next: Type.Optional(Type.String({ description: 'The cursor of the next page; absent on the last one' })),
  },
  { title: 'History' },
);

export const SeriesSchema = Type.Object(
  {
    path: Type.String({ examples: ['/3303/0/5700'] }),
    name: Type.Optional(Type.String({ description: 'From the object model' })),
    units: Type.Optional(Type.String({ examples: ['Cel'] })),
    type: Type.Optional(ResourceTypeSchema),
    firstAt: TimeSchema,
    last: HistoryPointSchema,
  },
  { title: 'Series' },
);

/** What a timeline holds: everything but values, which history has, and steps on the way. */
export const timelineTypes = eventTypes.filter(
  (type) =>
    ![
      'device.removed',
      'observation.notified',
      'device.sent',
      'firmware.progress',
      'campaign.changed',
      'bulk.changed',
      'message.waiting',
      'stream.gap',
    ].includes(type),
);

export const TimelineEntrySchema = Type.Object(
  {
    time: TimeSchema,
    type: Type.String({ description: 'The type of an event', examples: ['device.registered'] }),
    endpoint: Type.Optional(Type.String()),
    data: Type.Object({}, { additionalProperties: true, description: 'As the event of this type has it' }),
  },
  { title: 'TimelineEntry' },
);

export const OverviewHistorySchema = Type.Object(
  {
    from: TimeSchema,
    to: TimeSchema,
    every: Type.Integer({ description: 'Milliseconds of a span' }),
    series: Type.Array(
      Type.Object({
        name: Type.String({
          description:
            'devices.online, devices.sleeping, devices.offline: how many; messages.…, operations.… and refused.…: per minute',
          examples: ['devices.online', 'messages.registered', 'refused.not-registered'],
        }),
        buckets: Type.Array(
          Type.Object({
            time: TimeSchema,
            count: Type.Integer({ description: 'Minutes in it that have a figure: times "mean", how many there were' }),
            min: Type.Number(),
            max: Type.Number(),
            mean: Type.Number(),
          }),
        ),
      }),
    ),
  },
  { title: 'OverviewHistory' },
);

export const ModelMapSchema = Type.Object(
  {
    time: { ...TimeSchema, description: 'When they were counted: some seconds ago, of a large fleet more' },
    groups: Type.Array(
      Type.Object({
        model: Type.Optional(Type.String({ description: 'Absent: not known yet' })),
        version: Type.Optional(Type.String({ description: 'Of the firmware; absent: not known yet' })),
        online: Type.Integer(),
        sleeping: Type.Integer(),
        offline: Type.Integer(),
      }),
      { description: 'The largest first' },
    ),
    others: Type.Object(
      { groups: Type.Integer(), online: Type.Integer(), sleeping: Type.Integer(), offline: Type.Integer() },
      { description: 'What did not fit into "limit"' },
    ),
  },
  { title: 'ModelMap' },
);

export type JsonModelMap = Static<typeof ModelMapSchema>;
export type JsonHistory = Static<typeof HistorySchema>;
export type JsonHistorySpan = Static<typeof HistorySpanSchema>;
export type JsonHistoryPoint = Static<typeof HistoryPointSchema>;
export type JsonHistoryBucket = Static<typeof HistoryBucketSchema>;
export type JsonSeries = Static<typeof SeriesSchema>;
export type JsonTimelineEntry = Static<typeof TimelineEntrySchema>;
export type JsonOverviewHistory = Static<typeof OverviewHistorySchema>;
