import assert from 'node:assert/strict';
import { test } from 'node:test';
import { days, milliseconds, seconds } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import fc from 'fast-check';
import { type Deadline, DeadlineQueue } from './deadline-queue.ts';

function item(onDeadline: () => void): Deadline {
  return { deadline: 0, queueIndex: -1, onDeadline };
}

test('deadlines come in order, on one timer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(1000), { maxLength: 60 }),
      fc.infiniteStream(fc.boolean()),
      async (times, removes) => {
        const time = new VirtualTime();
        const queue = new DeadlineQueue(time, time);
        const ran: number[] = [];
        const items = times.map((at) => item(() => ran.push(at)));
        for (const [i, at] of times.entries()) queue.set(items[i]!, at);
        const kept: number[] = [];
        for (const [i, one] of items.entries()) {
          if (removes.next().value) queue.remove(one);
          else kept.push(times[i]!);
        }
        await time.advance(milliseconds(1000));
        assert.deepEqual(
          ran,
          kept.toSorted((a, b) => a - b),
        );
        assert.equal(queue.size, 0);
      },
    ),
    { numRuns: 50 },
  );
});

test('a deadline can be moved, set again when it comes, and lie far away', async () => {
  const time = new VirtualTime();
  const queue = new DeadlineQueue(time, time);
  const ran: number[] = [];
  const again: Deadline = item(() => {
    ran.push(time.monotonic());
    if (ran.length < 3) queue.set(again, time.monotonic() + 10);
  });
  queue.set(again, 100);
  queue.set(again, 50);
  await time.advance(seconds(1));
  assert.deepEqual(ran, [50, 60, 70]);
  const far = item(() => ran.push(time.monotonic()));
  queue.set(far, time.monotonic() + days(40));
  await time.advance(days(41));
  assert.equal(ran.at(-1), 1000 + days(40));
});

test('clearing leaves no timer', () => {
  const time = new VirtualTime();
  const queue = new DeadlineQueue(time, time);
  const one = item(() => assert.fail('it was cleared'));
  queue.set(one, 5);
  queue.clear();
  assert.equal(one.queueIndex, -1);
  assert.equal(time.pending, 0);
});
