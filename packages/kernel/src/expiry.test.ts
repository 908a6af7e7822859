import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '@yaolian/testkit';
import { milliseconds, seconds } from './duration.ts';
import { Expiry } from './expiry.ts';

interface Item {
  readonly name: string;
  deadline: number | undefined;
}

function watching() {
  const time = new VirtualTime();
  const expired: [string, number][] = [];
  const expiry = new Expiry<Item>({
    clock: time,
    timers: time,
    granularity: seconds(1),
    deadlineOf: (item) => item.deadline,
    onExpired: (item) => expired.push([item.name, time.monotonic()]),
  });
  return { time, expired, expiry };
}

test('items expire at their deadline, at most one granule late', async () => {
  const { time, expired, expiry } = watching();
  expiry.watch({ name: 'later', deadline: 5000 });
  expiry.watch({ name: 'sooner', deadline: 1500 });
  await time.advance(seconds(10));
  assert.deepEqual(expired, [
    ['sooner', 2000],
    ['later', 5000],
  ]);
  assert.equal(time.pending, 0);
});

test('a deadline that moved later is met later, without being watched again', async () => {
  const { time, expired, expiry } = watching();
  const item: Item = { name: 'item', deadline: 2000 };
  expiry.watch(item);
  await time.advance(seconds(1));
  item.deadline = 7000;
  await time.advance(seconds(5));
  assert.deepEqual(expired, []);
  await time.advance(seconds(2));
  assert.deepEqual(expired, [['item', 7000]]);
});

test('an item that needs no watching any more is dropped; closing leaves no timer', async () => {
  const { time, expired, expiry } = watching();
  const item: Item = { name: 'gone', deadline: 2000 };
  expiry.watch(item);
  expiry.watch({ name: 'other', deadline: 60_000 });
  item.deadline = undefined;
  await time.advance(milliseconds(2500));
  expiry.close();
  assert.deepEqual(expired, []);
  assert.equal(time.pending, 0);
});

test('an item may be watched again from its own expiry', async () => {
  const { time, expired, expiry } = watching();
  const item: Item = { name: 'again', deadline: 1000 };
  const again = new Expiry<Item>({
    clock: time,
    timers: time,
    granularity: seconds(1),
    deadlineOf: (watched) => watched.deadline,
    onExpired: (watched) => {
      expired.push([watched.name, time.monotonic()]);
      watched.deadline = expired.length < 3 ? time.monotonic() + 1000 : undefined;
      again.watch(watched);
    },
  });
  again.watch(item);
  expiry.close();
  await time.advance(seconds(10));
  assert.deepEqual(
    expired.map(([, at]) => at),
    [1000, 2000, 3000],
  );
});

test('size counts filings, and those of dropped items until their time', async () => {
  const { time, expiry } = watching();
  const dropped: Item = { name: 'dropped', deadline: 2000 };
  expiry.watch(dropped);
  expiry.watch({ name: 'other', deadline: 5000 });
  dropped.deadline = undefined;
  assert.equal(expiry.size, 2);
  await time.advance(seconds(2));
  assert.equal(expiry.size, 1);
  await time.advance(seconds(3));
  assert.equal(expiry.size, 0);
  expiry.watch({ name: 'closed', deadline: 9000 });
  expiry.close();
  assert.equal(expiry.size, 0);
});
