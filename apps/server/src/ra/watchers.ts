import type { ExpectationStore } from '@yaolian/directory';
import type { RaValue } from '@yaolian/igrs';

/** An account that observes a path of a terminal. */
export interface Watch {
  readonly account: string;
  readonly device: string;
  readonly terminal: string;
  readonly path: string;
  /** Tells several watches of one account apart: a page of it in a browser. Absent: its connections over XMPP, together. */
  readonly holder?: string;
  /** Takes the values; absent: they are pushed over XMPP. */
  readonly deliver?: (time: number, values: readonly RaValue[]) => void;
}

export interface WatcherLimits {
  /** Of all accounts. */
  readonly total: number;
  /** Of one account, so that none takes the room of the others. */
  readonly perAccount: number;
}

export const defaultWatcherLimits: WatcherLimits = { total: 100_000, perAccount: 200 };

interface WatchedPath {
  /** By {@link holderOf}. */
  readonly watches: Map<string, Watch>;
  /** Whether the terminal was observed for us. What an operator observed before stays when nobody of ours does any more. */
  readonly isOurs: boolean;
}

/** Who observes what. Bounded. Observations of accounts over XMPP outlive a restart, those of pages do not. */
export class Watchers {
  readonly #limits: WatcherLimits;
  /** By terminal and path: every notification of every terminal looks here. */
  readonly #paths = new Map<string, WatchedPath>();
  readonly #ofAccount = new Map<string, number>();
  readonly #ofTerminal = new Map<string, Set<string>>();
  /** Ends that are under way, by terminal and path. */
  readonly #ending = new Map<string, number>();
  readonly #onUnwatched: (terminal: string, path: string) => Promise<void>;
  readonly #store: ExpectationStore;
  #size = 0;

  /** @param onUnwatched nobody observes the path any more, and it was observed for those who did */
  constructor(
    store: ExpectationStore,
    onUnwatched: (terminal: string, path: string) => Promise<void>,
    limits = defaultWatcherLimits,
  ) {
    this.#store = store;
    this.#onUnwatched = onUnwatched;
    this.#limits = limits;
  }

  /** Takes up what was observed before a restart. */
  async start(): Promise<void> {
    for (const { isOurs, ...watch } of await this.#store.watches()) this.#note(watch, isOurs);
  }

  /** Whether {@link add} would take the watch: to be asked before the terminal is. */
  hasRoom(watch: Watch): boolean {
    const { account, terminal, path } = watch;
    if (this.#paths.get(keyOf(terminal, path))?.watches.has(holderOf(watch))) return true;
    const { total, perAccount } = this.#limits;
    return this.#size < total && (this.#ofAccount.get(account) ?? 0) < perAccount;
  }

  /**
   * False when there are too many.
   * @param isOurs nobody observed the path before this account asked
   * @returns once it survives a restart, if it has to
   */
  async add(watch: Watch, isOurs: boolean): Promise<boolean> {
    if (!this.hasRoom(watch)) return false;
    const watched = this.#note(watch, isOurs);
    const { account, device, terminal, path } = watch;
    if (isKept(watch)) await this.#store.putWatch({ account, device, terminal, path, isOurs: watched.isOurs });
    return true;
  }

  #note(watch: Watch, isOurs: boolean): WatchedPath {
    const { account, terminal, path } = watch;
    const key = keyOf(terminal, path);
    const watched = this.#paths.get(key) ?? { watches: new Map<string, Watch>(), isOurs };
    if (!watched.watches.has(holderOf(watch))) {
      this.#size++;
      this.#ofAccount.set(account, (this.#ofAccount.get(account) ?? 0) + 1);
    }
    watched.watches.set(holderOf(watch), watch);
    this.#paths.set(key, watched);
    const paths = this.#ofTerminal.get(terminal) ?? new Set();
    this.#ofTerminal.set(terminal, paths.add(path));
    return watched;
  }

  async remove(watch: Omit<Watch, 'device'>): Promise<void> {
    const { account, terminal, path } = watch;
    const key = keyOf(terminal, path);
    const watched = this.#paths.get(key);
    if (!watched?.watches.delete(holderOf(watch))) return;
    this.#size--;
    const left = this.#ofAccount.get(account)! - 1;
    if (left === 0) this.#ofAccount.delete(account);
    else this.#ofAccount.set(account, left);
    if (isKept(watch)) await this.#store.removeWatch({ account, terminal, path });
    if (watched.watches.size > 0) return;
    this.#paths.delete(key);
    const paths = this.#ofTerminal.get(terminal);
    paths?.delete(path);
    if (paths?.size === 0) this.#ofTerminal.delete(terminal);
    if (watched.isOurs) await this.#end(key, terminal, path);
  }

  async #end(key: string, terminal: string, path: string): Promise<void> {
    this.#ending.set(key, (this.#ending.get(key) ?? 0) + 1);
    try {
      await this.#onUnwatched(terminal, path);
    } finally {
      const left = this.#ending.get(key)! - 1;
      if (left === 0) this.#ending.delete(key);
      else this.#ending.set(key, left);
    }
  }

  /** An account is gone, with all that it observed. */
  async removeAccount(account: string): Promise<void> {
    if (!this.#ofAccount.has(account)) return;
    const watches = [...this.#paths.values()].flatMap((watched) =>
      [...watched.watches.values()].filter((watch) => watch.account === account),
    );
    for (const watch of watches) await this.remove(watch);
  }

  /** Whether a path is observed for ours alone, or was and is being ended; undefined: nobody of ours observes it. */
  isOurs(terminal: string, path: string): boolean | undefined {
    const key = keyOf(terminal, path);
    return this.#paths.get(key)?.isOurs ?? (this.#ending.has(key) ? true : undefined);
  }

  /** What is observed of a terminal for somebody. */
  pathsOf(terminal: string): readonly string[] {
    return [...(this.#ofTerminal.get(terminal) ?? [])];
  }

  of(terminal: string, path: string): readonly Watch[] {
    const watched = this.#paths.get(keyOf(terminal, path));
    return watched === undefined ? [] : [...watched.watches.values()];
  }
}

/** What is pushed over XMPP goes on after a restart; a page asks again. */
function isKept({ holder, deliver }: Omit<Watch, 'device'>): boolean {
  return holder === undefined && deliver === undefined;
}

/** An account has no space. */
function holderOf({ account, holder }: Omit<Watch, 'device'>): string {
  return holder === undefined ? account : `${account} ${holder}`;
}

/** A path has no space. */
function keyOf(terminal: string, path: string): string {
  return `${path} ${terminal}`;
}
