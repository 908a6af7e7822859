import { Store } from './store.ts';

/** Where requests wait while the session has ended, until whoever it was has signed in again. */
export class Renewal {
  /** The session has ended, and the page waits for a sign-in. */
  readonly isNeeded = new Store(false);
  #answer: PromiseWithResolvers<boolean> | undefined;

  /** Resolves to whether the request may be sent again. @throws the reason of `signal` */
  async wait(signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    this.#answer ??= Promise.withResolvers();
    this.isNeeded.set(true);
    const { promise } = this.#answer;
    if (signal === undefined) return promise;
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort);
    try {
      return await Promise.race([promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Somebody has signed in: what waited goes on, or comes to nothing where it was somebody else or nobody. */
  settle(goesOn: boolean): void {
    const answer = this.#answer;
    this.#answer = undefined;
    this.isNeeded.set(false);
    answer?.resolve(goesOn);
  }
}
