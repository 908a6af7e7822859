import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';
import { DeviceCountsSchema } from './device.ts';

export const StatusSchema = Type.Object(
  {
    name: Type.Literal('yaolian'),
    version: Type.String(),
    startedAt: TimeSchema,
    uptime: Type.Integer({ description: 'Seconds' }),
    profile: Type.String(),
    enrolment: Type.String(),
    remoteAccess: Type.Optional(Type.String({ description: 'The domain of Remote Access; absent: it is off' })),
    listening: Type.Array(
      Type.Object({ service: Type.String({ examples: ['dm', 'bootstrap', 'http'] }), url: Type.String() }),
    ),
    udpAdapter: Type.String({ examples: ['batched'] }),
    devices: DeviceCountsSchema,
    observations: Type.Integer(),
    counters: Type.Record(Type.String(), Type.Integer(), {
      description: 'What happened since the start, by the names of the overview: messages.…, operations.…, refused.…',
      examples: [{ 'messages.registered': 3, 'messages.updated': 120, 'operations.LWM2M_TIMEOUT': 1 }],
    }),
    eventStreams: Type.Integer(),
    memory: Type.Object({
      rss: Type.Integer({ description: 'Bytes' }),
      heapUsed: Type.Integer({ description: 'Bytes' }),
    }),
  },
  { title: 'Status' },
);

export type JsonStatus = Static<typeof StatusSchema>;
