import type { Clock, Random, Timer, Timers } from '@yaolian/kernel';

/** The clock of a browser. */
export const webClock: Clock = {
  monotonic: () => performance.now(),
  epoch: () => Date.now(),
};

/** What `setTimeout` takes; it fires at once for more. */
const longestTimeout = 2 ** 31 - 1;

/** The timers of a browser. It may let those of pages that nobody sees run late. */
export const webTimers: Timers = {
  schedule: (delay, callback) => new WebTimer(delay, callback),
};

class WebTimer implements Timer {
  #timeout: ReturnType<typeof setTimeout> | undefined;

  constructor(delay: number, callback: () => void) {
    this.#wait(delay, callback);
  }

  cancel(): void {
    clearTimeout(this.#timeout);
  }

  /** A delay of more than 24 days, in legs. */
  #wait(delay: number, callback: () => void): void {
    if (delay <= longestTimeout) this.#timeout = setTimeout(callback, delay);
    else this.#timeout = setTimeout(() => this.#wait(delay - longestTimeout, callback), longestTimeout);
  }
}

/** What one call of `getRandomValues` gives at most. */
const mostRandomBytes = 65_536;

/** The randomness of a browser (Web Cryptography §10.1.1). */
export const webRandom: Random = {
  bytes(count) {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += mostRandomBytes) {
      crypto.getRandomValues(bytes.subarray(at, at + mostRandomBytes));
    }
    return bytes;
  },
  uint32: () => crypto.getRandomValues(new Uint32Array(1))[0]!,
  fraction: () => webRandom.uint32() / 2 ** 32,
};
