import type { Bucket, HistoryPoint, HistoryValue } from './value-history.ts';

/** Puts points, which come in order of time, into buckets. */
export class BucketFold {
  readonly buckets: Bucket[] = [];
  readonly #every: number;
  readonly #limit: number;
  #start = Number.NEGATIVE_INFINITY;
  #count = 0;
  #numbers = 0;
  #sum = 0;
  #min = 0;
  #max = 0;
  #last: HistoryValue = 0;

  constructor(every: number, limit: number) {
    if (!(every >= 1)) throw new RangeError(`a bucket spans at least 1 ms, not ${every}`);
    this.#every = every;
    this.#limit = limit;
  }

  /** @returns false when there is no room: the point would begin one bucket too many */
  add({ time, value }: HistoryPoint): boolean {
    const start = Math.floor(time / this.#every) * this.#every;
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
