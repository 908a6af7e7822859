import assert from 'node:assert/strict';
import { test } from 'node:test';
import { courseOf, rangeOf, spans, stepOf } from './course.ts';

const point = (time: number, value = time) => ({ time, value, low: value - 1, high: value + 1 });

test('each span is divided into some hundred steps that people count in', () => {
  const of = (span: (typeof spans)[number]) => stepOf(rangeOf(span));
  assert.deepEqual(spans.map(of), [10, 300, 1800, 10_800]);
  assert.equal(stepOf({ from: 0, to: 40 }), 1);
});

test('a line is broken where nothing came for much longer than usual', () => {
  const { times, values, low, high } = courseOf(
    [0, 10, 20, 30, 200, 210].map((time) => point(time)),
    10,
  );
  assert.deepEqual(times, [0, 10, 20, 30, 115, 200, 210]);
  assert.deepEqual(values, [0, 10, 20, 30, null, 200, 210]);
  assert.deepEqual([low[3], low[4], high[5]], [29, null, 201]);
});

test('what comes seldom has no gaps: its silence is usual', () => {
  const { values } = courseOf(
    [0, 900, 1700, 2900].map((time) => point(time)),
    10,
  );
  assert.deepEqual(values, [0, 900, 1700, 2900]);
  assert.deepEqual(courseOf([], 10), { times: [], values: [], low: [], high: [] });
  assert.deepEqual(courseOf([point(5)], 10).values, [5]);
});
