import { type Static, Type } from 'typebox';

const value = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

export const SettingSchema = Type.Object(
  {
    name: Type.String({ examples: ['coap.max-sessions'] }),
    value: Type.Optional({ ...value, description: 'As people write it; absent: not set' }),
    default: Type.Optional({ ...value, description: 'Absent: not set' }),
    changed: Type.Boolean({ description: 'It is not the default' }),
    secret: Type.Boolean({ description: 'The value is not told' }),
    description: Type.String(),
    flag: Type.String({ examples: ['--coap-max-sessions'] }),
    variable: Type.String({ examples: ['YAOLIAN_COAP_MAX_SESSIONS'] }),
  },
  { title: 'Setting' },
);

export type JsonSetting = Static<typeof SettingSchema>;
