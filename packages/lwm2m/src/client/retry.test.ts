import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { retryDefaults, retryDelay } from './retry.ts';

const steady = { ...retryDefaults, jitter: 0 };
const random = new SeededRandom(1);

test('waits double up to the maximum', () => {
  const waits = [1, 2, 3, 4, 9, 10, 2000].map((failures) => retryDelay(steady, failures, random));
  assert.deepEqual(waits, [10_000, 20_000, 40_000, 80_000, 2_560_000, 3_600_000, 3_600_000]);
});

test('what the server asks for counts, beyond the maximum too', () => {
  assert.equal(retryDelay(steady, 1, random, seconds(30)), 30_000);
  assert.equal(retryDelay(steady, 1, random, seconds(7200)), 7_200_000);
  assert.equal(retryDelay(steady, 3, random, seconds(30)), 40_000);
});

test('jitter only ever adds, at most its share', () => {
  for (let i = 0; i < 100; i++) {
    const wait = retryDelay({ ...retryDefaults, jitter: 0.5 }, 1, random, seconds(30));
    assert.ok(wait >= 30_000 && wait < 45_000, `${wait}`);
  }
});
