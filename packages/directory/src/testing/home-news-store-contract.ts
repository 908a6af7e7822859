import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HomeNewsStore } from '../ra/home-news.ts';
import type { OpenStore } from './opened-store.ts';

const all = { since: 0, limit: 100 };
const bounds = { count: 3, since: 0 };

/** What every {@link HomeNewsStore} does. */
export function homeNewsStoreContract(name: string, open: OpenStore<HomeNewsStore>): void {
  const add = (store: HomeNewsStore, account: string, time: number, key?: string) =>
    store.addNews(account, { key, time, event: `{"at":${time}}` }, bounds);
  const times = async (store: HomeNewsStore, account: string, query: { since: number; limit: number } = all) =>
    (await store.newsOf(account, query)).map(({ time }) => time);

  test(`${name}: news of a user are there after a restart, the newest first, page by page, and of no other one`, async () => {
    const { store, close, reopen } = await open();
    const numbers = [await add(store, 'ann', 10), await add(store, 'bob', 15), await add(store, 'ann', 20)];
    assert.ok(numbers[0]! < numbers[1]! && numbers[1]! < numbers[2]!);
    const again = (await reopen?.()) ?? store;
    const [newest, ...rest] = await again.newsOf('ann', { ...all, limit: 1 });
    assert.deepEqual([newest, rest], [{ number: numbers[2], time: 20, event: '{"at":20}' }, []]);
    const older = await again.newsOf('ann', { ...all, before: newest!.number });
    assert.deepEqual(older, [{ number: numbers[0], time: 10, event: '{"at":10}' }]);
    assert.deepEqual(await times(again, 'cid'), []);
    assert.ok((await add(again, 'ann', 30))! > numbers[2]!);
    await close();
  });

  test(`${name}: what happened is told to each user once`, async () => {
    const { store, close, reopen } = await open();
    assert.notEqual(await add(store, 'ann', 10, 'a'), undefined);
    const again = (await reopen?.()) ?? store;
    assert.equal(await add(again, 'ann', 20, 'a'), undefined);
    assert.notEqual(await add(again, 'bob', 20, 'a'), undefined);
    assert.deepEqual([await times(again, 'ann'), await times(again, 'bob')], [[10], [20]]);
    await close();
  });

  test(`${name}: the oldest go when there are too many, and what is too old`, async () => {
    const { store, close } = await open();
    for (const time of [10, 20, 30, 40]) await add(store, 'ann', time);
    await add(store, 'bob', 5);
    assert.deepEqual(await times(store, 'ann'), [40, 30, 20]);
    assert.deepEqual(await times(store, 'ann', { ...all, since: 30 }), [40, 30]);
    await store.addNews('ann', { key: undefined, time: 50, event: '{}' }, { count: 3, since: 45 });
    assert.deepEqual([await times(store, 'ann'), await times(store, 'bob')], [[50], [5]]);
    await close();
  });

  test(`${name}: what was read stays read, and what comes later is not`, async () => {
    const { store, close, reopen } = await open();
    const first = (await add(store, 'ann', 10))!;
    const second = (await add(store, 'ann', 20))!;
    assert.equal(await store.countUnread('ann', 0), 2);
    assert.equal(await store.countUnread('ann', 15), 1);
    await store.readNews('ann', second);
    await store.readNews('ann', first);
    const again = (await reopen?.()) ?? store;
    assert.equal(await again.countUnread('ann', 0), 0);
    await again.readNews('ann', Number.MAX_SAFE_INTEGER);
    await add(again, 'ann', 30);
    assert.equal(await again.countUnread('ann', 0), 1);
    await close();
  });

  test(`${name}: who takes the name of an account later finds nothing`, async () => {
    const { store, close } = await open();
    await add(store, 'ann', 10, 'a');
    await store.readNews('ann', Number.MAX_SAFE_INTEGER);
    await store.removeNews('ann');
    assert.deepEqual([await times(store, 'ann'), await store.countUnread('ann', 0)], [[], 0]);
    await add(store, 'ann', 20, 'a');
    assert.equal(await store.countUnread('ann', 0), 1);
    await close();
  });
}
