import type { DatabaseSync } from 'node:sqlite';
import {
  type PubsubItem,
  type PubsubItemsQuery,
  type PubsubNode,
  type PubsubStore,
  pubsubItemSize,
} from '@yaolian/xmpp';
import type { GroupCommit } from './group-commit.ts';
import { everybody, type IsAccount } from './is-account.ts';

/** Nodes and items of accounts in SQLite. */
export class SqlitePubsubStore implements PubsubStore {
  readonly #commit: GroupCommit;
  readonly #isAccount: IsAccount;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit, isAccount: IsAccount = everybody) {
    this.#commit = commit;
    this.#isAccount = isAccount;
    this.#statements = prepareStatements(database);
  }

  async nodes(account: string): Promise<readonly PubsubNode[]> {
    const rows = this.#statements.nodes.all(account) as unknown as PubsubNode[];
    return rows.map(({ name, state }) => ({ name, state }));
  }

  putNode(account: string, { name, state }: PubsubNode): Promise<void> {
    return this.#commit.change(() => {
      if (this.#isAccount(account)) this.#statements.putNode.run(account, name, state);
    });
  }

  removeNode(account: string, name: string): Promise<void> {
    return this.#commit.changeTogether(() => {
      this.#statements.removeItems.run(account, name);
      this.#statements.removeNode.run(account, name);
    });
  }

  async publish(account: string, node: PubsubNode, item: PubsubItem, kept: number, limit: number): Promise<boolean> {
    const { name, state } = node;
    const { id, at, payload = null } = item;
    const size = pubsubItemSize(item);
    const { replaced, going, total, removeItem, removeUntil, addItem, putNode } = this.#statements;
    let isKept = false;
    await this.#commit.changeTogether(() => {
      // The newest of those that are too many beside the new one.
      const last = (this.#statements.newest.get(account, name, id, kept - 1) as NumberRow | undefined)?.number ?? -1;
      const freed = sumOf(replaced.get(account, name, id)) + sumOf(going.get(account, name, last, id));
      isKept = this.#isAccount(account) && sumOf(total.get(account)) - freed + size <= limit;
      if (!isKept) return;
      removeItem.run(account, name, id);
      removeUntil.run(account, name, last);
      putNode.run(account, name, state);
      addItem.run(account, name, id, at, payload, size);
    });
    return isKept;
  }

  async item(account: string, node: string, id: string): Promise<PubsubItem | undefined> {
    const row = this.#statements.item.get(account, node, id) as ItemRow | undefined;
    return row && readItem(row);
  }

  async items(account: string, node: string, query: PubsubItemsQuery): Promise<readonly PubsubItem[]> {
    const { after, before, limit } = query;
    const from = after === undefined ? -1 : this.#number(account, node, after);
    const to = before ? this.#number(account, node, before) : Number.MAX_SAFE_INTEGER;
    const statement = before === undefined ? this.#statements.forwards : this.#statements.backwards;
    const items = (statement.all(account, node, from, to, limit) as unknown as ItemRow[]).map(readItem);
    return before === undefined ? items : items.reverse();
  }

  async count(account: string, node: string, before?: string): Promise<number> {
    const to = before === undefined ? Number.MAX_SAFE_INTEGER : this.#number(account, node, before);
    return (this.#statements.count.get(account, node, to) as { readonly count: number }).count;
  }

  trim(account: string, node: string, kept: number): Promise<void> {
    return this.#commit.changeTogether(() => {
      const last = this.#statements.newest.get(account, node, null, kept) as NumberRow | undefined;
      if (last !== undefined) this.#statements.removeUntil.run(account, node, last.number);
    });
  }

  async retract(account: string, node: string, ids: readonly string[]): Promise<readonly string[]> {
    let gone: readonly string[] = [];
    await this.#commit.changeTogether(() => {
      gone = ids.filter((id) => this.#statements.removeItem.run(account, node, id).changes > 0);
    });
    return gone;
  }

  /** 0 for an item that is not there. */
  #number(account: string, node: string, id: string): number {
    return (this.#statements.number.get(account, node, id) as NumberRow | undefined)?.number ?? 0;
  }
}

interface NumberRow {
  readonly number: number;
}

interface ItemRow {
  readonly id: string;
  readonly at: number;
  readonly payload: string | null;
}

function readItem({ id, at, payload }: ItemRow): PubsubItem {
  return { id, at, payload: payload ?? undefined };
}

function sumOf(row: unknown): number {
  return (row as { readonly size: number | null } | undefined)?.size ?? 0;
}

function prepareStatements(database: DatabaseSync) {
  const of = 'FROM pubsub_item WHERE account = ? AND node = ?';
  const between = `SELECT id, at, payload ${of} AND number > ? AND number < ? ORDER BY number`;
  return {
    nodes: database.prepare('SELECT name, state FROM pubsub_node WHERE account = ? ORDER BY name'),
    putNode: database.prepare('INSERT OR REPLACE INTO pubsub_node VALUES (?, ?, ?)'),
    removeNode: database.prepare('DELETE FROM pubsub_node WHERE account = ? AND name = ?'),
    removeItems: database.prepare(`DELETE ${of}`),
    newest: database.prepare(`SELECT number ${of} AND id IS NOT ? ORDER BY number DESC LIMIT 1 OFFSET ?`),
    replaced: database.prepare(`SELECT size ${of} AND id = ?`),
    going: database.prepare(`SELECT sum(size) AS size ${of} AND number <= ? AND id <> ?`),
    total: database.prepare('SELECT size FROM pubsub_size WHERE account = ?'),
    removeItem: database.prepare(`DELETE ${of} AND id = ?`),
    removeUntil: database.prepare(`DELETE ${of} AND number <= ?`),
    addItem: database.prepare(
      'INSERT INTO pubsub_item (account, node, id, at, payload, size) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    item: database.prepare(`SELECT id, at, payload ${of} AND id = ?`),
    number: database.prepare(`SELECT number ${of} AND id = ?`),
    forwards: database.prepare(`${between} ASC LIMIT ?`),
    backwards: database.prepare(`${between} DESC LIMIT ?`),
    count: database.prepare(`SELECT count(*) AS count ${of} AND number < ?`),
  };
}
