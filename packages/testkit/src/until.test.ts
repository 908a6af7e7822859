import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds } from '@yaolian/kernel';
import { insist, inTime, until } from './until.ts';

const bound = milliseconds(30);
const interval = milliseconds(1);

test('it looks until there is something, and returns that', async () => {
  let looks = 0;
  assert.equal(await until(() => (++looks < 3 ? undefined : 'found'), 'the third look'), 'found');
  assert.equal(looks, 3);
  assert.equal(await until(async () => ++looks === 6, 'the sixth look', { interval }), true);
});

test('what never comes fails the test by name, with what was seen instead, and is not looked for any more', async () => {
  let looks = 0;
  const never = until(
    () => ++looks < 0,
    () => `a number below zero; it was ${looks}`,
    { bound, interval },
  );
  await assert.rejects(never, /^AssertionError.*: waited 30ms in vain for a number below zero; it was \d+$/);
  const seen = looks;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(looks <= seen + 1, 'at most the look that was under way');
});

test('a look that never ends, and a promise that is never kept, fail the test as well', async () => {
  await assert.rejects(
    until(() => new Promise<boolean>(() => {}), 'an answer', { bound }),
    /in vain for an answer$/,
  );
  await assert.rejects(inTime(new Promise(() => {}), 'a promise', bound), /waited 30ms in vain for a promise$/);
  assert.equal(await inTime(Promise.resolve(5), 'five'), 5);
});

test('it acts at once, and again until what is awaited is there', async () => {
  let acts = 0;
  const third = until(() => acts >= 3, 'the third act');
  await insist(() => void acts++, third, interval);
  const counted = acts;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(acts, counted);
});

test('a look that throws fails the test at once', async () => {
  const look = () => {
    throw new RangeError('there is none');
  };
  await assert.rejects(until(look, 'nothing'), RangeError);
  await assert.rejects(inTime(Promise.reject(new RangeError('none')), 'nothing'), RangeError);
});
