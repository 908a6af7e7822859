import { type Static, Type } from 'typebox';
import { DeviceStateSchema, moment, TimeSchema } from './basic.ts';

const fact = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 128, description }));

/** What devices may be asked for by; all of it has to apply. */
export const DeviceFilterQuery = {
  search: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Part of the key, endpoint name, an identity field, vendor, model or version, in any case',
    }),
  ),
  state: Type.Optional(DeviceStateSchema),
  vendor: fact('Exactly this /3/0/0, as far as it was read'),
  model: fact('Exactly this /3/0/1'),
  version: fact('Exactly this /3/0/3'),
  group: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Of this group' })),
  seenSince: moment('The last Register came then or later'),
  seenBefore: moment('The last Register came before'),
};

/** By what campaigns choose besides. */
export const NamePatternSchema = Type.Optional(
  Type.String({ maxLength: 512, description: 'Key or endpoint name, with * and ?', examples: ['urn:imei:86*'] }),
);

/** What a group asks for: no other group, so that none goes round in circles. */
const { group: _, ...groupQuery } = DeviceFilterQuery;

export const GroupQuerySchema = Type.Object(groupQuery, {
  title: 'GroupQuery',
  additionalProperties: false,
  description:
    'What the devices of the group are like; asked anew each time. Times that are how long ago count from then.',
});

const note = Type.Optional(Type.String({ maxLength: 500 }));

export const GroupBodySchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    note,
    query: Type.Optional(GroupQuerySchema),
  },
  { title: 'NewGroup', additionalProperties: false },
);

export const GroupChangeSchema = Type.Object(
  { note, query: Type.Optional(GroupQuerySchema) },
  { title: 'GroupChange', additionalProperties: false },
);

export const GroupSchema = Type.Object(
  {
    name: Type.String(),
    note: Type.String(),
    query: Type.Optional(GroupQuerySchema),
    members: Type.Optional(Type.Integer({ description: 'How many were put in; absent: it is a question' })),
    createdAt: TimeSchema,
  },
  { title: 'Group' },
);

export const GroupMembersSchema = Type.Object(
  {
    devices: Type.Array(Type.String({ minLength: 1, maxLength: 512 }), {
      minItems: 1,
      maxItems: 1000,
      description: 'Keys; for more than that there are bulk jobs',
    }),
  },
  { title: 'GroupMembers', additionalProperties: false },
);

export const GroupCountSchema = Type.Object(
  { changed: Type.Integer({ description: 'Devices that came or went' }) },
  { title: 'GroupCount' },
);

const counts = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }));

export const DeviceFactsSchema = Type.Object(
  { vendor: counts, model: counts, version: counts },
  { title: 'DeviceFacts', description: 'The most frequent values first' },
);

export type JsonGroup = Static<typeof GroupSchema>;
export type JsonGroupQuery = Static<typeof GroupQuerySchema>;
export type JsonDeviceFacts = Static<typeof DeviceFactsSchema>;
