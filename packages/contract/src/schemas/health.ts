import { type Static, Type } from 'typebox';
import { type HealthFindingCode, healthFindings } from '../health-finding.ts';
import { TimeSchema } from './basic.ts';

/** From good to bad. */
export const healthStates = ['ok', 'degraded', 'failed'] as const;
export type HealthState = (typeof healthStates)[number];

export const healthParts = [
  ...([
    'storage',
    'disk',
    'listener',
    'queue',
    'devices',
    'event-loop',
    'memory',
    'descriptors',
    'certificate',
    'webhook',
    'mqtt',
    'firmware',
  ] as const),
] as const;
export type HealthPart = (typeof healthParts)[number];

const state = Type.Enum([...healthStates]);

export const HealthCheckSchema = Type.Object(
  {
    part: Type.Enum([...healthParts]),
    subject: Type.Optional(
      Type.String({ description: 'Which one, where there are several: a URL, the id of a webhook' }),
    ),
    state,
    finding: Type.Optional(
      Type.Enum(Object.keys(healthFindings) as HealthFindingCode[], {
        description: 'What is not well; stable, programs decide by it',
      }),
    ),
    detail: Type.Optional(Type.String({ description: 'What is not well, for people' })),
    advice: Type.Optional(Type.String({ description: 'What to do about it' })),
    values: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]), {
      description: 'What was measured; names end with the unit where it is bytes or seconds',
    }),
  },
  { title: 'HealthCheck' },
);

export const HealthSchema = Type.Object(
  {
    state: Type.Enum([...healthStates], { description: 'The worst of all checks' }),
    checkedAt: TimeSchema,
    checks: Type.Array(HealthCheckSchema),
  },
  { title: 'Health' },
);

/** What load balancers and supervisors are told: nothing but this. */
export const AliveSchema = Type.Object({ status: Type.Literal('ok') }, { title: 'Alive' });

export type JsonHealth = Static<typeof HealthSchema>;
export type JsonHealthCheck = Static<typeof HealthCheckSchema>;
