import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';
import { type EventType, eventTypes } from './event.ts';

const types = Type.Array(Type.Enum(eventTypes as EventType[]), {
  maxItems: 100,
  description: 'Types of events that it is told; none: all',
});
const url = Type.String({
  minLength: 8,
  maxLength: 2000,
  description: 'https:, an address of the internet; others need the setting webhooks.private-addresses',
  examples: ['https://example.com/hooks/yaolian'],
});
const note = Type.String({ maxLength: 500 });

export const WebhookBodySchema = Type.Object(
  { url, types: Type.Optional(types), note: Type.Optional(note) },
  { title: 'NewWebhook', additionalProperties: false },
);

export const WebhookChangeSchema = Type.Object(
  {
    url: Type.Optional(url),
    types: Type.Optional(types),
    note: Type.Optional(note),
    enabled: Type.Optional(Type.Boolean({ description: 'false: nothing is sent; what waits stays' })),
  },
  { title: 'WebhookChange', additionalProperties: false },
);

const webhook = {
  id: Type.String(),
  url: Type.String(),
  types: Type.Array(Type.String()),
  note: Type.String(),
  enabled: Type.Boolean(),
  createdAt: TimeSchema,
  waiting: Type.Integer({ description: 'Deliveries that are not through yet' }),
  dropped: Type.Integer({ description: 'Events since the start of the platform that found the queue full' }),
};

export const WebhookSchema = Type.Object(webhook, { title: 'Webhook' });

export const WebhookSecretSchema = Type.Object(
  {
    ...webhook,
    secret: Type.String({ description: 'whsec_ and the base64 of the key of HMAC-SHA-256; shown this once' }),
  },
  { title: 'WebhookWithSecret' },
);

export const WebhookDeliverySchema = Type.Object(
  {
    id: Type.String({ description: 'The header webhook-id, the same at every attempt' }),
    type: Type.String(),
    state: Type.Enum(['waiting', 'delivered', 'failed']),
    attempts: Type.Integer(),
    createdAt: TimeSchema,
    dueAt: Type.Optional({ ...TimeSchema, description: 'When it is tried next' }),
    status: Type.Optional(Type.Integer({ description: 'HTTP status of the last answer' })),
    error: Type.Optional(Type.String({ description: 'Why the last attempt got no answer' })),
  },
  { title: 'WebhookDelivery' },
);

export type JsonWebhook = Static<typeof WebhookSchema>;
export type JsonWebhookDelivery = Static<typeof WebhookDeliverySchema>;
