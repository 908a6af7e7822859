/** A message that is being kept: `kept` resolves when it is, then it goes out by `finish`. */
export interface Begun {
  readonly kept: Promise<void> | undefined;
  finish(): void;
}

/**
 * The order of what happens in a room. Messages are kept at the same time and go out in the order in which they came; whatever changes the
 * room waits until they are out, and they wait for it. While nothing waits, all happens at once.
 */
export class RoomQueue {
  #tail: Promise<void> | undefined;
  #alone = 0;
  /** Something happens in this very turn: what it brings about in the room comes after it. */
  #isRunning = false;

  /** Runs when nothing that came before is under way. */
  alone(run: () => void | Promise<void>): void | Promise<void> {
    const before = this.#before();
    const done = before === undefined ? this.#now(run) : before.then(run);
    return done instanceof Promise ? this.#hold(done, true) : undefined;
  }

  /** Begins beside others of its kind. @param begin undefined: there is nothing to go out */
  beside(begin: () => Begun | undefined): void | Promise<void> {
    const before = this.#before();
    if (before !== undefined && (this.#alone > 0 || this.#isRunning)) {
      const later = async () => {
        const begun = begin();
        await begun?.kept;
        begun?.finish();
      };
      return this.#hold(before.then(later), true);
    }
    const begun = this.#now(begin);
    if (begun === undefined) return undefined;
    if (begun.kept === undefined && before === undefined) return this.#now(() => begun.finish());
    return this.#hold(
      Promise.all([begun.kept, before]).then(() => begun.finish()),
      false,
    );
  }

  #before(): Promise<void> | undefined {
    return this.#tail ?? (this.#isRunning ? Promise.resolve() : undefined);
  }

  #now<T>(run: () => T): T {
    this.#isRunning = true;
    try {
      return run();
    } finally {
      this.#isRunning = false;
    }
  }

  #hold(done: Promise<void>, isAlone: boolean): Promise<void> {
    if (isAlone) this.#alone++;
    const settle = () => {
      if (isAlone) this.#alone--;
      if (this.#tail === tail) this.#tail = undefined;
    };
    const tail: Promise<void> = done.then(settle, settle);
    this.#tail = tail;
    return done;
  }
}
