import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hours, milliseconds, minutes, silentLog } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers } from '@yaolian/node-runtime';
import { Storage } from '@yaolian/storage';
import { inTime, until } from '@yaolian/testkit';
import { EventHub } from '../events/event-hub.ts';
import { WebhookService } from './webhook-service.ts';

const folder = await mkdtemp(join(tmpdir(), 'yaolian-webhooks-'));
after(() => rm(folder, { recursive: true, force: true }));

test('a redirect is not followed; after the last attempt a delivery has failed, and an event too long is dropped', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await using storage = Storage.open({ folder });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const hub = new EventHub({ ...machine, history: 10, maxReaders: 1 });
  const service = new WebhookService({
    ...{ ...machine, hub, store: storage.webhooks, log: silentLog, version: '0', allowsPrivate: true },
    ...{ maxWebhooks: 1, maxWaiting: 5, maxBody: 300, backOff: [milliseconds(5), milliseconds(5)] },
  });
  await service.start();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const hook = (await service.add({ url, types: [], note: '' }))!;
  assert.equal(await service.add({ url, types: [], note: '' }), undefined);
  hub.publish({ type: 'device.expired', time: 0, device: 'a', data: () => ({}) });
  hub.publish({ type: 'stream.gap', time: 0, data: () => ({ reason: 'x'.repeat(300) }) });
  const hasFailed = async () => (await service.deliveries(hook.webhook.id, { limit: 9 }))[0]?.state === 'failed';
  await until(hasFailed, 'the delivery to fail');
  const [last, ...others] = await service.deliveries(hook.webhook.id, { limit: 9 });
  assert.deepEqual([last!.attempts, last!.status, others.length], [3, 307, 0]);
  assert.deepEqual(asked, ['/hook', '/hook', '/hook']);
  assert.deepEqual([hook.waiting, hook.dropped], [0, 1]);
  await service.close();
  hub.close();
  server.closeAllConnections();
  server.close();
});

test('a slow answer holds up nothing else, and so many posts are under way and no more', async () => {
  const held: { readonly type: string; readonly answer: () => void }[] = [];
  const server = createServer(async (request, response) => {
    const { type } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { type: string };
    held.push({ type, answer: () => response.writeHead(204).end() });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const slow = await mkdtemp(join(folder, 'slow-'));
  await using storage = Storage.open({ folder: slow });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const hub = new EventHub({ ...machine, history: 10, maxReaders: 1 });
  const service = new WebhookService({
    ...{ ...machine, hub, store: storage.webhooks, log: silentLog, version: '0', allowsPrivate: true },
    ...{ maxWebhooks: 1, maxWaiting: 50, atOnce: 2, timeout: minutes(1) },
  });
  await service.start();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const hook = (await service.add({ url, types: [], note: '' }))!;
  for (let i = 0; i < 6; i++) hub.publish({ type: 'device.expired', time: i, device: `d${i}`, data: () => ({}) });
  // The first is never answered; all others go past it, one by one.
  for (let count = 2; count <= 6; count++) {
    await until(() => held.length === count, `${count} posts`);
    assert.ok(hook.waiting >= 6 - count + 1);
    held.at(-1)!.answer();
  }
  await until(() => hook.waiting === 1, 'one left');
  held[0]!.answer();
  await until(() => hook.waiting === 0, 'none left');
  assert.equal(held.length, 6, 'each once');
  await service.close();
  hub.close();
  server.closeAllConnections();
  server.close();
});

test('a delivery that is tried again twice at once waits once; who waits for a try when the platform stops is told', async () => {
  let status: number | undefined = 500;
  let isAsked = false;
  const server = createServer((_, response) => {
    isAsked = status === undefined;
    if (status !== undefined) response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = await mkdtemp(join(folder, 'again-'));
  await using storage = Storage.open({ folder: own });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const hub = new EventHub({ ...machine, history: 10, maxReaders: 1 });
  const service = new WebhookService({
    ...{ ...machine, hub, store: storage.webhooks, log: silentLog, version: '0', allowsPrivate: true },
    ...{ maxWebhooks: 1, maxWaiting: 50, backOff: [], timeout: minutes(5) },
  });
  await service.start();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const hook = (await service.add({ url, types: [], note: '' }))!;
  const failed = (await service.test(hook.webhook.id))!;
  assert.deepEqual([failed.state, hook.waiting], ['failed', 0]);
  status = 204;
  const twice = await Promise.all([1, 2].map(() => service.retry(hook.webhook.id, failed.id)));
  assert.deepEqual(
    twice.map((tried) => tried?.state),
    ['delivered', 'delivered'],
  );
  await until(() => hook.waiting === 0, 'nothing waits');
  status = undefined;
  const tested = service.test(hook.webhook.id);
  await until(() => isAsked, 'the post');
  await service.close();
  assert.equal((await inTime(tested, 'the answer to who waits'))?.state, 'waiting');
  hub.close();
  server.closeAllConnections();
  server.close();
});

test('what waits is tried again after the clock was set back', async () => {
  let status = 500;
  const server = createServer((_, response) => void response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = await mkdtemp(join(folder, 'clock-'));
  await using storage = Storage.open({ folder: own });
  let ahead = 365 * 86_400_000;
  const clock = { monotonic: () => nodeClock.monotonic(), epoch: () => nodeClock.epoch() + ahead };
  const machine = { clock, timers: nodeTimers, random: nodeRandom };
  const hub = new EventHub({ ...machine, history: 10, maxReaders: 1 });
  const open = () =>
    new WebhookService({
      ...{ ...machine, hub, store: storage.webhooks, log: silentLog, version: '0', allowsPrivate: true },
      ...{ maxWebhooks: 1, maxWaiting: 5, backOff: [hours(1)] },
    });
  const service = open();
  await service.start();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const { id } = (await service.add({ url, types: [], note: '' }))!.webhook;
  hub.publish({ type: 'device.expired', time: 0, device: 'a', data: () => ({}) });
  const newest = async () => (await storage.webhooks.deliveries(id, { limit: 1 }))[0];
  await until(async () => (await newest())?.attempts === 1, 'the first attempt');
  await service.close();
  ahead = 0;
  status = 204;
  const again = open();
  await again.start();
  await until(async () => (await newest())?.state === 'delivered', 'the delivery');
  await again.close();
  hub.close();
  server.closeAllConnections();
  server.close();
});
