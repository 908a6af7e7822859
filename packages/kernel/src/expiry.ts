import { type Duration, milliseconds } from './duration.ts';
import type { Clock, Timer, Timers } from './ports.ts';

export interface ExpiryOptions<T> {
  readonly clock: Clock;
  readonly timers: Timers;
  /** How late an item may be found expired: the width of a bucket. */
  readonly granularity: Duration;
  /** When the item expires now, in monotonic milliseconds; undefined when it no longer does. */
  readonly deadlineOf: (item: T) => number | undefined;
  readonly onExpired: (item: T) => void;
}

/**
 * Watches many items whose deadlines mostly move later. Moving a deadline costs nothing: an item is looked at when its
 * old deadline comes, and filed again under the new one. Call {@link watch} for a new item and when a deadline moves earlier.
 */
export class Expiry<T> {
  readonly #options: ExpiryOptions<T>;
  readonly #width: number;
  readonly #buckets = new Map<number, T[]>();
  #size = 0;
  #timer: Timer | undefined;
  #timerBucket = Number.POSITIVE_INFINITY;

  constructor(options: ExpiryOptions<T>) {
    this.#options = options;
    this.#width = Math.max(1, options.granularity);
  }

  /** How often items are filed: those that no longer expire count until their old deadline comes. */
  get size(): number {
    return this.#size;
  }

  watch(item: T): void {
    const deadline = this.#options.deadlineOf(item);
    if (deadline === undefined) return;
    this.#size++;
    const index = Math.ceil(deadline / this.#width);
    const bucket = this.#buckets.get(index);
    if (bucket) bucket.push(item);
    else this.#buckets.set(index, [item]);
    if (index < this.#timerBucket) this.#wakeAt(index);
  }

  close(): void {
    this.#timer?.cancel();
    this.#buckets.clear();
    this.#size = 0;
    this.#timerBucket = Number.POSITIVE_INFINITY;
  }

  #wakeAt(index: number): void {
    this.#timer?.cancel();
    this.#timerBucket = index;
    // A timer's delay is bounded to 2^31 ms by most platforms; waking early only files the items again.
    const delay = Math.min(Math.max(0, index * this.#width - this.#options.clock.monotonic()), 86_400_000);
    this.#timer = this.#options.timers.schedule(milliseconds(delay), () => this.#wake());
  }

  #wake(): void {
    this.#timerBucket = Number.POSITIVE_INFINITY;
    const now = this.#options.clock.monotonic();
    for (const [index, items] of [...this.#buckets]) {
      if (index * this.#width > now) continue;
      this.#buckets.delete(index);
      this.#size -= items.length;
      for (const item of items) this.#check(item, now);
    }
    let next = Number.POSITIVE_INFINITY;
    for (const index of this.#buckets.keys()) if (index < next) next = index;
    if (next < this.#timerBucket) this.#wakeAt(next);
  }

  #check(item: T, now: number): void {
    const deadline = this.#options.deadlineOf(item);
    if (deadline === undefined) return;
    if (deadline <= now) this.#options.onExpired(item);
    else this.watch(item);
  }
}
