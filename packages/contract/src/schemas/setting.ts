import { type Static, Type } from 'typebox';

const value = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

export const SettingSchema = Type.Object(
  {
    name: Type.String({ examples: ['coap.max-sessions'] }),
    value: Type.Optional({ ...value, description: 'As people write it; absent: not set' }),
    default: Type.Optional({ ...value, description: 'Absent: not set' }),
    changed: Type.Boolean({ description: 'It is not the default' }),
    secret: Type.Boolean({ description: 'The value is not told' }),
    live: Type.Boolean({ description: 'It may be changed while the platform runs' }),
    origin: Type.Enum(['default', 'start', 'set'], {
      description:
        'Who said so: nobody; the file, the environment or a flag at the start, which holds until the next; or an operator',
    }),
    example: Type.Optional(Type.String({ description: 'A value as people write it, of what may be changed' })),
    range: Type.Optional(Type.String({ description: 'Which values fit', examples: ['1h – 36500d'] })),
    description: Type.String(),
    flag: Type.String({ examples: ['--coap-max-sessions'] }),
    variable: Type.String({ examples: ['YAOLIAN_COAP_MAX_SESSIONS'] }),
  },
  { title: 'Setting' },
);

export const SettingBodySchema = Type.Object(
  { value: Type.Union([Type.String({ maxLength: 200 }), Type.Number(), Type.Boolean()]) },
  { title: 'SettingChange', additionalProperties: false },
);

export type JsonSetting = Static<typeof SettingSchema>;
