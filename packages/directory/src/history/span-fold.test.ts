import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, foldSpans, intervalOf } from './span-fold.ts';

const numbers = (value: number) => ({ count: 3, min: 0, max: value, sum: value });
const span = (time: number, length: number) => ({ time, value: 9, span: { length, count: 3, numbers: numbers(9) } });

test('a point stands for the span that it is of, or its place in one of the length that is asked', () => {
  assert.deepEqual(intervalOf({ time: 17, value: 1 }, 5), { start: 15, end: 20 });
  assert.deepEqual(intervalOf(span(17, 60), 5), { start: 0, end: 60 });
  assert.deepEqual(intervalOf(span(17, 5), 60), { start: 0, end: 60 });
  assert.deepEqual(intervalOf({ time: -1, value: 1 }, 5), { start: -5, end: 0 });
});

test('values on both sides of a longer span go into it, those beyond do not', () => {
  const values = [
    { time: 2, value: 1 },
    { time: 12, value: 2 },
    span(30, 60),
    { time: 57, value: -4 },
    { time: 60, value: 0 },
  ];
  const folded = foldSpans(values, 5);
  assert.deepEqual(folded, [
    { time: 57, value: -4, span: { length: 60, count: 6, numbers: { count: 6, min: -4, max: 9, sum: 8 } } },
    { time: 60, value: 0 },
  ]);
  assert.deepEqual(foldSpans(folded, 5), folded);
  assert.deepEqual(foldSpans([], 5), []);
  assert.equal(countOf(foldSpans([span(4, 5), span(9, 5), span(10, 5)], 10)[0]!), 6);
});
