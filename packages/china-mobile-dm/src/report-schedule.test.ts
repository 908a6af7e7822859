import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { defaultReportRules } from './report-rules.ts';
import { ReportSchedule } from './report-schedule.ts';

/** A schedule whose reports are taken or not as `answers` says, and the minutes at which it reported. */
function scheduled(answers: boolean[] = []) {
  const time = new VirtualTime();
  const at: number[] = [];
  const schedule = new ReportSchedule(time, async () => {
    at.push(time.monotonic() / 60_000);
    return answers.shift() ?? true;
  });
  return { time, at, schedule };
}

test('a report every reportTime, reportNum of them', async () => {
  const { time, at, schedule } = scheduled();
  schedule.start({ ...defaultReportRules, reportTime: 60, reportNum: 3 });
  await time.advance(minutes(600));
  assert.deepEqual(at, [60, 120, 180]);
  assert.equal(schedule.reports, 3);
  assert.equal(time.pending, 0);
});

test('a report that fails is tried again after retryInterval, retryNum times, and is given up then', async () => {
  const { time, at, schedule } = scheduled([false, true, false, false, false]);
  schedule.start({ ...defaultReportRules, reportTime: 60, reportNum: 3, retryInterval: 5, retryNum: 2 });
  await time.advance(minutes(600));
  assert.deepEqual(at, [60, 65, 125, 130, 135, 195]);
  assert.equal(schedule.reports, 3);
});

test('rules that come meanwhile begin anew, and stopping leaves no timer', async () => {
  const { time, at, schedule } = scheduled();
  schedule.start({ ...defaultReportRules, reportTime: 60, reportNum: 1 });
  await time.advance(minutes(100));
  schedule.start({ ...defaultReportRules, reportTime: 10, reportNum: 2 });
  await time.advance(minutes(15));
  schedule.stop();
  await time.advance(minutes(100));
  assert.deepEqual(at, [60, 110]);
  assert.equal(time.pending, 0);
});
