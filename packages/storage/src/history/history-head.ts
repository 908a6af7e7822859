import { type HistoryPoint, type HistoryValue, isCut } from '@yaolian/directory';
import type { NumberedPoints } from './numbered-points.ts';

/** Points of a series in columns: a number takes eight bytes in one, where an object of its own takes fifty. */
interface Columns {
  readonly times: number[];
  readonly values: HistoryValue[];
}

/** Points that are durable in the journal and not in chunks yet. */
export class HistoryHead {
  readonly #series = new Map<number, Columns>();
  #count = 0;

  /** Points of all series; long ones count for several. */
  get count(): number {
    return this.#count;
  }

  add({ series, times, values }: NumberedPoints): void {
    for (let i = 0; i < series.length; i++) this.#add(series[i]!, times[i]!, values[i]!);
  }

  #add(series: number, time: number, value: HistoryValue): void {
    const columns = this.#series.get(series);
    if (columns) {
      columns.times.push(time);
      columns.values.push(value);
    } else this.#series.set(series, { times: [time], values: [value] });
    this.#count += weightOf(value);
  }

  /** In the order in which they came. */
  of(series: number): HistoryPoint[] {
    const columns = this.#series.get(series);
    return columns ? columns.times.map((time, i) => ({ time, value: columns.values[i]! })) : [];
  }

  series(): IterableIterator<number> {
    return this.#series.keys();
  }

  remove(series: number): void {
    for (const value of this.#series.get(series)?.values ?? []) this.#count -= weightOf(value);
    this.#series.delete(series);
  }
}

/** One, and one more for each 64 bytes of a text. */
function weightOf(value: HistoryValue): number {
  if (typeof value === 'number') return 1;
  const content = typeof value === 'object' && isCut(value) ? value.kept : value;
  const size = typeof content === 'string' || content instanceof Uint8Array ? content.length : 0;
  return 1 + (size >> 6);
}
