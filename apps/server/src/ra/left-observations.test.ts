import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hours, minutes, seconds, silentLog } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import type { Observing } from './left-by-pages.ts';
import { LeftObservations } from './left-observations.ts';
import { type Watch, Watchers } from './watchers.ts';

const store = {
  watches: async () => [],
  putWatch: async () => {},
  removeWatch: async () => {},
} as unknown as ConstructorParameters<typeof Watchers>[0];

const idle = {} as Observing;

test('what an account observes ends when none of its connections was there for a while, and not before', async () => {
  const time = new VirtualTime();
  const unwatched: string[] = [];
  const watchers = new Watchers(store, async (terminal, path) => void unwatched.push(`${terminal} ${path}`));
  const watch = (account: string, rest: Partial<Watch> = {}) =>
    watchers.add({ account, device: 'lamp', terminal: 't', path: `/3303/0/57${account.length}`, ...rest }, true);
  await watch('ann');
  await watch('carol');
  await watch('ann', { holder: 'page', deliver: () => {} });
  const there = new Set(['ann', 'carol']);
  const ended: string[] = [];
  const left = new LeftObservations({
    ...{ watchers, clock: time, timers: time, keep: hours(1) },
    ...{ server: idle, terminals: () => [], keepForPages: minutes(1), log: silentLog },
    isThere: (account) => there.has(account),
    end: (watches) => {
      for (const one of watches) {
        ended.push(one.account);
        void watchers.remove(one);
      }
    },
  });
  left.start();
  await time.advance(hours(2));
  assert.deepEqual(ended, [], 'both are there');
  there.delete('ann');
  await time.advance(minutes(50));
  there.add('ann');
  await time.advance(minutes(20));
  there.delete('ann');
  await time.advance(minutes(50));
  assert.deepEqual(ended, [], 'she came back in time');
  await time.advance(minutes(30));
  assert.deepEqual(ended, ['ann']);
  assert.equal(watchers.ofAccount('ann').length, 1, 'that of her page is the affair of the page');
  assert.equal(watchers.ofAccount('carol').length, 1);
  left.close();
  there.clear();
  await time.advance(hours(5));
  assert.deepEqual(ended, ['ann']);
});

test('what pages observed before a start ends when nobody came back to it, and neither operators nor updates lose theirs', async () => {
  const time = new VirtualTime();
  const unwatched: string[] = [];
  const watchers = new Watchers(store, async (terminal, path) => void unwatched.push(`${terminal} ${path}`));
  const observed = ['/3303/0/5700', '/3303/0/5701', '/3311/0/5850', '/5/0/3', '/3/0/9 /3303/0/5700'];
  const left = new LeftObservations({
    ...{ watchers, clock: time, timers: time, keep: hours(1), isThere: () => true, end: () => {}, log: silentLog },
    ...{ terminals: () => ['t', 'away'], keepForPages: minutes(1) },
    server: {
      registration: ({ deviceKey }: { readonly deviceKey: string }) => (deviceKey === 't' ? {} : undefined),
      observations: () => observed.map((path) => ({ path })),
      stands: (_terminal: string, path: string) => path === '/3303/0/5701' || path.includes(' '),
    } as unknown as Observing,
  });
  left.start();
  const page = { account: 'ann', device: 'lamp', terminal: 't', holder: 'page', deliver: () => {} };
  await watchers.add({ ...page, path: '/3311/0/5850' }, true);
  await time.advance(seconds(59));
  assert.deepEqual(unwatched, []);
  await time.advance(seconds(2));
  assert.deepEqual(unwatched, ['t /3303/0/5700']);
  left.close();
});
