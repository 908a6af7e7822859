import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasValueConditions, meetsValueConditions, reportingPeriods, sampleOf } from './reporting.ts';

const none = { pmin: undefined, pmax: undefined };

test('periods come from the attributes, then from the Server object, then are none', () => {
  assert.deepEqual(reportingPeriods({ pmin: 5, pmax: 60 }, { pmin: 1, pmax: 2 }), { minimum: 5000, maximum: 60_000 });
  assert.deepEqual(reportingPeriods({}, { pmin: 1, pmax: 2 }), { minimum: 1000, maximum: 2000 });
  assert.deepEqual(reportingPeriods({}, none), { minimum: 0, maximum: undefined });
});

test('a maximum period of 0 or below the minimum counts as none, an equal one does not', () => {
  assert.equal(reportingPeriods({ pmin: 5, pmax: 0 }, none).maximum, undefined);
  assert.equal(reportingPeriods({ pmin: 5, pmax: 4 }, none).maximum, undefined);
  assert.equal(reportingPeriods({ pmin: 5, pmax: 5 }, none).maximum, 5000);
  assert.equal(reportingPeriods({ pmax: 0 }, { pmin: undefined, pmax: 9 }).maximum, undefined);
});

test('gt speaks when the threshold is crossed, upwards and downwards, and not in between', () => {
  const run = [24, 25, 25.1, 40, 25, 24];
  const heard = run.slice(1).filter((now, index) => meetsValueConditions({ gt: 25 }, 0, run[index]!, now));
  assert.deepEqual(heard, [25.1, 25]);
});

test('lt speaks when the threshold is crossed, downwards and upwards', () => {
  const run = [11, 10, 9.9, 3, 10, 12];
  const heard = run.slice(1).filter((now, index) => meetsValueConditions({ lt: 10 }, 0, run[index]!, now));
  assert.deepEqual(heard, [9.9, 10]);
});

test('st is measured from the last notification and reaching it is enough', () => {
  assert.equal(meetsValueConditions({ st: 2 }, 10, 11.5, 11.9), false);
  assert.equal(meetsValueConditions({ st: 2 }, 10, 11.5, 12), true);
  assert.equal(meetsValueConditions({ st: 2 }, 10, 9, 8), true);
  assert.equal(meetsValueConditions({ st: 1 }, 2n ** 60n, 2n ** 60n, 2n ** 60n + 1n), true);
});

test('any one condition is enough', () => {
  assert.equal(meetsValueConditions({ gt: 50, st: 10 }, 20, 29, 30), true);
  assert.equal(meetsValueConditions({ gt: 50, st: 40 }, 49, 49, 51), true);
  assert.equal(meetsValueConditions({ gt: 50, lt: 10, st: 40 }, 20, 20, 30), false);
});

test('edge tells rising from falling', () => {
  assert.equal(meetsValueConditions({ edge: 1 }, 0, 0, 1), true);
  assert.equal(meetsValueConditions({ edge: 1 }, 1, 1, 0), false);
  assert.equal(meetsValueConditions({ edge: 0 }, 1, 1, 0), true);
});

test('with numbers, a crossing is noticed exactly when the sides differ', () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(value, value, value, (gt, before, now) => {
      assert.equal(meetsValueConditions({ gt }, before, before, now), before > gt !== now > gt);
    }),
  );
});

test('what conditions can be put on: numbers, booleans and times', () => {
  assert.equal(sampleOf(3), 3);
  assert.equal(sampleOf(3n), 3n);
  assert.equal(sampleOf(true), 1);
  assert.equal(sampleOf(new Date(5999)), 5);
  assert.equal(sampleOf('3'), undefined);
  assert.equal(sampleOf(Uint8Array.of(3)), undefined);
  assert.equal(hasValueConditions({ pmin: 1, pmax: 2 }), false);
  assert.equal(hasValueConditions({ st: 0 }), true);
});
