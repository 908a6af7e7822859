import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';
import { campaignStates, targetStates } from './firmware.ts';
import { DeviceFilterQuery } from './group.ts';
import { ValueSchema } from './value.ts';

const path = Type.String({ maxLength: 64, examples: ['/3/0/15'] });
const strict = { additionalProperties: false } as const;

/** What is done with each device. */
export const BulkOperationSchema = Type.Union(
  [
    Type.Object({ kind: Type.Literal('read'), path }, strict),
    Type.Object({ kind: Type.Literal('write'), path, value: ValueSchema }, strict),
    Type.Object(
      { kind: Type.Literal('execute'), path, arguments: Type.Optional(Type.String({ maxLength: 1024 })) },
      strict,
    ),
    Type.Object({ kind: Type.Literal('observe'), path }, strict),
    Type.Object({ kind: Type.Literal('reboot') }, { ...strict, description: 'Executes /3/0/4' }),
    Type.Object({ kind: Type.Literal('add-to-group'), group: Type.String({ minLength: 1, maxLength: 64 }) }, strict),
    Type.Object(
      { kind: Type.Literal('remove-from-group'), group: Type.String({ minLength: 1, maxLength: 64 }) },
      strict,
    ),
    Type.Object({ kind: Type.Literal('forget') }, { ...strict, description: 'Takes the role admin' }),
  ],
  { title: 'BulkOperation' },
);

export const bulkKinds = [
  'read',
  'write',
  'execute',
  'observe',
  'reboot',
  'add-to-group',
  'remove-from-group',
  'forget',
] as const;

export const BulkDevicesSchema = Type.Object(
  {
    keys: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 512 }), {
        maxItems: 100_000,
        description: 'These, and no others; no filter beside them',
      }),
    ),
    ...DeviceFilterQuery,
  },
  { title: 'BulkDevices', additionalProperties: false, description: 'Those that it finds now; {} is all devices' },
);

export const BulkJobBodySchema = Type.Object(
  {
    operation: BulkOperationSchema,
    devices: BulkDevicesSchema,
    offline: Type.Optional(
      Type.Enum(['skip', 'wait'], {
        default: 'skip',
        description:
          'Devices that are away: skip them, or wait until they register. Those that sleep are always waited for.',
      }),
    ),
  },
  { title: 'NewBulkJob', additionalProperties: false },
);

const count = Type.Integer();

export const BulkJobSchema = Type.Object(
  {
    id: Type.String(),
    operation: BulkOperationSchema,
    offline: Type.Enum(['skip', 'wait']),
    state: Type.Enum([...campaignStates]),
    total: count,
    counts: Type.Object({
      pending: count,
      running: { ...count, description: 'Being asked, or waited for because they sleep' },
      succeeded: count,
      failed: count,
      cancelled: count,
      skipped: count,
    }),
    reasons: Type.Record(Type.String(), count, { description: 'How often devices failed or were skipped, by reason' }),
    createdAt: TimeSchema,
    createdBy: Type.String(),
    finishedAt: Type.Optional(TimeSchema),
  },
  { title: 'BulkJob' },
);

export const BulkTargetSchema = Type.Object(
  {
    device: Type.String(),
    state: Type.Enum([...targetStates]),
    reason: Type.Optional(Type.String({ description: 'A problem code, or the CoAP code of the device' })),
    changedAt: TimeSchema,
  },
  { title: 'BulkTarget' },
);

export type JsonBulkOperation = Static<typeof BulkOperationSchema>;
export type JsonBulkDevices = Static<typeof BulkDevicesSchema>;
export type JsonBulkJob = Static<typeof BulkJobSchema>;
export type JsonBulkTarget = Static<typeof BulkTargetSchema>;
