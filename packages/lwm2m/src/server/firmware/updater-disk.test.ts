import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes, seconds } from '@yaolian/kernel';
import type { TestOptions } from '../testing/firmware-pair.ts';
import { setup } from '../testing/updater-bench.ts';

const slowly = { pair: { conditions: { latency: seconds(0.02) } } } as TestOptions;

test('the disk is full for a while, from any moment on: the update waits for it and comes to its end, once', async () => {
  for (let moment = 0; moment < 24; moment++) {
    const { self, updater, jobs, deviceKey, world } = await setup(slowly);
    await updater.begin({ device: deviceKey, file: 'f', delivery: moment % 2 ? 'push' : 'pull' });
    await world.time.advance(seconds(moment / 4));
    jobs.isFull = true;
    await world.time.advance(minutes(10));
    jobs.isFull = false;
    await world.time.advance(minutes(30));
    const [job] = [...jobs.jobs.values()];
    assert.deepEqual([job!.phase, job!.attempts, updater.size], ['succeeded', 1, 0], `${moment}: ${job!.note}`);
    assert.equal(self.firmware.state, 0);
  }
});

test('an update that was not stored was not begun: the device hears nothing, and is free', async () => {
  const { self, updater, jobs, deviceKey, world } = await setup();
  jobs.isFull = true;
  await assert.rejects(updater.begin({ device: deviceKey, file: 'f' }), /the disk is full/);
  assert.deepEqual([updater.size, updater.isBusy(deviceKey)], [0, false]);
  jobs.isFull = false;
  await self.pair.until(self.pair.client.goOffline());
  self.pair.client.goOnline();
  await world.time.advance(minutes(10));
  assert.deepEqual([jobs.jobs.size, self.seen], [0, []]);
  assert.ok(await updater.begin({ device: deviceKey, file: 'f' }));
});

test('a cancel that was not stored is refused, and the update goes on', async () => {
  const { updater, jobs, deviceKey, world } = await setup(slowly);
  const { id } = (await updater.begin({ device: deviceKey, file: 'f' }))!;
  await world.time.advance(seconds(1));
  jobs.isFull = true;
  await assert.rejects(world.time.until(updater.cancel(id), minutes(1)), /the disk is full/);
  jobs.isFull = false;
  await world.time.advance(minutes(30));
  assert.equal(jobs.jobs.get(id)!.phase, 'succeeded');
});

test('whoever cancels does not wait for a device that is gone', async () => {
  const { self, updater, jobs, deviceKey, world } = await setup();
  self.serve = () => undefined;
  const { id } = (await updater.begin({ device: deviceKey, file: 'f' }))!;
  await world.time.advance(seconds(5));
  assert.equal(jobs.jobs.get(id)!.phase, 'delivering');
  await self.pair.until(self.pair.client.goOffline());
  const before = world.time.monotonic();
  assert.equal(await updater.cancel(id), true);
  assert.deepEqual([jobs.jobs.get(id)!.phase, world.time.monotonic()], ['cancelled', before]);
  await world.time.advance(minutes(10));
});
