import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sortedPoints } from './history-values.ts';

test('points come in order of time, and equal values of one moment once', () => {
  const [a, b, c] = [
    { time: 1, value: 7 },
    { time: 2, value: 7 },
    { time: 2, value: 8 },
  ];
  assert.deepEqual(sortedPoints([b, c, a, { ...b }]), [a, b, c]);
  assert.deepEqual(sortedPoints([a, b, { ...b }]), [a, b], 'in order, but one of them twice');
  assert.deepEqual(sortedPoints([a, c]), [a, c]);
  assert.deepEqual(sortedPoints([]), []);
});
