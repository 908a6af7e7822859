import { type Timer, type Timers, zeroDuration } from '@yaolian/kernel';
import type { Emitter, TypedEvent } from './emitter.ts';

/** Events that are told together: at once, or when what they are about is stored. */
interface Group<E> {
  readonly events: E[];
  readonly stored: Promise<void> | undefined;
  ready: boolean;
}

/**
 * Emits events in order, a moment after they happened: a listener that asks the terminal something at once must not have
 * its request overtake the response that is being sent. One timer serves all that is waiting.
 */
export class EventOutbox<E extends TypedEvent> {
  readonly #emitter: Emitter<E>;
  readonly #timers: Timers;
  #waiting: Group<E>[] = [];
  readonly #onStoring: ((event: E) => void) | undefined;
  #timer: Timer | undefined;
  #closed = false;

  /** @param onStoring told of what {@link store} says */
  constructor(emitter: Emitter<E>, timers: Timers, onStoring?: (event: E) => void) {
    this.#emitter = emitter;
    this.#timers = timers;
    this.#onStoring = onStoring;
  }

  /**
   * Says that what the event is about is given to the store now, in this turn. {@link push} follows with the same object once
   * it is there.
   */
  store<Stored extends E>(event: Stored): Stored {
    if (!this.#closed) this.#onStoring?.(event);
    return event;
  }

  /** @param stored what the event, and those after it, wait for; that it fails changes nothing */
  push(event: E, stored?: Promise<void>): void {
    if (this.#closed || !this.#emitter.hasListeners(event.type)) return;
    const last = this.#waiting.at(-1);
    if (last && (stored === undefined || last.stored === stored)) {
      last.events.push(event);
      return;
    }
    const group: Group<E> = { events: [event], stored, ready: stored === undefined };
    this.#waiting.push(group);
    if (stored === undefined) this.#flushSoon();
    else void this.#release(group, stored);
  }

  /** Emits what is waiting for nothing but its moment, and what that brings about. */
  flush(): void {
    while (this.#waiting[0]?.ready) for (const event of this.#waiting.shift()!.events) this.#emitter.emit(event);
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Emits everything, and nothing after that. */
  close(): void {
    for (const group of this.#waiting) group.ready = true;
    this.flush();
    this.#closed = true;
  }

  async #release(group: Group<E>, stored: Promise<void>): Promise<void> {
    await stored.catch(() => {}); // who stores tells of it
    group.ready = true;
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (!this.#closed) this.#timer ??= this.#timers.schedule(zeroDuration, () => this.flush());
  }
}
