import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';

export const TrialDeviceSchema = Type.Object(
  { endpoint: Type.String({ description: 'Its endpoint name' }), startedAt: TimeSchema },
  { title: 'TrialDevice' },
);

export const TrialDevicesSchema = Type.Object(
  {
    items: Type.Array(TrialDeviceSchema),
    limit: Type.Integer({ description: 'How many there may be: the setting try.max-devices; 0 when it is off' }),
  },
  { title: 'TrialDevices' },
);

export type JsonTrialDevice = Static<typeof TrialDeviceSchema>;
export type JsonTrialDevices = Static<typeof TrialDevicesSchema>;
