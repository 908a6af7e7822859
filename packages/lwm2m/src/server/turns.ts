/**
 * Lets one change at a time through for each key, in the order in which they came: the defined order of Register, Update,
 * De-register and expiry of one device. Costs one map entry per key with a change under way, and nothing otherwise.
 */
export class Turns {
  readonly #waiting = new Map<string, (() => void)[] | undefined>();
  readonly #maximumWaiting: number;

  /** @param maximumWaiting how many may wait for one key */
  constructor(maximumWaiting: number) {
    this.#maximumWaiting = maximumWaiting;
  }

  /** How many keys have a change under way. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Asks for the turn of `key`. `true`: it is yours now. A promise: it is yours when that resolves. `false`: too many wait.
   * Whoever got it calls {@link leave}.
   * @param unbounded waits however many wait already: for our own changes, of which there are few
   */
  enter(key: string): true | Promise<void> | false;
  enter(key: string, unbounded: 'unbounded'): true | Promise<void>;
  enter(key: string, unbounded?: 'unbounded'): true | Promise<void> | false {
    if (!this.#waiting.has(key)) {
      this.#waiting.set(key, undefined);
      return true;
    }
    const waiting = this.#waiting.get(key);
    if (!unbounded && waiting && waiting.length >= this.#maximumWaiting) return false;
    return new Promise((resolve) => {
      if (waiting) waiting.push(resolve);
      else this.#waiting.set(key, [resolve]);
    });
  }

  leave(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next) next();
    else this.#waiting.delete(key);
  }
}
