import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';
import { DeviceFilterQuery, NamePatternSchema } from './group.ts';

export const FirmwareFileSchema = Type.Object({
  id: Type.String({ examples: ['9f2c01ab'] }),
  name: Type.String({ description: 'The name of the file that was uploaded' }),
  version: Type.Optional(
    Type.String({ description: 'What devices say in 3/0/3, of software in 9/x/1, once they have it' }),
  ),
  model: Type.Optional(Type.String({ description: 'The model (3/0/1) that it is for; absent: any' })),
  size: Type.Integer({ description: 'Bytes' }),
  sha256: Type.String({ description: 'In hexadecimal' }),
  createdAt: TimeSchema,
  createdBy: Type.String(),
  coapPath: Type.String({ description: 'Where terminals fetch it on the port for terminals' }),
  httpPath: Type.String({ description: 'Where terminals fetch it over HTTP; needs no token' }),
});
export type JsonFirmwareFile = Static<typeof FirmwareFileSchema>;

export const deliveryWishes = ['auto', 'push', 'pull'] as const;
export const updatePhases = ['waiting', 'delivering', 'installing', 'succeeded', 'failed', 'cancelled'] as const;
export type UpdatePhaseName = (typeof updatePhases)[number];

const delivery = Type.Optional(
  Type.Enum([...deliveryWishes], {
    default: 'auto',
    description: 'push: written to 5/0/0 or 9/x/2; pull: the device fetches it; auto: as the device takes it',
  }),
);
const software = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 255,
    description: 'The name of a software component (9/x/0) that the package is of; absent: the firmware (object 5)',
    examples: ['app'],
  }),
);
const severity = Type.Optional(
  Type.Integer({ minimum: 0, maximum: 2, description: 'Written to 5/0/11 first: 0 critical, 1 mandatory, 2 optional' }),
);
const maximumDeferPeriod = Type.Optional(
  Type.Integer({ minimum: 0, maximum: 31_536_000, description: 'Seconds, written to 5/0/13 first' }),
);
const attempts = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 20, default: 3, description: 'How often it is tried at most' }),
);

export const StartUpdateSchema = Type.Object(
  {
    file: Type.String({ minLength: 1, maxLength: 64, description: 'The id of an uploaded package' }),
    software,
    delivery,
    severity,
    maximumDeferPeriod,
    attempts,
  },
  { additionalProperties: false },
);

export const FirmwareUpdateSchema = Type.Object({
  id: Type.String(),
  device: Type.String({ description: 'The device key' }),
  file: Type.String(),
  software,
  campaign: Type.Optional(Type.String()),
  phase: Type.Enum([...updatePhases]),
  delivery: Type.Optional(Type.String({ description: 'push, or the scheme it is pulled with', examples: ['coap'] })),
  fromVersion: Type.Optional(Type.String()),
  toVersion: Type.Optional(Type.String()),
  version: Type.Optional(Type.String({ description: 'What the device said last' })),
  attempts: Type.Integer(),
  failure: Type.Optional(Type.String({ description: 'A stable word', examples: ['integrity', 'connection-lost'] })),
  note: Type.Optional(Type.String({ description: 'A sentence about the failure, or what is waited for' })),
  createdAt: TimeSchema,
  changedAt: TimeSchema,
  finishedAt: Type.Optional(TimeSchema),
});
export type JsonFirmwareUpdate = Static<typeof FirmwareUpdateSchema>;

export const campaignStates = ['running', 'paused', 'stopped', 'finished', 'cancelled'] as const;
export const targetStates = ['pending', 'running', 'succeeded', 'failed', 'cancelled', 'skipped'] as const;

const waveText = Type.String({
  pattern: '^\\d{1,7}(?:\\.\\d{1,3})?%?$',
  maxLength: 12,
  description: 'Devices in this wave, those before included: a share of all, or a number',
  examples: ['1%', '500'],
});

/** What chooses the devices of a campaign, besides a list of keys. */
export const CampaignChoiceQuery = {
  ...DeviceFilterQuery,
  name: NamePatternSchema,
  model: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'Exactly this /3/0/1; absent: the model of the package' }),
  ),
  unread: Type.Optional(
    Type.Enum(['leave-out', 'ask'], {
      default: 'leave-out',
      description:
        'Where vendor, model or version are asked for: devices of which none of them was read yet. ask: they are in the campaign, ' +
        'and skipped if they say something else when their turn comes',
    }),
  ),
};

export const CampaignDevicesSchema = Type.Object(
  {
    keys: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 512 }), {
        maxItems: 100_000,
        description:
          'These, and no others: beside them vendor, model and version alone, which are asked when their turn comes',
      }),
    ),
    ...CampaignChoiceQuery,
  },
  { additionalProperties: false, description: 'Those that it finds now; {} is all devices that the package is for' },
);

export const CampaignPreviewSchema = Type.Object(
  {
    total: Type.Integer({ description: 'Devices that the campaign would have' }),
    online: Type.Integer(),
    sleeping: Type.Integer(),
    offline: Type.Integer(),
    unread: Type.Integer({
      description: 'Devices that fit otherwise, and have not said what they are; among the total with unread=ask alone',
    }),
    devices: Type.Array(
      Type.Object({
        key: Type.String(),
        endpoint: Type.Optional(Type.String()),
        vendor: Type.Optional(Type.String()),
        model: Type.Optional(Type.String()),
        version: Type.Optional(Type.String()),
      }),
      { description: 'The first 20 of them' },
    ),
  },
  { title: 'CampaignPreview' },
);
export type JsonCampaignPreview = Static<typeof CampaignPreviewSchema>;

export const CreateCampaignSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 128 }),
    file: Type.String({ minLength: 1, maxLength: 64 }),
    devices: CampaignDevicesSchema,
    waves: Type.Optional(
      Type.Array(waveText, { maxItems: 20, default: ['1%', '10%'], description: 'Beyond the last come all others' }),
    ),
    stopAt: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, default: 0.1, description: 'Stops when a larger share of a wave failed' }),
    ),
    advanceAt: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        default: 0.9,
        description: 'The next wave begins when this share is done',
      }),
    ),
    startsPerMinute: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000, default: 600 })),
    concurrent: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100_000, default: 50, description: 'Devices updated at a time' }),
    ),
    software,
    delivery,
    severity,
    maximumDeferPeriod,
    attempts,
  },
  { additionalProperties: false },
);

const count = Type.Integer();

export const CampaignSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  file: Type.String(),
  software,
  state: Type.Enum([...campaignStates]),
  note: Type.Optional(Type.String({ description: 'Why it stopped' })),
  waves: Type.Array(waveText),
  wave: Type.Integer({ description: 'The wave at work, from 1' }),
  stopAt: Type.Number(),
  advanceAt: Type.Number(),
  startsPerMinute: Type.Number(),
  concurrent: count,
  total: count,
  counts: Type.Object({
    pending: count,
    running: count,
    succeeded: count,
    failed: count,
    cancelled: count,
    skipped: count,
  }),
  reasons: Type.Record(Type.String(), count, { description: 'How often devices failed or were skipped, by reason' }),
  createdAt: TimeSchema,
  createdBy: Type.String(),
  finishedAt: Type.Optional(TimeSchema),
});
export type JsonCampaign = Static<typeof CampaignSchema>;

export const CampaignTargetSchema = Type.Object({
  device: Type.String(),
  state: Type.Enum([...targetStates]),
  wave: Type.Optional(Type.Integer({ description: 'From 1' })),
  update: Type.Optional(Type.String({ description: 'The id of its firmware update' })),
  reason: Type.Optional(Type.String()),
  changedAt: TimeSchema,
});
export type JsonCampaignTarget = Static<typeof CampaignTargetSchema>;
