import type { DatabaseSync } from 'node:sqlite';
import type { Operator, OperatorStore, Role, StoredToken, TokenKind, TokenQuery } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';

/** Operators and their tokens in SQLite. */
export class SqliteOperatorStore implements OperatorStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async operator(name: string): Promise<Operator | undefined> {
    const row = this.#statements.operator.get(name) as OperatorRow | undefined;
    return row && readOperator(row);
  }

  async operators(): Promise<readonly Operator[]> {
    return (this.#statements.operators.all() as unknown as OperatorRow[]).map(readOperator);
  }

  addOperator(operator: Operator): Promise<boolean> {
    const { name, role, passwordHash, createdAt, passwordChangedAt } = operator;
    return this.#changes(() =>
      this.#statements.addOperator.run(name, role, passwordHash, createdAt, passwordChangedAt),
    ).then(isSome);
  }

  setRole(name: string, role: Role): Promise<boolean> {
    return this.#changes(() => this.#statements.setRole.run({ name, role })).then(isSome);
  }

  setPassword(name: string, passwordHash: string, time: number): Promise<boolean> {
    return this.#changes(() => this.#statements.setPassword.run(passwordHash, time, name)).then(isSome);
  }

  async removeOperator(name: string): Promise<boolean> {
    let removed = false;
    await this.#commit.changeTogether(() => {
      this.#statements.removeTokensOf.run(name);
      removed = this.#statements.removeOperator.run(name).changes > 0;
    });
    return removed;
  }

  async token(id: string): Promise<StoredToken | undefined> {
    const row = this.#statements.token.get(id) as TokenRow | undefined;
    return row && readToken(row);
  }

  async tokens(query: TokenQuery): Promise<readonly StoredToken[]> {
    return (this.#statements.tokens.all(query.after ?? '', query.limit) as unknown as TokenRow[]).map(readToken);
  }

  addToken(token: StoredToken): Promise<boolean> {
    const { id, kind, operator, role, label, secretDigest, createdAt } = token;
    const { expiresAt = null, lastUsedAt = null } = token;
    return this.#changes(() =>
      this.#statements.addToken.run(
        id,
        kind,
        operator,
        role,
        label,
        secretDigest,
        createdAt,
        expiresAt,
        lastUsedAt,
        operator,
      ),
    ).then(isSome);
  }

  trimSessions(operator: string, most: number): Promise<number> {
    return this.#changes(() => this.#statements.trimSessions.run(operator, most));
  }

  touchToken(id: string, time: number): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.touchToken.run(time, id);
    });
  }

  removeToken(id: string): Promise<boolean> {
    return this.#changes(() => this.#statements.removeToken.run(id)).then(isSome);
  }

  removeSessions(operator: string, exceptId: string | undefined): Promise<number> {
    return this.#changes(() => this.#statements.removeSessions.run(operator, exceptId ?? ''));
  }

  removeExpiredTokens(now: number): Promise<number> {
    return this.#changes(() => this.#statements.removeExpired.run(now));
  }

  async #changes(apply: () => { readonly changes: number | bigint }): Promise<number> {
    let changes = 0;
    await this.#commit.change(() => {
      changes = Number(apply().changes);
    });
    return changes;
  }
}

interface OperatorRow {
  readonly name: string;
  readonly role: Role;
  readonly password_hash: string;
  readonly created_at: number;
  readonly password_changed_at: number;
}

interface TokenRow {
  readonly id: string;
  readonly kind: TokenKind;
  readonly operator: string;
  readonly role: Role;
  readonly label: string;
  readonly secret_digest: Uint8Array;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
}

function isSome(changes: number): boolean {
  return changes > 0;
}

function readOperator(row: OperatorRow): Operator {
  return {
    name: row.name,
    role: row.role,
    passwordHash: row.password_hash,
    createdAt: row.created_at,
    passwordChangedAt: row.password_changed_at,
  };
}

function readToken(row: TokenRow): StoredToken {
  return {
    id: row.id,
    kind: row.kind,
    operator: row.operator,
    role: row.role,
    label: row.label,
    secretDigest: row.secret_digest,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    operator: database.prepare('SELECT * FROM operator WHERE name = ?'),
    operators: database.prepare('SELECT * FROM operator ORDER BY name'),
    addOperator: database.prepare('INSERT INTO operator VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'),
    setRole: database.prepare(
      `UPDATE operator SET role = :role WHERE name = :name
        AND (:role = 'admin' OR EXISTS (SELECT 1 FROM operator WHERE role = 'admin' AND name <> :name))`,
    ),
    setPassword: database.prepare('UPDATE operator SET password_hash = ?, password_changed_at = ? WHERE name = ?'),
    removeOperator: database.prepare('DELETE FROM operator WHERE name = ?'),
    removeTokensOf: database.prepare('DELETE FROM token WHERE operator = ?'),
    token: database.prepare('SELECT * FROM token WHERE id = ?'),
    tokens: database.prepare('SELECT * FROM token WHERE id > ? ORDER BY id LIMIT ?'),
    addToken: database.prepare(
      `INSERT INTO token SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM operator WHERE name = ?)
        ON CONFLICT DO NOTHING`,
    ),
    touchToken: database.prepare('UPDATE token SET last_used_at = ? WHERE id = ?'),
    removeToken: database.prepare('DELETE FROM token WHERE id = ?'),
    removeSessions: database.prepare("DELETE FROM token WHERE operator = ? AND kind = 'session' AND id <> ?"),
    trimSessions: database.prepare(
      `DELETE FROM token WHERE id IN (SELECT id FROM token WHERE operator = ? AND kind = 'session'
        ORDER BY created_at DESC LIMIT -1 OFFSET ?)`,
    ),
    removeExpired: database.prepare('DELETE FROM token WHERE expires_at <= ?'),
  };
}
