import type { DatabaseSync } from 'node:sqlite';
import type { FriendOf, HomeNews, HomeNewsBounds, HomeNewsStore, NewsSpan } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';
import { everybody, type IsAccount } from './is-account.ts';
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

interface NewNews {
  readonly key: string | undefined;
  readonly time: number;
  readonly event: string;
}

/** What users are told, in SQLite. */
export class SqliteHomeNewsStore implements HomeNewsStore {
  readonly #commit: GroupCommit;
  readonly #isAccount: IsAccount;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit, isAccount: IsAccount = everybody) {
    this.#commit = commit;
    this.#isAccount = isAccount;
    this.#statements = prepareStatements(database);
  }

  addNews(account: string, news: NewNews, bounds: HomeNewsBounds): Promise<number | undefined> {
    return this.#add(account, account, news, bounds);
  }

  addNewsForFriends(
    account: string,
    news: { readonly key: string; readonly time: number; readonly event: string },
    bounds: HomeNewsBounds,
  ): Promise<number | undefined> {
    return this.#add(account, forFriendsOf(account), news, bounds);
  }

  async #add(account: string, of: string, news: NewNews, bounds: HomeNewsBounds): Promise<number | undefined> {
    const { find, add, trim, removeOld } = this.#statements;
    const { key, time, event } = news;
    let number: number | undefined;
    await this.#commit.changeTogether(() => {
      if (!this.#isAccount(account) || (key !== undefined && find.get(of, key) !== undefined)) return;
      number = Number(add.run(of, key ?? null, time, event).lastInsertRowid);
      removeOld.run(of, bounds.since);
      trim.run(of, of, bounds.count);
    });
    return number;
  }

  async newsOf(
    account: string,
    {
      before,
      since,
      friendOf = [],
      limit,
    }: NewsSpan & { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly HomeNews[]> {
    const below = before ?? Number.MAX_SAFE_INTEGER;
    const rows = this.#statements.news.all({ account, above: 0, below, since, friendOf: asJson(friendOf), limit });
    return (rows as unknown as HomeNews[]).map(({ number, time, event }) => ({ number, time, event }));
  }

  async countUnread(account: string, { since, friendOf = [] }: NewsSpan): Promise<number> {
    const { lastRead, unread } = this.#statements;
    const { number: above = 0 } = (lastRead.get(account) ?? {}) as { readonly number?: number };
    const query = { account, above, below: Number.MAX_SAFE_INTEGER, since, friendOf: asJson(friendOf) };
    return (unread.get(query) as { readonly count: number }).count;
  }

  readNews(account: string, upTo: number): Promise<void> {
    return this.#commit.change(() => {
      if (this.#isAccount(account)) this.#statements.read.run(account, upTo);
    });
  }

  removeNews(account: string): Promise<void> {
    return this.#commit.changeTogether(() => {
      this.#statements.remove.run(account, forFriendsOf(account));
      this.#statements.forgetRead.run(account);
    });
  }
}

/** Under which name that is kept: no account has it, for no local part has a slash (RFC 7622 §3.3.1). */
function forFriendsOf(account: string): string {
  return `${account}/friends`;
}

function asJson(friendOf: readonly FriendOf[]): string {
  return JSON.stringify(friendOf.map(({ user, since }) => [forFriendsOf(user), since]));
}

/** What happened once may stand there for the user itself, and for friends of several of its friends. */
const seen = `
  SELECT number, time, event FROM home_news
  WHERE account = :account AND number > :above AND number < :below AND time >= :since
  UNION ALL
  SELECT min(n.number) AS number, n.time, n.event FROM json_each(:friendOf) AS f CROSS JOIN home_news AS n
    ON n.account = f.value ->> 0 AND n.number > :above AND n.number < :below AND n.time >= max(:since, f.value ->> 1)
  WHERE NOT EXISTS (SELECT 1 FROM home_news AS o WHERE o.account = :account AND o.key = n.key)
  GROUP BY n.key`;

function prepareStatements(database: DatabaseSync) {
  return {
    find: database.prepare('SELECT number FROM home_news WHERE account = ? AND key = ?'),
    add: database.prepare('INSERT INTO home_news (account, key, time, event) VALUES (?, ?, ?, ?)'),
    removeOld: database.prepare('DELETE FROM home_news WHERE account = ? AND time < ?'),
    trim: database.prepare(
      `DELETE FROM home_news WHERE account = ? AND number <= (SELECT number FROM home_news WHERE account = ?
       ORDER BY number DESC LIMIT 1 OFFSET ?)`,
    ),
    news: database.prepare(`SELECT number, time, event FROM (${seen}) ORDER BY number DESC LIMIT :limit`),
    unread: database.prepare(`SELECT count(*) AS count FROM (${seen})`),
    lastRead: database.prepare('SELECT number FROM home_news_read WHERE account = ?'),
    read: database.prepare(
      `INSERT INTO home_news_read SELECT ?, coalesce(max(number), 0) FROM home_news WHERE number <= ?
       ON CONFLICT (account) DO UPDATE SET number = max(number, excluded.number)`,
    ),
    remove: database.prepare('DELETE FROM home_news WHERE account IN (?, ?)'),
    forgetRead: database.prepare('DELETE FROM home_news_read WHERE account = ?'),
  };
}
