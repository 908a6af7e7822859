import type {
  AccountLookup,
  ArchiveCount,
  ArchivedMessage,
  ArchivePage,
  ArchiveQuery,
  ArchiveStore,
  BlockingStore,
  ImStores,
  Notice,
  OfflineMessage,
  OfflineStore,
  PubsubItem,
  PubsubItemsQuery,
  PubsubNode,
  PubsubStore,
  PushStore,
  PushTarget,
  Roster,
  RosterItem,
  RosterStore,
  VcardStore,
} from '../im/stores.ts';
import { pubsubItemSize } from '../im/stores.ts';

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** A {@link RosterStore} that lives as long as the process, as the others here. */
export class MemoryRosterStore implements RosterStore {
  readonly #rosters = new Map<string, { version: number; readonly items: Map<string, RosterItem> }>();

  async roster(account: string): Promise<Roster> {
    const found = this.#rosters.get(account);
    const items = [...(found?.items.values() ?? [])].sort((a, b) => byText(a.jid, b.jid));
    return { version: found?.version ?? 0, items };
  }

  async version(account: string): Promise<number> {
    return this.#rosters.get(account)?.version ?? 0;
  }

  async item(account: string, jid: string): Promise<RosterItem | undefined> {
    return this.#rosters.get(account)?.items.get(jid);
  }

  async put(account: string, item: RosterItem): Promise<number> {
    const roster = this.#rosters.get(account) ?? { version: 0, items: new Map<string, RosterItem>() };
    this.#rosters.set(account, roster);
    roster.items.set(item.jid, { ...item });
    return ++roster.version;
  }

  async remove(account: string, jid: string): Promise<number | undefined> {
    const roster = this.#rosters.get(account);
    return roster?.items.delete(jid) ? ++roster.version : undefined;
  }
}

export class MemoryOfflineStore implements OfflineStore {
  readonly #messages = new Map<string, OfflineMessage[]>();
  #lastId = 0;

  async add(account: string, stanza: string, at: number, limit: number, notice?: Notice): Promise<boolean> {
    const waiting = this.#messages.get(account) ?? [];
    let kept = waiting.filter((message) => notice === undefined || message.notice?.topic !== notice.topic);
    const alike = () => kept.filter((message) => (message.notice === undefined) === (notice === undefined));
    if (alike().length >= limit && (notice === undefined || limit === 0)) return false;
    // More than one where the limit was lowered.
    for (let notices = alike(); notices.length >= limit; notices = alike()) {
      const least = leastOf(notices);
      kept = kept.filter((message) => message !== least);
    }
    this.#messages.set(account, [...kept, { id: ++this.#lastId, stanza, at, notice }]);
    return true;
  }

  async messages(account: string, limit: number): Promise<readonly OfflineMessage[]> {
    return this.#messages.get(account)?.slice(0, limit) ?? [];
  }

  async removeUntil(account: string, id: number): Promise<void> {
    const messages = this.#messages.get(account) ?? [];
    this.#messages.set(
      account,
      messages.filter((message) => message.id > id),
    );
  }
}

/** The oldest of the group of notices that has the most. */
function leastOf(notices: readonly OfflineMessage[]): OfflineMessage | undefined {
  const groups = [...Map.groupBy(notices, ({ notice }) => notice!.group).values()];
  return groups.toSorted((a, b) => b.length - a.length)[0]?.[0];
}

export class MemoryArchiveStore implements ArchiveStore {
  readonly #messages = new Map<string, ArchivedMessage[]>();

  async add(account: string, message: ArchivedMessage): Promise<void> {
    const messages = this.#messages.get(account) ?? [];
    messages.push({ ...message });
    this.#messages.set(
      account,
      messages.sort((a, b) => byText(a.id, b.id)),
    );
  }

  async page(account: string, query: ArchiveQuery): Promise<ArchivePage> {
    const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY, after, before, limit } = query;
    const found = (this.#messages.get(account) ?? []).filter(
      (message) =>
        message.at >= start &&
        message.at <= end &&
        (query.with === undefined || message.with === query.with) &&
        (after === undefined || message.id > after) &&
        (before === undefined || before === '' || message.id < before),
    );
    const messages = before === undefined ? found.slice(0, limit) : found.slice(Math.max(0, found.length - limit));
    return { messages, complete: messages.length === found.length };
  }

  async count(account: string, { with: other, after = '', before = '' }: ArchiveCount): Promise<number> {
    return (this.#messages.get(account) ?? []).filter(
      ({ id, with: one }) => (other === undefined || one === other) && id > after && (before === '' || id < before),
    ).length;
  }

  async message(account: string, id: string): Promise<ArchivedMessage | undefined> {
    return this.#messages.get(account)?.find((message) => message.id === id);
  }

  /** Forgets all of an account. */
  forget(account: string): void {
    this.#messages.delete(account);
  }

  async removeBefore(at: number, limit: number): Promise<number> {
    const old = [...this.#messages.values()].flat().filter((message) => message.at < at);
    const going = new Set(old.sort((a, b) => a.at - b.at).slice(0, limit));
    for (const [account, messages] of this.#messages) {
      this.#messages.set(
        account,
        messages.filter((message) => !going.has(message)),
      );
    }
    return going.size;
  }

  async removeBeyond(kept: number, limit: number): Promise<number> {
    let removed = 0;
    for (const messages of this.#messages.values()) {
      removed += messages.splice(0, Math.min(limit - removed, Math.max(0, messages.length - kept))).length;
    }
    return removed;
  }
}

export class MemoryVcardStore implements VcardStore {
  readonly #vcards = new Map<string, string>();

  async vcard(account: string): Promise<string | undefined> {
    return this.#vcards.get(account);
  }

  async setVcard(account: string, vcard: string): Promise<void> {
    this.#vcards.set(account, vcard);
  }
}

export class MemoryBlockingStore implements BlockingStore {
  readonly #lists = new Map<string, Set<string>>();

  async blocked(account: string): Promise<readonly string[]> {
    return [...(this.#lists.get(account) ?? [])].sort(byText);
  }

  async block(account: string, jids: readonly string[]): Promise<void> {
    this.#lists.set(account, new Set([...(this.#lists.get(account) ?? []), ...jids]));
  }

  async unblock(account: string, jids: readonly string[] | undefined): Promise<void> {
    if (jids === undefined) this.#lists.delete(account);
    else for (const jid of jids) this.#lists.get(account)?.delete(jid);
  }
}

export class MemoryPushStore implements PushStore {
  readonly #targets = new Map<string, readonly PushTarget[]>();

  async targets(account: string): Promise<readonly PushTarget[]> {
    return this.#targets.get(account) ?? [];
  }

  async enable(account: string, target: PushTarget, limit: number): Promise<boolean> {
    const { service, node } = target;
    const others = (await this.targets(account)).filter((one) => one.service !== service || one.node !== node);
    if (others.length >= limit) return false;
    this.#targets.set(
      account,
      [...others, target].sort((a, b) => byText(keyOf(a), keyOf(b))),
    );
    return true;
  }

  async disable(account: string, service: string, node: string | undefined): Promise<void> {
    const kept = (await this.targets(account)).filter(
      (one) => one.service !== service || (node !== undefined && one.node !== node),
    );
    this.#targets.set(account, kept);
  }
}

/** Items in the order of publication. */
type MemoryNode = { state: string; items: readonly PubsubItem[] };

export class MemoryPubsubStore implements PubsubStore {
  readonly #accounts = new Map<string, Map<string, MemoryNode>>();

  #of(account: string): Map<string, MemoryNode> {
    const nodes = this.#accounts.get(account) ?? new Map<string, MemoryNode>();
    this.#accounts.set(account, nodes);
    return nodes;
  }

  #items(account: string, node: string): readonly PubsubItem[] {
    return this.#of(account).get(node)?.items ?? [];
  }

  #keep(account: string, node: string, items: readonly PubsubItem[]): void {
    const found = this.#of(account).get(node);
    if (found !== undefined) found.items = items;
  }

  async nodes(account: string): Promise<readonly PubsubNode[]> {
    const nodes = [...this.#of(account)].map(([name, { state }]) => ({ name, state }));
    return nodes.sort((a, b) => byText(a.name, b.name));
  }

  async putNode(account: string, { name, state }: PubsubNode): Promise<void> {
    this.#of(account).set(name, { state, items: this.#items(account, name) });
  }

  async removeNode(account: string, name: string): Promise<void> {
    this.#of(account).delete(name);
  }

  async publish(account: string, node: PubsubNode, item: PubsubItem, kept: number, limit: number): Promise<boolean> {
    const others = this.#items(account, node.name).filter(({ id }) => id !== item.id);
    const items = [...others, item].slice(-kept);
    const elsewhere = [...this.#of(account)].flatMap(([name, one]) => (name === node.name ? [] : one.items));
    const size = [...elsewhere, ...items].reduce((sum, one) => sum + pubsubItemSize(one), 0);
    if (size > limit) return false;
    this.#of(account).set(node.name, { state: node.state, items });
    return true;
  }

  async item(account: string, node: string, id: string): Promise<PubsubItem | undefined> {
    return this.#items(account, node).find((item) => item.id === id);
  }

  async items(account: string, node: string, query: PubsubItemsQuery): Promise<readonly PubsubItem[]> {
    const { after, before, limit } = query;
    const items = this.#items(account, node);
    const place = (id: string) => items.findIndex((item) => item.id === id);
    const from = after === undefined ? 0 : place(after) + 1;
    const to = before ? place(before) : items.length;
    const between = items.slice(from, to);
    return before === undefined ? between.slice(0, limit) : between.slice(Math.max(0, between.length - limit));
  }

  async count(account: string, node: string, before?: string): Promise<number> {
    const items = this.#items(account, node);
    return before === undefined ? items.length : items.findIndex(({ id }) => id === before);
  }

  async trim(account: string, node: string, kept: number): Promise<void> {
    const items = this.#items(account, node);
    this.#keep(account, node, items.slice(Math.max(0, items.length - kept)));
  }

  async retract(account: string, node: string, ids: readonly string[]): Promise<readonly string[]> {
    const items = this.#items(account, node);
    const gone = ids.filter((id) => items.some((item) => item.id === id));
    this.#keep(
      account,
      node,
      items.filter(({ id }) => !gone.includes(id)),
    );
    return gone;
  }
}

const keyOf = ({ service, node = '' }: PushTarget) => `${service}\n${node}`;

/** All stores of a message server, in memory. */
export function memoryImStores(): ImStores {
  return {
    rosters: new MemoryRosterStore(),
    offline: new MemoryOfflineStore(),
    archive: new MemoryArchiveStore(),
    vcards: new MemoryVcardStore(),
    blocking: new MemoryBlockingStore(),
    push: new MemoryPushStore(),
    pubsub: new MemoryPubsubStore(),
  };
}

/** Accounts by name. */
export function accountsNamed(...names: readonly string[]): AccountLookup {
  const known = new Set(names);
  return { exists: async (account) => known.has(account) };
}
