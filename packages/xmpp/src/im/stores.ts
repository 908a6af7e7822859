/** RFC 6121 §2.1.2.5, without `remove`. */
export const subscriptions = ['none', 'to', 'from', 'both'] as const;

export type Subscription = (typeof subscriptions)[number];

/** One contact of an account. */
export interface RosterItem {
  /** Bare JID. */
  readonly jid: string;
  readonly name: string | undefined;
  readonly groups: readonly string[];
  readonly subscription: Subscription;
  /** We asked, and were not answered ("pending out"). */
  readonly asked: boolean;
  /** The contact asked, by this stanza, and was not answered ("pending in"). */
  readonly request: string | undefined;
  /** RFC 6121 §3.4: a request of this contact is answered without asking. */
  readonly approved: boolean;
  /** False for those that only asked: no client sees them. */
  readonly listed: boolean;
}

export interface Roster {
  /** Another one after every change; 0 for a roster that never changed. Clients give it back, and look at nothing in it. */
  readonly version: number | string;
  /** As clients get them, of too many the first ones; by JID where a store has no reason for another order. */
  readonly items: readonly RosterItem[];
}

/** Accounts are local parts in all stores. A promise resolves when the change is on disk. */
export interface RosterStore {
  roster(account: string): Promise<Roster>;
  version(account: string): Promise<Roster['version']>;
  item(account: string, jid: string): Promise<RosterItem | undefined>;
  /** Adds or replaces an item. @returns the new version */
  put(account: string, item: RosterItem): Promise<Roster['version']>;
  /** @returns the new version; undefined when there was none */
  remove(account: string, jid: string): Promise<Roster['version'] | undefined>;
}

/** What a message tells of that a later one about the same makes out of date. */
export interface Notice {
  /** The earlier one that waits with the same topic goes. */
  readonly topic: string;
  /** Where too many wait, the oldest of the group with the most goes. */
  readonly group: string;
}

export interface OfflineMessage {
  /** In the order of arrival. */
  readonly id: number;
  /** XML. */
  readonly stanza: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly notice?: Notice | undefined;
}

export interface OfflineStore {
  /**
   * Notices and other messages have room of their own. At `limit` other ones the account keeps no more of them; at `limit` notices the oldest of the
   * largest group makes room.
   * @returns whether it is kept
   */
  add(account: string, stanza: string, at: number, limit: number, notice?: Notice): Promise<boolean>;
  /** The oldest ones. */
  messages(account: string, limit: number): Promise<readonly OfflineMessage[]>;
  /** Removes messages up to this one. */
  removeUntil(account: string, id: number): Promise<void>;
}

export interface ArchivedMessage {
  /** Ascends with time. */
  readonly id: string;
  /** The bare JID on the other side. */
  readonly with: string;
  readonly at: number;
  readonly stanza: string;
}

export interface ArchiveQuery {
  readonly with?: string;
  readonly start?: number;
  readonly end?: number;
  /** Messages after this id. */
  readonly after?: string;
  /** Messages before this id, the last ones of them; `''`: the last ones of all. */
  readonly before?: string;
  readonly limit: number;
}

export type ArchiveCount = Pick<ArchiveQuery, 'with' | 'after' | 'before'>;

export interface ArchivePage {
  /** In the order of time. */
  readonly messages: readonly ArchivedMessage[];
  /** There are no more in the direction that was asked for. */
  readonly complete: boolean;
}

export interface ArchiveStore {
  add(account: string, message: ArchivedMessage): Promise<void>;
  page(account: string, query: ArchiveQuery): Promise<ArchivePage>;
  /** How many messages of a contact, or of all, stand between two ids, both left out. */
  count(account: string, query: ArchiveCount): Promise<number>;
  message(account: string, id: string): Promise<ArchivedMessage | undefined>;
  /** Removes the oldest of what is older, `limit` messages at most. @returns how many */
  removeBefore(at: number, limit: number): Promise<number>;
  /** Removes the oldest of what accounts have beyond `kept` messages, `limit` messages at most. @returns how many */
  removeBeyond(kept: number, limit: number): Promise<number>;
}

export interface VcardStore {
  /** XML. */
  vcard(account: string): Promise<string | undefined>;
  setVcard(account: string, vcard: string): Promise<void>;
}

export interface BlockingStore {
  blocked(account: string): Promise<readonly string[]>;
  block(account: string, jids: readonly string[]): Promise<void>;
  /** @param jids undefined: all */
  unblock(account: string, jids: readonly string[] | undefined): Promise<void>;
}

/** Somebody who is told that a message waits for an account (XEP-0357). */
export interface PushTarget {
  /** JID. */
  readonly service: string;
  readonly node: string | undefined;
  /** A data form, XML: what the service wants to have along. */
  readonly options: string | undefined;
}

export interface PushStore {
  /** In the order of service and node. */
  targets(account: string): Promise<readonly PushTarget[]>;
  /** Adds a target, or gives one other options. False, and nothing kept, when the account has `limit` others already. */
  enable(account: string, target: PushTarget, limit: number): Promise<boolean>;
  /** @param node undefined: all of that service */
  disable(account: string, service: string, node: string | undefined): Promise<void>;
}

/** A node of an account (XEP-0163). */
export interface PubsubNode {
  readonly name: string;
  /** How it is configured and who is what to it: JSON. */
  readonly state: string;
}

export interface PubsubItem {
  /** One of its node. */
  readonly id: string;
  readonly at: number;
  /** XML. */
  readonly payload: string | undefined;
}

export interface PubsubItemsQuery {
  /** Items that were published after this one. */
  readonly after?: string;
  /** Items that were published before this one, the last ones of them; `''`: the last ones of all. */
  readonly before?: string;
  readonly limit: number;
}

/** Nodes of accounts and what was published there. */
export interface PubsubStore {
  /** In the order of names. */
  nodes(account: string): Promise<readonly PubsubNode[]>;
  /** Adds or replaces a node; its items stay. */
  putNode(account: string, node: PubsubNode): Promise<void>;
  /** Removes a node with its items. */
  removeNode(account: string, name: string): Promise<void>;
  /**
   * Keeps a node and an item, in place of the one with its id, and removes the oldest ones beyond `kept`, all together. False, and nothing
   * changed, when items of the account would have more than `limit` characters ({@link pubsubItemSize}).
   */
  publish(account: string, node: PubsubNode, item: PubsubItem, kept: number, limit: number): Promise<boolean>;
  item(account: string, node: string, id: string): Promise<PubsubItem | undefined>;
  /** In the order of publication. */
  items(account: string, node: string, query: PubsubItemsQuery): Promise<readonly PubsubItem[]>;
  /** How many there are. @param before only those that were published before this one */
  count(account: string, node: string, before?: string): Promise<number>;
  /** Removes the oldest items beyond `kept`. */
  trim(account: string, node: string, kept: number): Promise<void>;
  /** @returns those of the ids that were there */
  retract(account: string, node: string, ids: readonly string[]): Promise<readonly string[]>;
}

/** What an item counts for, in characters: with what its row takes. */
export function pubsubItemSize({ id, payload = '' }: PubsubItem): number {
  return 200 + id.length + payload.length;
}

/** What a message server keeps besides accounts. */
export interface ImStores {
  readonly rosters: RosterStore;
  readonly offline: OfflineStore;
  readonly archive: ArchiveStore;
  readonly vcards: VcardStore;
  readonly blocking: BlockingStore;
  readonly push: PushStore;
  readonly pubsub: PubsubStore;
}

/** Which accounts there are. */
export interface AccountLookup {
  /** @param account a prepared local part */
  exists(account: string): Promise<boolean>;
}
