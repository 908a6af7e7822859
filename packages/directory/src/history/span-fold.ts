import { numberOf } from './history-values.ts';
import type { HistoryPoint, HistorySpan, SpanNumbers } from './value-history.ts';

/**
 * Points in order of time with all values of a span of `length` milliseconds as one point; a value that is alone in its span
 * stays as it is. Spans begin at multiples of `length` since the epoch, and what was put together before goes in as a whole.
 */
export function foldSpans(points: readonly HistoryPoint[], length: number): HistoryPoint[] {
  const folded: HistoryPoint[] = [];
  for (let start = 0; start < points.length; ) {
    const span = Math.floor(points[start]!.time / length);
    let end = start + 1;
    while (end < points.length && Math.floor(points[end]!.time / length) === span) end++;
    folded.push(end - start === 1 ? points[start]! : together(points.slice(start, end), length));
    start = end;
  }
  return folded;
}

/** How many values a point stands for. */
export function countOf({ span }: HistoryPoint): number {
  return span?.count ?? 1;
}

/** What is to be said of the numbers that a point stands for; undefined when there are none. */
function numbersOf({ value, span }: HistoryPoint): SpanNumbers | undefined {
  if (span) return span.numbers;
  const number = numberOf(value);
  return number === undefined ? undefined : { count: 1, min: number, max: number, sum: number };
}

function together(points: readonly HistoryPoint[], length: number): HistoryPoint {
  const { time, value } = points.at(-1)!;
  const span: { -readonly [K in keyof HistorySpan]: HistorySpan[K] } = { length, count: 0 };
  for (const point of points) {
    span.length = Math.max(span.length, point.span?.length ?? 0);
    span.count += countOf(point);
    const numbers = numbersOf(point);
    if (numbers) span.numbers = addNumbers(span.numbers, numbers);
  }
  return { time, value, span };
}

function addNumbers(a: SpanNumbers | undefined, b: SpanNumbers): SpanNumbers {
  if (!a) return b;
  return { count: a.count + b.count, min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), sum: a.sum + b.sum };
}
