import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { type Duration, hours, minutes, seconds, success } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { MemoryPackageStore, type SoftwareRecord } from '../../client/index.ts';
import { objectInstance, singleResource } from '../../node.ts';
import { at, body, code, source, uri } from '../testing/firmware-pair.ts';
import { reference } from '../testing/pair.ts';
import { SoftwarePair, type SoftwareTestOptions } from '../testing/software-pair.ts';
import { FirmwareUpdater, type UpdateWish } from './firmware-updater.ts';
import { planSoftware } from './software-plan.ts';
import { isFinal, type UpdateJob, type UpdateJobStore } from './update-job.ts';

// OMA-TS-LWM2M_SwMgmt 1.0: our terminal's components, and software updates by our server.

const bytes = body(20_000);

class MemoryJobs implements UpdateJobStore {
  readonly jobs = new Map<string, UpdateJob>();

  async job(id: string) {
    return this.jobs.get(id);
  }

  async putJob(job: UpdateJob) {
    this.jobs.set(job.id, job);
  }

  async openJobs() {
    return [...this.jobs.values()].filter((job) => !isFinal(job));
  }
}

async function setup(options: SoftwareTestOptions = {}) {
  const self = await SoftwarePair.open(options);
  self.file = bytes;
  const { world, server } = self.pair;
  const jobs = new MemoryJobs();
  const make = async () => {
    const updater = new FirmwareUpdater({
      server,
      jobs,
      files: {
        open: async () => ({ ...source(bytes), close: async () => {} }),
        uris: async () => new Map([['coap', uri]]),
      },
      clock: world.time,
      timers: world.time,
      random: new SeededRandom(4),
    });
    await updater.start();
    return updater;
  };
  const updater = await make();
  const device = server.registration(reference)!.deviceKey;
  const update = async (wish: Partial<UpdateWish> = {}, patience: Duration = minutes(60)) => {
    const job = await updater.begin({ device, file: 'f', software: 'app', ...wish });
    await world.time.advance(patience);
    return jobs.jobs.get(job!.id)!;
  };
  const close = async () => {
    await updater.close();
    return self.pair.close();
  };
  return { self, updater, jobs, make, update, device, world, server, close };
}

for (const delivery of ['push', 'pull'] as const) {
  test(`a component that is not there yet: an instance is created, the package comes by ${delivery}, is installed and activated`, async () => {
    const { self, update, close } = await setup();
    const job = await update({ delivery, toVersion: '2.0' });
    assert.deepEqual([job.phase, job.version, job.attempts, job.instanceId], ['succeeded', '2.0', 1, 0]);
    assert.equal(job.delivery, delivery === 'push' ? 'push' : 'coap');
    assert.deepEqual(self.seen, ['1/1', '2/1', '3/3', '3/3', '4/2', '4/2']);
    assert.deepEqual(self.done, ['install', 'activate']);
    assert.deepEqual(await self.look(), ['app', '2.0', 4, 2, true]);
    assert.equal(await close(), 0);
  });
}

test('a component that is there is uninstalled for the update first; another one is left alone', async () => {
  const { self, update, close } = await setup();
  const other = self.component({ id: 3, installed: { name: 'other', version: '7' } });
  const app = self.component({ id: 4, installed: { name: 'app', version: '1.0' } });
  for (const { instance } of [other, app]) self.pair.client.add(instance);
  await self.pair.world.settle();
  const job = await update({ toVersion: '2.0' });
  assert.deepEqual([job.phase, job.fromVersion, job.version, job.instanceId], ['succeeded', '1.0', '2.0', 4]);
  assert.deepEqual(self.done, ['deactivate', 'uninstall for an update', 'install', 'activate']);
  assert.deepEqual(await self.look('/9/3'), ['other', '7', 4, 2, true]);
  assert.deepEqual(await self.look('/9/4'), ['app', '2.0', 4, 2, true]);
  const again = await update({ toVersion: '2.0' });
  assert.deepEqual([again.phase, again.attempts], ['succeeded', 0], 'it is there already');
  assert.equal(await close(), 0);
});

test('a component that is installed and not active is activated alone', async () => {
  const { self, update, server, close } = await setup();
  self.pair.client.add(self.component({ id: 4, installed: { name: 'app', version: '2.0' } }).instance);
  await self.pair.world.settle();
  assert.equal(code(await self.pair.until(server.execute(reference, at('/9/4/11')))), '2.04');
  assert.deepEqual(await self.look('/9/4'), ['app', '2.0', 4, 2, false]);
  const job = await update({ toVersion: '2.0' });
  assert.deepEqual([job.phase, job.attempts], ['succeeded', 0]);
  assert.deepEqual(self.done, ['deactivate', 'activate']);
  assert.equal(await close(), 0);
});

for (const [resource, told, wish] of [
  [10, 'Activate', { toVersion: '2.0' }],
  [6, 'Uninstall', { toVersion: '3.0' }],
] as const) {
  test(`a device that takes ${told} and does nothing is told it once for each attempt, and then given up`, async () => {
    const { self, update, server, close } = await setup();
    self.pair.client.add(self.component({ id: 4, installed: { name: 'app', version: '2.0' } }).instance);
    await self.pair.world.settle();
    assert.equal(code(await self.pair.until(server.execute(reference, at('/9/4/11')))), '2.04');
    const execute = server.execute.bind(server);
    let count = 0;
    server.execute = async (device, path, ...more) => {
      if (path.resourceId !== resource) return execute(device, path, ...more);
      if (++count > 20) throw new Error('told again and again');
      return success({ code: Code.Changed });
    };
    const job = await update(wish, hours(24));
    assert.deepEqual([job.phase, job.failure, job.attempts, count], ['failed', 'timeout', 3, 3]);
    assert.equal(await close(), 0);
  });
}

const problems: readonly (readonly [string, SoftwareTestOptions, number])[] = [
  ['not-enough-storage', { store: { maximumBytes: 1_000 } }, 50],
  ['integrity', { store: { verify: () => 'integrity' } }, 53],
  ['unsupported-type', { store: { verify: () => 'unsupported-type' } }, 54],
  ['update-failed', { outcome: 'failed' }, 58],
];

for (const [failure, options, result] of problems) {
  for (const delivery of ['push', 'pull'] as const) {
    test(`what goes wrong is told by the result, and by the job: ${failure}, ${delivery}`, async () => {
      const { self, update, close } = await setup(options);
      const job = await update({ delivery });
      assert.deepEqual([job.phase, job.failure], ['failed', failure]);
      assert.equal((await self.look())[3], result);
      assert.equal(await close(), 0);
    });
  }
}

test('a connection that is lost is taken up again, then the next attempt comes', async () => {
  const { self, update, close, world } = await setup();
  self.file = undefined;
  world.time.schedule(minutes(4), () => {
    self.file = bytes;
  });
  const job = await update({ delivery: 'pull' });
  assert.ok(self.seen.includes('0/52'));
  assert.deepEqual([job.phase, job.failure], ['succeeded', undefined]);
  assert.ok(job.attempts > 1);
  assert.equal(await close(), 0);
});

test('a scheme that the device does not pull with: it is pushed instead', async () => {
  const { self, update, close } = await setup({ component: { fetchers: {} } });
  const job = await update();
  assert.ok(self.seen.includes('0/56'));
  assert.deepEqual([job.phase, job.delivery], ['succeeded', 'push']);
  assert.equal(await close(), 0);
});

test('a device without object 9, and one that creates no instance of it', async () => {
  const { self, update, close } = await setup();
  for (const id of [0, 1])
    self.pair.client.add(self.component({ id, installed: { name: `own ${id}`, version: '1' } }).instance);
  const full = await update();
  assert.deepEqual([full.phase, full.failure], ['failed', 'no-instance']);
  assert.match(full.note ?? '', /has its 2 instances already/);
  assert.equal(await close(), 0);
});

test('the platform restarts on the way: the job goes on', async () => {
  const { self, updater, make, jobs, device, world } = await setup();
  const job = await updater.begin({ device, file: 'f', software: 'app', delivery: 'pull', toVersion: '2.0' });
  await world.time.advance(seconds(2));
  await updater.close();
  const second = await make();
  await world.time.advance(minutes(10));
  assert.equal(jobs.jobs.get(job!.id)!.phase, 'succeeded');
  await second.close();
  assert.equal(await self.pair.close(), 0);
});

test('the terminal restarts on the way: a pull resumes, an installation is finished, a push is lost', async () => {
  const { self, close, world } = await setup();
  let record: SoftwareRecord | undefined;
  const journal = {
    load: () => record,
    save: (value: SoftwareRecord) => {
      record = value;
    },
  };
  const store = new MemoryPackageStore({ verify: () => ({ name: 'app', version: '2.0' }) });
  self.silentFrom = 7;
  const first = self.component({ id: 5, journal, store });
  self.pair.client.add(first.instance);
  const written = self.pair.server.write(reference, at('/9/5/3'), singleResource(3, 'string', uri));
  assert.equal(code(await self.pair.until(written)), '2.04');
  await world.time.advance(seconds(1));
  assert.deepEqual([first.state, self.blocks.at(-1)], [1, 7]);
  first.close();
  self.silentFrom = Number.POSITIVE_INFINITY;
  self.blocks.length = 0;
  const second = self.component({ id: 5, journal, store });
  await second.start();
  await world.time.advance(minutes(1));
  assert.deepEqual([second.state, second.result, self.blocks[0]], [3, 3, 7]);
  self.pair.client.remove(9, 5);
  self.pair.client.add(second.instance);
  assert.equal(code(await self.pair.until(self.pair.server.execute(reference, at('/9/5/4')))), '2.04');
  await world.time.advance(seconds(1));
  second.close();
  const third = self.component({ id: 5, journal, store });
  await third.start();
  await world.time.advance(seconds(6));
  assert.deepEqual([third.state, third.result], [4, 2]);
  assert.deepEqual(self.done, ['install', 'install again']);
  record = { ...record!, state: 1, packageUri: '', task: undefined };
  const fourth = self.component({ id: 5, journal, store });
  await fourth.start();
  assert.deepEqual([fourth.state, fourth.result], [0, 52]);
  await world.time.advance(minutes(10));
  assert.equal(await close(), 0);
});

test('operations in the wrong state are 4.05 with the reason, and a component goes only once it is uninstalled', async () => {
  const { self, server, close, world } = await setup();
  const created = await self.pair.until(server.create(reference, { objectId: 9 }, objectInstance(0, [])));
  assert.ok(created.ok);
  const execute = async (id: number, args = '') => {
    const answer = await self.pair.until(server.execute(reference, at(`/9/0/${id}`), args));
    return answer.ok ? code(answer) : `${code(answer)} ${answer.error.diagnostic}`;
  };
  assert.equal(await execute(4), '4.05 the component has no package to install in state Initial');
  assert.equal(await execute(6), '4.05 the component has nothing to uninstall in state Initial');
  assert.equal(await execute(10), '4.05 the component cannot be activated in state Initial');
  assert.equal(code(await self.pair.until(server.writeBody(reference, at('/9/0/2'), source(bytes)))), '2.04');
  assert.match(await execute(11), /^4\.05 .* in state Delivered$/);
  const second = await self.pair.until(server.writeBody(reference, at('/9/0/2'), source(bytes)));
  assert.equal(code(second), '4.05');
  assert.equal(await execute(6), '2.04');
  assert.equal((await self.look())[2], 0);
  assert.equal(code(await self.pair.until(server.writeBody(reference, at('/9/0/2'), source(bytes)))), '2.04');
  assert.equal(await execute(4), '2.04');
  assert.match(await execute(4), /^4\.05 .*while it is to install$/);
  await world.time.advance(seconds(6));
  assert.equal(await execute(6, '7'), '4.00 the argument of Uninstall is 0, for good, or 1, for an update');
  assert.equal(code(await self.pair.until(server.delete(reference, at('/9/0')))), '4.05');
  assert.equal(await execute(6, '0'), '2.04');
  await world.time.advance(seconds(6));
  assert.equal(code(await self.pair.until(server.delete(reference, at('/9/0')))), '2.02');
  assert.equal(await close(), 0);
});

test('the plan of a software update needs no memory but the job', () => {
  const job = { phase: 'waiting', phaseAt: 0, toVersion: '2.0' } as UpdateJob;
  const view = { state: 0, result: 0, version: undefined, active: false };
  assert.deepEqual(planSoftware(job, view, 0), { step: 'deliver' });
  assert.deepEqual(planSoftware(job, { ...view, state: 1 }, 0).step, 'wait');
  assert.deepEqual(planSoftware(job, { ...view, state: 3 }, 0), { step: 'uninstall', forUpdate: false });
  const installed = { ...view, state: 4, result: 2, version: '1.0' };
  assert.deepEqual(planSoftware(job, installed, 0), { step: 'uninstall', forUpdate: true });
  assert.equal(planSoftware(job, { ...installed, result: 59 }, 0).step, 'fail');
  const delivering = { ...job, phase: 'delivering' } as UpdateJob;
  assert.deepEqual(planSoftware(delivering, { ...view, state: 4, version: '2.0' }, 0), {
    step: 'wait',
    note: 'the package is being installed',
    installing: true,
  });
  assert.equal(planSoftware(delivering, view, 1_000).step, 'wait');
  assert.deepEqual(planSoftware(delivering, view, 60_000), { step: 'fail', failure: 'connection-lost', again: true });
  const installing = { ...job, phase: 'installing' } as UpdateJob;
  assert.equal(planSoftware(installing, { ...view, state: 3 }, 600_000).step, 'wait');
  assert.deepEqual(planSoftware(installing, installed, 0), { step: 'fail', failure: 'wrong-version', again: true });
  assert.deepEqual(planSoftware(installing, view, 60_000), { step: 'fail', failure: 'update-failed', again: true });
});
