import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTimeZone, spanStarts } from './time-spans.ts';

const hour = 3_600_000;
const day = 24 * hour;
const text = (time: number) => new Date(time).toISOString().slice(0, 16);

/** The begins of the spans that the hours of some days are in. */
function begins(zone: string, from: string, days: number, length = 1): string[] {
  const startOf = spanStarts(length * day, zone);
  const first = Date.parse(from);
  const found = Array.from({ length: days * 24 }, (_, i) => startOf(first + i * hour));
  return [...new Set(found)].map(text);
}

test('without a zone spans begin at multiples since 1970', () => {
  const startOf = spanStarts(2000);
  assert.deepEqual([startOf(0), startOf(1999), startOf(2000), startOf(-1)], [0, 0, 2000, -2000]);
});

test('days begin at midnight of a zone, also where the clock is put', () => {
  assert.deepEqual(begins('Asia/Shanghai', '2026-01-30T17:00Z', 2), [
    ...['2026-01-30T16:00', '2026-01-31T16:00', '2026-02-01T16:00'],
  ]);
  assert.deepEqual(begins('Europe/Berlin', '2026-10-24T00:00Z', 3), [
    ...['2026-10-23T22:00', '2026-10-24T22:00', '2026-10-25T23:00', '2026-10-26T23:00'],
  ]);
  // Midnight is skipped: the day begins at 1 o'clock.
  assert.deepEqual(begins('Africa/Cairo', '2026-04-23T12:00Z', 2), [
    ...['2026-04-22T22:00', '2026-04-23T22:00', '2026-04-24T21:00'],
  ]);
  // Midnight comes twice: the day begins with the first.
  assert.deepEqual(begins('America/Havana', '2026-10-31T12:00Z', 2), [
    ...['2026-10-31T04:00', '2026-11-01T04:00', '2026-11-02T05:00'],
  ]);
  // A day that never was: the island went over the date line.
  assert.deepEqual(begins('Pacific/Apia', '2011-12-29T12:00Z', 2), [
    '2011-12-29T10:00',
    '2011-12-30T10:00',
    '2011-12-31T10:00',
  ]);
  assert.deepEqual(begins('America/St_Johns', '2026-07-01T12:00Z', 1), ['2026-07-01T02:30', '2026-07-02T02:30']);
});

test('spans of several days are counted from 1970 there', () => {
  const [first, second] = begins('Asia/Shanghai', '2026-01-01T00:00Z', 14, 7);
  assert.equal(Date.parse(`${second}Z`) - Date.parse(`${first}Z`), 7 * day);
  assert.equal((Date.parse(`${first}Z`) + 8 * hour) % (7 * day), 0);
});

test('times come in any order, and every time is in its span', () => {
  const startOf = spanStarts(day, 'America/New_York');
  for (const time of [1e12, 0, 1.7e12, 1.7e12 + hour, -5e12, 1.7e12]) {
    const start = startOf(time);
    assert.ok(start <= time && time - start < 25.5 * hour, `${time}`);
  }
});

test('what is no zone, and spans that are no whole days in one, are refused', () => {
  assert.deepEqual(['Asia/Shanghai', 'UTC', 'Mars/Base', ''].map(isTimeZone), [true, true, false, false]);
  assert.throws(() => spanStarts(hour, 'UTC'), RangeError);
  assert.throws(() => spanStarts(0), RangeError);
  assert.throws(() => spanStarts(day, 'Mars/Base'), RangeError);
});
