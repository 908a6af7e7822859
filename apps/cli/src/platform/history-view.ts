import type { JsonHistoryBucket } from '@yaolian/contract';
import { formatDuration, milliseconds } from '@yaolian/kernel';
import { formatChart, shortNumber } from '../output/chart.ts';
import type { Printer } from '../output/printer.ts';
import { localTime } from '../output/time.ts';

/** History in spans. */
export interface SpanView {
  readonly path: string;
  readonly name?: string;
  readonly units?: string;
  /** Milliseconds. */
  readonly every: number;
  readonly buckets: readonly JsonHistoryBucket[];
}

/** More columns than this are put together. */
const widest = 120;

/** A chart of the means, and what there is to say of all values; without numbers, the last value of each span. */
export function describeSpans(view: SpanView, printer: Printer): string {
  const { path, name, units, buckets, every } = view;
  const numbers = buckets.filter(({ mean }) => typeof mean === 'number');
  const title = [path, name, units === undefined ? undefined : `in ${units}`].filter((part) => part !== undefined);
  if (numbers.length === 0) {
    return printer.table(buckets, [
      { title: 'TIME', value: ({ time }) => localTime(time) },
      { title: 'VALUES', value: ({ count }) => count, align: 'right' },
      { title: 'LAST', value: ({ last }) => String(last), shrinks: true },
    ]);
  }
  const chart = chartOf(numbers, every);
  const count = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const mean = numbers.reduce((sum, bucket) => sum + Number(bucket.mean) * bucket.count, 0) / count;
  const facts = printer.facts([
    ['Last', String(buckets.at(-1)!.last)],
    ['Least', shortNumber(Math.min(...numbers.map(({ min }) => Number(min))))],
    ['Mean', shortNumber(mean)],
    ['Greatest', shortNumber(Math.max(...numbers.map(({ max }) => Number(max))))],
    ['Values', `${count}, in spans of ${formatDuration(milliseconds(every))}`],
  ]);
  return `${printer.paint(title.join(', '), 'bold')}\n${chart}\n${facts}`;
}

function chartOf(numbers: readonly JsonHistoryBucket[], every: number): string {
  const first = Date.parse(numbers[0]!.time);
  const last = Date.parse(numbers.at(-1)!.time);
  const spans = Math.round((last - first) / every) + 1;
  const together = Math.ceil(spans / widest);
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { time, mean, count } of numbers) {
    const column = Math.floor(Math.round((Date.parse(time) - first) / every) / together);
    const cell = sums.get(column) ?? { sum: 0, count: 0 };
    sums.set(column, { sum: cell.sum + Number(mean) * count, count: cell.count + count });
  }
  const bars = [...sums].map(([column, { sum, count }]) => ({ column, value: sum / count }));
  const ends = [localTime(numbers[0]!.time), localTime(numbers.at(-1)!.time)] as const;
  return formatChart(bars, { columns: Math.ceil(spans / together), ends });
}
