import { type Clock, type Duration, milliseconds, seconds, type Timer, type Timers } from '@yaolian/kernel';
import type { QueueMode } from './client-options.ts';

export interface WakefulnessHost {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Requests are under way that answers are awaited for. */
  readonly busy: boolean;
  wakefulnessChanged(awake: boolean): void;
}

/** MAX_TRANSMIT_WAIT (RFC 7252 §4.8.2): what LwM2M recommends. */
const defaultAwake = seconds(93);

/**
 * When a terminal in queue mode listens (OMA-TS-LightweightM2M_Core 1.1 §6.5): from a message of its own until a while after
 * the last message to or from a server.
 */
export class Wakefulness {
  readonly #host: WakefulnessHost;
  readonly #mode: QueueMode;
  #lastAt = 0;
  #awake = false;
  #timer: Timer | undefined;

  constructor(host: WakefulnessHost, mode: QueueMode) {
    this.#host = host;
    this.#mode = mode;
  }

  get awake(): boolean {
    return this.#awake;
  }

  /** Something is sent or came: the terminal listens from now on. */
  active(): void {
    this.#lastAt = this.#host.clock.monotonic();
    if (!this.#awake) {
      this.#awake = true;
      this.#mode.radio?.wake();
      this.#host.wakefulnessChanged(true);
    }
    this.#timer ??= this.#host.timers.schedule(this.#window, () => this.#check());
  }

  /** No timer is left. The radio stays as it is. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  get #window(): Duration {
    return this.#mode.awake ?? defaultAwake;
  }

  #check(): void {
    this.#timer = undefined;
    const left = this.#lastAt + this.#window - this.#host.clock.monotonic();
    if (left > 0 || this.#host.busy) {
      const delay = left > 0 ? milliseconds(left) : this.#window;
      this.#timer = this.#host.timers.schedule(delay, () => this.#check());
      return;
    }
    this.#awake = false;
    this.#mode.radio?.sleep();
    this.#host.wakefulnessChanged(false);
  }
}
