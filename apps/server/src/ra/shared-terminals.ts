import type { RaDeviceStore } from '@yaolian/directory';

/** Which accounts are terminals, and which devices speak for themselves, in memory: every event of every device asks. */
export class SharedTerminals {
  /** Terminals by their accounts, and the other way round. */
  readonly #terminals = new Map<string, string>();
  readonly #accounts = new Map<string, string>();
  readonly #speaking = new Set<string>();

  static async load(store: RaDeviceStore): Promise<SharedTerminals> {
    const shared = new SharedTerminals();
    for (let after: string | undefined; ; ) {
      const page = await store.raDevices({ limit: 1000, ...(after === undefined ? {} : { after }) });
      for (const { account, terminal } of page) {
        if (terminal === undefined) shared.addSpeaking(account);
        else shared.add(account, terminal);
      }
      after = page.at(-1)?.account;
      if (page.length < 1000) return shared;
    }
  }

  add(account: string, terminal: string): void {
    this.#terminals.set(account, terminal);
    this.#accounts.set(terminal, account);
  }

  /** A device that speaks for itself. */
  addSpeaking(account: string): void {
    this.#speaking.add(account);
  }

  speaks(account: string): boolean {
    return this.#speaking.has(account);
  }

  /** @returns the terminal that it was */
  remove(account: string): string | undefined {
    this.#speaking.delete(account);
    const terminal = this.#terminals.get(account);
    if (terminal === undefined) return undefined;
    this.#terminals.delete(account);
    this.#accounts.delete(terminal);
    return terminal;
  }

  terminalOf(account: string): string | undefined {
    return this.#terminals.get(account);
  }

  accountOf(terminal: string): string | undefined {
    return this.#accounts.get(terminal);
  }

  all(): Iterable<string> {
    return this.#accounts.keys();
  }
}
