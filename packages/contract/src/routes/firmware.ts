import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { DeviceParam, LongPageQuery, PageQuery, pageOf } from '../schemas/basic.ts';
import {
  CampaignChoiceQuery,
  CampaignPreviewSchema,
  CampaignSchema,
  CampaignTargetSchema,
  CreateCampaignSchema,
  FirmwareFileSchema,
  FirmwareUpdateSchema,
  StartUpdateSchema,
  targetStates,
} from '../schemas/firmware.ts';

const tag = 'Firmware';
const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

export const uploadFirmware = defineRoute({
  id: 'uploadFirmware',
  method: 'POST',
  path: '/api/v1/firmware',
  role: 'operator',
  tag,
  summary: 'Upload a firmware package',
  description:
    'The body is the package as it is. It is stored whole or not at all. The same bytes under the same name, version and model are one package: the one that is there is told.',
  query: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 255, description: 'A file name, for people' }),
    version: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'What 3/0/3 is afterwards' })),
    model: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: 'The model (3/0/1) that it is for' }),
    ),
    sha256: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Refused when the bytes that came have another one' }),
    ),
  }),
  body: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
  bodyType: 'application/octet-stream',
  status: 201,
  response: FirmwareFileSchema,
  problems: ['payload-too-large', 'invalid-value', 'unavailable'],
});

export const listFirmware = defineRoute({
  id: 'listFirmware',
  method: 'GET',
  path: '/api/v1/firmware',
  role: 'viewer',
  tag,
  summary: 'List the firmware packages, the newest first',
  query: Type.Object(LongPageQuery),
  status: 200,
  response: pageOf(FirmwareFileSchema),
  problems: ['invalid-cursor'],
});

export const showFirmware = defineRoute({
  id: 'showFirmware',
  method: 'GET',
  path: '/api/v1/firmware/{id}',
  role: 'viewer',
  tag,
  summary: 'Show a firmware package',
  params,
  status: 200,
  response: FirmwareFileSchema,
  tagged: [],
  problems: ['not-found'],
});

export const removeFirmware = defineRoute({
  id: 'removeFirmware',
  method: 'DELETE',
  path: '/api/v1/firmware/{id}',
  role: 'operator',
  tag,
  summary: 'Remove a firmware package',
  params,
  status: 204,
  problems: ['not-found', 'conflict'],
});

export const startFirmwareUpdate = defineRoute({
  id: 'startFirmwareUpdate',
  method: 'POST',
  path: '/api/v1/devices/{device}/firmware-update',
  role: 'operator',
  tag,
  summary: 'Update the firmware of a device',
  description: 'A device that is not registered or sleeps is updated when it is heard.',
  params: Type.Object(DeviceParam),
  body: StartUpdateSchema,
  status: 201,
  response: FirmwareUpdateSchema,
  problems: ['device-unknown', 'not-found', 'conflict'],
});

export const listFirmwareUpdates = defineRoute({
  id: 'listFirmwareUpdates',
  method: 'GET',
  path: '/api/v1/firmware-updates',
  role: 'viewer',
  tag,
  summary: 'List firmware updates, the newest first',
  query: Type.Object({ ...PageQuery, device: Type.Optional(Type.String({ maxLength: 512 })) }),
  status: 200,
  response: pageOf(FirmwareUpdateSchema),
  problems: ['invalid-cursor'],
});

export const showFirmwareUpdate = defineRoute({
  id: 'showFirmwareUpdate',
  method: 'GET',
  path: '/api/v1/firmware-updates/{id}',
  role: 'viewer',
  tag,
  summary: 'Show a firmware update',
  params,
  status: 200,
  response: FirmwareUpdateSchema,
  tagged: [],
  problems: ['not-found'],
});

export const cancelFirmwareUpdate = defineRoute({
  id: 'cancelFirmwareUpdate',
  method: 'POST',
  path: '/api/v1/firmware-updates/{id}/cancel',
  role: 'operator',
  tag,
  summary: 'Give a firmware update up; a device that is installing already is not stopped',
  params,
  status: 200,
  response: FirmwareUpdateSchema,
  problems: ['not-found', 'conflict'],
});

const campaignTag = 'Campaigns';

export const createCampaign = defineRoute({
  id: 'createCampaign',
  method: 'POST',
  path: '/api/v1/campaigns',
  role: 'operator',
  tag: campaignTag,
  summary: 'Update the firmware of many devices, in waves',
  description:
    'Its devices are those that fit now, by what was read of them (GET /api/v1/campaign-preview tells them); each is asked again when its turn comes.',
  body: CreateCampaignSchema,
  status: 201,
  response: CampaignSchema,
  problems: ['not-found', 'invalid-value'],
});

export const previewCampaign = defineRoute({
  id: 'previewCampaign',
  method: 'GET',
  path: '/api/v1/campaign-preview',
  role: 'viewer',
  tag: campaignTag,
  summary: 'How many devices a campaign would have, and which',
  query: Type.Object({
    file: Type.String({ minLength: 1, maxLength: 64, description: 'The id of the package' }),
    ...CampaignChoiceQuery,
  }),
  status: 200,
  response: CampaignPreviewSchema,
  problems: ['not-found', 'invalid-request'],
});

export const listCampaigns = defineRoute({
  id: 'listCampaigns',
  method: 'GET',
  path: '/api/v1/campaigns',
  role: 'viewer',
  tag: campaignTag,
  summary: 'List campaigns, the newest first',
  query: Type.Object(PageQuery),
  status: 200,
  response: pageOf(CampaignSchema),
  problems: ['invalid-cursor'],
});

export const showCampaign = defineRoute({
  id: 'showCampaign',
  method: 'GET',
  path: '/api/v1/campaigns/{id}',
  role: 'viewer',
  tag: campaignTag,
  summary: 'Show a campaign and what became of its devices',
  params,
  status: 200,
  response: CampaignSchema,
  tagged: [],
  problems: ['not-found'],
});

export const listCampaignDevices = defineRoute({
  id: 'listCampaignDevices',
  method: 'GET',
  path: '/api/v1/campaigns/{id}/devices',
  role: 'viewer',
  tag: campaignTag,
  summary: 'List the devices of a campaign in the order of their keys',
  params,
  query: Type.Object({ ...PageQuery, state: Type.Optional(Type.Enum([...targetStates])) }),
  status: 200,
  response: pageOf(CampaignTargetSchema),
  problems: ['not-found', 'invalid-cursor'],
});

const actions = {
  pause: 'Start no further device; what is under way goes on',
  resume: 'Go on after a pause or a stop; failures so far count no more',
  cancel: 'End a campaign: waiting devices are left as they are, updates under way are given up',
  retry: 'Try the devices again that failed or were cancelled',
} as const;

function action<const A extends keyof typeof actions>(name: A) {
  return defineRoute({
    id: `${name}Campaign`,
    method: 'POST',
    path: `/api/v1/campaigns/{id}/${name}`,
    role: 'operator',
    tag: campaignTag,
    summary: actions[name],
    params,
    status: 200,
    response: CampaignSchema,
    problems: ['not-found', 'conflict'],
  });
}

export const pauseCampaign = action('pause');
export const resumeCampaign = action('resume');
export const cancelCampaign = action('cancel');
export const retryCampaign = action('retry');
