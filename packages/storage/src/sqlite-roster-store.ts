import type { DatabaseSync } from 'node:sqlite';
import type { Roster, RosterItem, RosterStore, Subscription } from '@yaolian/xmpp';
import type { GroupCommit } from './group-commit.ts';
import { everybody, type IsAccount } from './is-account.ts';

/** Rosters in SQLite. */
export class SqliteRosterStore implements RosterStore {
  readonly #commit: GroupCommit;
  readonly #isAccount: IsAccount;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit, isAccount: IsAccount = everybody) {
    this.#commit = commit;
    this.#isAccount = isAccount;
    this.#statements = prepareStatements(database);
  }

  async roster(account: string): Promise<Roster> {
    const items = (this.#statements.items.all(account) as unknown as ItemRow[]).map(readItem);
    return { version: this.#version(account), items };
  }

  async version(account: string): Promise<number> {
    return this.#version(account);
  }

  async item(account: string, jid: string): Promise<RosterItem | undefined> {
    const row = this.#statements.item.get(account, jid) as ItemRow | undefined;
    return row && readItem(row);
  }

  async put(account: string, item: RosterItem): Promise<number> {
    const { jid, name = null, groups, subscription, asked, request = null, approved, listed } = item;
    const flags = [asked, approved, listed].map(Number) as [number, number, number];
    let version = 0;
    await this.#commit.changeTogether(() => {
      if (!this.#isAccount(account)) return;
      this.#statements.put.run(account, jid, name, JSON.stringify(groups), subscription, ...flags, request);
      version = this.#raise(account);
    });
    return version;
  }

  async remove(account: string, jid: string): Promise<number | undefined> {
    let version: number | undefined;
    await this.#commit.changeTogether(() => {
      if (this.#statements.remove.run(account, jid).changes > 0) version = this.#raise(account);
    });
    return version;
  }

  #raise(account: string): number {
    this.#statements.raise.run(account);
    return this.#version(account);
  }

  #version(account: string): number {
    return (this.#statements.version.get(account) as { readonly version: number } | undefined)?.version ?? 0;
  }
}

interface ItemRow {
  readonly jid: string;
  readonly name: string | null;
  readonly groups: string;
  readonly subscription: Subscription;
  readonly asked: number;
  readonly approved: number;
  readonly listed: number;
  readonly request: string | null;
}

function readItem(row: ItemRow): RosterItem {
  return {
    jid: row.jid,
    name: row.name ?? undefined,
    groups: JSON.parse(row.groups) as string[],
    subscription: row.subscription,
    asked: row.asked === 1,
    request: row.request ?? undefined,
    approved: row.approved === 1,
    listed: row.listed === 1,
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    version: database.prepare('SELECT version FROM roster WHERE account = ?'),
    raise: database.prepare('INSERT INTO roster VALUES (?, 1) ON CONFLICT DO UPDATE SET version = version + 1'),
    items: database.prepare('SELECT * FROM roster_item WHERE account = ? ORDER BY jid'),
    item: database.prepare('SELECT * FROM roster_item WHERE account = ? AND jid = ?'),
    put: database.prepare('INSERT OR REPLACE INTO roster_item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    remove: database.prepare('DELETE FROM roster_item WHERE account = ? AND jid = ?'),
  };
}
