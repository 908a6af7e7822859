import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hours, minutes } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { LeftObservations } from './left-observations.ts';
import { type Watch, Watchers } from './watchers.ts';

const store = {
  watches: async () => [],
  putWatch: async () => {},
  removeWatch: async () => {},
} as unknown as ConstructorParameters<typeof Watchers>[0];

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
