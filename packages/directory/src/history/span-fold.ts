import { numberOf } from './history-values.ts';
import type { HistoryPoint, HistorySpan, SpanNumbers } from './value-history.ts';

/** Milliseconds since the epoch, the end exclusive. */
interface Interval {
  readonly start: number;
  readonly end: number;
}

/** The time that a point stands for, when values are put together by `length` milliseconds: that of its own span where that is longer. */
export function intervalOf({ time, span }: HistoryPoint, length: number): Interval {
  const own = Math.max(length, span?.length ?? 0);
  const start = Math.floor(time / own) * own;
  return { start, end: start + own };
}

/**
 * Points in order of time with all values of a span of `length` milliseconds as one point; a value that is alone in its span
 * stays as it is. Spans begin at multiples of `length` since the epoch. What was put together before goes in as a whole, and what
 * came late goes into the span that covers its time, one of a greater length too, which has to be a multiple of this one.
 */
export function foldSpans(points: readonly HistoryPoint[], length: number): HistoryPoint[] {
  const groups: Group[] = [];
  for (const point of points) {
    let group: Group = { ...intervalOf(point, length), points: [point] };
    for (let last = groups.at(-1); last !== undefined && last.end > group.start; last = groups.at(-1)) {
      groups.pop();
      group = joined(last, group);
    }
    groups.push(group);
  }
  return groups.map(({ points }) => (points.length === 1 ? points[0]! : together(points, length)));
}

interface Group extends Interval {
  readonly points: HistoryPoint[];
}

function joined(a: Group, b: Group): Group {
  a.points.push(...b.points);
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end), points: a.points };
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
