import { performance } from 'node:perf_hooks';
import { type Clock, milliseconds, type Timer, type Timers } from '@yaolian/kernel';

/** The machine's clock. */
export const nodeClock: Clock = {
  monotonic: () => performance.now(),
  epoch: () => Date.now(),
};

/** What `setTimeout` takes; it fires at once for more. */
const longestTimeout = 2 ** 31 - 1;

/** The event loop's timers. A pending one does not keep the process alive. */
export const nodeTimers: Timers = {
  schedule(delay, callback) {
    return delay <= longestTimeout ? new NodeTimer(delay, callback) : new LongTimer(delay, callback);
  },
};

class NodeTimer implements Timer {
  readonly #timeout: NodeJS.Timeout;

  constructor(delay: number, callback: () => void) {
    this.#timeout = setTimeout(callback, delay).unref();
  }

  cancel(): void {
    clearTimeout(this.#timeout);
  }
}

/** A delay of more than 24 days, in legs. */
class LongTimer implements Timer {
  #leg: Timer;

  constructor(delay: number, callback: () => void) {
    this.#leg = new NodeTimer(longestTimeout, () => {
      this.#leg = nodeTimers.schedule(milliseconds(delay - longestTimeout), callback);
    });
  }

  cancel(): void {
    this.#leg.cancel();
  }
}
