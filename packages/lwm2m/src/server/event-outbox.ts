import { type Timer, type Timers, zeroDuration } from '@yaolian/kernel';
import type { Emitter, TypedEvent } from './emitter.ts';

/**
 * Emits events in order, a moment after they happened: a listener that asks the terminal something at once must not have
 * its request overtake the response that is being sent. One timer serves all that is waiting.
 */
export class EventOutbox<E extends TypedEvent> {
  readonly #emitter: Emitter<E>;
  readonly #timers: Timers;
  #waiting: E[] = [];
  #timer: Timer | undefined;
  #closed = false;

  constructor(emitter: Emitter<E>, timers: Timers) {
    this.#emitter = emitter;
    this.#timers = timers;
  }

  push(event: E): void {
    if (this.#closed || !this.#emitter.hasListeners(event.type)) return;
    this.#waiting.push(event);
    this.#timer ??= this.#timers.schedule(zeroDuration, () => this.flush());
  }

  /** Emits what is waiting, and what that brings about. */
  flush(): void {
    while (this.#waiting.length > 0) {
      const events = this.#waiting;
      this.#waiting = [];
      for (const event of events) this.#emitter.emit(event);
    }
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Emits what is waiting, and nothing after that. */
  close(): void {
    this.flush();
    this.#closed = true;
  }
}
