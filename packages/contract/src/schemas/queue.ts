import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';
import { NodeSchema } from './value.ts';

export const queuedStates = ['queued', 'sent', 'done', 'refused', 'failed', 'expired', 'cancelled'] as const;

/** What is to be written at a path. */
const AskedValueSchema = Type.Object({
  path: Type.String(),
  node: Type.Optional(NodeSchema),
  hidden: Type.Optional(
    Type.Array(Type.Integer(), {
      description: 'Ids of resources that are passwords, keys or files: their values are not told',
    }),
  ),
  shortened: Type.Optional(
    Type.Literal(true, {
      description: 'Of a long value the first 200 characters are told, of the values of one request the first 16',
    }),
  ),
});

export const QueuedRequestSchema = Type.Object(
  {
    id: Type.Integer({ description: 'Counts up' }),
    device: Type.String({ description: 'The device key' }),
    operation: Type.String({ examples: ['read', 'write', 'execute'] }),
    paths: Type.Array(Type.String(), { examples: [['/3/0/9']] }),
    asked: Type.Optional(
      Type.Object(
        {
          values: Type.Optional(
            Type.Array(AskedValueSchema, {
              description:
                'What is to be written, path by path; without anything else: it is to be removed. A new instance whose number the device is to choose is 65535',
            }),
          ),
          arguments: Type.Optional(Type.String({ description: 'Of execute' })),
          attributes: Type.Optional(
            Type.String({ description: 'Of write-attributes and observe', examples: ['pmin=10&pmax=60'] }),
          ),
        },
        { description: 'What the operation brings. For operators and admins, and in no event' },
      ),
    ),
    asker: Type.Optional(Type.String({ description: 'The account that asked; absent: an operator' })),
    state: Type.Enum([...queuedStates], {
      description:
        'queued: waits until the device is heard; sent: on its way; done: the device agreed; refused: it said no; ' +
        'failed: it could not be asked, or nobody knows; expired, cancelled: it was not done',
    }),
    attempts: Type.Integer({ description: 'How often it was sent' }),
    createdAt: TimeSchema,
    expiresAt: TimeSchema,
    finishedAt: Type.Optional(TimeSchema),
    coapCode: Type.Optional(Type.String({ description: 'What the device answered', examples: ['2.05'] })),
    reason: Type.Optional(Type.String({ description: 'Why it was refused or failed' })),
    error: Type.Optional(Type.String({ description: 'The code of what failed', examples: ['LWM2M_TIMEOUT'] })),
    node: Type.Optional(NodeSchema),
    values: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), node: Type.Optional(NodeSchema) }), {
        description: 'Of a composite operation, path by path; without node where there is nothing',
      }),
    ),
    path: Type.Optional(Type.String({ description: 'The instance that was created' })),
  },
  { title: 'QueuedRequest' },
);

export type JsonAskedValue = Static<typeof AskedValueSchema>;
export type JsonQueuedRequest = Static<typeof QueuedRequestSchema>;
export type QueuedState = (typeof queuedStates)[number];
