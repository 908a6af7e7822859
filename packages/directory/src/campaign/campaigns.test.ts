import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes, seconds } from '@yaolian/kernel';
import { type Campaign, judge, noTargets, waveEnd } from './campaign.ts';
import { devices, plan, setup } from './testing/campaign-bench.ts';

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

test('a change of the campaign is told of before it is stored, and by the same report at once; counts twice a second', async () => {
  const { time, campaigns, storing, told, store, runner } = setup();
  const { campaign } = await campaigns.create({ ...plan, waves: [], concurrent: 10 }, devices(100), 'admin');
  await time.advance(seconds(5));
  await campaigns.pause(campaign.id);
  await campaigns.resume(campaign.id);
  await time.advance(seconds(6));
  await campaigns.cancel(campaign.id);
  await time.advance(seconds(20));
  const shown = storing.map(({ campaign: { state }, rollUp: { counts } }) => [state, counts.pending + counts.running]);
  assert.deepEqual(shown, [
    ['running', 100],
    ['paused', 100],
    ['running', 100],
    ['cancelled', 90],
    ['cancelled', 0],
  ]);
  assert.deepEqual(
    told.filter((report) => storing.includes(report)),
    storing,
  );
  assert.ok(told.length > storing.length && told.at(-1) === storing.at(-1));
  assert.deepEqual(storing.at(-1)!.rollUp.counts, (await store.rollUp(campaign.id)).counts);
  assert.equal(runner.running, 0);

  told.length = 0;
  store.isFull = true;
  await assert.rejects(campaigns.create(plan, devices(3), 'admin'));
  assert.deepEqual(told, [], 'what is not stored has not happened');
});

test('after a start it is told how the campaigns stand that go on', async () => {
  const { time, make, campaigns, told } = setup();
  const { campaign } = await campaigns.create({ ...plan, waves: [], concurrent: 10 }, devices(100), 'admin');
  await time.advance(seconds(9.9));
  campaigns.close();
  told.length = 0;
  await make().start();
  await time.advance(seconds(1));
  assert.deepEqual([told[0]?.campaign.id, told[0]?.rollUp.counts.running], [campaign.id, 10]);
});
