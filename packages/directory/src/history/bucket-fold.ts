import { numberOf } from './history-values.ts';
import { countOf } from './span-fold.ts';
import { type SpanStart, spanStarts } from './time-spans.ts';
import type { Bucket, BucketsQuery, HistoryPoint, HistoryValue } from './value-history.ts';

/** Puts points, which come in order of time, into buckets. */
export class BucketFold {
  readonly buckets: Bucket[] = [];
  /** Where the bucket of a time begins. */
  readonly startOf: SpanStart;
  readonly #limit: number;
  #start = Number.NEGATIVE_INFINITY;
  #count = 0;
  #numbers = 0;
  #sum = 0;
  #min = 0;
  #max = 0;
  #last: HistoryValue = 0;

  constructor({ every, zone, limit }: Pick<BucketsQuery, 'every' | 'zone' | 'limit'>) {
    this.startOf = spanStarts(every, zone);
    this.#limit = limit;
  }

  /** @returns false when there is no room: the point would begin one bucket too many */
  add(point: HistoryPoint): boolean {
    const start = this.startOf(point.time);
    if (start !== this.#start) {
      this.close();
      if (this.buckets.length >= this.#limit) return false;
      this.#start = start;
    }
    this.#count += countOf(point);
    this.#last = point.value;
    const { span } = point;
    const number = span ? undefined : numberOf(point.value);
    if (number !== undefined) this.#addNumbers(1, number, number, number);
    else if (span?.numbers) this.#addNumbers(span.numbers.count, span.numbers.min, span.numbers.max, span.numbers.sum);
    return true;
  }

  /** Finishes the bucket that is being filled. */
  close(): void {
    if (this.#count === 0) return;
    const numbers =
      this.#numbers === 0 ? {} : { numbers: { min: this.#min, max: this.#max, mean: this.#sum / this.#numbers } };
    this.buckets.push({ time: this.#start, count: this.#count, last: this.#last, ...numbers });
    this.#count = 0;
    this.#numbers = 0;
    this.#sum = 0;
    this.#start = Number.NEGATIVE_INFINITY;
  }

  #addNumbers(count: number, min: number, max: number, sum: number): void {
    if (this.#numbers === 0 || min < this.#min) this.#min = min;
    if (this.#numbers === 0 || max > this.#max) this.#max = max;
    this.#sum += sum;
    this.#numbers += count;
  }
}
