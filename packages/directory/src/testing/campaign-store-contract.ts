import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Campaign, type CampaignStore, type CampaignTarget, noTargets } from '../campaign/campaign.ts';
import type { OpenStore } from './opened-store.ts';

const campaign: Campaign = {
  id: 'c1',
  name: 'spring',
  file: 'f',
  kind: { model: 'X' },
  waves: [{ count: 1 }, { share: 0.5 }],
  stopAt: 0.1,
  advanceAt: 1,
  startsPerMinute: 60,
  concurrent: 10,
  options: { delivery: 'auto' },
  state: 'running',
  wave: 0,
  forgiven: 0,
  note: undefined,
  total: 3,
  createdAt: 1000,
  createdBy: 'admin',
  finishedAt: undefined,
};

const target = (device: string, more: Partial<CampaignTarget> = {}): CampaignTarget => ({
  device,
  state: 'pending',
  wave: undefined,
  job: undefined,
  reason: undefined,
  changedAt: 1000,
  ...more,
});

/** What every {@link CampaignStore} does. */
export function campaignStoreContract(name: string, open: OpenStore<CampaignStore>): void {
  const run = (title: string, body: (store: CampaignStore) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const { store, close } = await open();
      await body(store).finally(close);
    });

  run('campaigns come back as they were put, the newest first', async (store) => {
    await store.createCampaign(campaign, [], 1000);
    await store.createCampaign({ ...campaign, id: 'c2', createdAt: 2000 }, [], 2000);
    await store.putCampaign({ ...campaign, wave: 1, note: 'so' });
    assert.deepEqual(
      (await store.campaigns(10)).map(({ id }) => id),
      ['c2', 'c1'],
    );
    assert.deepEqual({ ...(await store.campaign('c1')), finishedAt: undefined }, { ...campaign, wave: 1, note: 'so' });
    assert.equal((await store.campaigns(1)).length, 1);
    await store.createCampaign({ ...campaign, id: 'c3', createdAt: 2000 }, [], 2000);
    const next = async (after: { createdAt: number; id: string }) =>
      (await store.campaigns(1, after)).map(({ id }) => id);
    assert.deepEqual(await next({ createdAt: 2000, id: 'c3' }), ['c2'], 'of one moment, by their ids');
    assert.deepEqual(await next({ createdAt: 2000, id: 'c2' }), ['c1']);
    assert.deepEqual(await next({ createdAt: 2000, id: 'c1' }), ['c1'], 'one that is gone keeps its place');
    assert.deepEqual(await next({ createdAt: 1000, id: 'c1' }), []);
    assert.equal(await store.removeCampaign('c1'), true);
    assert.equal(await store.removeCampaign('c1'), false);
    assert.equal(await store.campaign('c1'), undefined);
  });

  run('devices by state and page, and what became of them', async (store) => {
    await store.createCampaign(campaign, ['b', 'a', 'c'], 1000);
    assert.deepEqual(await store.targets('c1', { limit: 2 }), [target('a'), target('b')]);
    assert.deepEqual(await store.targets('c1', { limit: 2, after: 'b' }), [target('c')]);
    const failed = target('a', { state: 'failed', wave: 0, job: 'j', reason: 'timeout', changedAt: 5 });
    await store.putTarget('c1', failed);
    await store.putTarget('c1', target('b', { state: 'succeeded', wave: 1, job: 'k' }));
    assert.deepEqual(await store.targets('c1', { state: 'failed', limit: 9 }), [failed]);
    assert.deepEqual(await store.rollUp('c1'), {
      counts: { ...noTargets, pending: 1, failed: 1, succeeded: 1 },
      reasons: { timeout: 1 },
    });
    assert.deepEqual(await store.retryTargets('c1', 9), [failed], 'as they were');
    assert.deepEqual(await store.retryTargets('c1', 9), []);
    const [again] = await store.targets('c1', { state: 'pending', limit: 1 });
    assert.deepEqual([again!.device, again!.job, again!.reason], ['a', undefined, undefined]);
    assert.deepEqual((await store.rollUp('none')).counts, noTargets);
  });
}
