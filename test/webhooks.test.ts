/** Webhooks against real HTTP receivers, over REST. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { minutes } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { openPlatform, type TestPlatform, withCode } from './support/platform.ts';
import { openTerminal } from './support/terminal.ts';
import { openReceiver } from './support/webhook-receiver.ts';

/** A terminal registers. */
async function makeEvent({ coap }: TestPlatform, endpointName: string): Promise<void> {
  await using terminal = await openTerminal({ endpointName, server: coap });
  terminal.client.start();
  await terminal.client.registered();
}

test('an event is posted, signed; a receiver that refuses the signature gets it again, over a restart and a new secret', async () => {
  await using receiver = await openReceiver();
  await using first = await openPlatform({ 'webhooks.private-addresses': true });
  const body = { url: receiver.url, types: ['device.registered' as const], note: 'ours' };
  const made = await first.admin.call(routes.addWebhook, { body });
  assert.match(made.id, /^[0-9a-f]{16}$/);
  assert.match(made.secret, /^whsec_[\w+/]{43}=$/);
  receiver.state.secret = made.secret;
  await makeEvent(first, 'a');
  const posted = await until(() => receiver.received[0], 'the first event');
  assert.deepEqual({ type: posted.type, status: posted.status }, { type: 'device.registered', status: 204 });

  receiver.state.secret = 'whsec_AAAA';
  await makeEvent(first, 'b');
  const refused = await until(() => receiver.received[1], 'the second event');
  assert.equal(refused.status, 401);
  const params = { webhook: made.id };
  const { items } = await until(async () => {
    const log = await first.admin.call(routes.listWebhookDeliveries, { params });
    return log.items[0]?.attempts && log;
  }, 'the attempt in the log');
  assert.deepEqual(
    items.map(({ state, status }) => ({ state, status })),
    [
      { state: 'waiting', status: 401 },
      { state: 'delivered', status: 204 },
    ],
  );

  await using second = await first.restart();
  const listed = await second.admin.call(routes.listWebhooks, {});
  assert.deepEqual(
    listed.items.map(({ id, waiting, note, types }) => ({ id, waiting, note, types })),
    [{ id: made.id, waiting: 1, note: 'ours', types: ['device.registered'] }],
  );
  const rotated = await second.admin.call(routes.rotateWebhookSecret, { params });
  assert.notEqual(rotated.secret, made.secret);
  receiver.state.secret = made.secret; // the old one signs too, for a day
  const taken = () => receiver.received.filter(({ status }) => status === 204);
  const again = await until(() => taken()[1], 'the second event, again', { bound: minutes(2) });
  assert.deepEqual(again, { ...refused, status: 204 });
  receiver.state.secret = rotated.secret;
  await makeEvent(second, 'c');
  await until(() => taken()[2], 'the third event');
  await second.admin.call(routes.removeWebhook, { params });
  await assert.rejects(second.admin.call(routes.showWebhook, { params }), withCode('not-found'));
});

test('a receiver that is down: the queue is bounded, what does not fit is counted; a webhook that is off waits', async () => {
  await using receiver = await openReceiver();
  await using bench = await openPlatform({ 'webhooks.private-addresses': true, 'webhooks.max-waiting': 2 });
  const made = await bench.admin.call(routes.addWebhook, {
    body: { url: receiver.url, types: ['device.registered'] },
  });
  const params = { webhook: made.id };
  receiver.state.isDown = true;
  for (const endpoint of ['a', 'b', 'c']) await makeEvent(bench, endpoint);
  const isFull = async () => {
    const shown = await bench.admin.call(routes.showWebhook, { params });
    return shown.dropped > 0 && shown;
  };
  const { waiting, dropped } = await until(isFull, 'an event that does not fit');
  assert.deepEqual({ waiting, dropped }, { waiting: 2, dropped: 1 });
  const off = await bench.admin.call(routes.changeWebhook, { params, body: { enabled: false } });
  assert.equal(off.enabled, false);
  await makeEvent(bench, 'd');
  assert.equal((await bench.admin.call(routes.showWebhook, { params })).dropped, 1);
});

test('a webhook goes to the internet by https alone, unless a setting lets it', async () => {
  await using bench = await openPlatform();
  const wrong = [
    ...['http://example.com/', 'https://127.0.0.1/', 'https://localhost/', 'https://[::1]/', 'https://10.0.0.1/'],
    ...['https://169.254.169.254/latest', 'https://[::ffff:127.0.0.1]/', 'https://[fe80::1]/', 'https://0x7f000001/'],
    ...['https://me:secret@example.com/', 'ftp://example.com/', 'not a url'],
  ];
  for (const url of wrong) {
    await assert.rejects(bench.admin.call(routes.addWebhook, { body: { url } }), withCode('invalid-request'), url);
  }
  assert.equal((await bench.admin.call(routes.addWebhook, { body: { url: 'https://example.com/' } })).waiting, 0);
});

test('a test tells what the receiver answers; what failed or waits is tried again when asked', async () => {
  await using receiver = await openReceiver();
  await using bench = await openPlatform({ 'webhooks.private-addresses': true });
  const made = await bench.admin.call(routes.addWebhook, {
    body: { url: receiver.url, types: ['device.registered'] },
  });
  const params = { webhook: made.id };
  receiver.state.secret = made.secret;
  const good = await bench.admin.call(routes.testWebhook, { params });
  assert.deepEqual([good.type, good.state, good.status], ['webhook.test', 'delivered', 204]);
  assert.equal(receiver.received[0]!.type, 'webhook.test');
  receiver.state.isDown = true;
  const bad = await bench.admin.call(routes.testWebhook, { params });
  assert.deepEqual([bad.state, bad.status, bad.attempts], ['waiting', 503, 1]);
  const again = { params: { ...params, delivery: bad.id } };
  assert.equal((await bench.admin.call(routes.retryWebhookDelivery, again)).status, 503);
  receiver.state.isDown = false;
  const taken = await bench.admin.call(routes.retryWebhookDelivery, again);
  assert.deepEqual([taken.id, taken.state, taken.status], [bad.id, 'delivered', 204]);
  assert.equal((await bench.admin.call(routes.showWebhook, { params })).waiting, 0);
  await assert.rejects(bench.admin.call(routes.retryWebhookDelivery, again), withCode('conflict'));
  const unknown = { params: { ...params, delivery: 'none' } };
  await assert.rejects(bench.admin.call(routes.retryWebhookDelivery, unknown), withCode('not-found'));
  const first = await bench.admin.call(routes.listWebhookDeliveries, { params, query: { limit: 1 } });
  const second = await bench.admin.call(routes.listWebhookDeliveries, { params, query: { cursor: first.next! } });
  assert.deepEqual(
    [...first.items, ...second.items].map(({ id }) => id),
    [bad.id, good.id],
  );
  await bench.admin.call(routes.changeWebhook, { params, body: { enabled: false } });
  await assert.rejects(bench.admin.call(routes.testWebhook, { params }), withCode('conflict'));
});

/** The program in a page of the documentation. */
async function sampleOf(page: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../docs', page), 'utf8');
  const [, code] = /\n\n((?: {4}.*\n|\n)*? {4}\/\/ node receiver\.mjs(?:.*\n)(?: {4}.*\n|\n)+)/.exec(text) ?? [];
  assert.ok(code, page);
  return code.replaceAll(/^ {4}/gm, '').trim();
}

test('the receiver of the documentation takes what is signed, and nothing else', async (t) => {
  const sample = await sampleOf('webhooks.md');
  assert.equal(await sampleOf('webhooks.zh-CN.md'), sample);
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-test-'));
  t.after(() => rm(folder, { recursive: true }));
  const program = join(folder, 'receiver.mjs');
  await writeFile(program, sample);
  await using bench = await openPlatform({ 'webhooks.private-addresses': true });
  const made = await bench.admin.call(routes.addWebhook, { body: { url: 'http://127.0.0.1:9/hook' } });
  const params = { webhook: made.id };
  const statusWith = async (secret: string) => {
    const receiver = spawn(process.execPath, [program, secret], { env: { ...process.env, PORT: '0' } });
    const [line] = await once(createInterface(receiver.stdout), 'line');
    const url = `http://127.0.0.1:${/port (\d+)/.exec(String(line))![1]}/hook`;
    await bench.admin.call(routes.changeWebhook, { params, body: { url } });
    const { status } = await bench.admin.call(routes.testWebhook, { params });
    receiver.kill();
    await once(receiver, 'close');
    return status;
  };
  assert.equal(await statusWith(made.secret), 204);
  const { secret } = await bench.admin.call(routes.rotateWebhookSecret, { params });
  assert.deepEqual([await statusWith(secret), await statusWith(made.secret)], [204, 204], 'both sign for a day');
  assert.equal(await statusWith(`whsec_${Buffer.alloc(32).toString('base64')}`), 401);
});
