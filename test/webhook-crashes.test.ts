/** The platform dies before any commit: what a device did is stored with what webhooks are to be told of it, or neither is. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ValueCipher, writeReport } from '@yaolian/china-mobile-dm';
import { type CoapEndpoint, Code, ContentFormat, createCoapEndpoint } from '@yaolian/coap';
import { type EventType, type RequestQueuedError, routes } from '@yaolian/contract';
import { encodeUtf8, minutes, type SocketAddress } from '@yaolian/kernel';
import { cbcCrypto, nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { Storage } from '@yaolian/storage';
import { until } from '@yaolian/testkit';
import { element } from '@yaolian/xmpp';
import { openFirmwareTerminal } from './support/firmware-terminal.ts';
import { openPlatform, untilState } from './support/platform.ts';
import { domain, remoteAccess, TestUser } from './support/remote-user.ts';
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

/** Work of the platform and words of devices: each kind is told in the transaction that holds what it tells of. */
const work = [
  ...['firmware.changed', 'campaign.changed', 'bulk.changed', 'device.reported', 'device.sent'],
  ...['observation.started', 'observation.notified', 'observation.ended'],
] as const;

interface Told {
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a disk says has happened, as tests of what must be told. */
async function happenedOn(storage: Storage): Promise<[what: string, isTold: (told: Told) => boolean][]> {
  const happened: [string, (told: Told) => boolean][] = [];
  for (const { id, phase } of await storage.firmware.jobs({ limit: 100 })) {
    happened.push([
      `update ${phase}`,
      ({ type, data }) => type === 'firmware.changed' && data['update'] === id && data['phase'] === phase,
    ]);
  }
  const runs = [
    ['campaign.changed', storage.campaigns],
    ['bulk.changed', storage.bulkJobs],
  ] as const;
  for (const [kind, store] of runs) {
    for (const { id, state } of await store.campaigns(100)) {
      const { counts } = await store.rollUp(id);
      const isDone = state !== 'running' && counts.pending + counts.running === 0;
      const isTold = ({ type, data }: Told) =>
        type === kind &&
        data['id'] === id &&
        data['state'] === state &&
        (!isDone || /"pending":0,"running":0/.test(JSON.stringify(data['counts'])));
      happened.push([`${kind} ${state} ${isDone}`, isTold]);
    }
  }
  for (const { path } of (await storage.registrations.load()).observations) {
    happened.push([`observed ${path}`, ({ type, data }) => type === 'observation.started' && data['path'] === path]);
  }
  const series = { kind: 'value', device: 'attic', path: '/3303/0/5700' } as const;
  const { points } = await storage.history.points({
    ...series,
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    order: 'oldest',
    limit: 100,
  });
  for (const { value } of points.filter((point) => point.value !== 20)) {
    happened.push([`value ${value}`, ({ data }) => JSON.stringify(data).includes(`"value":${value}`)]);
  }
  if ((await storage.deviceReports.report(reporter)) !== undefined) {
    happened.push(['report', ({ type }) => type === 'device.reported']);
  }
  return happened;
}

async function toldOn(storage: Storage, webhook: string): Promise<readonly Told[]> {
  return (await storage.webhooks.nextDeliveries(webhook, 1000)).map(({ body }) => JSON.parse(body) as Told);
}

const reporter = '861111003929110';
const reporterName = 'EXAMPLE||M1||M100000001||4.0.1||1.0||1||T01||861111003929110||***||***||***||***';
const reporterPassword = 'a1adfef9ed014286b7f7a314ee978f15';

/** A terminal of China Mobile's profile C that registers and has something to report. */
async function openReporter(server: SocketAddress): Promise<CoapEndpoint> {
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  const report = writeReport({ imsi: '460041850403690' }, new ValueCipher(cbcCrypto, reporterPassword));
  coap.handle(({ method }) =>
    method === Code.GET
      ? { code: Code.Content, contentFormat: ContentFormat.Text, payload: encodeUtf8(report) }
      : { code: Code.Changed },
  );
  const query = [`ep=${reporterName}`, 'lt=86400', 'lwm2m=1.1', 'b=U'];
  const links = encodeUtf8('</1/0>,</3/0>,</668/0>,</669/0>');
  await coap.request(server, { method: Code.POST, path: '/rd', query, contentFormat: 40, payload: links });
  return coap;
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

test('whatever the platform had stored of updates, jobs, reports, observations and values, webhooks are told of it', async () => {
  using disks = new Disks();
  const config = { 'webhooks.private-addresses': true, profile: 'auto' } as const;
  await using bench = await openPlatform(config, undefined, { commitListener: disks });
  const { admin } = bench;
  const appKey = { vendor: 'Example', appKey: 'M100000001', password: reporterPassword };
  await admin.call(routes.issueAppKey, { body: appKey });
  const { id } = await admin.call(routes.addWebhook, { body: { url: 'http://127.0.0.1:9/', types: [...work] } });
  const file = await admin.call(routes.uploadFirmware, { query: { name: 'fw' }, body: new Uint8Array(3000) });
  await using attic = await openFirmwareTerminal({ endpointName: 'attic', server: bench.coap, becomes: '2.0' });
  attic.client.add(attic.temperature);
  attic.client.start();
  await attic.client.registered();
  disks.dataFolder = bench.dataFolder;

  const log = async () => (await admin.call(routes.listWebhookDeliveries, { params: { webhook: id } })).items;
  const untilTold = (type: (typeof work)[number], count = 1) =>
    until(async () => (await log()).filter((one) => one.type === type).length >= count, `${count} ${type}`);
  const params = { device: 'attic', path: '3303/0/5700' };
  await admin.call(routes.startObservation, { params });
  attic.temperature.set('sensorValue', 21);
  await untilTold('observation.notified');
  await admin.call(routes.cancelObservation, { params });
  attic.temperature.set('sensorValue', 22);
  await attic.client.send(['/3303/0/5700']);
  await untilTold('device.sent');
  const reporting = await openReporter(bench.coap);
  await untilTold('device.reported');
  const over = async (state: string) => JSON.stringify(await admin.call(routes.listCampaigns, {})).includes(state);
  await admin.call(routes.createCampaign, { body: { name: 'spring', file: file.id, devices: { name: 'attic' } } });
  await until(() => over('"finished"'), 'the end of the campaign');
  // One that waits for a device, and is cancelled.
  await reporting.close();
  await admin.call(routes.createCampaign, {
    body: { name: 'x', file: file.id, devices: { name: '*' }, concurrent: 1 },
  });
  const [waiting] = (await admin.call(routes.listCampaigns, {})).items;
  await admin.call(routes.cancelCampaign, { params: { id: waiting!.id } });
  const operation = { kind: 'observe', path: '/3303/0/5701' } as const;
  const job = await admin.call(routes.createBulkJob, { body: { operation, devices: { keys: ['attic'] } } });
  const isOver = async () => (await admin.call(routes.showBulkJob, { params: { id: job.id } })).state === 'finished';
  await until(isOver, 'the end of the job');
  await attic.client.close({ timeout: minutes(1) });
  await untilTold('observation.ended', 2);
  disks.committing();
  disks.dataFolder = undefined;

  const seen = new Set<string>();
  for (const [index, folder] of disks.folders.entries()) {
    await using storage = Storage.open({ folder });
    const told = await toldOn(storage, id);
    for (const [what, isTold] of await happenedOn(storage)) {
      seen.add(what);
      assert.ok(told.some(isTold), `the disk before commit ${index}: ${what}`);
    }
    const started = told.filter(({ type }) => type === 'observation.started').length;
    const ended = told.filter(({ type }) => type === 'observation.ended').length;
    const { observations } = await storage.registrations.load();
    assert.equal(started - ended, [...observations].length, `the disk before commit ${index}: observations`);
  }
  const wanted = ['update succeeded', 'campaign.changed finished true', 'campaign.changed cancelled true'];
  wanted.push('bulk.changed finished true', 'observed /3303/0/5701', 'value 21', 'value 22', 'report');
  assert.deepEqual(
    wanted.filter((what) => !seen.has(what)),
    [],
    'some disk has seen each',
  );
});

test('whatever message waits for somebody when the platform died, the webhook that pushes to phones is told of it', async () => {
  using disks = new Disks();
  const push = `push.${domain}`;
  const config = { ...remoteAccess, 'xmpp.push-domain': push, 'webhooks.private-addresses': true };
  await using bench = await openPlatform(config, undefined, { commitListener: disks });
  const { admin } = bench;
  const bob = await TestUser.register(bench, 'bob');
  const enable = element('enable', 'urn:xmpp:push:0', { jid: push, node: 'phone-7' });
  assert.equal((await bob.client.request('set', undefined, enable)).kind, 'result');
  bob.client.close();
  await until(() => bench.platform.xmpp!.im.clients.of('bob').length === 0, 'bob to be away');
  const { id } = await admin.call(routes.addWebhook, {
    body: { url: 'http://127.0.0.1:9/', types: ['message.waiting'] },
  });
  disks.dataFolder = bench.dataFolder;
  for (const text of ['one', 'two']) await admin.call(routes.tellUser, { params: { name: 'bob' }, body: { text } });
  const log = async () => (await admin.call(routes.listWebhookDeliveries, { params: { webhook: id } })).items;
  await until(async () => (await log()).length >= 2, 'both to be told');
  disks.committing();
  disks.dataFolder = undefined;
  let most = 0;
  for (const [index, folder] of disks.folders.entries()) {
    await using storage = Storage.open({ folder });
    const waiting = await storage.im.offline.messages('bob', 10);
    const told = await toldOn(storage, id);
    assert.equal(told.length, waiting.length, `the disk before commit ${index}`);
    assert.ok(told.every(({ data }) => data['node'] === 'phone-7'));
    most = Math.max(most, waiting.length);
  }
  assert.equal(most, 2);
});
