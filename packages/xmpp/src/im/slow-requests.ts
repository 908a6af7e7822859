/** Requests of one session whose answers come from elsewhere, at once. */
const maximum = 64;

/**
 * Requests whose answers may take long: those to one account are dealt with in their order (RFC 6120 §10.1), and nothing else that the
 * session sends waits for them.
 */
export class SlowRequests {
  readonly #last = new Map<string, Promise<void>>();
  #count = 0;

  /** False, and nothing is done, when there are as many as may be. @param work must not reject */
  add(account: string, work: () => Promise<void>): boolean {
    if (this.#count >= maximum) return false;
    this.#count++;
    const before = this.#last.get(account);
    const done = (before === undefined ? work() : before.then(work)).then(() => {
      this.#count--;
      if (this.#last.get(account) === done) this.#last.delete(account);
    });
    this.#last.set(account, done);
    return true;
  }
}
