import type { Clock, Duration, Timer, Timers } from '@yaolian/kernel';

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** A clock and its timers that move only when a test says so. */
export class VirtualTime implements Clock, Timers {
  #start: number;
  readonly #queue: Scheduled[] = [];
  #now = 0;
  #order = 0;

  /** @param start what {@link epoch} says at first, in milliseconds since 1970. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#start = start;
  }

  monotonic(): number {
    return this.#now;
  }

  epoch(): number {
    return this.#start + this.#now;
  }

  /** Sets what {@link epoch} says ahead, or back when negative, as an operator or NTP does; timers do not notice. */
  setClock(ahead: number): void {
    this.#start += ahead;
  }

  schedule(delay: Duration, callback: () => void): Timer {
    const scheduled: Scheduled = { at: this.#now + delay, order: this.#order++, callback, cancelled: false };
    this.#push(scheduled);
    return {
      cancel: () => {
        scheduled.cancelled = true;
      },
    };
  }

  /** How many timers would still fire. A test that closed everything expects 0. */
  get pending(): number {
    return this.#queue.filter((scheduled) => !scheduled.cancelled).length;
  }

  /**
   * Moves time forward. Every timer due on the way runs at its own time, in order; promises settle after each one, so that
   * what a callback started asynchronously happens before the next timer.
   */
  async advance(duration: Duration): Promise<void> {
    const end = this.#now + duration;
    await settle();
    for (;;) {
      const next = this.#queue[0];
      if (!next || next.at > end) break;
      this.#pop();
      if (next.cancelled) continue;
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Advances until `promise` settles, at most `limit`. */
  async until<T>(promise: Promise<T>, limit: Duration): Promise<T> {
    let settled = false;
    const watch = promise.then(
      () => {
        settled = true;
      },
      () => {
        settled = true;
      },
    );
    const end = this.#now + limit;
    await settle();
    while (!settled) {
      const next = this.#queue[0];
      if (!next || next.at > end) throw new Error(`not settled within ${limit} ms of virtual time`);
      await this.advance(Math.max(0, next.at - this.#now) as Duration);
    }
    await watch;
    return promise;
  }

  #push(scheduled: Scheduled): void {
    const queue = this.#queue;
    let index = queue.length;
    queue.push(scheduled);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(scheduled, queue[parent]!)) break;
      queue[index] = queue[parent]!;
      index = parent;
    }
    queue[index] = scheduled;
  }

  #pop(): void {
    const queue = this.#queue;
    const last = queue.pop()!;
    if (queue.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= queue.length) break;
      if (child + 1 < queue.length && isBefore(queue[child + 1]!, queue[child]!)) child++;
      if (!isBefore(queue[child]!, last)) break;
      queue[index] = queue[child]!;
      index = child;
    }
    queue[index] = last;
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Lets everything that is already resolved run: one turn of the event loop drains all microtasks, however deep. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
