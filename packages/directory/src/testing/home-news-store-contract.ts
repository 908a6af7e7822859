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
    assert.equal(await store.countUnread('ann', all), 2);
    assert.equal(await store.countUnread('ann', { since: 15 }), 1);
    await store.readNews('ann', second);
    await store.readNews('ann', first);
    const again = (await reopen?.()) ?? store;
    assert.equal(await again.countUnread('ann', all), 0);
    await again.readNews('ann', Number.MAX_SAFE_INTEGER);
    await add(again, 'ann', 30);
    assert.equal(await again.countUnread('ann', all), 1);
    await close();
  });

  test(`${name}: who takes the name of an account later finds nothing`, async () => {
    const { store, close } = await open();
    await add(store, 'ann', 10, 'a');
    await store.readNews('ann', Number.MAX_SAFE_INTEGER);
    await store.removeNews('ann');
    assert.deepEqual([await times(store, 'ann'), await store.countUnread('ann', all)], [[], 0]);
    await add(store, 'ann', 20, 'a');
    assert.equal(await store.countUnread('ann', all), 1);
    await close();
  });

  test(`${name}: what the friends of a user are told stands there once, for those that were friends by then`, async () => {
    const { store, close, reopen } = await open();
    const tell = (owner: string, time: number, key: string) =>
      store.addNewsForFriends(owner, { key, time, event: `{"at":${time}}` }, bounds);
    const friendOf = [
      { user: 'ann', since: 15 },
      { user: 'bob', since: 0 },
    ];
    await tell('ann', 10, 'a');
    const first = (await tell('ann', 20, 'b'))!;
    // Of a device of two owners; the user is one of the owners of another one.
    const second = (await tell('bob', 20, 'b'))!;
    await tell('ann', 30, 'c');
    await add(store, 'cid', 30, 'c');
    await add(store, 'cid', 40);
    assert.equal(await tell('ann', 50, 'b'), undefined, 'told already');
    const again = (await reopen?.()) ?? store;
    const seen = await again.newsOf('cid', { ...all, friendOf });
    assert.deepEqual([seen.map(({ time }) => time), seen[2]!.number], [[40, 30, 20], first]);
    assert.deepEqual(await times(again, 'cid'), [40, 30]);
    assert.deepEqual(await again.newsOf('cid', { ...all, friendOf, before: first }), []);
    assert.deepEqual([await times(again, 'ann'), await again.countUnread('cid', { since: 0, friendOf })], [[], 3]);
    assert.equal(await again.countUnread('cid', { since: 25, friendOf }), 2);
    await again.readNews('cid', second);
    assert.equal(await again.countUnread('cid', { since: 0, friendOf }), 2);
    await again.readNews('cid', Number.MAX_SAFE_INTEGER);
    assert.equal(await again.countUnread('cid', { since: 0, friendOf }), 0);
    await again.addNewsForFriends('bob', { key: 'd', time: 60, event: '{}' }, bounds);
    assert.equal(await again.countUnread('cid', { since: 0, friendOf }), 1);
    for (const time of [70, 71, 72]) {
      await again.addNewsForFriends('bob', { key: `${time}`, time, event: '{}' }, bounds);
    }
    const rest = await again.newsOf('dan', { ...all, friendOf: [{ user: 'bob', since: 0 }] });
    assert.deepEqual(
      rest.map(({ time }) => time),
      [72, 71, 70],
      'bounded as those of a user are',
    );
    await again.removeNews('bob');
    assert.deepEqual(await again.newsOf('dan', { ...all, friendOf: [{ user: 'bob', since: 0 }] }), []);
    await close();
  });
}
