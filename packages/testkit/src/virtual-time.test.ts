import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds, seconds } from '@yaolian/kernel';
import { VirtualTime } from './virtual-time.ts';

test('timers run in order of time, then of scheduling, each at its own time', async () => {
  const time = new VirtualTime();
  const ran: [string, number][] = [];
  const note = (name: string) => () => ran.push([name, time.monotonic()]);
  time.schedule(milliseconds(20), note('late'));
  time.schedule(milliseconds(10), note('first'));
  time.schedule(milliseconds(10), note('second'));
  time.schedule(milliseconds(15), note('cancelled')).cancel();
  await time.advance(milliseconds(30));
  assert.deepEqual(ran, [
    ['first', 10],
    ['second', 10],
    ['late', 20],
  ]);
  assert.equal(time.monotonic(), 30);
  assert.equal(time.pending, 0);
});

test('what a timer starts asynchronously happens before the next timer', async () => {
  const time = new VirtualTime();
  const ran: string[] = [];
  time.schedule(milliseconds(1), async () => {
    await Promise.resolve();
    ran.push('continued');
  });
  time.schedule(milliseconds(1), () => ran.push('next'));
  await time.advance(milliseconds(1));
  assert.deepEqual(ran, ['continued', 'next']);
});

test('until() stops at the event it waits for', async () => {
  const time = new VirtualTime();
  const event = new Promise<string>((resolve) => time.schedule(seconds(5), () => resolve('came')));
  time.schedule(seconds(60), () => assert.fail('went too far'));
  assert.equal(await time.until(event, seconds(30)), 'came');
  assert.equal(time.monotonic(), 5000);
});
