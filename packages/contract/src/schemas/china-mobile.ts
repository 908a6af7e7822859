import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';

const appKey = Type.String({ pattern: '^M\\d{9}$', description: 'M and 9 digits', examples: ['M100000001'] });

export const AppKeySchema = Type.Object(
  { appKey, vendor: Type.String({ description: 'Whose it is, for people' }), issuedAt: TimeSchema },
  { title: 'AppKey' },
);

export const AppKeyBodySchema = Type.Object(
  {
    vendor: Type.String({ minLength: 1, maxLength: 200 }),
    appKey: Type.Optional({ ...appKey, description: 'One that was issued elsewhere; absent: a new one' }),
    password: Type.Optional(
      Type.String({
        pattern: '^(?:[!-~]{32})?$',
        description: 'With appKey: 32 characters; empty for a vendor that has none, which counts as 32 zeros',
      }),
    ),
  },
  { title: 'IssueAppKey', additionalProperties: false },
);

export const IssuedAppKeySchema = Type.Object(
  {
    appKey,
    vendor: Type.String(),
    issuedAt: TimeSchema,
    password: Type.Optional(
      Type.String({ description: '32 characters, told this once; absent when it came with the request' }),
    ),
  },
  { title: 'IssuedAppKey' },
);

const rule = (description: string) => Type.Integer({ description });

const ruleSchemas = {
  reportTime: rule('Minutes between two reports'),
  reportNum: rule('Reports at most'),
  heartBeatTime: rule('Minutes between two heartbeats'),
  retryInterval: rule('Minutes until a failed report is tried again'),
  retryNum: rule('Tries at most'),
};

const conditions = {
  appKey: Type.Optional(appKey),
  brand: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  model: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
};
const fields = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 64,
  description: 'The fields that terminals report (668/0/1)',
  examples: [['imsi', 'mac']],
});
const address = Type.Optional(
  Type.String({
    maxLength: 255,
    description: 'Another server that the terminals shall register at from now on (668/0/3)',
    examples: ['coap://dm.example.com:5683'],
  }),
);

export const ReportGroupSchema = Type.Object(
  {
    name: Type.String(),
    ...conditions,
    fields,
    rules: Type.Object(ruleSchemas),
    address,
    builtIn: Type.Optional(
      Type.Literal(true, { description: 'Nobody set it: it holds for all the others until somebody does' }),
    ),
    yieldsTo: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'Groups with equally many conditions that come first by name: a terminal that meets those as well is of theirs. Absent: none',
      }),
    ),
  },
  { title: 'ReportGroup', description: 'What terminals of profile C that meet the conditions report, and when' },
);

export const ReportGroupBodySchema = Type.Object(
  {
    ...conditions,
    fields: Type.Optional(fields),
    rules: Type.Optional(Type.Partial(Type.Object(ruleSchemas), { additionalProperties: false })),
    address,
  },
  { title: 'SetReportGroup', additionalProperties: false, description: 'What is absent has its default' },
);

export const DeviceReportGroupsSchema = Type.Object(
  {
    counts: Type.String({ description: 'The group whose rules the terminal has', examples: ['m1'] }),
    fit: Type.Array(Type.String(), {
      description: 'All groups whose conditions it meets, that which counts first: by most conditions, then by name',
    }),
  },
  { title: 'DeviceReportGroups' },
);

export const DeviceReportSchema = Type.Object(
  {
    reportedAt: TimeSchema,
    fields: Type.Record(Type.String(), Type.String(), {
      description: 'Decrypted, by name; what the terminal does not have is not there',
    }),
    unreadable: Type.Record(Type.String(), Type.String(), { description: 'Why a field could not be read, by name' }),
  },
  { title: 'DeviceReport' },
);

export type JsonAppKey = Static<typeof AppKeySchema>;
export type JsonIssuedAppKey = Static<typeof IssuedAppKeySchema>;
export type JsonReportGroup = Static<typeof ReportGroupSchema>;
export type JsonDeviceReport = Static<typeof DeviceReportSchema>;
