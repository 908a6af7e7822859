import type { DatabaseSync } from 'node:sqlite';
import { leastUpload, type Upload, type UploadLimits, type UploadStore } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';
import type { Migration } from './migrate.ts';

export const uploadSchema: Migration = {
  name: 'files of accounts',
  sql: `
    CREATE TABLE upload (
      id TEXT PRIMARY KEY,
      account TEXT NOT NULL,
      name TEXT NOT NULL,
      size INTEGER NOT NULL,
      content_type TEXT,
      created_at INTEGER NOT NULL,
      is_there INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX upload_account ON upload (account, size);
    CREATE INDEX upload_created ON upload (created_at, is_there);`,
};

/** Which files there are, in SQLite. */
export class SqliteUploadStore implements UploadStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async upload(id: string): Promise<Upload | undefined> {
    const row = this.#statements.upload.get(id) as UploadRow | undefined;
    return row && readUpload(row);
  }

  addUpload(upload: Upload, { perAccount, total }: UploadLimits): Promise<boolean> {
    const { id, account, name, size, contentType = null, createdAt, isThere } = upload;
    const counted = Math.max(size, leastUpload);
    return this.#changes(() =>
      this.#statements.add.run(
        ...[id, account, name, size, contentType, createdAt, Number(isThere)],
        ...[account, perAccount - counted, total - counted],
      ),
    );
  }

  completeUpload(id: string): Promise<boolean> {
    return this.#changes(() => this.#statements.complete.run(id));
  }

  removeUpload(id: string): Promise<boolean> {
    return this.#changes(() => this.#statements.remove.run(id));
  }

  async uploadsOf(account: string): Promise<readonly Upload[]> {
    return (this.#statements.ofAccount.all(account) as unknown as UploadRow[]).map(readUpload);
  }

  async oldUploads(time: number, announced: number, limit: number): Promise<readonly Upload[]> {
    return (this.#statements.old.all(time, announced, limit) as unknown as UploadRow[]).map(readUpload);
  }

  async #changes(run: () => { readonly changes: number | bigint }): Promise<boolean> {
    let changed = false;
    await this.#commit.change(() => {
      changed = run().changes > 0;
    });
    return changed;
  }
}

interface UploadRow {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly size: number;
  readonly content_type: string | null;
  readonly created_at: number;
  readonly is_there: number;
}

function readUpload({ content_type, created_at: createdAt, is_there, ...row }: UploadRow): Upload {
  return { ...row, contentType: content_type ?? undefined, createdAt, isThere: is_there === 1 };
}

function prepareStatements(database: DatabaseSync) {
  return {
    upload: database.prepare('SELECT * FROM upload WHERE id = ?'),
    add: database.prepare(
      `INSERT INTO upload SELECT ?, ?, ?, ?, ?, ?, ?
        WHERE (SELECT coalesce(sum(max(size, ${leastUpload})), 0) FROM upload WHERE account = ?) <= ?
          AND (SELECT coalesce(sum(max(size, ${leastUpload})), 0) FROM upload) <= ?`,
    ),
    complete: database.prepare('UPDATE upload SET is_there = 1 WHERE id = ? AND is_there = 0'),
    remove: database.prepare('DELETE FROM upload WHERE id = ?'),
    ofAccount: database.prepare('SELECT * FROM upload WHERE account = ?'),
    old: database.prepare(
      'SELECT * FROM upload WHERE created_at < ?1 OR (is_there = 0 AND created_at < ?2) ORDER BY created_at LIMIT ?3',
    ),
  };
}
