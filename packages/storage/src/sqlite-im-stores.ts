import type { DatabaseSync } from 'node:sqlite';
import type {
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
  PushStore,
  PushTarget,
  VcardStore,
} from '@yaolian/xmpp';
import type { GroupCommit } from './group-commit.ts';
import { everybody, type IsAccount } from './is-account.ts';
import { SqlitePubsubStore } from './sqlite-pubsub-store.ts';
import { SqliteRosterStore } from './sqlite-roster-store.ts';

/** What a message server keeps, in SQLite. */
export class SqliteImStores implements ImStores {
  readonly rosters: SqliteRosterStore;
  readonly offline: SqliteOfflineStore;
  readonly archive: SqliteArchiveStore;
  readonly vcards: SqliteVcardStore;
  readonly blocking: SqliteBlockingStore;
  readonly push: SqlitePushStore;
  readonly pubsub: SqlitePubsubStore;
  readonly #commit: GroupCommit;
  readonly #removals: readonly ReturnType<DatabaseSync['prepare']>[];

  /** @param isAccount whether there is such an account in the moment of a change: nothing is kept for one that is gone */
  constructor(database: DatabaseSync, commit: GroupCommit, isAccount: IsAccount = everybody) {
    this.#commit = commit;
    this.rosters = new SqliteRosterStore(database, commit, isAccount);
    this.offline = new SqliteOfflineStore(database, commit, isAccount);
    this.archive = new SqliteArchiveStore(database, commit, isAccount);
    this.vcards = new SqliteVcardStore(database, commit, isAccount);
    this.blocking = new SqliteBlockingStore(database, commit, isAccount);
    this.push = new SqlitePushStore(database, commit, isAccount);
    this.pubsub = new SqlitePubsubStore(database, commit, isAccount);
    const archive = ['archived_message', 'archive_size']; // in this order: the size counts what goes
    const tables = [
      ...['roster_item', 'roster', 'offline_message', ...archive, 'vcard', 'blocked_jid', 'push_target'],
      ...['pubsub_node', 'pubsub_item', 'pubsub_size'],
    ];
    this.#removals = tables.map((table) => database.prepare(`DELETE FROM ${table} WHERE account = ?`));
  }

  /** Forgets all of an account. */
  removeAccount(account: string): Promise<void> {
    return this.#commit.changeTogether(() => {
      for (const removal of this.#removals) removal.run(account);
    });
  }
}

/** Messages that wait, in SQLite. */
export class SqliteOfflineStore implements OfflineStore {
  readonly #commit: GroupCommit;
  readonly #isAccount: IsAccount;
  readonly #statements;

  constructor(database: DatabaseSync, commit: GroupCommit, isAccount: IsAccount = everybody) {
    this.#commit = commit;
    this.#isAccount = isAccount;
    // Both counts by an index alone.
    const all = '(SELECT count(*) FROM offline_message WHERE account = ?1)';
    const notices = '(SELECT count(*) FROM offline_message WHERE account = ?1 AND topic IS NOT NULL)';
    this.#statements = {
      add: database.prepare(
        `INSERT INTO offline_message (account, at, stanza) SELECT ?1, ?2, ?3 WHERE ${all} - ${notices} < ?4`,
      ),
      addNotice: database.prepare(
        'INSERT INTO offline_message (account, at, stanza, topic, topic_group) VALUES (?, ?, ?, ?, ?)',
      ),
      removeTopic: database.prepare('DELETE FROM offline_message WHERE account = ? AND topic = ?'),
      removeLeast: database.prepare(
        `DELETE FROM offline_message WHERE ${notices} >= ?2 AND id =
          (SELECT min(id) FROM offline_message WHERE account = ?1 AND topic IS NOT NULL
            GROUP BY topic_group ORDER BY count(*) DESC, min(id) LIMIT 1)`,
      ),
      messages: database.prepare(
        'SELECT id, at, stanza, topic, topic_group FROM offline_message WHERE account = ? ORDER BY id LIMIT ?',
      ),
      remove: database.prepare('DELETE FROM offline_message WHERE account = ? AND id <= ?'),
    };
  }

  async add(account: string, stanza: string, at: number, limit: number, notice?: Notice): Promise<boolean> {
    const { add, addNotice, removeTopic, removeLeast } = this.#statements;
    let added = false;
    if (notice === undefined) {
      await this.#commit.change(() => {
        added = this.#isAccount(account) && add.run(account, at, stanza, limit).changes > 0;
      });
      return added;
    }
    if (limit === 0) return false;
    const { topic, group } = notice;
    await this.#commit.changeTogether(() => {
      added = this.#isAccount(account);
      if (!added) return;
      removeTopic.run(account, topic);
      while (removeLeast.run(account, limit).changes > 0); // more than one where the limit was lowered
      addNotice.run(account, at, stanza, topic, group);
    });
    return added;
  }

  async messages(account: string, limit: number): Promise<readonly OfflineMessage[]> {
    const rows = this.#statements.messages.all(account, limit) as unknown as OfflineRow[];
    return rows.map(({ id, at, stanza, topic, topic_group }) => {
      const notice = topic === null ? undefined : { topic, group: topic_group! };
      return { id, at, stanza, notice };
    });
  }

  removeUntil(account: string, id: number): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.remove.run(account, id);
    });
  }
}

interface OfflineRow {
  readonly id: number;
  readonly at: number;
  readonly stanza: string;
  readonly topic: string | null;
  readonly topic_group: string | null;
}

/** Beyond every id: these are of ASCII. */
const beyond = '\u{10ffff}';

/** Archived messages in SQLite. */
export class SqliteArchiveStore implements ArchiveStore {
  readonly #commit: GroupCommit;
  readonly #isAccount: IsAccount;
  readonly #statements;

  constructor(database: DatabaseSync, commit: GroupCommit, isAccount: IsAccount = everybody) {
    this.#commit = commit;
    this.#isAccount = isAccount;
    const columns = 'id, other, at, stanza';
    const matching = `account = ?1 AND id > ?2 AND id < ?3 AND at >= ?4 AND at <= ?5 AND (?6 IS NULL OR other = ?6)`;
    const withOther = `account = ?1 AND other = ?6 AND id > ?2 AND id < ?3 AND at >= ?4 AND at <= ?5`;
    const select = (where: string, order: string) =>
      database.prepare(`SELECT ${columns} FROM archived_message WHERE ${where} ORDER BY id ${order} LIMIT ?7`);
    this.#statements = {
      add: database.prepare('INSERT INTO archived_message (account, id, other, at, stanza) VALUES (?, ?, ?, ?, ?)'),
      forwards: select(matching, 'ASC'),
      backwards: select(matching, 'DESC'),
      forwardsWith: select(withOther, 'ASC'),
      backwardsWith: select(withOther, 'DESC'),
      // Both by the index of contacts, which holds no stanzas.
      count: database.prepare('SELECT count(*) AS count FROM archived_message WHERE account = ? AND id > ? AND id < ?'),
      countWith: database.prepare(
        'SELECT count(*) AS count FROM archived_message WHERE account = ? AND other = ? AND id > ? AND id < ?',
      ),
      message: database.prepare(`SELECT ${columns} FROM archived_message WHERE account = ? AND id = ?`),
      removeBefore: database.prepare(
        `DELETE FROM archived_message WHERE (account, id) IN
          (SELECT account, id FROM archived_message WHERE at < ? ORDER BY at LIMIT ?)`,
      ),
      tooLarge: database.prepare('SELECT account, messages FROM archive_size WHERE messages > ? LIMIT 1'),
      removeOldest: database.prepare(
        `DELETE FROM archived_message WHERE account = ?1 AND id IN
          (SELECT id FROM archived_message WHERE account = ?1 ORDER BY id LIMIT ?2)`,
      ),
    };
  }

  add(account: string, message: ArchivedMessage): Promise<void> {
    return this.#commit.change(() => {
      if (!this.#isAccount(account)) return;
      this.#statements.add.run(account, message.id, message.with, message.at, message.stanza);
    });
  }

  async page(account: string, query: ArchiveQuery): Promise<ArchivePage> {
    const { after = '', before, start = 0, end = Number.MAX_SAFE_INTEGER, limit } = query;
    const until = before || beyond;
    const isBackwards = before !== undefined;
    const { forwards, backwards, forwardsWith, backwardsWith } = this.#statements;
    const plain = isBackwards ? backwards : forwards;
    const withOther = isBackwards ? backwardsWith : forwardsWith;
    const statement = query.with === undefined ? plain : withOther;
    const rows = statement.all(
      account,
      after,
      until,
      start,
      end,
      query.with ?? null,
      limit + 1,
    ) as unknown as ArchiveRow[];
    const messages = rows.slice(0, limit).map(readMessage);
    return { messages: isBackwards ? messages.reverse() : messages, complete: rows.length <= limit };
  }

  async count(account: string, { with: other, after = '', before }: ArchiveCount): Promise<number> {
    const { count, countWith } = this.#statements;
    const ids = [after, before || beyond] as const;
    const row = other === undefined ? count.get(account, ...ids) : countWith.get(account, other, ...ids);
    return (row as { readonly count: number }).count;
  }

  async message(account: string, id: string): Promise<ArchivedMessage | undefined> {
    const row = this.#statements.message.get(account, id) as ArchiveRow | undefined;
    return row && readMessage(row);
  }

  async removeBefore(at: number, limit: number): Promise<number> {
    let removed = 0;
    await this.#commit.change(() => {
      removed = Number(this.#statements.removeBefore.run(at, limit).changes);
    });
    return removed;
  }

  async removeBeyond(kept: number, limit: number): Promise<number> {
    const { tooLarge, removeOldest } = this.#statements;
    let removed = 0;
    await this.#commit.changeTogether(() => {
      while (removed < limit) {
        const found = tooLarge.get(kept) as { readonly account: string; readonly messages: number } | undefined;
        if (found === undefined) return;
        removed += Number(removeOldest.run(found.account, Math.min(found.messages - kept, limit - removed)).changes);
      }
    });
    return removed;
  }
}

interface ArchiveRow {
  readonly id: string;
  readonly other: string;
  readonly at: number;
  readonly stanza: string;
}

function readMessage({ id, other, at, stanza }: ArchiveRow): ArchivedMessage {
  return { id, with: other, at, stanza };
}

/** vCards in SQLite. */
export class SqliteVcardStore implements VcardStore {
  readonly #commit: GroupCommit;
  readonly #isAccount: IsAccount;
  readonly #statements;

  constructor(database: DatabaseSync, commit: GroupCommit, isAccount: IsAccount = everybody) {
    this.#commit = commit;
    this.#isAccount = isAccount;
    this.#statements = {
      vcard: database.prepare('SELECT vcard FROM vcard WHERE account = ?'),
      set: database.prepare('INSERT OR REPLACE INTO vcard VALUES (?, ?)'),
    };
  }

  async vcard(account: string): Promise<string | undefined> {
    return (this.#statements.vcard.get(account) as { readonly vcard: string } | undefined)?.vcard;
  }

  setVcard(account: string, vcard: string): Promise<void> {
    return this.#commit.change(() => {
      if (this.#isAccount(account)) this.#statements.set.run(account, vcard);
    });
  }
}

/** Block lists in SQLite. */
export class SqliteBlockingStore implements BlockingStore {
  readonly #commit: GroupCommit;
  readonly #isAccount: IsAccount;
  readonly #statements;

  constructor(database: DatabaseSync, commit: GroupCommit, isAccount: IsAccount = everybody) {
    this.#commit = commit;
    this.#isAccount = isAccount;
    this.#statements = {
      blocked: database.prepare('SELECT jid FROM blocked_jid WHERE account = ? ORDER BY jid'),
      block: database.prepare('INSERT INTO blocked_jid VALUES (?, ?) ON CONFLICT DO NOTHING'),
      unblock: database.prepare('DELETE FROM blocked_jid WHERE account = ? AND jid = ?'),
      unblockAll: database.prepare('DELETE FROM blocked_jid WHERE account = ?'),
    };
  }

  async blocked(account: string): Promise<readonly string[]> {
    return (this.#statements.blocked.all(account) as unknown as { readonly jid: string }[]).map(({ jid }) => jid);
  }

  block(account: string, jids: readonly string[]): Promise<void> {
    return this.#commit.changeTogether(() => {
      if (!this.#isAccount(account)) return;
      for (const jid of jids) this.#statements.block.run(account, jid);
    });
  }

  unblock(account: string, jids: readonly string[] | undefined): Promise<void> {
    return this.#commit.changeTogether(() => {
      if (jids === undefined) this.#statements.unblockAll.run(account);
      else for (const jid of jids) this.#statements.unblock.run(account, jid);
    });
  }
}

/** Push targets in SQLite. */
export class SqlitePushStore implements PushStore {
  readonly #commit: GroupCommit;
  readonly #isAccount: IsAccount;
  readonly #statements;

  constructor(database: DatabaseSync, commit: GroupCommit, isAccount: IsAccount = everybody) {
    this.#commit = commit;
    this.#isAccount = isAccount;
    this.#statements = {
      targets: database.prepare(
        `SELECT service, node, options FROM push_target WHERE account = ?
          ORDER BY service, ifnull(json_extract(node, '$'), '')`,
      ),
      count: database.prepare(
        'SELECT count(*) AS count FROM push_target WHERE account = ?1 AND NOT (service = ?2 AND node = ?3)',
      ),
      put: database.prepare('INSERT OR REPLACE INTO push_target (account, service, node, options) VALUES (?, ?, ?, ?)'),
      remove: database.prepare('DELETE FROM push_target WHERE account = ? AND service = ? AND node = ?'),
      removeAll: database.prepare('DELETE FROM push_target WHERE account = ? AND service = ?'),
    };
  }

  async targets(account: string): Promise<readonly PushTarget[]> {
    return this.known(account);
  }

  /** {@link targets} at once, for who is about to store what they are to be told of. */
  known(account: string): readonly PushTarget[] {
    const rows = this.#statements.targets.all(account) as { service: string; node: string; options: string | null }[];
    return rows.map(({ service, node, options }) => {
      return { service, node: (JSON.parse(node) as string | null) ?? undefined, options: options ?? undefined };
    });
  }

  async enable(account: string, { service, node, options }: PushTarget, limit: number): Promise<boolean> {
    let isKept = false;
    const key = JSON.stringify(node ?? null);
    await this.#commit.changeTogether(() => {
      const { count } = this.#statements.count.get(account, service, key) as { count: number };
      isKept = this.#isAccount(account) && count < limit;
      if (isKept) this.#statements.put.run(account, service, key, options ?? null);
    });
    return isKept;
  }

  disable(account: string, service: string, node: string | undefined): Promise<void> {
    return this.#commit.change(() => {
      if (node === undefined) this.#statements.removeAll.run(account, service);
      else this.#statements.remove.run(account, service, JSON.stringify(node));
    });
  }
}
