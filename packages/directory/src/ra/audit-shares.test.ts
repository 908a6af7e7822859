import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fairShares } from './audit-shares.ts';

test('who has few lines keeps all, and those with many have as many as each other', () => {
  assert.deepEqual(fairShares([], 10), []);
  assert.deepEqual(fairShares([3, 4], 10), [3, 4]);
  assert.deepEqual(fairShares([12], 10), [10]);
  assert.deepEqual(fairShares([1_000, 2, 3, 900], 105), [50, 2, 3, 50]);
  assert.deepEqual(fairShares([100, 100, 100], 100), [33, 33, 34]);
  assert.deepEqual(fairShares([5, 5, 5], 2), [0, 1, 1]);
});
