import type { HistoryValue } from '@yaolian/directory';

/** Points, each with the number of its series, in columns: an object for each would take many times the memory. */
export class NumberedPoints {
  readonly series: number[] = [];
  readonly times: number[] = [];
  readonly values: HistoryValue[] = [];

  get length(): number {
    return this.series.length;
  }

  add(series: number, time: number, value: HistoryValue): void {
    this.series.push(series);
    this.times.push(time);
    this.values.push(value);
  }

  /** Forgets all but the first. */
  cutTo(length: number): void {
    this.series.length = length;
    this.times.length = length;
    this.values.length = length;
  }
}
