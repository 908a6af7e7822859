import { type Clock, milliseconds, type Timer, type Timers } from '@yaolian/kernel';

/** Something that happens at a time. It is in at most one {@link DeadlineQueue}, at most once. */
export interface Deadline {
  /** Monotonic milliseconds. Changed by the queue only. */
  deadline: number;
  /** The place in the queue, -1 when it is in none. Changed by the queue only. */
  queueIndex: number;
  onDeadline(): void;
}

/** Platforms take timers of at most 2^31 ms; waking early does no harm. */
const longestTimer = 86_400_000;

/**
 * Many deadlines on one timer: a binary heap whose members know their place, so that the usual case, a deadline that is
 * cancelled because the answer came, costs no timer.
 */
export class DeadlineQueue {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #onError: (error: unknown) => void;
  readonly #heap: Deadline[] = [];
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #closed = false;

  /** @param onError hears what a deadline throws, so that the others come all the same */
  constructor(clock: Clock, timers: Timers, onError: (error: unknown) => void = rethrow) {
    this.#onError = onError;
    this.#clock = clock;
    this.#timers = timers;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Sets or moves the deadline of `item` to the monotonic time `at`. */
  set(item: Deadline, at: number): void {
    if (this.#closed) return;
    if (item.queueIndex >= 0) this.#removeAt(item.queueIndex);
    item.deadline = at;
    item.queueIndex = this.#heap.length;
    this.#heap.push(item);
    this.#siftUp(item.queueIndex);
    if (at < this.#timerAt) this.#wakeAt(at);
  }

  /** Harmless when `item` is not in the queue. The timer is left alone: it wakes for nothing at worst. */
  remove(item: Deadline): void {
    if (item.queueIndex >= 0) this.#removeAt(item.queueIndex);
  }

  /** Forgets everything without running it, for good. */
  close(): void {
    this.#closed = true;
    this.clear();
  }

  /** Forgets everything without running it. */
  clear(): void {
    for (const item of this.#heap) item.queueIndex = -1;
    this.#heap.length = 0;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #wakeAt(at: number): void {
    this.#timer?.cancel();
    this.#timerAt = at;
    const delay = Math.min(Math.max(0, at - this.#clock.monotonic()), longestTimer);
    this.#timer = this.#timers.schedule(milliseconds(delay), () => this.#wake());
  }

  #wake(): void {
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.monotonic();
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined) return;
      if (first.deadline > now) break;
      this.#removeAt(0);
      try {
        first.onDeadline();
      } catch (error) {
        this.#onError(error);
      }
    }
    const next = this.#heap[0]!.deadline;
    if (next < this.#timerAt) this.#wakeAt(next);
  }

  #removeAt(index: number): void {
    const heap = this.#heap;
    heap[index]!.queueIndex = -1;
    const last = heap.pop()!;
    if (index === heap.length) return;
    heap[index] = last;
    last.queueIndex = index;
    this.#siftUp(index);
    this.#siftDown(last.queueIndex);
  }

  #siftUp(start: number): void {
    const heap = this.#heap;
    const item = heap[start]!;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const other = heap[parent]!;
      if (other.deadline <= item.deadline) break;
      heap[index] = other;
      other.queueIndex = index;
      index = parent;
    }
    heap[index] = item;
    item.queueIndex = index;
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    const item = heap[start]!;
    let index = start;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.deadline < heap[child]!.deadline) child++;
      const other = heap[child]!;
      if (other.deadline >= item.deadline) break;
      heap[index] = other;
      other.queueIndex = index;
      index = child;
    }
    heap[index] = item;
    item.queueIndex = index;
  }
}

function rethrow(error: unknown): never {
  throw error;
}
