import type { DatabaseSync } from 'node:sqlite';
import type { UserSession, UserSessionStore } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';

/** Sessions of users in SQLite. */
export class SqliteUserSessionStore implements UserSessionStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async userSession(id: string): Promise<UserSession | undefined> {
    const row = this.#statements.session.get(id) as SessionRow | undefined;
    return row && readSession(row);
  }

  async addUserSession(session: UserSession, max: number): Promise<void> {
    const { id, account, secretDigest, keysDigest, createdAt, expiresAt } = session;
    await this.#commit.changeTogether(() => {
      this.#statements.add.run(id, account, secretDigest, keysDigest, createdAt, expiresAt);
      this.#statements.removeOldest.run(account, account, max);
    });
  }

  async removeUserSession(id: string): Promise<boolean> {
    return (await this.#changes(() => this.#statements.remove.run(id))) > 0;
  }

  removeUserSessions(account: string): Promise<number> {
    return this.#changes(() => this.#statements.removeOf.run(account));
  }

  removeExpiredUserSessions(now: number): Promise<number> {
    return this.#changes(() => this.#statements.removeExpired.run(now));
  }

  async #changes(run: () => { readonly changes: number | bigint }): Promise<number> {
    let changes = 0;
    await this.#commit.change(() => {
      changes = Number(run().changes);
    });
    return changes;
  }
}

interface SessionRow {
  readonly id: string;
  readonly account: string;
  readonly secret_digest: Uint8Array;
  readonly keys_digest: Uint8Array;
  readonly created_at: number;
  readonly expires_at: number;
}

function readSession(row: SessionRow): UserSession {
  return {
    id: row.id,
    account: row.account,
    secretDigest: row.secret_digest,
    keysDigest: row.keys_digest,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    session: database.prepare('SELECT * FROM user_session WHERE id = ?'),
    add: database.prepare('INSERT INTO user_session VALUES (?, ?, ?, ?, ?, ?)'),
    removeOldest: database.prepare(
      `DELETE FROM user_session WHERE account = ? AND id NOT IN
        (SELECT id FROM user_session WHERE account = ? ORDER BY created_at DESC, id DESC LIMIT ?)`,
    ),
    remove: database.prepare('DELETE FROM user_session WHERE id = ?'),
    removeOf: database.prepare('DELETE FROM user_session WHERE account = ?'),
    removeExpired: database.prepare('DELETE FROM user_session WHERE expires_at <= ?'),
  };
}
