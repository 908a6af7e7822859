import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonHomeEvent } from '@yaolian/contract';
import type { AssociationChange, Grant } from '@yaolian/directory';
import { MemoryHomeNewsStore } from '@yaolian/directory/testing';
import { days, seconds, silentLog } from '@yaolian/kernel';
import type { ObjectModel } from '@yaolian/lwm2m';
import { VirtualTime } from '@yaolian/testkit';
import { HomeNewsService } from '../ra/home-news.ts';
import type { RaService } from '../ra/ra-service.ts';
import type { Watch } from '../ra/watchers.ts';
import { type HomeSink, HomeStreams, type HomeStreamsOptions } from './home-streams.ts';

const path = '/3303/0/5700';

/** One user, one device with one value that is observed. */
function home() {
  const time = new VirtualTime();
  let changes = 0;
  const watches = new Set<string>();
  const keyOf = ({ account, holder, device, path: at }: Watch) => `${account} ${holder} ${device} ${at}`;
  const told: JsonHomeEvent[] = [];
  const seen = { device: { account: 'lamp' }, binding: {} };
  const world = {
    state: 'ONLINE',
    told: (_account: string) => {},
    watch: undefined as Watch | undefined,
    changed: (change: unknown) => void news.changed(change as AssociationChange, String(++changes)),
    seenBy: async (): Promise<unknown[]> => [seen],
    owners: [] as string[],
    instances: [] as unknown[],
    read: () => {},
  };
  const model = { object: (id: number) => (id === 3303 ? { name: 'Temperature' } : undefined) } as ObjectModel;
  const store = new MemoryHomeNewsStore();
  const news = new HomeNewsService({
    ...{ domain: 'home.example', store, model, clock: time, maxCount: 3, maxAge: days(1) },
    bindings: { ownersOf: async () => world.owners.map((user) => ({ user, state: 'active' })) as never },
    friends: { of: async () => [] },
    kindOf: async () => 'user',
  });
  const ra = {
    domain: 'home.example',
    news,
    listenToUpdates: () => () => {},
    listenToLateAnswers: () => () => {},
    listenToStates: (listener: (account: string) => void) => {
      world.told = listener;
      return () => {};
    },
    terminals: {
      attempt: async (_device: string, { kind }: { readonly kind: string }, watch: Watch) => {
        if (kind === 'read') return world.read();
        watches.add(keyOf(watch));
        world.watch = watch;
        return { kind: 'values', time: '2026-01-01T00:00:00Z', values: [] };
      },
    },
    isWatched: (watch: Watch) => watches.has(keyOf(watch)),
    unwatch: async (watch: Watch) => void watches.delete(keyOf(watch)),
  } as unknown as RaService;
  const devices = {
    seenBy: () => world.seenBy(),
    see: async () => seen,
    keyOf: () => 'lamp-terminal',
    stateFor: () => world.state,
    summary: async () => ({ main: [{ path, may: ['observe'] }] }),
    detail: async () => ({ instances: world.instances }),
    may: () => true,
  } as unknown as HomeStreamsOptions['devices'];
  const audit = { record: async () => {} } as unknown as HomeStreamsOptions['audit'];
  const streams = new HomeStreams({
    ...{ ra, devices, audit, log: silentLog, maxStreams: 10 },
    ...{ clock: time, timers: time },
  });
  const write = (text: string) => void (text.startsWith('data: ') && told.push(JSON.parse(text.slice(6))));
  const sink: HomeSink = { write, pending: () => 0, end: () => {} };
  const become = async (state: string) => {
    world.state = state;
    world.told('lamp');
    await settled();
  };
  /** Its user does not come back. */
  const gone = async () => {
    await settled();
    await time.advance(seconds(61));
    await settled();
  };
  return { time, news, streams, sink, watches, become, gone, world, told };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a page that closes while a device is away leaves no watch behind', async () => {
  const { streams, sink, watches, become, gone } = home();
  const leave = streams.open('ann', sink)!;
  await settled();
  assert.deepEqual([...watches], [`ann 1 lamp ${path}`]);
  await become('OFFLINE');
  leave();
  await gone();
  assert.deepEqual([...watches], []);
});

test('of a device that falls asleep while a page reads it the page is not told that it is there', async () => {
  const { streams, sink, world, told } = home();
  world.instances = [{ path: '/3303/0', resources: [] }];
  // Nobody is told by the presence: it was looked at before the page showed the device.
  world.read = () => {
    world.state = 'SLEEPING';
  };
  const leave = streams.open('ann', sink)!;
  await settled();
  assert.deepEqual(
    told.filter(({ kind }) => kind === 'state').map((event) => 'state' in event && event.state),
    ['SLEEPING'],
  );
  leave();
});

test('a device that comes back is watched again, once', async () => {
  const { streams, sink, watches, become, gone } = home();
  const leave = streams.open('ann', sink)!;
  await settled();
  await become('OFFLINE');
  watches.clear(); // with its registration a terminal forgot what it observes
  await become('ONLINE');
  assert.deepEqual([...watches], [`ann 1 lamp ${path}`]);
  leave();
  await gone();
  assert.deepEqual([...watches], []);
});

test('a page that is loaded again finds its values observed, and one that comes too late does not', async () => {
  const { streams, sink, watches, become, world, told, time, gone } = home();
  const leave = streams.open('ann', sink)!;
  await settled();
  const watch = world.watch!;
  await become('SLEEPING');
  leave();
  await time.advance(seconds(59));
  await settled();
  assert.deepEqual([...watches], [`ann 1 lamp ${path}`]);
  told.length = 0;
  watch.deliver!(time.epoch(), []);
  assert.equal(told.length, 0, 'nobody looks');
  const leaveAgain = streams.open('ann', sink)!;
  leave(); // said twice, it is of the page that is gone
  await settled();
  await time.advance(seconds(120));
  await settled();
  assert.equal(streams.pagesOf('ann'), 1);
  assert.equal(world.watch, watch, 'the device sleeps, and is not asked');
  watch.deliver!(time.epoch(), [{ path, type: 'float', text: '21.5' }]);
  assert.deepEqual(told.at(-1)?.values?.[0]?.value, 21.5);
  leaveAgain();
  await gone();
  assert.deepEqual([...watches], []);
  const leaveLate = streams.open('ann', sink)!;
  await settled();
  assert.deepEqual([...watches], [], 'it sleeps');
  leaveLate();
});

test('what pages leave is kept for so many users, the last ones, and once for each', async () => {
  const { streams, sink, watches } = home();
  const users = Array.from({ length: 11 }, (_, index) => `user-${index}`);
  for (const user of users) {
    const leaving = [streams.open(user, sink)!];
    await settled();
    if (user === users[5]) leaving.push(streams.open(user, sink)!);
    await settled();
    for (const leave of leaving) leave();
    await settled();
  }
  const kept = [...watches].map((text) => text.split(' ')[0]);
  assert.deepEqual(kept, users.slice(1));
  streams.close();
});

test('§9: a page is told when no more values come, and why', async () => {
  const { streams, sink, watches, world, told } = home();
  const leave = streams.open('ann', sink)!;
  await settled();
  const ended = world.watch!;
  watches.clear();
  ended.onEnded!('expired');
  const { kind, device, reason, path: at } = told.at(-1)!;
  assert.deepEqual([kind, device, reason, at], ['ended', 'lamp@home.example', 'expired', path]);
  leave();
});

test('§9: a guest is told when a permission ends though nothing is observed, by what was looked up last', async () => {
  const { streams, sink, world, told, time } = home();
  world.state = 'OFFLINE';
  const until = (seconds: number) => {
    const expiresAt = time.epoch() + 1000 * seconds;
    return [{ device: { account: 'lamp' }, binding: undefined, facts: { grants: [{ expiresAt }] } }];
  };
  const first = Promise.withResolvers<unknown[]>();
  world.seenBy = () => first.promise;
  const leave = streams.open('bob', sink)!;
  const ends = until(3);
  world.seenBy = async () => ends;
  const grant = {
    device: 'lamp',
    grantedBy: 'ann',
    feature: '*',
    operations: ['read'],
    subject: { kind: 'account', account: 'bob' },
  };
  world.changed({ kind: 'granted', grant });
  await settled();
  const granted = told.find((event) => event.kind === 'granted');
  assert.deepEqual([granted?.user, granted?.operations], ['ann@home.example', ['read']]);
  assert.deepEqual([granted?.feature, granted?.to], ['*', undefined]);
  first.resolve(until(3600)); // as it was before, heard late
  await settled();
  world.seenBy = async () => [];
  await time.advance(seconds(4));
  await settled();
  const { kind, device, reason, path: at } = told.at(-1)!;
  assert.deepEqual([kind, device, reason, at], ['ended', 'lamp@home.example', 'expired', undefined]);
  leave();
});

test('§9: an owner is told to whom what of a device was permitted and until when, and what was revoked', async () => {
  const { streams, sink, world, told } = home();
  world.state = 'OFFLINE';
  world.seenBy = async () => [];
  const leave = streams.open('ann', sink)!;
  const feature = 'urn:oma:lwm2m:ext:3303';
  const subject = { kind: 'account', account: 'bob' };
  const grant = { device: 'lamp', grantedBy: 'cid', feature, operations: ['read'], subject, expiresAt: 60_000 };
  world.owners = ['ann', 'cid'];
  world.changed({ kind: 'granted', grant });
  world.changed({ kind: 'revoked', device: 'lamp', feature, subject: { kind: 'class', class: 'owner' }, by: 'cid' });
  await settled();
  const [granted, revoked] = told.filter(({ kind }) => kind === 'granted' || kind === 'revoked');
  const { time: _, news: number, ...news } = granted!;
  assert.equal(typeof number, 'number');
  assert.deepEqual(news, {
    ...{ kind: 'granted', device: 'lamp@home.example', user: 'cid@home.example', to: 'bob@home.example' },
    ...{ feature, featureName: 'Temperature', operations: ['read'], expiresAt: '1970-01-01T00:01:00.000Z' },
  });
  assert.deepEqual([revoked?.to, revoked?.feature, revoked?.featureName], ['owners', feature, 'Temperature']);
  leave();
});

test('news are kept for who looks later: so many, for so long, each once, and an open page hears them under their numbers', async () => {
  const { streams, sink, world, news, told, time } = home();
  world.seenBy = async () => [];
  const leave = streams.open('ann', sink)!;
  const page = () => news.page('ann', { before: undefined, limit: 10 });
  const grant = { device: 'lamp', grantedBy: 'cid', feature: '*', operations: ['read'] } as never as Grant;
  const change = { kind: 'granted', grant: { ...grant, subject: { kind: 'account', account: 'ann' } } } as const;
  await news.changed(change, 'a');
  await news.changed(change, 'a'); // as after a crash
  for (const text of ['one', 'two', 'three']) await news.message('ann', text);
  const { items, unread } = await page();
  assert.deepEqual([items.map(({ text }) => text), unread], [['three', 'two', 'one'], 3]);
  assert.deepEqual(
    told.map(({ kind, text, news }) => [kind, text, news]),
    [['granted', undefined, 2], ...items.toReversed().map((item) => ['message', item.text, item.news])],
  );
  await news.read('ann', items[1]!.news!);
  assert.equal((await page()).unread, 1);
  const { kind, upTo } = told.at(-1)!;
  assert.deepEqual({ kind, upTo }, { kind: 'news-read', upTo: items[1]!.news });
  leave();
  await time.advance(days(2));
  assert.deepEqual(await page(), { items: [], unread: 0 });
});
