import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { encodeUtf8, hours, minutes, seconds } from '@yaolian/kernel';
import type { TestOptions } from '../testing/firmware-pair.ts';
import { reference } from '../testing/pair.ts';
import { setup } from '../testing/updater-bench.ts';

for (const [wish, delivery] of [
  ['auto', 'coap'],
  ['push', 'push'],
] as const) {
  test(`an update by ${delivery}: the package, Update, the result`, async () => {
    const { self, update, jobs } = await setup();
    const job = await update({ delivery: wish });
    assert.deepEqual([job.phase, job.delivery, job.attempts, job.note], ['succeeded', delivery, 1, undefined]);
    assert.deepEqual(jobs.phases, ['waiting', 'delivering', 'installing', 'succeeded']);
    assert.deepEqual(self.seen, ['1/0', '2/0', '3/0', '0/1']);
    assert.equal(self.pair.server.observations(reference).length, 0);
  });
}

test('the failures of the device are told; those that may pass are tried again', async () => {
  const cases: readonly (readonly [TestOptions, string, number])[] = [
    [{ store: { maximumBytes: 100 } }, 'not-enough-storage', 1],
    [{ store: { verify: () => 'integrity' } }, 'integrity', 3],
    [{ store: { verify: () => 'unsupported-type' } }, 'unsupported-type', 1],
    [{ install: 'failed' }, 'update-failed', 1],
  ];
  for (const [options, failure, attempts] of cases) {
    for (const delivery of ['push', 'pull'] as const) {
      const { update } = await setup(options);
      const job = await update({ delivery });
      assert.deepEqual([job.phase, job.failure, job.attempts], ['failed', failure, attempts], delivery);
    }
  }
});

test('a device that cannot pull with our protocol is pushed to; one that does neither is told apart', async () => {
  const { update } = await setup({}, { uris: async () => new Map([['coap', 'coaps://203.0.113.9/1']]) });
  const job = await update();
  assert.deepEqual([job.phase, job.delivery, job.attempts], ['succeeded', 'push', 2]);
  const { update: pullOnly } = await setup({ firmware: { delivery: 0 } }, { uris: async () => new Map() });
  assert.equal((await pullOnly()).failure, 'no-delivery');
});

test('the platform restarts at any moment, and the update goes on', async () => {
  for (let moment = 0; moment < 24; moment++) {
    const { self, updater, make, jobs, deviceKey, world } = await setup({
      pair: { conditions: { latency: seconds(0.02) } },
    } as TestOptions);
    await updater.begin({ device: deviceKey, file: 'f', delivery: moment % 2 ? 'push' : 'pull' });
    await world.time.advance(seconds(moment / 4));
    const closing = updater.close();
    await world.time.advance(seconds(40));
    await closing;
    const second = await make();
    await world.time.advance(minutes(30));
    const [job] = [...jobs.jobs.values()];
    assert.equal(job!.phase, 'succeeded', `${moment}: ${JSON.stringify(job)}`);
    assert.equal(second.size, 0);
    assert.equal(self.firmware.state, 0);
  }
});

test('a device that is away is waited for; one that vanishes during the transfer is looked at when it is back', async () => {
  const { self, updater, jobs, deviceKey, world } = await setup();
  await self.pair.until(self.pair.client.goOffline());
  await updater.begin({ device: deviceKey, file: 'f', delivery: 'push' });
  await world.time.advance(minutes(10));
  const job = () => [...jobs.jobs.values()][0]!;
  assert.deepEqual([job().phase, job().note], ['waiting', 'the device is not registered']);
  self.pair.client.goOnline();
  await world.time.advance(minutes(10));
  assert.equal(job().phase, 'succeeded');
});

test('a reboot that loses the result: the version tells', async () => {
  const { self, updater, jobs, deviceKey, world } = await setup();
  const device = self.pair.objects.device;
  const install = (version: string) => {
    self.firmware.instance.update({ state: 0, updateResult: 0 });
    device.set('firmwareVersion', version);
  };
  await updater.begin({ device: deviceKey, file: 'f', toVersion: '2.0', delivery: 'push' });
  while (self.firmware.state !== 3) await world.time.advance(seconds(1));
  install('2.0');
  await world.time.advance(minutes(2));
  const [job] = [...jobs.jobs.values()];
  assert.deepEqual([job!.phase, job!.version, job!.fromVersion], ['succeeded', '2.0', '1.0']);
});

test('a user who may put the update off for hours is waited for, and no longer than that (5/0/13)', async () => {
  const { self, update, jobs } = await setup({ firmware: { defer: () => hours(5) } });
  const job = await update({ maximumDeferPeriod: 4 * 3600 }, hours(6));
  assert.deepEqual([job.phase, job.attempts, job.failure], ['succeeded', 1, undefined]);
  assert.deepEqual(self.seen, ['1/0', '2/0', '2/11', '3/0', '0/1']);
  assert.ok(jobs.phases.includes('installing'));
  const { update: unasked } = await setup({ firmware: { defer: () => hours(5) } });
  assert.equal((await unasked()).phase, 'succeeded');
});

test('a job is cancelled, the device with it; one device has one at a time', async () => {
  const { self, updater, jobs, deviceKey, world } = await setup();
  self.serve = () => undefined;
  const job = (await updater.begin({ device: deviceKey, file: 'f' }))!;
  assert.equal(await updater.begin({ device: deviceKey, file: 'f' }), undefined);
  await world.time.advance(seconds(5));
  assert.equal(self.firmware.state, 1);
  const cancelled = updater.cancel(job.id);
  await world.time.advance(seconds(5));
  assert.equal(await cancelled, true);
  assert.deepEqual([jobs.jobs.get(job.id)!.phase, self.firmware.state, updater.size], ['cancelled', 0, 0]);
  assert.equal(await updater.cancel(job.id), false);
});

test('a download that never ends is given up after its time', async () => {
  const { self, update } = await setup();
  self.serve = () => undefined;
  const job = await update({ maximumAttempts: 1 }, minutes(200));
  assert.deepEqual([job.phase, job.failure], ['failed', 'connection-lost']);
});

for (const [what, links, answer, phase, failure, attempts] of [
  ['does not answer, but lists object 5', '</3/0>,</5/0>', undefined, 'waiting', undefined, 0],
  ['refuses, but lists object 5', '</3/0>,</5/0>', Code.ServiceUnavailable, 'failed', 'no-answer', 3],
  ['does not find the object 5 that it lists', '</3/0>,</5/0>', Code.NotFound, 'failed', 'no-answer', 3],
  ['refuses, and lists no object 5', '</3/0>', Code.Unauthorized, 'failed', 'no-answer', 3],
  ['neither lists nor has object 5', '</3/0>', Code.NotFound, 'failed', 'no-object', 0],
] as const) {
  test(`a device that ${what}: ${failure ?? 'it is waited for'}`, async () => {
    const { updater, jobs, world } = await setup();
    const terminal = world.terminal(40_000);
    terminal.otherwise = () =>
      answer === undefined ? new Promise(() => {}) : { code: answer, payload: encodeUtf8('why') };
    await world.until(terminal.register('ep=other&lt=86400', links));
    const { deviceKey } = world.server.registration({ endpoint: 'other' })!;
    const { id } = (await updater.begin({ device: deviceKey, file: 'f' }))!;
    await world.time.advance(minutes(60));
    const job = jobs.jobs.get(id)!;
    assert.deepEqual([job.phase, job.failure, job.attempts], [phase, failure, attempts]);
    if (answer === undefined) assert.match(job.note!, /other did not answer/);
    if (failure === 'no-answer') assert.match(job.note!, /^the device answers [45]\.0\d to a Read of \/5\/0: why$/);
  });
}

test('a device that shows object 5 late is updated all the same', async () => {
  const { self, updater, jobs, deviceKey, world } = await setup();
  self.pair.client.remove(5, 0);
  await world.settle();
  await updater.begin({ device: deviceKey, file: 'f', delivery: 'push' });
  await world.time.advance(seconds(10));
  assert.equal([...jobs.jobs.values()][0]!.phase, 'waiting');
  self.pair.client.add(self.firmware.instance);
  await world.time.advance(minutes(10));
  assert.equal([...jobs.jobs.values()][0]!.phase, 'succeeded');
});
