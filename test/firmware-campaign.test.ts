/** Firmware on the platform: a package uploaded, one update, and a campaign in waves over terminals of which some fail. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  type ApiClient,
  type ApiProblemError,
  type JsonCampaign,
  type RouteBody,
  type RouteQuery,
  routes,
} from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { coapFetcher, device, MemoryPackageStore, plainConnector, SoftwareComponent } from '@yaolian/lwm2m/client';
import { nodeTimers } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { type FirmwareTerminal, openFirmwareTerminal } from './support/firmware-terminal.ts';
import { EventLog, openPlatform, type TestPlatform, untilState, withCode } from './support/platform.ts';
import { openTerminal, type TestTerminal } from './support/terminal.ts';

const bytes = new Uint8Array(randomBytes(12_000));

async function upload(admin: ApiClient, version: string) {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = await admin.call(routes.uploadFirmware, { query: { name: 'fw.bin', version, sha256 }, body: bytes });
  assert.deepEqual([file.size, file.sha256, file.version], [bytes.length, sha256, version]);
  return file;
}

async function openTerminals(bench: TestPlatform, count: number, isBad: (index: number) => boolean) {
  const terminals: FirmwareTerminal[] = [];
  for (let index = 0; index < count; index++) {
    const options = { endpointName: `dev-${index}`, server: bench.coap, becomes: '2.0' };
    const terminal = await openFirmwareTerminal(isBad(index) ? { ...options, trouble: 'unsupported-type' } : options);
    terminal.client.start();
    await terminal.client.registered();
    terminals.push(terminal);
  }
  return terminals;
}

const close = (terminals: readonly FirmwareTerminal[]) =>
  Promise.all(terminals.map((terminal) => terminal[Symbol.asyncDispose]()));

function campaignIn(events: EventLog, wanted: (campaign: JsonCampaign) => boolean, since = 0) {
  return events.next((event) => event.type === 'campaign.changed' && wanted(event.data), since);
}

test('the same package is kept once, also when it comes twice at once', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const files = await Promise.all(Array.from({ length: 4 }, () => upload(admin, '2.0')));
  const other = await upload(admin, '2.1');
  const { items } = await admin.call(routes.listFirmware, { query: {} });
  assert.deepEqual(items.map(({ id }) => id).sort(), [files[0]!.id, other.id].sort());
  assert.deepEqual(new Set(files.map(({ id }) => id)).size, 1);
});

test('one device is updated, pulled and pushed; what the device got is what was uploaded', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const file = await upload(admin, '2.0');
  const terminals = await openTerminals(bench, 2, () => false);
  const events = await EventLog.open(admin);
  for (const [index, delivery] of (['pull', 'push'] as const).entries()) {
    const device = `dev-${index}`;
    const body = { file: file.id, delivery };
    const begun = await admin.call(routes.startFirmwareUpdate, { params: { device }, body });
    await assert.rejects(admin.call(routes.startFirmwareUpdate, { params: { device }, body }), withCode('conflict'));
    const over = await events.next(
      (event) =>
        event.type === 'firmware.changed' && event.data.update === begun.id && event.data.phase === 'succeeded',
    );
    assert.ok(over.type === 'firmware.changed' && over.data.version === '2.0');
    assert.deepEqual(terminals[index]!.installed, [bytes]);
    const shown = await admin.call(routes.showFirmwareUpdate, { params: { id: begun.id } });
    assert.deepEqual(
      [shown.phase, shown.delivery, shown.fromVersion, shown.version],
      ['succeeded', delivery === 'push' ? 'push' : 'coap', '1.0', '2.0'],
    );
  }
  await events.close();
  await close(terminals);
});

test('a campaign stops when too many of a wave fail, goes on when it is resumed, and rolls up why', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const file = await upload(admin, '2.0');
  const terminals = await openTerminals(bench, 6, (index) => index === 1 || index === 4);
  const events = await EventLog.open(admin);
  const created = await admin.call(routes.createCampaign, {
    body: {
      name: 'spring',
      file: file.id,
      devices: { name: 'dev-*' },
      waves: ['2'],
      stopAt: 0.1,
      startsPerMinute: 100_000,
      delivery: 'push',
    },
  });
  assert.deepEqual([created.total, created.state, created.wave], [6, 'running', 1]);
  const stopped = await campaignIn(events, (one) => one.state === 'stopped');
  assert.ok(stopped.type === 'campaign.changed');
  const { succeeded, failed, pending } = stopped.data.counts;
  assert.ok(failed >= 1 && succeeded + failed <= 2 && pending === 4, JSON.stringify(stopped.data.counts));
  assert.deepEqual(stopped.data.reasons, { 'unsupported-type': failed });
  for (const terminal of terminals.slice(2)) assert.deepEqual(terminal.installed, []);

  const params = { id: created.id };
  let since = events.events.length;
  let shown = await admin.call(routes.resumeCampaign, { params });
  while (shown.state !== 'finished') {
    const next = await campaignIn(events, ({ state }) => state === 'stopped' || state === 'finished', since);
    since = events.events.length;
    assert.ok(next.type === 'campaign.changed');
    shown = next.data.state === 'stopped' ? await admin.call(routes.resumeCampaign, { params }) : next.data;
  }
  assert.deepEqual(
    [shown.counts.succeeded, shown.counts.failed, shown.counts.pending, shown.reasons],
    [4, 2, 0, { 'unsupported-type': 2 }],
  );
  const targets = await admin.call(routes.listCampaignDevices, { params, query: { state: 'failed' } });
  assert.deepEqual(
    targets.items.map(({ device, reason }) => [device, reason]),
    [
      ['dev-1', 'unsupported-type'],
      ['dev-4', 'unsupported-type'],
    ],
  );
  await events.close();
  await close(terminals);
});

test('a campaign waits for a device in queue mode and takes it when it is heard', async () => {
  await using bench = await openPlatform({ 'lwm2m.awake-window': seconds(4) });
  const { admin } = bench;
  const file = await upload(admin, '2.0');
  await using terminal = await openFirmwareTerminal({
    endpointName: 'dev-q',
    server: bench.coap,
    becomes: '2.0',
    queueMode: {},
  });
  terminal.client.start();
  await terminal.client.registered();
  await untilState(admin, 'dev-q', 'SLEEPING');
  const events = await EventLog.open(admin);
  const created = await admin.call(routes.createCampaign, {
    body: { name: 'sleepers', file: file.id, devices: { keys: ['dev-q'] } },
  });
  const before = await admin.call(routes.showCampaign, { params: { id: created.id } });
  assert.deepEqual([before.state, before.counts.pending, before.counts.running], ['running', 1, 0]);
  terminal.client.update();
  const finished = await campaignIn(events, ({ state }) => state === 'finished');
  assert.ok(finished.type === 'campaign.changed' && finished.data.counts.succeeded === 1);
  await events.close();
});

test('a software component (object 9): one device, pulled; then a campaign over others, with one that has no room', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const file = await upload(admin, '2.0');
  const events = await EventLog.open(admin);
  const terminals: TestTerminal[] = [];
  const components: SoftwareComponent[] = [];
  for (let index = 0; index < 4; index++) {
    const terminal = await openTerminal({ endpointName: `dev-${index}`, server: bench.coap });
    const maximumBytes = index === 3 ? 1_000 : 1_000_000;
    const component = new SoftwareComponent({
      store: new MemoryPackageStore({ maximumBytes, verify: () => ({ name: 'app', version: '2.0' }) }),
      fetchers: { coap: coapFetcher(plainConnector(terminal.transport)) },
      timers: nodeTimers,
      ...(index === 2 ? {} : { installed: { name: 'app', version: '1.0' } }),
      installer: {
        install: async () => 'installed',
        uninstall: async () => 'uninstalled',
        activate: () => true,
      },
    });
    terminal.client.add(component.instance);
    terminal.client.start();
    await terminal.client.registered();
    terminals.push(terminal);
    components.push(component);
  }
  const body = { file: file.id, software: 'app', delivery: 'pull' } as const;
  const begun = await admin.call(routes.startFirmwareUpdate, { params: { device: 'dev-0' }, body });
  assert.equal(begun.software, 'app');
  await events.next(
    (event) => event.type === 'firmware.changed' && event.data.update === begun.id && event.data.phase === 'succeeded',
  );
  const shown = await admin.call(routes.showFirmwareUpdate, { params: { id: begun.id } });
  assert.deepEqual([shown.software, shown.delivery, shown.version], ['app', 'coap', '2.0']);
  const versions = () => components.map(({ instance }) => instance.get('packageVersion'));
  assert.deepEqual(versions(), ['2.0', '1.0', '', '1.0']);
  const campaign = await admin.call(routes.createCampaign, {
    body: { name: 'app 2.0', file: file.id, software: 'app', devices: { name: 'dev-*' }, waves: [], stopAt: 1 },
  });
  assert.equal(campaign.software, 'app');
  const over = await campaignIn(events, ({ id, state }) => id === campaign.id && state === 'finished');
  assert.ok(over.type === 'campaign.changed');
  assert.deepEqual([over.data.counts.succeeded, over.data.counts.failed], [3, 1]);
  assert.deepEqual(over.data.reasons, { 'not-enough-storage': 1 });
  assert.deepEqual(versions(), ['2.0', '2.0', '2.0', '']);
  assert.ok(components.slice(0, 3).every(({ instance }) => instance.get('activationState') === true));
  for (const terminal of terminals) await terminal[Symbol.asyncDispose]();
  await events.close();
});

test('a campaign has those devices alone that are of the vendor, model and version asked for; a preview tells how many and which', async () => {
  await using bench = await openPlatform({ 'lwm2m.read-model': true });
  const { admin } = bench;
  const file = await upload(admin, '2.0');
  const forX = await admin.call(routes.uploadFirmware, { query: { name: 'x.bin', model: 'X' }, body: bytes });
  const terminals = await openTerminals(bench, 2, () => false);
  const other = await openTerminal({
    endpointName: 'other',
    server: bench.coap,
    objects: [device({ manufacturer: 'Acme', modelNumber: 'X', firmwareVersion: '1.0' })],
  });
  // Object 3 is one that every terminal has; this one does not say what it is.
  const silent = await openTerminal({ endpointName: 'silent', server: bench.coap, objects: [device({})] });
  for (const { client } of [other, silent]) await client.start();
  const preview = (query: Omit<RouteQuery<typeof routes.previewCampaign>, 'file'>, id = file.id) =>
    admin.call(routes.previewCampaign, { query: { ...query, file: id } });
  await until(async () => (await preview({ version: '1.0' })).total === 3, 'what the terminals are');
  const { devices: found, ...counts } = await preview({ vendor: 'Yaolian' });
  assert.deepEqual(counts, { total: 2, online: 2, sleeping: 0, offline: 0, unread: 1 });
  const facts = { vendor: 'Yaolian', model: 'Test', version: '1.0' };
  assert.deepEqual(found, [
    { key: 'dev-0', endpoint: 'dev-0', ...facts },
    { key: 'dev-1', endpoint: 'dev-1', ...facts },
  ]);
  const sums = async (...asked: Parameters<typeof preview>) => {
    const { total, unread } = await preview(...asked);
    return [total, unread];
  };
  assert.deepEqual(await sums({}), [4, 0], 'nothing is asked of them');
  assert.deepEqual(await sums({}, forX.id), [1, 1], 'the package is for model X');
  assert.deepEqual(await sums({ unread: 'ask' }, forX.id), [2, 1]);
  assert.deepEqual(await sums({ vendor: 'Yaolian', unread: 'ask', name: 'dev-*' }), [2, 0]);

  const events = await EventLog.open(admin);
  const create = (devices: RouteBody<typeof routes.createCampaign>['devices'], id = file.id) =>
    admin.call(routes.createCampaign, { body: { name: 'some', file: id, devices, waves: [] } });
  assert.equal((await create({ vendor: 'Yaolian', version: '1.0' })).total, 2);
  const over = await campaignIn(events, ({ state }) => state === 'finished');
  assert.ok(over.type === 'campaign.changed');
  assert.deepEqual([over.data.counts.succeeded, over.data.counts.skipped], [2, 0]);
  await assert.rejects(
    create({ model: 'nobody' }),
    (error: ApiProblemError) => error.problem.reason === 'devices-unread',
  );
  await assert.rejects(
    create({ model: 'nobody', name: 'dev-*' }),
    (error: ApiProblemError) => error.problem.reason === 'no-device-chosen',
  );
  for (const filter of [{ name: 'dev-*' }, { state: 'ONLINE' as const }, { group: 'hall' }]) {
    await assert.rejects(
      create({ keys: ['dev-1'], ...filter }),
      (error: ApiProblemError) => error.problem.reason === 'keys-with-filter',
    );
  }
  const asking = await create({ model: 'nobody', unread: 'ask' });
  const asked = await campaignIn(events, ({ id, state }) => id === asking.id && state === 'finished');
  assert.ok(asked.type === 'campaign.changed');
  assert.deepEqual([asking.total, asked.data.counts.skipped, asked.data.reasons], [1, 1, { 'other-model': 1 }]);
  await events.close();
  await close(terminals);
  for (const one of [other, silent]) await one[Symbol.asyncDispose]();
});
