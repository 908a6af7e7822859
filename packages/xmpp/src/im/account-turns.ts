const nothing = () => {};

/** What happens to an account one after another (RFC 6120 §10.1), and what comes meanwhile after that. */
export class AccountTurns {
  readonly #tails = new Map<string, Promise<void>>();

  /** Something of the account is under way or waits. */
  isTaken(account: string): boolean {
    return this.#tails.size > 0 && this.#tails.has(account);
  }

  /** Does `work` when all that was taken or came before is done; what comes from now on waits for it. */
  take<Answer>(account: string, work: () => Promise<Answer>): Promise<Answer> {
    const before = this.#tails.get(account);
    const done = before === undefined ? work() : before.then(work);
    // Whoever waits for it has nothing to do with why it failed.
    this.#waitFor(account, done.then(nothing, nothing));
    return done;
  }

  /** Begins `work` when all that was taken or came before is done or has begun: at once, as a rule. */
  after(account: string, work: () => void | Promise<void>): void | Promise<void> {
    const before = this.#tails.get(account);
    if (before === undefined) return work();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waitFor(
      account,
      before.then(() => resolve((async () => work())())),
    );
    return promise;
  }

  #waitFor(account: string, settled: Promise<void>): void {
    this.#tails.set(account, settled);
    void settled.then(() => {
      if (this.#tails.get(account) === settled) this.#tails.delete(account);
    });
  }
}
