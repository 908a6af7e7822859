import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TalkAllowance } from './talk-allowance.ts';

test('an allowance is a bucket for each account that fills with time', () => {
  const talk = new TalkAllowance(2, 3, 10);
  const many = (account: string, now: number) => [1, 2, 3, 4].map(() => talk.take(account, now));
  assert.deepEqual(many('a', 0), [true, true, true, false]);
  assert.deepEqual(many('b', 0), [true, true, true, false]);
  assert.deepEqual(many('a', 1000), [true, true, false, false]);
  assert.deepEqual(many('a', 1499), [false, false, false, false]);
  assert.deepEqual(many('a', 100_000), [true, true, true, false]);
});

test('an allowance remembers so many accounts, and forgets who was silent longest', () => {
  const talk = new TalkAllowance(1, 1, 2);
  assert.ok(talk.take('a', 0));
  assert.ok(talk.take('b', 0));
  assert.ok(!talk.take('a', 0));
  assert.ok(talk.take('c', 0));
  assert.deepEqual([talk.take('a', 0), talk.take('c', 0)], [false, false]);
  assert.ok(talk.take('b', 0));
});
