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

export const AllowBodySchema = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: 500, default: '' })) },
  { title: 'Allow', additionalProperties: false },
);

export type EnrolmentMode = (typeof enrolmentModes)[number];
export type JsonAllowEntry = Static<typeof AllowEntrySchema>;
