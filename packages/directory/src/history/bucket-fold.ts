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
  add({ time, value }: HistoryPoint): boolean {
    const start = this.startOf(time);
    if (start !== this.#start) {
      this.close();
      if (this.buckets.length >= this.#limit) return false;
      this.#start = start;
    }
    this.#count++;
    this.#last = value;
    const number = numberOf(value);
    if (number !== undefined) this.#addNumber(number);
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

  #addNumber(number: number): void {
    if (this.#numbers === 0 || number < this.#min) this.#min = number;
    if (this.#numbers === 0 || number > this.#max) this.#max = number;
    this.#sum += number;
    this.#numbers++;
  }
}

function numberOf(value: HistoryValue): number | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'boolean' ? Number(value) : undefined;
}
