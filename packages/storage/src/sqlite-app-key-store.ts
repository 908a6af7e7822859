import type { DatabaseSync } from 'node:sqlite';
import type { AppKey, AppKeyQuery, AppKeyStore, Sealer } from '@yaolian/directory';
import { storageErrors } from './errors.ts';
import type { GroupCommit } from './group-commit.ts';

/** AppKeys of vendors in SQLite, their passwords sealed; open in memory, where Register asks for them. */
export class SqliteAppKeyStore implements AppKeyStore {
  readonly #commit: GroupCommit;
  readonly #sealer: Sealer;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #passwords: Map<string, string>;

  /** @throws SECRET_UNREADABLE when a password does not open */
  constructor(database: DatabaseSync, commit: GroupCommit, sealer: Sealer) {
    this.#commit = commit;
    this.#sealer = sealer;
    this.#statements = prepareStatements(database);
    this.#passwords = new Map((this.#statements.all.all() as unknown as SealedRow[]).map((row) => this.#open(row)));
  }

  async addAppKey({ appKey, vendor, issuedAt }: AppKey, password: string): Promise<boolean> {
    const sealed = this.#sealer.seal(Buffer.from(password, 'utf8'), contextOf(appKey));
    let added = false;
    await this.#commit.change(() => {
      added = this.#statements.add.run(appKey, vendor, sealed, issuedAt).changes > 0;
    });
    if (added) this.#passwords.set(appKey, password);
    return added;
  }

  async appKeys({ after = '', limit }: AppKeyQuery): Promise<readonly AppKey[]> {
    const rows = this.#statements.page.all(after, limit) as unknown as AppKeyRow[];
    return rows.map((row) => ({ appKey: row.app_key, vendor: row.vendor, issuedAt: row.issued_at }));
  }

  async removeAppKey(appKey: string): Promise<boolean> {
    let removed = false;
    await this.#commit.change(() => {
      removed = this.#statements.remove.run(appKey).changes > 0;
    });
    this.#passwords.delete(appKey);
    return removed;
  }

  passwordOf(appKey: string): string | undefined {
    return this.#passwords.get(appKey);
  }

  #open({ app_key: appKey, password }: SealedRow): readonly [appKey: string, password: string] {
    const opened = this.#sealer.open(password, contextOf(appKey));
    if (opened === undefined) throw storageErrors.SECRET_UNREADABLE(`the password of appKey ${appKey}`);
    return [appKey, Buffer.from(opened).toString('utf8')];
  }
}

interface SealedRow {
  readonly app_key: string;
  readonly password: Uint8Array;
}

interface AppKeyRow {
  readonly app_key: string;
  readonly vendor: string;
  readonly issued_at: number;
}

function contextOf(appKey: string): string {
  return `app-key/${appKey}`;
}

function prepareStatements(database: DatabaseSync) {
  return {
    all: database.prepare('SELECT app_key, password FROM app_key'),
    add: database.prepare('INSERT INTO app_key VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'),
    page: database.prepare('SELECT app_key, vendor, issued_at FROM app_key WHERE app_key > ? ORDER BY app_key LIMIT ?'),
    remove: database.prepare('DELETE FROM app_key WHERE app_key = ?'),
  };
}
