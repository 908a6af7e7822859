import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Webhook } from '@yaolian/directory';
import { Storage } from './storage.ts';

const folder = await mkdtemp(join(tmpdir(), 'yaolian-webhooks-'));
after(() => rm(folder, { recursive: true, force: true }));

const webhook: Webhook = {
  ...{ id: 'w1', url: 'https://example.com/', note: '', types: ['device.expired'], isEnabled: true, createdAt: 1 },
  secret: new Uint8Array(Buffer.from('a secret of thirty-two bytes ...')),
  previous: { secret: new Uint8Array([1, 2, 3]), until: 99 },
};
const outcome = { attempts: 1, status: 200, error: undefined };

test('webhooks come back with their secrets, which are sealed on disk', async () => {
  const first = Storage.open({ folder });
  await first.webhooks.putWebhook(webhook);
  await first.close();
  assert.equal((await readFile(first.file)).includes(Buffer.from(webhook.secret).toString('base64')), false);
  await using second = Storage.open({ folder });
  assert.deepEqual(await second.webhooks.webhooks(), [webhook]);
});

test('what is due first comes first; finished deliveries lose their body and the oldest are forgotten', async () => {
  await using storage = Storage.open({ folder });
  const { webhooks } = storage;
  for (const id of ['a', 'b', 'c', 'd']) {
    await webhooks.addDelivery('w1', { id, type: 'device.expired', body: `body of ${id}`, createdAt: 10 });
  }
  assert.equal((await webhooks.nextDeliveries('w1', 1))[0]?.body, 'body of a');
  await webhooks.settleDelivery('w1', 'a', { ...outcome, state: 'waiting', dueAt: 50 }, 2);
  assert.equal((await webhooks.nextDeliveries('w1', 1))[0]?.id, 'b');
  for (const id of ['b', 'c', 'd']) {
    await webhooks.settleDelivery('w1', id, { ...outcome, state: 'delivered', dueAt: 60 }, 2);
  }
  assert.equal(await webhooks.countWaiting('w1'), 1);
  const left = (await webhooks.deliveries('w1', { limit: 10 })).map(({ id, state }) => `${id} ${state}`);
  assert.deepEqual(left, ['d delivered', 'c delivered', 'a waiting']);
  assert.equal(await webhooks.removeWebhook('w1'), true);
  assert.deepEqual(await webhooks.deliveries('w1', { limit: 10 }), []);
  assert.equal(await webhooks.removeWebhook('w1'), false);
});

test('what failed keeps its body and can be queued again, what was delivered cannot; pages go back by number', async () => {
  await using storage = Storage.open({ folder });
  const { webhooks } = storage;
  for (const id of ['a', 'b', 'c']) {
    await webhooks.addDelivery('w2', { id, type: 'device.expired', body: `body of ${id}`, createdAt: 10 });
  }
  await webhooks.settleDelivery('w2', 'a', { ...outcome, state: 'failed', attempts: 12, dueAt: 50 }, 9);
  await webhooks.settleDelivery('w2', 'b', { ...outcome, state: 'delivered', dueAt: 50 }, 9);
  assert.equal(await webhooks.requeueDelivery('w2', 'b', 60), undefined);
  assert.equal(await webhooks.requeueDelivery('w2', 'nothing', 60), undefined);
  assert.equal(await webhooks.requeueDelivery('w2', 'a', 5), 'failed');
  const [next] = await webhooks.nextDeliveries('w2', 1);
  assert.deepEqual([next?.id, next?.body, next?.attempts], ['a', 'body of a', 0]);
  const [newest, ...older] = await webhooks.deliveries('w2', { limit: 3 });
  assert.deepEqual(await webhooks.deliveries('w2', { limit: 3, before: newest!.number }), older);
  assert.equal((await webhooks.delivery('w2', 'b'))?.state, 'delivered');
});
