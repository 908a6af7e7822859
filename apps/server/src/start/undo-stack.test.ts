import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { UndoStack } from './undo-stack.ts';

test('every step runs, last one first, also after one failed; the first failure is thrown', async () => {
  const ran: string[] = [];
  const stack = new UndoStack();
  for (const what of ['storage', 'server', 'http']) {
    stack.push(what, async () => {
      ran.push(what);
      if (what !== 'storage') throw new Error(`${what} failed`);
    });
  }
  await assert.rejects(stack.run(), /^Error: http failed$/);
  assert.deepEqual(ran, ['http', 'server', 'storage']);
});

test('a step that does not end is named and not waited for; what all stand on is, however long it takes', async () => {
  const time = new VirtualTime();
  const ran: string[] = [];
  const stack = new UndoStack();
  const stored = Promise.withResolvers<void>();
  stack.push('storage', () => stored.promise.then(() => ran.push('storage')));
  stack.push('webhooks', async () => ran.push('webhooks'));
  stack.push('messages', () => new Promise(() => {}));
  stack.push('HTTP', async () => ran.push('HTTP'));
  const late: string[] = [];
  let stopped = false;
  const stop = stack.run({ timers: time, within: seconds(10), onOverrun: (what) => late.push(what) });
  stop.then(() => {
    stopped = true;
  });
  await time.advance(seconds(9));
  assert.deepEqual([ran, late], [['HTTP'], []]);
  await time.advance(seconds(1));
  assert.deepEqual([ran, late, stopped], [['HTTP', 'webhooks'], ['messages'], false]);
  stored.resolve();
  await stop;
  assert.deepEqual(ran, ['HTTP', 'webhooks', 'storage']);
});
