import type { DatabaseSync } from 'node:sqlite';
import type {
  OnDecided,
  RaAccount,
  RaAccountKind,
  RaAccountQuery,
  RaAccountStore,
  RaDevice,
  ScramHash,
  ScramKeys,
  StoredCode,
} from '@yaolian/directory';
import type { CommitListener, GroupCommit } from './group-commit.ts';
import { RaDeviceRows } from './sqlite-ra-device-store.ts';

/** Kinds of accounts that are remembered. */
const mostKinds = 50_000;

/** Accounts of the message server in SQLite. */
export class SqliteRaAccountStore implements RaAccountStore, CommitListener {
  readonly #commit: GroupCommit;
  /** Of those that were asked for and are there; the oldest first. An account has one kind as long as it is. */
  readonly #kinds = new Map<string, RaAccountKind>();
  readonly #devices: RaDeviceRows;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#devices = new RaDeviceRows(database);
    this.#statements = prepareStatements(database);
    commit.listen(this);
  }

  /** What was read since the last commit may never have been. */
  rolledBack(): void {
    this.#kinds.clear();
  }

  async account(name: string): Promise<RaAccount | undefined> {
    const row = this.#statements.account.get(name) as AccountRow | undefined;
    return row && this.#read(row);
  }

  /** Whether there is such an account in what is being committed. */
  has(name: string): boolean {
    return this.#statements.account.get(name) !== undefined;
  }

  async kindOf(name: string): Promise<RaAccountKind | undefined> {
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    const row = this.#statements.account.get(name) as AccountRow | undefined;
    if (row === undefined) return undefined;
    if (this.#kinds.size >= mostKinds) this.#kinds.delete(this.#kinds.keys().next().value!);
    this.#kinds.set(name, row.kind);
    return row.kind;
  }

  async accounts(query: RaAccountQuery): Promise<readonly RaAccount[]> {
    const { kind, after = '', limit } = query;
    const rows =
      kind === undefined
        ? this.#statements.accounts.all(after, limit)
        : this.#statements.accountsOfKind.all(kind, after, limit);
    return (rows as unknown as AccountRow[]).map((row) => this.#read(row));
  }

  async addAccount(
    account: RaAccount,
    device?: RaDevice,
    code?: StoredCode,
    onDecided?: OnDecided<boolean>,
  ): Promise<boolean> {
    let added = false;
    await this.#commit.changeTogether(() => {
      added = this.#add(account, device, code);
      onDecided?.(added);
    });
    return added;
  }

  #add(
    { name, kind, nick, createdAt, keys }: RaAccount,
    device: RaDevice | undefined,
    code: StoredCode | undefined,
  ): boolean {
    if (this.#statements.account.get(name) !== undefined) return false;
    if (device !== undefined && !this.#devices.put(device)) return false;
    this.#statements.add.run(name, kind, nick ?? null, createdAt);
    this.#addKeys(name, keys);
    if (code !== undefined) this.#addCode(code);
    return true;
  }

  async setKeys(name: string, keys: readonly ScramKeys[]): Promise<boolean> {
    let found = false;
    await this.#commit.changeTogether(() => {
      found = this.#statements.account.get(name) !== undefined;
      this.#statements.removeKeys.run(name);
      if (found) this.#addKeys(name, keys);
    });
    return found;
  }

  async setNick(name: string, nick: string | undefined): Promise<boolean> {
    let changed = false;
    await this.#commit.change(() => {
      changed = this.#statements.setNick.run(nick ?? null, name).changes > 0;
    });
    return changed;
  }

  async setDisabled(name: string, time: number | undefined): Promise<boolean> {
    let changed = false;
    await this.#commit.change(() => {
      changed = this.#statements.setDisabled.run(time ?? null, name).changes > 0;
    });
    return changed;
  }

  async removeAccount(name: string): Promise<boolean> {
    let removed = false;
    await this.#commit.changeTogether(() => {
      this.#statements.removeKeys.run(name);
      removed = this.#statements.remove.run(name).changes > 0;
      this.#kinds.delete(name);
    });
    return removed;
  }

  #addCode({ device, id, salt, digest, issuedAt, expiresAt }: StoredCode): void {
    this.#statements.putCode.run(device, id, salt, digest, issuedAt, expiresAt ?? null);
  }

  #addKeys(name: string, keys: readonly ScramKeys[]): void {
    for (const { hash, salt, iterations, storedKey, serverKey } of keys) {
      this.#statements.addKeys.run(name, hash, salt, iterations, storedKey, serverKey);
    }
  }

  #read(row: AccountRow): RaAccount {
    const isOut = row.disabled_at !== null;
    const keys = isOut ? [] : (this.#statements.keys.all(row.name) as unknown as KeysRow[]);
    return {
      name: row.name,
      kind: row.kind,
      keys: keys.map(readKeys),
      nick: row.nick ?? undefined,
      createdAt: row.created_at,
      ...(row.disabled_at === null ? {} : { disabledAt: row.disabled_at }),
    };
  }
}

interface AccountRow {
  readonly name: string;
  readonly kind: RaAccountKind;
  readonly nick: string | null;
  readonly created_at: number;
  readonly disabled_at: number | null;
}

interface KeysRow {
  readonly hash: ScramHash;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly stored_key: Uint8Array;
  readonly server_key: Uint8Array;
}

function readKeys(row: KeysRow): ScramKeys {
  return {
    hash: row.hash,
    salt: row.salt,
    iterations: row.iterations,
    storedKey: row.stored_key,
    serverKey: row.server_key,
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    account: database.prepare('SELECT * FROM ra_account WHERE name = ?'),
    accounts: database.prepare('SELECT * FROM ra_account WHERE name > ? ORDER BY name LIMIT ?'),
    accountsOfKind: database.prepare('SELECT * FROM ra_account WHERE kind = ? AND name > ? ORDER BY name LIMIT ?'),
    add: database.prepare('INSERT INTO ra_account (name, kind, nick, created_at) VALUES (?, ?, ?, ?)'),
    setNick: database.prepare('UPDATE ra_account SET nick = ? WHERE name = ?'),
    setDisabled: database.prepare('UPDATE ra_account SET disabled_at = ? WHERE name = ?'),
    remove: database.prepare('DELETE FROM ra_account WHERE name = ?'),
    keys: database.prepare('SELECT * FROM ra_account_key WHERE account = ? ORDER BY hash'),
    addKeys: database.prepare('INSERT INTO ra_account_key VALUES (?, ?, ?, ?, ?, ?)'),
    putCode: database.prepare('REPLACE INTO verification_code VALUES (?, ?, ?, ?, ?, ?)'),
    removeKeys: database.prepare('DELETE FROM ra_account_key WHERE account = ?'),
  };
}
