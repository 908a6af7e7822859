import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, hours, milliseconds, minutes, parseDuration, seconds } from './duration.ts';

test('reads what people write', () => {
  assert.equal(parseDuration('250ms'), 250);
  assert.equal(parseDuration('1.5s'), 1500);
  assert.equal(parseDuration('1h30m'), hours(1) + minutes(30));
});

test('refuses anything else and says what is right', () => {
  for (const text of ['', '5', 's', '-1s', '5 s', '1y', '1h 30m', '٣s']) {
    assert.throws(() => parseDuration(text), /is not a duration; write a number with a unit/);
  }
  assert.throws(() => milliseconds(Number.NaN), RangeError);
  assert.throws(() => seconds(-1), RangeError);
});

test('writes durations that it reads back', () => {
  assert.equal(formatDuration(milliseconds(0)), '0s');
  assert.equal(formatDuration(hours(25.5)), '1d1h');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 59_999 }), (count) => {
      assert.equal(parseDuration(formatDuration(milliseconds(count))), count);
    }),
  );
});
