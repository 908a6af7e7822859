import type { Jid } from '../jid/jid.ts';
import type { BlockingStore } from './stores.ts';

/** Who blocks whom (XEP-0191), in memory for the accounts that are asked about; the last ones of them. */
export class Blocklists {
  readonly #store: BlockingStore;
  readonly #capacity: number;
  readonly #lists = new Map<string, ReadonlySet<string>>();

  constructor(store: BlockingStore, capacity = 10_000) {
    this.#store = store;
    this.#capacity = capacity;
  }

  /** The list where it is in memory, so that routing need not wait. */
  known(account: string): ReadonlySet<string> | undefined {
    return this.#lists.get(account);
  }

  async list(account: string): Promise<ReadonlySet<string>> {
    const known = this.#lists.get(account);
    if (known !== undefined) return known;
    const blocked = await this.#store.blocked(account);
    const list = blocked.length === 0 ? nobody : new Set(blocked);
    if (this.#lists.size >= this.#capacity) this.#lists.delete(this.#lists.keys().next().value!);
    this.#lists.set(account, list);
    return list;
  }

  /** The account is gone: who has its name later blocks nobody. */
  forget(account: string): void {
    this.#lists.delete(account);
  }

  async block(account: string, jids: readonly string[]): Promise<void> {
    const list = await this.list(account);
    this.#lists.set(account, new Set([...list, ...jids]));
    await this.#store.block(account, jids);
  }

  async unblock(account: string, jids: readonly string[] | undefined): Promise<readonly string[]> {
    const list = await this.list(account);
    const gone = [...list].filter((jid) => jids === undefined || jids.includes(jid));
    this.#lists.set(account, new Set([...list].filter((jid) => !gone.includes(jid))));
    await this.#store.unblock(account, jids);
    return gone;
  }
}

/** Of nearly all accounts. */
const nobody: ReadonlySet<string> = new Set();

/** XEP-0191 §2: a list may name full JIDs, bare JIDs, domains and resources of domains. */
export function isBlocked(list: ReadonlySet<string>, jid: Jid): boolean {
  if (list.size === 0) return false;
  if (list.has(`${jid}`) || list.has(`${jid.bare}`) || list.has(jid.domain)) return true;
  return jid.resource !== undefined && list.has(`${jid.domain}/${jid.resource}`);
}
