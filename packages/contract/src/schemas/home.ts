import { type Static, Type } from 'typebox';
import { DeviceStateSchema, pageOf, TimeSchema } from './basic.ts';
import { updatePhases } from './firmware.ts';
import { ResourceTypeSchema, ValueSchema } from './value.ts';

const address = (examples: string[]) => Type.String({ maxLength: 1023, examples });
const userName = Type.String({ minLength: 1, maxLength: 1023, description: 'ann, or ann@home.example' });
const password = Type.String({ minLength: 6, maxLength: 256 });

export const HomeUserSchema = Type.Object(
  {
    account: address(['ann@home.example']),
    nick: Type.Optional(Type.String()),
    domain: Type.String(),
    expiresAt: { ...TimeSchema, description: 'When the session ends' },
  },
  { title: 'HomeUser' },
);

export const HomeRegistrationSchema = Type.Object(
  {
    name: userName,
    password,
    nick: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    invitation: Type.Optional(Type.String({ maxLength: 256, description: 'Where the operator asks for one' })),
  },
  { title: 'HomeRegistration', additionalProperties: false },
);

export const HomeLoginSchema = Type.Object(
  { name: userName, password: Type.String({ minLength: 1, maxLength: 256 }) },
  { title: 'HomeLogin', additionalProperties: false },
);

export const HomePasswordSchema = Type.Object(
  { current: Type.String({ minLength: 1, maxLength: 256 }), new: password },
  { title: 'HomePassword', additionalProperties: false },
);

export const HomeRemovalSchema = Type.Object(
  { password: Type.String({ minLength: 1, maxLength: 256 }) },
  { title: 'HomeRemoval', additionalProperties: false },
);

/** What one may do with a resource. */
const abilities = ['read', 'write', 'execute', 'observe'] as const;

export const HomeResourceSchema = Type.Object(
  {
    path: Type.String({ examples: ['/3303/0/5700'] }),
    name: Type.Optional(Type.String({ description: 'From the object model' })),
    label: Type.Optional(
      Type.String({ description: 'What the device says that its instance is for (5750)', examples: ['freezer'] }),
    ),
    units: Type.Optional(Type.String({ examples: ['Cel'] })),
    type: ResourceTypeSchema,
    may: Type.Array(Type.Enum([...abilities]), { description: 'What the user may do with it' }),
    range: Type.Optional(Type.Object({ min: Type.Number(), max: Type.Number() })),
    value: Type.Optional(ValueSchema),
    time: Type.Optional({ ...TimeSchema, description: 'When it was so' }),
  },
  { title: 'HomeResource' },
);

const device = {
  device: address(['lamp@home.example']),
  name: Type.String({ description: 'What the user calls it' }),
  groups: Type.Array(Type.String()),
  relation: Type.Enum(['owner', 'guest'], { description: 'guest: a friend shares it' }),
  owner: Type.Optional({ ...address(['bob@home.example']), description: 'The friend who shares it' }),
  pending: Type.Optional(Type.Boolean({ description: 'The device has yet to agree' })),
  state: Type.Optional({ ...DeviceStateSchema, description: 'Absent when the user may not know' }),
  deviceType: Type.String(),
  vendor: Type.String(),
  model: Type.String(),
  objects: Type.Array(Type.Integer(), { description: 'Numbers of the objects that it has' }),
  main: Type.Array(HomeResourceSchema, { description: 'What matters most of it, with its last values' }),
};

export const HomeDeviceSchema = Type.Object(device, { title: 'HomeDevice' });

const HomeOwnerSchema = Type.Object(
  {
    user: address(['bob@home.example']),
    state: Type.Enum(['active', 'pending'], { description: 'pending: the device has yet to agree' }),
    since: TimeSchema,
    removable: Type.Boolean({ description: 'It came after the user, who may remove it' }),
  },
  { title: 'HomeOwner' },
);

export const HomeDeviceDetailSchema = Type.Object(
  {
    ...device,
    owners: Type.Optional(
      Type.Array(HomeOwnerSchema, { description: 'All that own it, the first first, for one of them' }),
    ),
    instances: Type.Array(
      Type.Object({
        path: Type.String({ examples: ['/3303/0'] }),
        name: Type.Optional(Type.String()),
        resources: Type.Array(HomeResourceSchema),
      }),
    ),
  },
  { title: 'HomeDeviceDetail' },
);

const name = Type.String({ minLength: 1, maxLength: 128 });
const groups = Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { maxItems: 16 });

export const HomeBindingSchema = Type.Object(
  {
    device: Type.String({ minLength: 1, maxLength: 1023, description: 'lamp, or lamp@home.example' }),
    code: Type.String({ minLength: 1, maxLength: 64, description: 'The verification code of the device' }),
    name: Type.Optional(name),
    groups: Type.Optional(groups),
  },
  { title: 'HomeBinding', additionalProperties: false },
);

export const HomeNamesSchema = Type.Object({ name, groups }, { title: 'HomeNames', additionalProperties: false });

export const HomeCodeSchema = Type.Object(
  { device: address(['lamp@home.example']), code: Type.String(), expiresAt: Type.Optional(TimeSchema) },
  { title: 'HomeCode' },
);

export const HomeValueSchema = Type.Object(
  { path: Type.String(), value: ValueSchema, time: TimeSchema },
  { title: 'HomeValue' },
);

export const HomeWriteSchema = Type.Object({ value: ValueSchema }, { title: 'HomeWrite', additionalProperties: false });

export const HomeExecuteSchema = Type.Object(
  { arguments: Type.Optional(Type.String({ maxLength: 1024 })) },
  { title: 'HomeExecute', additionalProperties: false },
);

/** `done`: it is so; `queued`: the device sleeps, and `result` of the event stream tells what came of it. */
export const HomeOutcomeSchema = Type.Object(
  {
    state: Type.Enum(['done', 'queued']),
    id: Type.Optional(Type.String({ description: 'Of what waits' })),
    expiresAt: Type.Optional(TimeSchema),
    values: Type.Optional(Type.Array(HomeValueSchema)),
  },
  { title: 'HomeOutcome' },
);

export const HomeUpdateSchema = Type.Object(
  {
    id: Type.String(),
    phase: Type.Enum([...updatePhases], { description: 'waiting: for the device; the last three are final' }),
    to: Type.Optional(Type.String({ description: 'The version that the device is to have' })),
    failure: Type.Optional(Type.String({ description: 'Why it failed, a stable word', examples: ['integrity'] })),
    cancellable: Type.Boolean({ description: 'Owners may give it up' }),
    sent: Type.Optional(Type.Integer({ description: 'Bytes of the package that are there, in events' })),
    size: Type.Optional(Type.Integer({ description: 'Bytes of the package' })),
  },
  { title: 'HomeUpdate' },
);

export const HomeFirmwareSchema = Type.Object(
  {
    version: Type.Optional(Type.String({ description: 'What the device said last' })),
    offer: Type.Optional(Type.String({ description: 'What its operator has for it, if that is another version' })),
    update: Type.Optional({ ...HomeUpdateSchema, description: 'The last one, whoever began it' }),
    may: Type.Boolean({ description: 'Whether the user may update it: execute of object 5' }),
  },
  { title: 'HomeFirmware' },
);

export const HomeFriendSchema = Type.Object(
  {
    user: address(['bob@home.example']),
    name: Type.String(),
    state: Type.Enum(['friends', 'asking', 'asked'], {
      description: 'asking: the other has yet to agree; asked: the other waits for the user',
    }),
  },
  { title: 'HomeFriend' },
);

export const HomeFriendBodySchema = Type.Object(
  { user: userName },
  { title: 'NewHomeFriend', additionalProperties: false },
);

export const homeOperations = ['read', 'write', 'execute', 'observe', 'message'] as const;

const grant = {
  user: Type.Optional(userName),
  class: Type.Optional(Type.Enum(['owner', 'friend'], { description: 'Instead of one user: all owners, all friends' })),
  feature: Type.String({
    minLength: 1,
    maxLength: 255,
    description: 'urn:oma:lwm2m:ext:3303: one object; * at the end: all that begin so',
    examples: ['*'],
  }),
};

export const HomeGrantBodySchema = Type.Object(
  {
    ...grant,
    operations: Type.Array(Type.Enum([...homeOperations]), { maxItems: 5, description: 'None: nothing of it' }),
    expiresAt: Type.Optional(TimeSchema),
  },
  { title: 'NewHomeGrant', additionalProperties: false },
);

export const HomeGrantSchema = Type.Object(
  {
    ...grant,
    operations: Type.Array(Type.Enum([...homeOperations])),
    expiresAt: Type.Optional(TimeSchema),
    grantedBy: address(['ann@home.example']),
  },
  { title: 'HomeGrant' },
);

export const HomeGrantQuery = Type.Object(grant);

export const homeEventKinds = [
  'values',
  'state',
  'result',
  'bound',
  'binding-asked',
  'binding-renamed',
  'unbound',
  'code-reset',
  'confirmation',
  'friends',
  'friend-asked',
  'friend-renamed',
  'unfriended',
  'granted',
  'revoked',
  'linked',
  'unlinked',
  'message',
  'ended',
  'firmware',
  'news-read',
] as const;

export const observationEndReasons = ['forbidden', 'expired', 'unbound', 'removed', 'cancelled'] as const;

/** What is told to a user while its page is open. What was missed is in the lists and in the news: there is no replay. */
export const HomeEventSchema = Type.Object(
  {
    kind: Type.Enum([...homeEventKinds]),
    time: TimeSchema,
    news: Type.Optional(
      Type.Integer({ description: 'Its number: it grows. What has one is kept, and stands in the news of the user' }),
    ),
    upTo: Type.Optional(Type.Integer({ description: 'The news up to this number were read, on some page' })),
    device: Type.Optional(Type.String()),
    user: Type.Optional(Type.String({ description: 'The other one' })),
    by: Type.Optional(Type.String({ description: 'The owner that removed the other one, or the user' })),
    state: Type.Optional(DeviceStateSchema),
    values: Type.Optional(Type.Array(HomeValueSchema)),
    path: Type.Optional(Type.String({ description: 'Of which no more values come; absent: the permission is over' })),
    reason: Type.Optional(Type.Enum([...observationEndReasons], { description: 'Why no more values come' })),
    id: Type.Optional(Type.String({ description: 'Of the request that waited' })),
    firmware: Type.Optional({ ...HomeUpdateSchema, description: 'How an update of firmware goes, for owners' }),
    text: Type.Optional(Type.String({ description: 'What support says' })),
    to: Type.Optional(
      Type.String({
        description:
          'To whom it was granted, or of whom it was revoked: an account, "owners" or "friends"; absent: the user',
        examples: ['bob@home.example', 'friends'],
      }),
    ),
    feature: Type.Optional(
      Type.String({ description: 'What was granted or revoked: a feature, or * for the whole device' }),
    ),
    featureName: Type.Optional(
      Type.String({ description: 'The name of the object that the feature is, where it is known' }),
    ),
    operations: Type.Optional(
      Type.Array(Type.Enum([...homeOperations]), { description: 'What may be done now with what was granted' }),
    ),
    expiresAt: Type.Optional({ ...TimeSchema, description: 'When what was granted ends' }),
    refusal: Type.Optional(Type.String({ description: 'Why the request that waited came to nothing' })),
  },
  { title: 'HomeEvent' },
);

export const HomeNewsSchema = Type.Object(
  {
    ...pageOf(HomeEventSchema).properties,
    unread: Type.Integer({ description: 'How many there are in all that were not marked as read' }),
  },
  { title: 'HomeNews' },
);

export const HomeNewsReadSchema = Type.Object(
  {
    upTo: Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The number of the newest that was read',
    }),
  },
  { title: 'HomeNewsRead', additionalProperties: false },
);

export type JsonHomeUser = Static<typeof HomeUserSchema>;
export type JsonHomeDevice = Static<typeof HomeDeviceSchema>;
export type JsonHomeDeviceDetail = Static<typeof HomeDeviceDetailSchema>;
export type JsonHomeResource = Static<typeof HomeResourceSchema>;
export type JsonHomeOutcome = Static<typeof HomeOutcomeSchema>;
export type JsonHomeUpdate = Static<typeof HomeUpdateSchema>;
export type JsonHomeFirmware = Static<typeof HomeFirmwareSchema>;
export type JsonHomeFriend = Static<typeof HomeFriendSchema>;
export type JsonHomeGrant = Static<typeof HomeGrantSchema>;
export type JsonHomeEvent = Static<typeof HomeEventSchema>;
export type HomeEventKind = (typeof homeEventKinds)[number];
