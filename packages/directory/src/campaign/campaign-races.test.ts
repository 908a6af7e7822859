import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes, seconds } from '@yaolian/kernel';
import { noTargets } from './campaign.ts';
import { devices, plan, setup } from './testing/campaign-bench.ts';

const wide = { ...plan, waves: [], stopAt: 1 };

test('a campaign that is cancelled stays so, whoever pauses, resumes or cancels it at the same moment', async () => {
  const { time, campaigns, store } = setup();
  const { campaign } = await campaigns.create(wide, devices(5), 'admin');
  const answers = await time.until(
    Promise.all([campaigns.cancel(campaign.id), campaigns.pause(campaign.id), campaigns.cancel(campaign.id)]),
    minutes(1),
  );
  assert.deepEqual(answers, [undefined, 'wrong-state', 'wrong-state']);
  await time.advance(minutes(1));
  assert.equal((await store.campaign(campaign.id))!.state, 'cancelled');
  assert.deepEqual((await campaigns.report(campaign.id))!.rollUp.counts, { ...noTargets, cancelled: 5 });
  const { campaign: paused } = await campaigns.create(wide, devices(5), 'admin');
  await time.until(campaigns.pause(paused.id), minutes(1));
  const both = [campaigns.cancel(paused.id), campaigns.resume(paused.id)];
  assert.deepEqual(await time.until(Promise.all(both), minutes(1)), [undefined, 'wrong-state']);
  assert.equal((await store.campaign(paused.id))!.state, 'cancelled');
});

for (const answer of ['begun', 'later'] as const) {
  test(`a device whose turn had just begun is given up with a cancelled campaign: ${answer}`, async () => {
    const { time, runner, campaigns, store } = setup();
    const begins = Promise.withResolvers<void>();
    runner.beginning = begins.promise;
    if (answer === 'later') runner.begin = () => begins.promise.then(() => 'later');
    const { campaign } = await campaigns.create(wide, devices(3), 'admin');
    await time.advance(seconds(1));
    assert.equal(await time.until(campaigns.cancel(campaign.id), minutes(1)), undefined);
    begins.resolve();
    await time.advance(minutes(5));
    assert.deepEqual((await store.rollUp(campaign.id)).counts, { ...noTargets, cancelled: 3 });
    const outcomes = [...runner.jobs.values()].map(({ outcome }) => outcome?.state);
    assert.deepEqual(outcomes, answer === 'later' ? [] : ['cancelled', 'cancelled', 'cancelled']);
  });
}

test('those that failed are tried again while others are at work: nobody has two turns, and no outcome is lost', async () => {
  const { time, runner, campaigns, store } = setup();
  runner.failing = (device) => device === 'd0000';
  const { campaign } = await campaigns.create({ ...wide, startsPerMinute: 60 }, devices(20), 'admin');
  // One a second, each takes ten: the first has failed, some are at work, some wait.
  await time.advance(seconds(13.5));
  runner.failing = () => false;
  const begins = Promise.withResolvers<void>();
  runner.beginning = begins.promise;
  await time.advance(seconds(1));
  assert.deepEqual(
    await time.until(Promise.all([campaigns.retry(campaign.id), campaigns.retry(campaign.id)]), minutes(1)),
    [1, 0],
  );
  begins.resolve();
  await time.advance(minutes(5));
  const { campaign: after, rollUp } = (await campaigns.report(campaign.id))!;
  assert.deepEqual([after.state, rollUp], ['finished', { counts: { ...noTargets, succeeded: 20 }, reasons: {} }]);
  assert.deepEqual(await store.rollUp(campaign.id), rollUp);
  const started = runner.starts.map(({ device }) => device);
  assert.deepEqual([started.length, started.filter((device) => device === 'd0000').length], [21, 2]);
});

test('one that is over is tried again once, however many ask', async () => {
  const { time, runner, campaigns, store } = setup();
  runner.failing = () => true;
  const { campaign } = await campaigns.create(wide, devices(4), 'admin');
  await time.advance(minutes(1));
  runner.failing = () => false;
  const both = [campaigns.retry(campaign.id), campaigns.retry(campaign.id)];
  assert.deepEqual(await time.until(Promise.all(both), minutes(1)), [4, 0]);
  await time.advance(minutes(1));
  assert.deepEqual([runner.starts.length, (await store.rollUp(campaign.id)).counts.succeeded], [8, 4]);
  assert.equal((await store.campaign(campaign.id))!.state, 'finished');
  assert.equal(await campaigns.retry(campaign.id), 0);
  assert.equal((await store.campaign(campaign.id))!.state, 'finished', 'with nothing to try again it stays over');
  assert.equal(await campaigns.retry('none'), 'unknown');
});

test('the disk is full for a while: what happened meanwhile is stored when it has room, and nobody is done twice', async () => {
  for (let moment = 0; moment < 25; moment += 3) {
    const { time, runner, campaigns, store } = setup();
    runner.failing = (device) => device === 'd0007';
    const { campaign } = await campaigns.create({ ...wide, startsPerMinute: 60 }, devices(12), 'admin');
    await time.advance(seconds(moment));
    store.isFull = true;
    await time.advance(minutes(3));
    assert.ok((await store.rollUp(campaign.id)).counts.succeeded < 12);
    store.isFull = false;
    await time.advance(minutes(3));
    const { rollUp, campaign: after } = (await campaigns.report(campaign.id))!;
    assert.deepEqual(rollUp, {
      counts: { ...noTargets, succeeded: 11, failed: 1 },
      reasons: { 'update-failed': 1 },
    });
    assert.deepEqual([await store.rollUp(campaign.id), after.state], [rollUp, 'finished']);
    assert.equal(runner.starts.length, 12);
    assert.equal(time.pending, 0);
  }
});

test('a cancel that the disk does not take is refused, and the campaign goes on', async () => {
  const { time, campaigns, store } = setup();
  const { campaign } = await campaigns.create({ ...wide, concurrent: 2 }, devices(4), 'admin');
  await time.advance(seconds(1));
  store.isFull = true;
  await assert.rejects(campaigns.cancel(campaign.id), /the disk is full/);
  store.isFull = false;
  await time.advance(minutes(5));
  assert.deepEqual((await store.rollUp(campaign.id)).counts, { ...noTargets, succeeded: 4 });
});

test('the process dies in the middle of a cancel: the next one gives up the rest', async () => {
  const { time, runner, campaigns, store, make } = setup();
  const { campaign } = await campaigns.create({ ...wide, concurrent: 2 }, devices(4), 'admin');
  await time.advance(seconds(1));
  campaigns.close();
  runner.campaigns = undefined;
  await store.putCampaign({ ...campaign, state: 'cancelled', finishedAt: time.epoch() });
  await make().start();
  await time.advance(minutes(1));
  assert.deepEqual((await store.rollUp(campaign.id)).counts, { ...noTargets, cancelled: 4 });
  assert.deepEqual(
    [...runner.jobs.values()].map(({ outcome }) => outcome?.state),
    ['cancelled', 'cancelled'],
  );
});
