import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Renewal } from './renewal.ts';

test('requests wait for the sign-in, and all of them go on', async () => {
  const renewal = new Renewal();
  const waiting = [renewal.wait(), renewal.wait(new AbortController().signal)];
  assert.equal(renewal.isNeeded.value, true);
  renewal.settle(true);
  assert.deepEqual(await Promise.all(waiting), [true, true]);
  assert.equal(renewal.isNeeded.value, false);
});

test('where somebody else or nobody signs in they come to nothing, and the next session ends anew', async () => {
  const renewal = new Renewal();
  const first = renewal.wait();
  renewal.settle(false);
  assert.equal(await first, false);
  const second = renewal.wait();
  assert.equal(renewal.isNeeded.value, true);
  renewal.settle(true);
  assert.equal(await second, true);
});

test('a request that nobody wants any more waits no longer; the others do', async () => {
  const renewal = new Renewal();
  const leaving = new AbortController();
  const left = renewal.wait(leaving.signal);
  const stays = renewal.wait();
  leaving.abort(new Error('left'));
  await assert.rejects(left, /left/);
  await assert.rejects(renewal.wait(leaving.signal), /left/);
  renewal.settle(true);
  assert.equal(await stays, true);
});
