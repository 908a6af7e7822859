import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';

export const enrolmentModes = ['open', 'allow-list'] as const;

export const EnrolmentSchema = Type.Object(
  {
    mode: Type.Enum([...enrolmentModes], {
      description: 'open: every valid endpoint name may register; allow-list: only listed device keys',
    }),
  },
  { title: 'Enrolment', additionalProperties: false },
);

export const AllowEntrySchema = Type.Object(
  { key: Type.String({ description: 'A device key' }), note: Type.String(), addedAt: TimeSchema },
  { title: 'AllowEntry' },
);

const note = Type.Optional(Type.String({ maxLength: 500, default: '' }));

export const AllowBodySchema = Type.Object({ note }, { title: 'Allow', additionalProperties: false });

export const NewAllowEntrySchema = Type.Object(
  { key: Type.String({ minLength: 1, maxLength: 512, description: 'A device key' }), note },
  { title: 'NewAllowEntry', additionalProperties: false },
);

export type EnrolmentMode = (typeof enrolmentModes)[number];
export type JsonNewAllowEntry = Static<typeof NewAllowEntrySchema>;
export type JsonAllowEntry = Static<typeof AllowEntrySchema>;
