import type { DatabaseSync } from 'node:sqlite';
import type { Sealer, SecureSessionStore, StoredSession } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';

/** Secure sessions in SQLite, each sealed for its key, and batches of their progress, sealed as well. */
export class SqliteSecureSessionStore implements SecureSessionStore {
  readonly #database: DatabaseSync;
  readonly #commit: GroupCommit;
  readonly #sealer: Sealer;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit, sealer: Sealer) {
    this.#database = database;
    this.#commit = commit;
    this.#sealer = sealer;
    this.#statements = prepareStatements(database);
  }

  async begin(atLeast: number): Promise<number> {
    let run = 0;
    await this.#commit.change(() => {
      run = (this.#statements.begin.get(atLeast) as { run: number }).run;
    });
    return run;
  }

  *sessions(): Iterable<StoredSession> {
    for (const { key, run, state } of this.#rows<SessionRow>('SELECT key, run, state FROM secure_session')) {
      const opened = this.#sealer.open(state, contextOf(key, run));
      if (opened !== undefined) yield { key, run, state: opened };
    }
  }

  put({ key, run, state }: StoredSession): Promise<void> {
    const sealed = this.#sealer.seal(state, contextOf(key, run));
    return this.#commit.change(() => {
      this.#statements.put.run(key, run, sealed);
    });
  }

  remove(key: string): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.remove.run(key);
    });
  }

  async addProgress(batch: Uint8Array): Promise<number> {
    const sealed = this.#sealer.seal(batch, progressContext);
    let number = 0;
    await this.#commit.change(() => {
      number = Number(this.#statements.addProgress.run(sealed).lastInsertRowid);
    });
    return number;
  }

  *progress(): Iterable<Uint8Array> {
    for (const { batch } of this.#rows<{ batch: Uint8Array }>(
      'SELECT batch FROM secure_session_progress ORDER BY number',
    )) {
      const opened = this.#sealer.open(batch, progressContext);
      if (opened !== undefined) yield opened;
    }
  }

  removeProgressBefore(number: number): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.removeProgress.run(number);
    });
  }

  clear(): Promise<void> {
    return this.#commit.changeTogether(() => {
      this.#statements.clearSessions.run();
      this.#statements.clearProgress.run();
    });
  }

  #rows<Row>(query: string): Iterable<Row> {
    return this.#database.prepare(query).iterate() as Iterable<unknown> as Iterable<Row>;
  }
}

interface SessionRow {
  readonly key: string;
  readonly run: number;
  readonly state: Uint8Array;
}

const progressContext = 'secure session progress';

/** The run is part of it: an old one would lead to sequence numbers that were used. */
function contextOf(key: string, run: number): string {
  return `secure-session/${run}/${key}`;
}

function prepareStatements(database: DatabaseSync) {
  return {
    begin: database.prepare(
      'INSERT INTO secure_session_run VALUES (1, ?1) ON CONFLICT DO UPDATE SET run = max(run + 1, ?1) RETURNING run',
    ),
    put: database.prepare('REPLACE INTO secure_session VALUES (?, ?, ?)'),
    remove: database.prepare('DELETE FROM secure_session WHERE key = ?'),
    addProgress: database.prepare('INSERT INTO secure_session_progress (batch) VALUES (?)'),
    removeProgress: database.prepare('DELETE FROM secure_session_progress WHERE number < ?'),
    clearSessions: database.prepare('DELETE FROM secure_session'),
    clearProgress: database.prepare('DELETE FROM secure_session_progress'),
  };
}
