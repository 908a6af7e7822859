import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes, seconds, silentLog } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { MemoryCampaignStore } from '../testing/memory-campaign-store.ts';
import { type Campaign, type CampaignPlan, judge, noTargets, waveEnd } from './campaign.ts';
import type { Begun, CampaignRunner, JobOutcome } from './campaign-runner.ts';
import { Campaigns } from './campaigns.ts';

const plan: CampaignPlan = {
  name: 'test',
  file: 'f',
  kind: {},
  waves: [{ share: 0.01 }, { share: 0.1 }],
  stopAt: 0.1,
  advanceAt: 1,
  startsPerMinute: 60_000,
  concurrent: 50,
  options: {},
};

/** Does the work of a device in ten seconds, over restarts. */
class TestRunner implements CampaignRunner {
  readonly time: VirtualTime;
  readonly jobs = new Map<string, { device: string; group: string; outcome: JobOutcome | undefined }>();
  readonly starts: { device: string; at: number }[] = [];
  readonly away = new Set<string>();
  readonly skip = new Set<string>();
  failing: (device: string) => boolean = () => false;
  campaigns: Campaigns | undefined;
  most = 0;

  constructor(time: VirtualTime) {
    this.time = time;
  }

  get running(): number {
    return [...this.jobs.values()].filter(({ outcome }) => !outcome).length;
  }

  reachable(device: string): boolean {
    return !this.away.has(device);
  }

  async begin(campaign: Campaign, device: string): Promise<Begun> {
    if (this.skip.has(device)) return { skipped: 'other-model' };
    const id = `job${this.jobs.size}`;
    const job = { device, group: campaign.id, outcome: undefined as JobOutcome | undefined };
    this.jobs.set(id, job);
    this.starts.push({ device, at: this.time.monotonic() });
    this.most = Math.max(this.most, this.running);
    this.time.schedule(seconds(10), () => {
      if (job.outcome) return;
      const failed = this.failing(device);
      job.outcome = { state: failed ? 'failed' : 'succeeded', reason: failed ? 'update-failed' : undefined };
      this.campaigns?.ended(campaign.id, device, id, job.outcome);
    });
    return { job: id };
  }

  async outcome(job: string): Promise<JobOutcome | undefined> {
    return this.jobs.get(job)?.outcome;
  }

  async cancel(job: string): Promise<void> {
    this.jobs.get(job)!.outcome = { state: 'cancelled', reason: undefined };
  }
}

function setup() {
  const time = new VirtualTime();
  const store = new MemoryCampaignStore();
  const runner = new TestRunner(time);
  const random = new SeededRandom(3);
  const make = () => {
    runner.campaigns = new Campaigns({ store, runner, clock: time, timers: time, random, log: silentLog });
    return runner.campaigns;
  };
  return { time, store, runner, make, campaigns: make() };
}

const devices = (count: number) => Array.from({ length: count }, (_, i) => `d${String(i).padStart(4, '0')}`);

test('waves of 1 %, 10 % and the rest, each after the one before', async () => {
  const { time, runner, campaigns } = setup();
  const { campaign } = await campaigns.create(plan, devices(1000), 'admin');
  await time.advance(seconds(9));
  assert.equal(runner.starts.length, 10);
  await time.advance(seconds(10));
  assert.equal(runner.starts.length, 10 + 50);
  await time.advance(minutes(10));
  const { campaign: after, rollUp } = (await campaigns.report(campaign.id))!;
  assert.deepEqual([after.state, rollUp.counts.succeeded, runner.most, time.pending], ['finished', 1000, 50, 0]);
});

test('it stops when too many fail, and goes on when an operator says so', async () => {
  const { time, runner, campaigns } = setup();
  runner.failing = (device) => device < 'd0003';
  const { campaign } = await campaigns.create(plan, devices(1000), 'admin');
  await time.advance(minutes(5));
  const stopped = (await campaigns.report(campaign.id))!;
  assert.deepEqual(
    [stopped.campaign.state, stopped.campaign.note],
    ['stopped', '2 of 10 devices failed, more than 10 %'],
  );
  assert.equal(runner.starts.length, 10);
  assert.deepEqual(stopped.rollUp.reasons, { 'update-failed': 3 });
  assert.equal(await campaigns.resume(campaign.id), undefined);
  await time.advance(minutes(10));
  const after = (await campaigns.report(campaign.id))!;
  assert.deepEqual(
    [after.campaign.state, after.rollUp.counts.failed, after.rollUp.counts.succeeded],
    ['finished', 3, 997],
  );
  runner.failing = () => false;
  assert.equal(await campaigns.retry(campaign.id), 3);
  await time.advance(minutes(1));
  assert.deepEqual((await campaigns.report(campaign.id))!.rollUp.counts.succeeded, 1000);
  assert.equal((await campaigns.report(campaign.id))!.campaign.state, 'finished');
});

test('starts per minute and devices at a time are limited', async () => {
  const { time, runner, campaigns } = setup();
  await campaigns.create({ ...plan, waves: [], startsPerMinute: 60, concurrent: 5 }, devices(40), 'admin');
  await time.advance(minutes(10));
  assert.equal(runner.starts.length, 40);
  assert.equal(runner.most, 5);
  for (let i = 1; i < 5; i++) assert.ok(runner.starts[i]!.at - runner.starts[i - 1]!.at >= 999);
});

test('pause, resume and cancel', async () => {
  const { time, runner, campaigns } = setup();
  const { campaign } = await campaigns.create({ ...plan, waves: [], concurrent: 10 }, devices(100), 'admin');
  await time.advance(seconds(5));
  assert.equal(await campaigns.pause(campaign.id), undefined);
  assert.equal(await campaigns.pause(campaign.id), 'wrong-state');
  await time.advance(minutes(5));
  assert.deepEqual([runner.starts.length, (await campaigns.report(campaign.id))!.rollUp.counts.succeeded], [10, 10]);
  await campaigns.resume(campaign.id);
  await time.advance(seconds(5));
  assert.equal(await campaigns.cancel(campaign.id), undefined);
  await time.advance(minutes(5));
  const { campaign: after, rollUp } = (await campaigns.report(campaign.id))!;
  assert.deepEqual([after.state, rollUp.counts], ['cancelled', { ...noTargets, succeeded: 10, cancelled: 90 }]);
  assert.equal(await campaigns.resume(campaign.id), 'wrong-state');
  assert.equal(await campaigns.cancel('none'), 'unknown');
});

test('devices that are away are done when they come; those of another kind are left out', async () => {
  const { time, runner, campaigns } = setup();
  for (const device of ['d0001', 'd0002']) runner.away.add(device);
  runner.skip.add('d0000');
  const { campaign } = await campaigns.create({ ...plan, waves: [{ count: 1 }] }, devices(10), 'admin');
  await time.advance(minutes(5));
  assert.deepEqual((await campaigns.report(campaign.id))!.rollUp.counts, {
    ...noTargets,
    pending: 2,
    succeeded: 7,
    skipped: 1,
  });
  for (const device of ['d0001', 'd0002']) {
    runner.away.delete(device);
    campaigns.contacted(device);
    await time.advance(seconds(20));
  }
  assert.equal((await campaigns.report(campaign.id))!.campaign.state, 'finished');
});

test('the process dies at any moment and the campaign goes on; no device is done twice', async () => {
  for (let moment = 1; moment < 40; moment += 3) {
    const { time, runner, make, store, campaigns } = setup();
    const { campaign } = await campaigns.create(plan, devices(200), 'admin');
    await time.advance(seconds(moment));
    campaigns.close();
    runner.campaigns = undefined;
    await time.advance(seconds(15));
    await make().start();
    await time.advance(minutes(30));
    assert.deepEqual((await store.rollUp(campaign.id)).counts, { ...noTargets, succeeded: 200 });
    assert.equal((await store.campaign(campaign.id))!.state, 'finished');
    assert.equal(new Set(runner.starts.map(({ device }) => device)).size, runner.starts.length);
  }
});

test('wave sizes and judgements', () => {
  const campaign = { ...plan, total: 7, wave: 0, state: 'running', forgiven: 0 } as Campaign;
  assert.deepEqual(
    [0, 1, 2].map((wave) => waveEnd(campaign, wave, 0)),
    [1, 1, 7],
  );
  assert.equal(waveEnd({ waves: [{ count: 50 }], total: 7 }, 0, 2), 5);
  assert.equal(judge({ ...campaign, state: 'paused' }, { ...noTargets, failed: 7 }), undefined);
  assert.deepEqual(judge(campaign, { ...noTargets, succeeded: 1, pending: 6 }), { wave: 1 });
  assert.deepEqual(judge(campaign, { ...noTargets, failed: 1, pending: 6 })!.state, 'stopped');
});
