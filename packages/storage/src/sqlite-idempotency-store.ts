import type { DatabaseSync } from 'node:sqlite';
import type { IdempotencyStore, KeptAnswer, KeyedRequest, Sealer } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';
import type { Migration } from './migrate.ts';

export const idempotencySchema: Migration = {
  name: 'requests with idempotency keys',
  sql: `
    CREATE TABLE keyed_request (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id BLOB NOT NULL UNIQUE,      -- SHA-256 of who asked and the key
      fingerprint BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      answer BLOB                   -- sealed JSON: an answer may hold a secret that is shown once; NULL: begun
    ) STRICT;
    CREATE INDEX keyed_request_created ON keyed_request (created_at);`,
};

/** Requests with keys in SQLite, their answers sealed. */
export class SqliteIdempotencyStore implements IdempotencyStore {
  readonly #commit: GroupCommit;
  readonly #sealer: Sealer;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit, sealer: Sealer) {
    this.#commit = commit;
    this.#sealer = sealer;
    this.#statements = prepareStatements(database);
  }

  /** An answer that cannot be opened any more (another key for secrets) counts as unknown. */
  async find(id: Uint8Array): Promise<KeyedRequest | undefined> {
    const row = this.#statements.find.get(id) as Row | undefined;
    if (row === undefined) return undefined;
    const opened = row.answer === null ? undefined : this.#sealer.open(row.answer, contextOf(id));
    const answer = opened && (JSON.parse(Buffer.from(opened).toString('utf8')) as KeptAnswer);
    return { id, fingerprint: row.fingerprint, createdAt: row.created_at, answer };
  }

  begin(
    { id, fingerprint, createdAt }: Omit<KeyedRequest, 'answer'>,
    { since, keep }: { readonly since: number; readonly keep: number },
  ): Promise<void> {
    return this.#commit.changeTogether(() => {
      const { lastInsertRowid } = this.#statements.begin.run(id, fingerprint, createdAt);
      this.#statements.forgetOld.run(since);
      this.#statements.forgetBeyond.run(Number(lastInsertRowid) - keep);
    });
  }

  finish(id: Uint8Array, answer: KeptAnswer): Promise<void> {
    const sealed = this.#sealer.seal(Buffer.from(JSON.stringify(answer), 'utf8'), contextOf(id));
    return this.#commit.change(() => void this.#statements.finish.run(sealed, id));
  }

  release(id: Uint8Array): Promise<void> {
    return this.#commit.change(() => void this.#statements.release.run(id));
  }
}

interface Row {
  readonly fingerprint: Uint8Array;
  readonly created_at: number;
  readonly answer: Uint8Array | null;
}

function contextOf(id: Uint8Array): string {
  return `keyed-request/${Buffer.from(id).toString('hex')}`;
}

function prepareStatements(database: DatabaseSync) {
  return {
    find: database.prepare('SELECT fingerprint, created_at, answer FROM keyed_request WHERE id = ?'),
    // One that is there already is too old, or it would have been found.
    begin: database.prepare('INSERT OR REPLACE INTO keyed_request (id, fingerprint, created_at) VALUES (?, ?, ?)'),
    forgetOld: database.prepare('DELETE FROM keyed_request WHERE created_at < ?'),
    forgetBeyond: database.prepare('DELETE FROM keyed_request WHERE number <= ?'),
    finish: database.prepare('UPDATE keyed_request SET answer = ? WHERE id = ?'),
    release: database.prepare('DELETE FROM keyed_request WHERE id = ?'),
  };
}
