import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { days, milliseconds } from '@yaolian/kernel';
import { nodeClock, nodeTimers } from './clock.ts';

test('the monotonic clock does not go back, and the epoch is that of the system', () => {
  const before = Date.now();
  const [first, second] = [nodeClock.monotonic(), nodeClock.monotonic()];
  assert.ok(second >= first);
  assert.ok(nodeClock.epoch() >= before && nodeClock.epoch() <= Date.now());
});

test('a timer runs once, a cancelled one not at all', async () => {
  const ran: string[] = [];
  const done = new Promise<void>((resolve) => {
    nodeTimers.schedule(milliseconds(0), () => ran.push('cancelled')).cancel();
    const first = nodeTimers.schedule(milliseconds(0), () => ran.push('first'));
    nodeTimers.schedule(milliseconds(1), () => {
      first.cancel(); // harmless after it ran
      ran.push('second');
      resolve();
    });
  });
  const alive = setTimeout(() => {}, 10_000); // our timers do not keep the process alive
  await done;
  clearTimeout(alive);
  assert.deepEqual(ran, ['first', 'second']);
});

test('delays above what setTimeout takes are walked in legs, and can be cancelled in each of them', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const ran: string[] = [];
  const leg = 2 ** 31 - 1; // milliseconds, 24.9 days
  nodeTimers.schedule(days(60), () => ran.push('60 days'));
  const cancelled = nodeTimers.schedule(days(61), () => ran.push('61 days'));
  t.mock.timers.tick(leg);
  cancelled.cancel();
  t.mock.timers.tick(leg);
  t.mock.timers.tick(days(60) - 2 * leg - 1);
  assert.deepEqual(ran, []);
  t.mock.timers.tick(1);
  t.mock.timers.tick(days(2));
  assert.deepEqual(ran, ['60 days']);
});

test('a pending timer does not keep a process alive', async () => {
  const script = `
    import { nodeTimers } from ${JSON.stringify(import.meta.resolve('./clock.ts'))};
    nodeTimers.schedule(600_000, () => {});
    nodeTimers.schedule(2 ** 40, () => {});`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 });
});
