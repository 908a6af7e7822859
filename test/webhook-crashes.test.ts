/** The platform dies before any commit: what a device did is stored with what webhooks are to be told of it, or neither is. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type RequestQueuedError, routes } from '@yaolian/contract';
import { minutes } from '@yaolian/kernel';
import { Storage } from '@yaolian/storage';
import { until } from '@yaolian/testkit';
import { openPlatform, untilState } from './support/platform.ts';
import { openTerminal } from './support/terminal.ts';

/** What a device does, and what webhooks are told of it. */
const life = ['device.registered', 'request.queued', 'device.deregistered', 'device.removed'] as const;

/** Keeps the disk as a kill -9 before each commit would leave it. */
class Disks {
  readonly root = mkdtempSync(join(tmpdir(), 'yaolian-webhook-crashes-'));
  readonly folders: string[] = [];
  dataFolder: string | undefined;

  committing(): void {
    if (this.dataFolder === undefined) return;
    const folder = join(this.root, String(this.folders.length));
    mkdirSync(folder);
    for (const name of ['yaolian.db', 'yaolian.db-wal', 'secrets.key']) {
      const file = join(this.dataFolder, name);
      if (existsSync(file)) copyFileSync(file, join(folder, name));
    }
    this.folders.push(folder);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** How far the device had come, and what was to be told by then. */
async function readDisk(folder: string, webhook: string) {
  await using storage = Storage.open({ folder });
  const { registrations } = await storage.registrations.load();
  const isRegistered = [...registrations].length > 0;
  const isKnown = (await storage.devices.device('attic')) !== undefined;
  const { requests } = await storage.queuedRequests.load();
  const deliveries = await storage.webhooks.deliveries(webhook, { limit: 100 });
  return {
    isRegistered,
    isKnown,
    isQueued: [...requests].length > 0,
    told: deliveries.map(({ type }) => type).reverse(),
  };
}

test('whatever a device had done when the platform died, webhooks are told of it', async () => {
  using disks = new Disks();
  await using bench = await openPlatform({ 'webhooks.private-addresses': true }, undefined, { commitListener: disks });
  const { admin } = bench;
  // Nobody takes them: they stay.
  const { id } = await admin.call(routes.addWebhook, { body: { url: 'http://127.0.0.1:9/', types: [...life] } });
  disks.dataFolder = bench.dataFolder;
  const terminal = await openTerminal({ endpointName: 'attic', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const params = { device: 'attic', path: '3303/0/5750' };
  const write = admin.call(routes.writeResource, { params, body: { value: 'x' }, query: { queue: 'always' } });
  const { request } = await write.then(
    () => assert.fail('it waits'),
    (error: RequestQueuedError) => error,
  );
  // Its answer is there before the terminal goes: it is queued once.
  const isDone = async () => (await admin.call(routes.showQueued, { params: { id: request.id } })).state === 'done';
  await until(isDone, 'the answer of the terminal');
  await terminal.client.close({ timeout: minutes(1) });
  await terminal.transport.close();
  await untilState(admin, 'attic', 'OFFLINE');
  await admin.call(routes.removeDevice, { params: { device: 'attic' } });
  const log = async () => (await admin.call(routes.listWebhookDeliveries, { params: { webhook: id } })).items;
  await until(async () => (await log()).length >= life.length, 'all to be told');
  const types = (await log()).map(({ type }) => type).reverse();
  assert.deepEqual(types, life, 'each once, in their order');
  disks.committing();
  disks.dataFolder = undefined;

  let [wasRegistered, wasKnown, wasQueued] = [false, false, false];
  for (const [index, folder] of disks.folders.entries()) {
    const { isRegistered, isKnown, isQueued, told } = await readDisk(folder, id);
    wasRegistered ||= isRegistered;
    wasKnown ||= isKnown;
    wasQueued ||= isQueued;
    const happened = [wasRegistered, wasQueued, wasRegistered && !isRegistered, wasKnown && !isKnown];
    const missing = life.filter((type, i) => happened[i] && !told.includes(type));
    assert.deepEqual(missing, [], `the disk before commit ${index}`);
  }
  assert.ok(wasRegistered && wasKnown, 'some disk has seen it');
});
