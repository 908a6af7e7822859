import { Type } from 'typebox';
import { defineRoute } from '../route.ts';
import { PageQuery, pageOf } from '../schemas/basic.ts';
import {
  WebhookBodySchema,
  WebhookChangeSchema,
  WebhookDeliverySchema,
  WebhookSchema,
  WebhookSecretSchema,
} from '../schemas/webhook.ts';

const tag = 'Webhooks';
const role = 'admin';
const params = Type.Object({ webhook: Type.String({ minLength: 1, maxLength: 64 }) });
const one = '/api/v1/webhooks/{webhook}';

export const listWebhooks = defineRoute({
  id: 'listWebhooks',
  method: 'GET',
  path: '/api/v1/webhooks',
  role,
  tag,
  summary: 'List webhooks',
  status: 200,
  response: Type.Object({ items: Type.Array(WebhookSchema) }),
  problems: [],
});

export const addWebhook = defineRoute({
  id: 'addWebhook',
  method: 'POST',
  path: '/api/v1/webhooks',
  role,
  tag,
  summary: 'Have events posted to a URL, signed; the answer holds the secret',
  description:
    'Each event is an HTTP POST of JSON with the headers webhook-id, webhook-timestamp and webhook-signature: "v1," and ' +
    'the base64 of HMAC-SHA-256 over id, timestamp and body with dots between. A 2xx takes it; all else is tried again.',
  body: WebhookBodySchema,
  status: 201,
  response: WebhookSecretSchema,
  problems: ['conflict'],
});

export const showWebhook = defineRoute({
  id: 'showWebhook',
  method: 'GET',
  path: one,
  role,
  tag,
  summary: 'Show a webhook',
  params,
  status: 200,
  response: WebhookSchema,
  tagged: ['waiting', 'dropped'],
  problems: ['not-found'],
});

export const changeWebhook = defineRoute({
  id: 'changeWebhook',
  method: 'PATCH',
  path: one,
  role,
  tag,
  summary: 'Change what is given: URL, types, note, enabled',
  params,
  body: WebhookChangeSchema,
  status: 200,
  response: WebhookSchema,
  problems: ['not-found'],
});

export const removeWebhook = defineRoute({
  id: 'removeWebhook',
  method: 'DELETE',
  path: one,
  role,
  tag,
  summary: 'Remove a webhook with what waits for it',
  params,
  status: 204,
  problems: ['not-found'],
});

export const rotateWebhookSecret = defineRoute({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: `${one}/secret`,
  role,
  tag,
  summary: 'Make a new secret; for a day deliveries are signed with the old one too',
  params,
  status: 200,
  response: WebhookSecretSchema,
  problems: ['not-found'],
});

export const listWebhookDeliveries = defineRoute({
  id: 'listWebhookDeliveries',
  method: 'GET',
  path: `${one}/deliveries`,
  role,
  tag,
  summary: 'The newest deliveries of a webhook: what came through, what waits, what failed and why',
  params,
  query: Type.Object(PageQuery),
  status: 200,
  response: pageOf(WebhookDeliverySchema),
  problems: ['not-found', 'invalid-cursor'],
});

export const testWebhook = defineRoute({
  id: 'testWebhook',
  method: 'POST',
  path: `${one}/test`,
  role,
  tag,
  summary: 'Post something of no meaning ("type": "webhook.test"), and tell what the receiver answered',
  params,
  status: 200,
  response: WebhookDeliverySchema,
  problems: ['not-found', 'conflict'],
});

export const retryWebhookDelivery = defineRoute({
  id: 'retryWebhookDelivery',
  method: 'POST',
  path: `${one}/deliveries/{delivery}/retry`,
  role,
  tag,
  summary: 'Try a delivery again now that waits or has failed, and tell what the receiver answered',
  params: Type.Object({ ...params.properties, delivery: Type.String({ minLength: 1, maxLength: 64 }) }),
  status: 200,
  response: WebhookDeliverySchema,
  problems: ['not-found', 'conflict'],
});
