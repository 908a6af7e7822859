import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';

export const StatusSchema = Type.Object(
  {
    name: Type.Literal('yaolian'),
    version: Type.String(),
    startedAt: TimeSchema,
    uptime: Type.Integer({ description: 'Seconds' }),
    profile: Type.String(),
    enrolment: Type.String(),
    listening: Type.Array(
      Type.Object({ service: Type.String({ examples: ['dm', 'bootstrap', 'http'] }), url: Type.String() }),
    ),
    udpAdapter: Type.String({ examples: ['batched'] }),
    devices: Type.Object({
      total: Type.Integer(),
      online: Type.Integer(),
      sleeping: Type.Integer(),
      offline: Type.Integer(),
    }),
    observations: Type.Integer(),
    eventStreams: Type.Integer(),
    memory: Type.Object({
      rss: Type.Integer({ description: 'Bytes' }),
      heapUsed: Type.Integer({ description: 'Bytes' }),
    }),
  },
  { title: 'Status' },
);

export const HealthSchema = Type.Object({ status: Type.Enum(['ok', 'stopping']) }, { title: 'Health' });

export type JsonStatus = Static<typeof StatusSchema>;
