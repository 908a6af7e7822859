import type { DatabaseSync } from 'node:sqlite';
import type { HomeNews, HomeNewsBounds, HomeNewsStore } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';
import type { Migration } from './migrate.ts';

export const homeNewsSchema: Migration = {
  name: 'news of users',
  sql: `
    CREATE TABLE home_news (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      account TEXT NOT NULL,
      key TEXT,                     -- what happened; NULL: it happens once
      time INTEGER NOT NULL,
      event TEXT NOT NULL           -- JSON
    ) STRICT;
    CREATE INDEX home_news_account ON home_news (account, number);
    CREATE UNIQUE INDEX home_news_key ON home_news (account, key) WHERE key IS NOT NULL;
    CREATE TABLE home_news_read (
      account TEXT PRIMARY KEY,
      number INTEGER NOT NULL       -- the last that was read
    ) STRICT, WITHOUT ROWID;`,
};

/** What users are told, in SQLite. */
export class SqliteHomeNewsStore implements HomeNewsStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async addNews(
    account: string,
    { key, time, event }: { readonly key: string | undefined; readonly time: number; readonly event: string },
    { count, since }: HomeNewsBounds,
  ): Promise<number | undefined> {
    const { find, add, trim, removeOld } = this.#statements;
    let number: number | undefined;
    await this.#commit.changeTogether(() => {
      if (key !== undefined && find.get(account, key) !== undefined) return;
      number = Number(add.run(account, key ?? null, time, event).lastInsertRowid);
      removeOld.run(account, since);
      trim.run(account, account, count);
    });
    return number;
  }

  async newsOf(
    account: string,
    { before, since, limit }: { readonly before?: number | undefined; readonly since: number; readonly limit: number },
  ): Promise<readonly HomeNews[]> {
    const rows = this.#statements.news.all(account, before ?? Number.MAX_SAFE_INTEGER, since, limit);
    return (rows as unknown as HomeNews[]).map(({ number, time, event }) => ({ number, time, event }));
  }

  async countUnread(account: string, since: number): Promise<number> {
    return (this.#statements.unread.get(account, account, since) as { readonly count: number }).count;
  }

  readNews(account: string, upTo: number): Promise<void> {
    return this.#commit.change(() => this.#statements.read.run(account, account, upTo));
  }

  removeNews(account: string): Promise<void> {
    return this.#commit.changeTogether(() => {
      this.#statements.remove.run(account);
      this.#statements.forgetRead.run(account);
    });
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    find: database.prepare('SELECT number FROM home_news WHERE account = ? AND key = ?'),
    add: database.prepare('INSERT INTO home_news (account, key, time, event) VALUES (?, ?, ?, ?)'),
    removeOld: database.prepare('DELETE FROM home_news WHERE account = ? AND time < ?'),
    trim: database.prepare(
      `DELETE FROM home_news WHERE account = ? AND number <= (SELECT number FROM home_news WHERE account = ?
       ORDER BY number DESC LIMIT 1 OFFSET ?)`,
    ),
    news: database.prepare(
      `SELECT number, time, event FROM home_news WHERE account = ? AND number < ? AND time >= ?
       ORDER BY number DESC LIMIT ?`,
    ),
    unread: database.prepare(
      `SELECT count(*) AS count FROM home_news WHERE account = ? AND number >
       coalesce((SELECT number FROM home_news_read WHERE account = ?), 0) AND time >= ?`,
    ),
    read: database.prepare(
      `INSERT INTO home_news_read SELECT ?, coalesce(max(number), 0) FROM home_news WHERE account = ? AND number <= ?
       ON CONFLICT (account) DO UPDATE SET number = max(number, excluded.number)`,
    ),
    remove: database.prepare('DELETE FROM home_news WHERE account = ?'),
    forgetRead: database.prepare('DELETE FROM home_news_read WHERE account = ?'),
  };
}
