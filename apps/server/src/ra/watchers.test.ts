import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryExpectationStore } from '@yaolian/directory/testing';
import { type Watch, Watchers } from './watchers.ts';

function bench(limits?: { total: number; perAccount: number }) {
  const unwatched: string[] = [];
  const store = new MemoryExpectationStore();
  const watchers = new Watchers(store, async (terminal, path) => void unwatched.push(`${terminal} ${path}`), limits);
  return { watchers, unwatched, store };
}

const watch = (account: string, path = '/3303/0/5700', terminal = 'urn:imei:1'): Watch => ({
  account,
  device: 'lamp',
  terminal,
  path,
});

test('each account is told of the paths that it observes, of that terminal alone', async () => {
  const { watchers } = bench();
  await watchers.add(watch('ann'), true);
  await watchers.add(watch('bob'), false);
  await watchers.add(watch('bob'), false);
  await watchers.add(watch('ann', '/3/0/9'), true);
  const told = (terminal: string, path: string) => watchers.of(terminal, path).map(({ account }) => account);
  assert.deepEqual(told('urn:imei:1', '/3303/0/5700'), ['ann', 'bob']);
  assert.deepEqual(told('urn:imei:1', '/3/0/9'), ['ann']);
  assert.deepEqual(told('urn:imei:2', '/3303/0/5700'), []);
});

test('what was observed for us is cancelled with the last who observes it', async () => {
  const { watchers, unwatched } = bench();
  await watchers.add(watch('ann'), true);
  await watchers.add(watch('bob'), false);
  await watchers.remove(watch('ann'));
  await watchers.remove(watch('ann'));
  assert.deepEqual(unwatched, []);
  await watchers.remove(watch('bob'));
  assert.deepEqual(unwatched, ['urn:imei:1 /3303/0/5700']);
});

test('what an operator observed before is not cancelled by a user', async () => {
  const { watchers, unwatched } = bench();
  await watchers.add(watch('ann'), false);
  await watchers.remove(watch('ann'));
  assert.deepEqual(unwatched, []);
});

test('bounded: in all, and for each account', async () => {
  const { watchers } = bench({ total: 3, perAccount: 2 });
  assert.equal(await watchers.add(watch('ann', '/1/0/1'), true), true);
  assert.equal(await watchers.add(watch('ann', '/1/0/2'), true), true);
  assert.equal(await watchers.add(watch('ann', '/1/0/3'), true), false);
  assert.equal(await watchers.add(watch('ann', '/1/0/2'), true), true, 'again what it has');
  assert.equal(await watchers.add(watch('bob', '/1/0/1'), false), true);
  assert.equal(await watchers.add(watch('carl', '/1/0/1'), false), false);
  await watchers.remove(watch('ann', '/1/0/2'));
  assert.equal(await watchers.add(watch('carl', '/1/0/1'), false), true);
});

test('an account that is gone observes nothing', async () => {
  const { watchers, unwatched } = bench();
  await watchers.add(watch('ann', '/1/0/1'), true);
  await watchers.add(watch('ann', '/1/0/2'), true);
  await watchers.add(watch('bob', '/1/0/2'), false);
  await watchers.removeAccount('ann');
  assert.deepEqual(unwatched, ['urn:imei:1 /1/0/1']);
  assert.deepEqual(
    watchers.of('urn:imei:1', '/1/0/2').map(({ account }) => account),
    ['bob'],
  );
});

test('what accounts observe over XMPP outlives a restart; what a page observes does not', async () => {
  const { watchers, store } = bench();
  await watchers.add(watch('ann'), true);
  await watchers.add({ ...watch('bob', '/3/0/9'), holder: 'page', deliver: () => {} }, true);
  await watchers.add(watch('carl'), false);
  await watchers.remove(watch('carl'));
  const unwatched: string[] = [];
  const later = new Watchers(store, async (_, path) => void unwatched.push(path));
  await later.start();
  assert.deepEqual(
    later.of('urn:imei:1', '/3303/0/5700').map(({ account }) => account),
    ['ann'],
  );
  assert.deepEqual(later.pathsOf('urn:imei:1'), ['/3303/0/5700']);
  await later.remove(watch('ann'));
  assert.deepEqual(unwatched, ['/3303/0/5700']);
  assert.deepEqual([later.pathsOf('urn:imei:1'), await store.watches()], [[], []]);
});

test('who comes while the last other one leaves takes over what is observed for us', async () => {
  const { watchers, unwatched } = bench();
  const { terminal, path } = watch('ann');
  assert.equal(watchers.isOurs(terminal, path), undefined);
  await watchers.add(watch('ann'), true);
  const isOurs = watchers.isOurs(terminal, path);
  assert.equal(isOurs, true);
  await watchers.remove(watch('ann'));
  await watchers.add(watch('bob'), isOurs);
  await watchers.remove(watch('bob'));
  assert.equal(unwatched.length, 2, 'it ends with the other one too');
  await watchers.add(watch('cid'), false);
  assert.equal(watchers.isOurs(terminal, path), false);
});

test('what is being ended is ours still, so that who comes meanwhile ends it too', async () => {
  const gate = Promise.withResolvers<void>();
  const watchers = new Watchers(new MemoryExpectationStore(), () => gate.promise);
  const { terminal, path } = watch('ann');
  await watchers.add(watch('ann'), true);
  const ended = watchers.remove(watch('ann'));
  await new Promise((resolve) => setImmediate(resolve)); // its row is gone
  assert.equal(watchers.isOurs(terminal, path), true);
  gate.resolve();
  await ended;
  assert.equal(watchers.isOurs(terminal, path), undefined);
});

test('who asks while the last other one leaves keeps what it gets: nothing is cancelled under it', async () => {
  const { watchers, unwatched } = bench();
  const { terminal, path } = watch('ann');
  await watchers.add(watch('ann'), true);
  const held = await watchers.hold(terminal, path);
  await watchers.remove(watch('ann'));
  assert.equal(watchers.isOurs(terminal, path), true);
  await watchers.add(watch('bob'), held.isOurs!);
  await held.release(true);
  assert.deepEqual(unwatched, []);
  await watchers.remove(watch('bob'));
  assert.deepEqual(unwatched, [`${terminal} ${path}`]);
});

test('who asks in vain while the last other one leaves ends what that one observed, once', async () => {
  const { watchers, unwatched } = bench();
  const { terminal, path } = watch('ann');
  await watchers.add(watch('ann'), true);
  const held = [await watchers.hold(terminal, path), await watchers.hold(terminal, path)];
  await watchers.remove(watch('ann'));
  await held[0]!.release(false);
  assert.deepEqual(unwatched, []);
  await held[1]!.release(false);
  assert.deepEqual(unwatched, [`${terminal} ${path}`]);
  assert.equal(watchers.isOurs(terminal, path), undefined);
});

test('a path is asked for after what was being ended of it is over', async () => {
  const happened: string[] = [];
  const gate = Promise.withResolvers<void>();
  const watchers = new Watchers(new MemoryExpectationStore(), async () => {
    await gate.promise;
    happened.push('ended');
  });
  const { terminal, path } = watch('ann');
  await watchers.add(watch('ann'), true);
  const removed = watchers.remove(watch('ann'));
  const held = watchers.hold(terminal, path).then((place) => {
    happened.push('held');
    return place;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(happened, []);
  gate.resolve();
  assert.equal((await held).isOurs, undefined);
  await removed;
  assert.deepEqual(happened, ['ended', 'held']);
});

test('what a terminal agreed to and nobody may observe is ended', async () => {
  const { watchers, unwatched } = bench();
  const { terminal, path } = watch('ann');
  const held = await watchers.hold(terminal, path);
  await held.release(true);
  assert.deepEqual(unwatched, [`${terminal} ${path}`]);
});

test('who observes is found by account and by device, as it asked last', async () => {
  const { watchers } = bench();
  const first = watch('ann');
  const again = watch('ann');
  await watchers.add(first, true);
  await watchers.add(again, true);
  assert.deepEqual([watchers.has(first), watchers.has(again)], [false, true]);
  assert.deepEqual(
    [watchers.ofAccount('ann'), watchers.ofDevice('lamp'), watchers.devices()],
    [[again], [again], ['lamp']],
  );
  assert.equal(await watchers.remove(again), true);
  assert.equal(await watchers.remove(again), false);
  assert.deepEqual([watchers.ofAccount('ann'), watchers.ofDevice('lamp'), watchers.devices()], [[], [], []]);
});
