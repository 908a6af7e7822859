import { because, type JsonWebhook, type JsonWebhookDelivery, routes } from '@yaolian/contract';
import type { WebhookDelivery } from '@yaolian/directory';
import { decodeCursor, pageFrom } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal, unfit } from '../http/refusal.ts';
import { urlProblem } from '../webhooks/addresses.ts';
import { secretText } from '../webhooks/signature.ts';
import type { WebhookService } from '../webhooks/webhook-service.ts';
import { timeToJson } from './times.ts';

type Hook = NonNullable<ReturnType<WebhookService['find']>>;

/** Webhooks: whom the platform tells of events by HTTP. */
export function addWebhookRoutes(table: RouteTable, webhooks: WebhookService): void {
  table.add(routes.listWebhooks, async () => ({ items: webhooks.list().map(toJson) }));
  table.add(routes.addWebhook, async ({ body: { url, types = [], note = '' } }) => {
    checkUrl(url, webhooks);
    const hook = await webhooks.add({ url, types, note });
    if (hook !== undefined) return withSecret(hook);
    throw new Refusal('conflict', because('webhooks-full', { maximum: webhooks.maxWebhooks }));
  });
  table.add(routes.showWebhook, async ({ params }) => toJson(require(webhooks, params.webhook)));
  table.add(routes.changeWebhook, async ({ params, body: { enabled, ...change } }) => {
    const hook = require(webhooks, params.webhook);
    if (change.url !== undefined) checkUrl(change.url, webhooks);
    await webhooks.change(params.webhook, { ...change, ...(enabled === undefined ? {} : { isEnabled: enabled }) });
    return toJson(hook);
  });
  table.add(routes.removeWebhook, async ({ params }) => {
    if (!(await webhooks.remove(params.webhook))) throw unknown(params.webhook);
  });
  table.add(routes.rotateWebhookSecret, async ({ params }) => {
    const hook = require(webhooks, params.webhook);
    await webhooks.rotate(params.webhook);
    return withSecret(hook);
  });
  table.add(routes.listWebhookDeliveries, async ({ params, query: { cursor, limit = 100 } }) => {
    require(webhooks, params.webhook);
    const before = numberIn(cursor);
    const query = { limit: limit + 1, ...(before === undefined ? {} : { before }) };
    const found = await webhooks.deliveries(params.webhook, query);
    return pageFrom(found, limit, ({ number }) => String(number), deliveryToJson);
  });
  table.add(routes.testWebhook, async ({ params }) => {
    requireOn(require(webhooks, params.webhook));
    const tried = await webhooks.test(params.webhook);
    if (tried !== undefined) return deliveryToJson(tried);
    throw new Refusal('conflict', because('webhook-queue-full'));
  });
  table.add(routes.retryWebhookDelivery, async ({ params: { webhook, delivery } }) => {
    requireOn(require(webhooks, webhook));
    const tried = await webhooks.retry(webhook, delivery);
    if (tried !== undefined) return deliveryToJson(tried);
    const isThere = (await webhooks.delivery(webhook, delivery)) !== undefined;
    if (!isThere) throw new Refusal('not-found', { detail: `The webhook has no delivery "${delivery}" (any more).` });
    throw new Refusal('conflict', because('delivery-through'));
  });
}

function checkUrl(url: string, { allowsPrivate }: WebhookService): void {
  const wrong = urlProblem(url, allowsPrivate);
  if (wrong === undefined) return;
  throw unfit('invalid-request', [wrong], `The URL of a webhook: ${wrong.message}.`);
}

/** @throws Refusal `invalid-cursor` */
function numberIn(cursor: string | undefined): number | undefined {
  const text = decodeCursor(cursor);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Refusal('invalid-cursor');
  return Number(text);
}

/** @throws Refusal `conflict` */
function requireOn({ webhook }: Hook): void {
  if (!webhook.isEnabled) throw new Refusal('conflict', because('webhook-off'));
}

/** @throws Refusal `not-found` */
function require(webhooks: WebhookService, id: string): Hook {
  const hook = webhooks.find(id);
  if (hook !== undefined) return hook;
  throw unknown(id);
}

function unknown(id: string): Refusal {
  return new Refusal('not-found', { detail: `There is no webhook "${id}".` });
}

function toJson({ webhook, waiting, dropped }: Hook): JsonWebhook {
  const { id, url, types, note, isEnabled, createdAt } = webhook;
  return { id, url, types: [...types], note, enabled: isEnabled, createdAt: timeToJson(createdAt), waiting, dropped };
}

function withSecret(hook: Hook) {
  return { ...toJson(hook), secret: secretText(hook.webhook.secret) };
}

function deliveryToJson({
  number: _,
  createdAt,
  dueAt,
  status,
  error,
  ...delivery
}: WebhookDelivery): JsonWebhookDelivery {
  return {
    ...delivery,
    createdAt: timeToJson(createdAt),
    ...(delivery.state === 'waiting' ? { dueAt: timeToJson(dueAt) } : {}),
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
  };
}
