import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { onAbort } from './abort-listeners.ts';

const count = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

test('one listener of a signal tells all who wait, and is gone when nobody does', () => {
  const controller = new AbortController();
  const { signal } = controller;
  const told: number[] = [];
  const ends = [1, 2, 3].map((number) => onAbort(signal, () => told.push(number)));
  assert.equal(count(signal), 1);
  ends[1]!();
  ends[1]!();
  controller.abort();
  assert.deepEqual(told, [1, 3]);
  ends[0]!();
  assert.equal(count(signal), 1);
  ends[2]!();
  assert.equal(count(signal), 0);
  ends[2]!();
});

test('who ends another while all are told keeps nobody from being told', () => {
  const controller = new AbortController();
  const told: string[] = [];
  const ends: (() => void)[] = [];
  ends.push(
    onAbort(controller.signal, () => {
      told.push('a');
      ends[0]!();
    }),
  );
  ends.push(
    onAbort(controller.signal, () => {
      told.push('b');
      ends[1]!();
    }),
  );
  controller.abort();
  assert.deepEqual(told, ['a', 'b']);
  assert.equal(count(controller.signal), 0);
  const again = onAbort(controller.signal, () => {});
  assert.equal(count(controller.signal), 1);
  again();
});
