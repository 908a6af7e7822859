import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { lwm2mErrors } from './errors.ts';
import { OperationQueue, type QueueBudget } from './operation-queue.ts';

interface Step {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly finish: (value: string) => void;
}

function queueOf(budget: QueueBudget = { waiting: 0, maximum: 100 }, maximumWaiting = 2) {
  const time = new VirtualTime();
  const steps: Step[] = [];
  let idle = 0;
  const queue = new OperationQueue({
    timers: time,
    budget,
    maximumWaiting,
    client: () => 'urn:dev:1',
    onIdle: () => idle++,
  });
  const run = (name: string, signal?: AbortSignal, timeout = seconds(10)) =>
    queue.run(
      (inner) =>
        new Promise<string>((resolve, reject) => {
          steps.push({ name, signal: inner, finish: resolve });
          inner.addEventListener('abort', () => reject(inner.reason));
        }),
      signal ? { timeout, signal } : { timeout },
    );
  return { time, queue, steps, run, budget, idle: () => idle };
}

test('one at a time, in order, idle at the end', async () => {
  const { time, steps, run, budget, idle, queue } = queueOf();
  const results = [run('a'), run('b'), run('c')];
  assert.deepEqual([queue.length, budget.waiting], [2, 2]);
  for (let i = 0; i < 3; i++) {
    await time.advance(seconds(1));
    assert.equal(steps.length, i + 1);
    steps[i]!.finish(steps[i]!.name);
  }
  assert.deepEqual(await Promise.all(results), ['a', 'b', 'c']);
  await time.advance(seconds(0));
  assert.deepEqual([idle(), budget.waiting, time.pending], [1, 0, 0]);
});

test('time runs while an operation waits', async () => {
  const { time, steps, run, budget } = queueOf();
  const first = run('a');
  const second = run('b', undefined, seconds(9));
  first.catch(() => {});
  await time.advance(seconds(5));
  const third = run('c');
  await assert.rejects(time.until(second, seconds(30)), { code: 'LWM2M_TIMEOUT' });
  await assert.rejects(time.until(first, seconds(30)), { code: 'LWM2M_TIMEOUT' });
  await time.advance(seconds(1));
  assert.deepEqual(
    steps.map(({ name }) => name),
    ['a', 'c'],
    'what timed out while waiting is never begun',
  );
  assert.equal(steps[0]!.signal.aborted, true);
  steps[1]!.finish('c');
  assert.equal(await third, 'c');
  assert.equal(budget.waiting, 0);
});

test('callers give up, before and while', async () => {
  const { time, run, steps } = queueOf();
  const abortion = new AbortController();
  const first = run('a', abortion.signal);
  const waiting = run('b', abortion.signal);
  abortion.abort(new Error('enough'));
  await assert.rejects(first, { code: 'LWM2M_ABORTED', cause: new Error('enough') });
  await assert.rejects(waiting, { code: 'LWM2M_ABORTED' });
  await assert.rejects(run('c', abortion.signal), { code: 'LWM2M_ABORTED' });
  await time.advance(seconds(20));
  assert.deepEqual([steps.length, time.pending], [1, 0]);
});

test('the queue and all queues together are bounded', async () => {
  const { run, queue } = queueOf({ waiting: 0, maximum: 100 }, 1);
  const kept = [run('a'), run('b')];
  await assert.rejects(run('c'), { code: 'LWM2M_OVERLOADED' });
  queue.end(lwm2mErrors.LWM2M_CLOSED());
  for (const result of kept) await assert.rejects(result, { code: 'LWM2M_CLOSED' });

  const shared: QueueBudget = { waiting: 1, maximum: 1 };
  const other = queueOf(shared, 9);
  const running = other.run('a');
  await assert.rejects(other.run('b'), { code: 'LWM2M_OVERLOADED' });
  other.steps[0]!.finish('a');
  assert.equal(await running, 'a');
});

test('ending rejects what waits and what runs, and leaves the queue usable', async () => {
  const { time, queue, run, steps } = queueOf();
  const both = [run('a'), run('b')];
  queue.end(lwm2mErrors.LWM2M_REGISTRATION_ENDED('urn:dev:1'));
  for (const result of both) await assert.rejects(result, { code: 'LWM2M_REGISTRATION_ENDED' });
  await time.advance(seconds(0));
  const later = run('later');
  steps.at(-1)!.finish('done');
  assert.equal(await later, 'done');
});
