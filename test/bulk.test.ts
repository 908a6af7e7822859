/** Groups of devices, what they are found by, and one thing done with many of them: by the platform, over restarts, for those that sleep too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiClient, type JsonBulkJob, routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { openPlatform, type TestPlatform, untilState, withCode } from './support/platform.ts';
import { openTerminal, type TestTerminal, wake } from './support/terminal.ts';

async function register(bench: TestPlatform, endpointName: string, queueMode = false): Promise<TestTerminal> {
  const terminal = await openTerminal({ endpointName, server: bench.coap, ...(queueMode ? { queueMode: {} } : {}) });
  terminal.client.start();
  await terminal.client.registered();
  return terminal;
}

async function jobOf(bench: TestPlatform, id: string, fits: (job: JsonBulkJob) => boolean): Promise<JsonBulkJob> {
  let last: JsonBulkJob | undefined;
  const look = async () => {
    last = await bench.admin.call(routes.showBulkJob, { params: { id } });
    return fits(last) ? last : undefined;
  };
  return until(look, () => `the job, which is ${last?.state} with ${JSON.stringify(last?.counts)}`);
}

const isOver = ({ state }: JsonBulkJob) => state === 'finished' || state === 'cancelled';

test('devices are read in bulk, and found by what they then say of themselves', async () => {
  await using bench = await openPlatform();
  await using one = await register(bench, 'one');
  await using two = await register(bench, 'two');
  void one;
  await two.client.close();
  const body = { operation: { kind: 'read', path: '/3/0' }, devices: {} } as const;
  const { id, total } = await bench.admin.call(routes.createBulkJob, { body });
  assert.equal(total, 2);
  const job = await jobOf(bench, id, isOver);
  assert.deepEqual([job.state, job.counts.succeeded, job.counts.skipped], ['finished', 1, 1]);
  assert.deepEqual(job.reasons, { 'device-not-registered': 1 });
  const { items } = await bench.admin.call(routes.listBulkTargets, { params: { id }, query: {} });
  assert.deepEqual(
    items.map(({ device, state, reason }) => [device, state, reason]),
    [
      ['one', 'succeeded', undefined],
      ['two', 'skipped', 'device-not-registered'],
    ],
  );
  const facts = await bench.admin.call(routes.showDeviceFacts, {});
  const [vendor] = facts.vendor;
  assert.equal(vendor?.count, 1);
  const found = await bench.admin.call(routes.listDevices, { query: { vendor: vendor.value } });
  assert.deepEqual(
    found.items.map((device) => [device.key, device.vendor]),
    [['one', vendor.value]],
  );
  const searched = await bench.admin.call(routes.listDevices, { query: { search: vendor.value.toUpperCase() } });
  assert.equal(searched.items.length, 1);
});

test('groups: members are put in, also in bulk; a question finds its devices whenever it is asked', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  await using one = await register(bench, 'lamp-one');
  await using two = await register(bench, 'lamp-two');
  void two;
  await using three = await register(bench, 'meter');
  void three;
  await admin.call(routes.addGroup, { body: { name: 'hall', note: 'by the door' } });
  await assert.rejects(admin.call(routes.addGroup, { body: { name: 'hall' } }), withCode('conflict'));
  const params = { group: 'hall' };
  const put = await admin.call(routes.addGroupMembers, { params, body: { devices: ['lamp-one', 'lamp-one'] } });
  assert.equal(put.changed, 1);
  await assert.rejects(
    admin.call(routes.addGroupMembers, { params, body: { devices: ['nobody'] } }),
    withCode('not-found'),
  );
  const body = { operation: { kind: 'add-to-group', group: 'hall' }, devices: { search: 'lamp' } } as const;
  const { id } = await admin.call(routes.createBulkJob, { body });
  assert.equal((await jobOf(bench, id, isOver)).counts.succeeded, 2);
  const keys = async (query: object) => (await admin.call(routes.listDevices, { query })).items.map(({ key }) => key);
  assert.deepEqual(await keys({ group: 'hall' }), ['lamp-one', 'lamp-two']);
  assert.deepEqual(await keys({ group: 'hall', search: 'two' }), ['lamp-two']);
  assert.equal((await admin.call(routes.showGroup, { params })).members, 2);
  assert.deepEqual((await admin.call(routes.showDevice, { params: { device: 'lamp-one' } })).groups, ['hall']);

  await admin.call(routes.addGroup, { body: { name: 'there', query: { state: 'ONLINE', search: 'lamp' } } });
  assert.deepEqual(await keys({ group: 'there' }), ['lamp-one', 'lamp-two']);
  assert.deepEqual(await keys({ group: 'there', search: 'two' }), ['lamp-two']);
  assert.deepEqual(await keys({ group: 'there', state: 'OFFLINE' }), []);
  await one.client.close();
  assert.deepEqual(await keys({ group: 'there' }), ['lamp-two']);
  await assert.rejects(
    admin.call(routes.addGroupMembers, { params: { group: 'there' }, body: { devices: ['meter'] } }),
    withCode('conflict'),
  );
  await admin.call(routes.changeGroup, {
    params: { group: 'there' },
    body: { query: { seenSince: '1h', search: 'meter' } },
  });
  assert.deepEqual(await keys({ group: 'there' }), ['meter']);
  await assert.rejects(
    admin.call(routes.addGroup, { body: { name: 'never', query: { seenSince: 'soon' } } }),
    withCode('invalid-request'),
  );
  await admin.call(routes.removeGroup, { params });
  await assert.rejects(admin.call(routes.listDevices, { query: { group: 'hall' } }), withCode('not-found'));
});

test('a choice says beforehand how many devices it means, and a job and a campaign have as many', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  await using one = await register(bench, 'lamp-one');
  await using two = await register(bench, 'lamp-two');
  await using three = await register(bench, 'meter');
  void three;
  await two.client.close();
  const count = (query: object) => admin.call(routes.countDevices, { query });
  assert.deepEqual(await count({}), { total: 3, online: 2, sleeping: 0, offline: 1 });
  assert.deepEqual(await count({ search: 'lamp' }), { total: 2, online: 1, sleeping: 0, offline: 1 });
  assert.deepEqual(await count({ search: 'lamp', state: 'OFFLINE' }), { total: 1, online: 0, sleeping: 0, offline: 1 });
  assert.equal((await count({ name: 'LAMP-*' })).total, 2);
  assert.equal((await count({ name: 'l?mp-one' })).total, 1);
  assert.equal((await count({ model: 'none' })).total, 0);
  await assert.rejects(count({ group: 'nowhere' }), withCode('not-found'));
  await assert.rejects(count({ seenSince: 'soon' }), withCode('invalid-request'));
  await admin.call(routes.addGroup, { body: { name: 'there', query: { state: 'ONLINE', search: 'lamp' } } });
  for (const filter of [{}, { search: 'lamp' }, { group: 'there' }, { group: 'there', search: 'one' }]) {
    const { total } = await count(filter);
    const body = { operation: { kind: 'reboot' }, devices: filter } as const;
    assert.equal((await admin.call(routes.createBulkJob, { body })).total, total, JSON.stringify(filter));
  }
  void one;
});

test('what fails with every device is refused at once; forgetting takes an admin', async () => {
  await using bench = await openPlatform();
  await using one = await register(bench, 'one');
  void one;
  const create = (operation: object, devices: object = {}) =>
    bench.admin.call(routes.createBulkJob, { body: { operation, devices } as never });
  await assert.rejects(create({ kind: 'read', path: '/x' }), withCode('invalid-path'));
  await assert.rejects(create({ kind: 'execute', path: '/3/0' }), withCode('invalid-path'));
  await assert.rejects(create({ kind: 'write', path: '/3/0/13', value: 'noon' }), withCode('invalid-value'));
  await assert.rejects(create({ kind: 'add-to-group', group: 'none' }), withCode('not-found'));
  await assert.rejects(create({ kind: 'reboot' }, { search: 'nothing like it' }), withCode('invalid-value'));
  await assert.rejects(create({ kind: 'reboot' }, { keys: ['nobody'] }), withCode('invalid-value'));
  const token = await bench.admin.call(routes.createToken, { body: { label: 'op', role: 'operator' } });
  const operator = new ApiClient({ baseUrl: bench.httpUrl, token: token.token });
  const forgetAll = { operation: { kind: 'forget' }, devices: {} } as const;
  await assert.rejects(operator.call(routes.createBulkJob, { body: forgetAll }), withCode('forbidden'));
  const { id } = await create({ kind: 'forget' }, { keys: ['one'] });
  await jobOf(bench, id, isOver);
  assert.equal((await bench.admin.call(routes.listDevices, { query: {} })).items.length, 0);
  await assert.rejects(operator.call(routes.retryBulkJob, { params: { id } }), withCode('forbidden'));
  await assert.rejects(bench.admin.call(routes.retryBulkJob, { params: { id } }), withCode('conflict'));
});

test('a device that sleeps is told when it is heard, over a restart of the platform; what waits can be taken back', async () => {
  let bench = await openPlatform({ 'lwm2m.awake-window': seconds(1) });
  try {
    await using sleeper = await register(bench, 'sleeper', true);
    await untilState(bench.admin, 'sleeper', 'SLEEPING');
    const write = { kind: 'write', path: '/3303/0/5750', value: 'attic' } as const;
    const first = await bench.admin.call(routes.createBulkJob, { body: { operation: write, devices: {} } });
    assert.equal((await jobOf(bench, first.id, ({ counts }) => counts.running === 1)).state, 'running');
    bench = await bench.restart();
    assert.equal((await jobOf(bench, first.id, () => true)).counts.running, 1);
    const job = await wake(sleeper.client, jobOf(bench, first.id, isOver));
    assert.deepEqual([job.state, job.counts.succeeded], ['finished', 1]);
    await untilState(bench.admin, 'sleeper', 'SLEEPING');
    const second = await bench.admin.call(routes.createBulkJob, { body: { operation: write, devices: {} } });
    await jobOf(bench, second.id, ({ counts }) => counts.running === 1);
    const cancelled = await bench.admin.call(routes.cancelBulkJob, { params: { id: second.id } });
    assert.deepEqual([cancelled.state, cancelled.counts.cancelled], ['cancelled', 1]);
    const { items } = await bench.admin.call(routes.listQueue, { query: { state: ['queued'] } });
    assert.deepEqual(items, []);
    await assert.rejects(bench.admin.call(routes.cancelBulkJob, { params: { id: second.id } }), withCode('conflict'));
  } finally {
    await bench[Symbol.asyncDispose]();
  }
});

test('a device that refuses is told with its code, and can be tried again; one that is away can be waited for', async () => {
  await using bench = await openPlatform();
  await using one = await register(bench, 'one');
  const operation = { kind: 'read', path: '/3303/7' } as const;
  const failed = await bench.admin.call(routes.createBulkJob, { body: { operation, devices: {} } });
  const job = await jobOf(bench, failed.id, isOver);
  assert.deepEqual([job.counts.failed, job.reasons], [1, { '4.04': 1 }]);
  await bench.admin.call(routes.retryBulkJob, { params: { id: failed.id } });
  assert.equal((await jobOf(bench, failed.id, isOver)).counts.failed, 1);
  await one.client.close();
  const body = { operation: { kind: 'read', path: '/3/0' }, devices: {}, offline: 'wait' } as const;
  const waiting = await bench.admin.call(routes.createBulkJob, { body });
  assert.equal((await jobOf(bench, waiting.id, ({ counts }) => counts.pending === 1)).state, 'running');
  await using again = await register(bench, 'one');
  void again;
  assert.equal((await jobOf(bench, waiting.id, isOver)).counts.succeeded, 1);
});
