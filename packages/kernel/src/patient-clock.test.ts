import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '@yaolian/testkit';
import { days, hours, minutes } from './duration.ts';
import { PatientClock } from './patient-clock.ts';

const year = 365 * 86_400_000;

test('a leap ahead is believed once it has lasted for a day', async () => {
  const time = new VirtualTime();
  const clock = new PatientClock(time);
  const start = time.epoch();
  time.setClock(10 * year);
  assert.equal(clock.epoch(), start);
  await time.advance(hours(23));
  assert.equal(clock.epoch(), start + hours(23));
  await time.advance(hours(2));
  assert.equal(clock.epoch(), time.epoch());
});

test('a leap that is taken back was none, and the next one waits anew', async () => {
  const time = new VirtualTime();
  const clock = new PatientClock(time, days(2));
  for (let i = 0; i < 3; i++) {
    time.setClock(10 * year);
    assert.ok(clock.epoch() < time.epoch());
    await time.advance(days(1));
    time.setClock(-10 * year);
    assert.equal(clock.epoch(), time.epoch());
  }
});

test('set back, or a little ahead, it is believed at once', () => {
  const time = new VirtualTime();
  const clock = new PatientClock(time);
  for (const ahead of [-year, minutes(59), -minutes(1), 1]) {
    time.setClock(ahead);
    assert.equal(clock.epoch(), time.epoch());
  }
  assert.equal(clock.monotonic(), time.monotonic());
});
