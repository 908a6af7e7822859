import type { ExpectationStore } from '@yaolian/directory';
import type { ObservationEndReason, RaValue } from '@yaolian/igrs';

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
  /** Told when no more values come that nobody cancelled; absent: that is pushed over XMPP. */
  readonly onEnded?: (reason: ObservationEndReason) => void;
  /** The connections of the account that asked, since the start of the platform. */
  readonly resources?: Set<string>;
  /** Resolves when the audit has it: nobody is told a value before. */
  readonly noted?: Promise<void>;
}

/** A path while somebody asks its terminal for it. */
export interface HeldPath {
  /** See {@link Watchers.isOurs}: as it was when nothing was being ended any more. */
  readonly isOurs: boolean | undefined;
  /** @param isObserved the terminal agreed: when nobody observes the path all the same, that ends */
  release(isObserved: boolean): Promise<void>;
}

export interface WatcherLimits {
  /** Of all accounts. */
  readonly total: number;
  /** Of one account, so that none takes the room of the others. */
  readonly perAccount: number;
}

const defaultWatcherLimits: WatcherLimits = { total: 100_000, perAccount: 200 };

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
  readonly #ofAccount = new Map<string, Set<Watch>>();
  readonly #ofDevice = new Map<string, Set<Watch>>();
  readonly #ofTerminal = new Map<string, Set<string>>();
  /** Ends that are under way, by terminal and path. */
  readonly #ending = new Map<string, Promise<void>>();
  /** How many ask for a path now, by terminal and path. */
  readonly #held = new Map<string, number>();
  /** Paths that nobody observes any more while somebody asks for them: who asks decides whether they end. */
  readonly #left = new Set<string>();
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
    return this.#size < total && (this.#ofAccount.get(account)?.size ?? 0) < perAccount;
  }

  /**
   * Takes a path for somebody who is about to ask the terminal for it: what was being ended of it is over then, and nothing of it is ended until
   * it is released, so that a cancel on its way takes nothing from who comes after it.
   */
  async hold(terminal: string, path: string): Promise<HeldPath> {
    const key = keyOf(terminal, path);
    this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
    await this.#ending.get(key)?.catch(() => undefined);
    const isOurs = this.isOurs(terminal, path);
    const release = async (isObserved: boolean) => {
      if (isObserved && isOurs !== false && !this.#paths.has(key)) this.#left.add(key);
      const others = this.#held.get(key)! - 1;
      if (others > 0) this.#held.set(key, others);
      else this.#held.delete(key);
      if (others === 0 && this.#left.delete(key) && !this.#paths.has(key)) await this.#end(key, terminal, path);
    };
    return { isOurs, release };
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
    const { account, device, terminal, path } = watch;
    const key = keyOf(terminal, path);
    const watched = this.#paths.get(key) ?? { watches: new Map<string, Watch>(), isOurs };
    const before = watched.watches.get(holderOf(watch));
    if (before !== undefined) this.#unfile(before);
    watched.watches.set(holderOf(watch), watch);
    this.#size++;
    file(this.#ofAccount, account, watch);
    file(this.#ofDevice, device, watch);
    this.#paths.set(key, watched);
    file(this.#ofTerminal, terminal, path);
    return watched;
  }

  #unfile(watch: Watch): void {
    this.#size--;
    unfile(this.#ofAccount, watch.account, watch);
    unfile(this.#ofDevice, watch.device, watch);
  }

  /** False when there was no such watch (any more). */
  async remove(watch: Omit<Watch, 'device'>): Promise<boolean> {
    const { account, terminal, path } = watch;
    const key = keyOf(terminal, path);
    const watched = this.#paths.get(key);
    const known = watched?.watches.get(holderOf(watch));
    if (watched === undefined || known === undefined) return false;
    watched.watches.delete(holderOf(watch));
    this.#unfile(known);
    const isLast = watched.watches.size === 0;
    if (isLast) {
      this.#paths.delete(key);
      unfile(this.#ofTerminal, terminal, path);
    }
    const forgotten = isKept(watch) ? this.#store.removeWatch({ account, terminal, path }) : undefined;
    const ended = isLast && watched.isOurs ? this.#endUnlessHeld(key, terminal, path) : undefined;
    await Promise.all([forgotten, ended]);
    return true;
  }

  #endUnlessHeld(key: string, terminal: string, path: string): Promise<void> | undefined {
    if (!this.#held.has(key)) return this.#end(key, terminal, path);
    this.#left.add(key);
    return undefined;
  }

  async #end(key: string, terminal: string, path: string): Promise<void> {
    const before = this.#ending.get(key);
    const ending = (async () => {
      await before?.catch(() => undefined);
      await this.#onUnwatched(terminal, path);
    })().finally(() => {
      if (this.#ending.get(key) === ending) this.#ending.delete(key);
    });
    this.#ending.set(key, ending);
    await ending;
  }

  /** An account is gone, with all that it observed. */
  async removeAccount(account: string): Promise<void> {
    await Promise.all(this.ofAccount(account).map((watch) => this.remove(watch)));
  }

  /** Whether a path is observed for ours alone, or was and is being ended; undefined: nobody of ours observes it. */
  isOurs(terminal: string, path: string): boolean | undefined {
    const key = keyOf(terminal, path);
    return this.#paths.get(key)?.isOurs ?? (this.#ending.has(key) || this.#left.has(key) ? true : undefined);
  }

  /** What is observed of a terminal for somebody. */
  pathsOf(terminal: string): readonly string[] {
    return [...(this.#ofTerminal.get(terminal) ?? [])];
  }

  /** What an account observes. */
  ofAccount(account: string): readonly Watch[] {
    return [...(this.#ofAccount.get(account) ?? [])];
  }

  /** The accounts that observe something. */
  accounts(): readonly string[] {
    return [...this.#ofAccount.keys()];
  }

  /** The accounts of devices of which something is observed. */
  devices(): readonly string[] {
    return [...this.#ofDevice.keys()];
  }

  /** Who observes something of a device. @param device its account */
  ofDevice(device: string): readonly Watch[] {
    return [...(this.#ofDevice.get(device) ?? [])];
  }

  /** What stands of an account, and its page, that observes a path. */
  find(watch: Pick<Watch, 'account' | 'terminal' | 'path' | 'holder'>): Watch | undefined {
    return this.#paths.get(keyOf(watch.terminal, watch.path))?.watches.get(holderOf(watch));
  }

  /** Whether it is that watch which stands, and not one in its place. */
  has(watch: Watch): boolean {
    return this.#ofDevice.get(watch.device)?.has(watch) ?? false;
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

function file<T>(files: Map<string, Set<T>>, key: string, one: T): void {
  const filed = files.get(key) ?? new Set<T>();
  files.set(key, filed.add(one));
}

function unfile<T>(files: Map<string, Set<T>>, key: string, one: T): void {
  const filed = files.get(key);
  filed?.delete(one);
  if (filed?.size === 0) files.delete(key);
}
