/** How much of the past a plot shows: the last so much of it, or a part that somebody chose. */
export const spans = ['1h', '24h', '7d', '30d'] as const;
export type Span = (typeof spans)[number];

const seconds: Readonly<Record<Span, number>> = { '1h': 3600, '24h': 86_400, '7d': 604_800, '30d': 2_592_000 };

/** Seconds since the epoch. */
export function rangeOf(span: Span, now = Date.now()): { readonly from: number; readonly to: number } {
  return { from: now / 1000 - seconds[span], to: now / 1000 };
}

/** Lengths of the steps that a range is divided into, in seconds: those that people count in. */
const steps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 86_400];

/** The length of a step so that there are some 300 of them. */
export function stepOf({ from, to }: { readonly from: number; readonly to: number }): number {
  return steps.find((step) => (to - from) / step <= 360) ?? steps.at(-1)!;
}

export interface Course {
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

export interface CoursePoint {
  readonly time: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A silence so many times as long as usual is a gap. */
const unusual = 6;

/** Points as lines, broken where nothing came for much longer than usual: there the plot does not know. */
export function courseOf(points: readonly CoursePoint[], step: number): Course {
  const least = Math.max(2.5 * step, unusual * usualDistance(points));
  const course = {
    times: [] as number[],
    values: [] as (number | null)[],
    low: [] as (number | null)[],
    high: [] as (number | null)[],
  };
  const put = (time: number, point: CoursePoint | undefined) => {
    course.times.push(time);
    course.values.push(point?.value ?? null);
    course.low.push(point?.low ?? null);
    course.high.push(point?.high ?? null);
  };
  let before: number | undefined;
  for (const point of points) {
    if (before !== undefined && point.time - before > least) put((before + point.time) / 2, undefined);
    put(point.time, point);
    before = point.time;
  }
  return course;
}

function usualDistance(points: readonly CoursePoint[]): number {
  const distances = points.slice(1).map(({ time }, index) => time - points[index]!.time);
  return distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
}
