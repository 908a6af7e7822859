import type { DatabaseSync } from 'node:sqlite';
import type { AwaitedAnswer, ExpectationStore, KeptObservation, KeptWatch } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';
import type { Migration } from './migrate.ts';

export const expectationSchema: Migration = {
  name: 'what accounts of the RA wait for',
  sql: `
    CREATE TABLE awaited_answer (
      request INTEGER PRIMARY KEY,  -- queued_request.id
      account TEXT NOT NULL,
      device TEXT NOT NULL,
      terminal TEXT NOT NULL,
      operation TEXT NOT NULL,
      path TEXT NOT NULL,
      resource TEXT
    ) STRICT;
    CREATE TABLE watch (
      terminal TEXT NOT NULL,
      path TEXT NOT NULL,
      account TEXT NOT NULL,
      device TEXT NOT NULL,
      is_ours INTEGER NOT NULL,
      PRIMARY KEY (terminal, path, account)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX watch_account ON watch (account);
    CREATE INDEX watch_device ON watch (device);`,
};

export const keptObservationSchema: Migration = {
  name: 'observations that operators began of devices of the RA',
  sql: `
    CREATE TABLE kept_observation (
      device TEXT NOT NULL,         -- ra_account.name
      path TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      PRIMARY KEY (device, path)
    ) STRICT, WITHOUT ROWID;`,
};

/** What accounts wait for, in SQLite. */
export class SqliteExpectationStore implements ExpectationStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async awaitedAnswers(): Promise<readonly AwaitedAnswer[]> {
    const rows = this.#statements.answers.all() as unknown as (Omit<AwaitedAnswer, 'resource'> & {
      readonly resource: string | null;
    })[];
    return rows.map((row) => ({ ...row, resource: row.resource ?? undefined }));
  }

  putAwaitedAnswer(awaited: AwaitedAnswer): Promise<void> {
    const { request, account, device, terminal, operation, path, resource = null, door } = awaited;
    return this.#commit.change(() => {
      this.#statements.putAnswer.run(request, account, device, terminal, operation, path, resource, door);
    });
  }

  removeAwaitedAnswer(request: number): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.removeAnswer.run(request);
    });
  }

  async watches(): Promise<readonly KeptWatch[]> {
    const rows = this.#statements.watches.all() as unknown as (Omit<KeptWatch, 'isOurs'> & {
      readonly is_ours: number;
    })[];
    return rows.map(({ is_ours: isOurs, ...row }) => ({ ...row, isOurs: isOurs === 1 }));
  }

  putWatch({ terminal, path, account, device, isOurs }: KeptWatch): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.putWatch.run(terminal, path, account, device, Number(isOurs));
    });
  }

  removeWatch({ terminal, path, account }: Pick<KeptWatch, 'account' | 'terminal' | 'path'>): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.removeWatch.run(terminal, path, account);
    });
  }

  async observations(): Promise<readonly KeptObservation[]> {
    const rows = this.#statements.observations.all() as unknown as (Omit<KeptObservation, 'startedAt'> & {
      readonly started_at: number;
    })[];
    return rows.map(({ started_at: startedAt, ...row }) => ({ ...row, startedAt }));
  }

  putObservation({ device, path, startedAt }: KeptObservation): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.putObservation.run(device, path, startedAt);
    });
  }

  removeObservation({ device, path }: Pick<KeptObservation, 'device' | 'path'>): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.removeObservation.run(device, path);
    });
  }

  removeExpectations(account: string): Promise<void> {
    return this.#commit.changeTogether(() => {
      this.#statements.removeAnswersOf.run(account, account);
      this.#statements.removeWatchesOf.run(account, account);
      this.#statements.removeObservationsOf.run(account);
    });
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    answers: database.prepare('SELECT * FROM awaited_answer ORDER BY request'),
    putAnswer: database.prepare('REPLACE INTO awaited_answer VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    removeAnswer: database.prepare('DELETE FROM awaited_answer WHERE request = ?'),
    watches: database.prepare('SELECT * FROM watch ORDER BY terminal, path, account'),
    putWatch: database.prepare('REPLACE INTO watch VALUES (?, ?, ?, ?, ?)'),
    removeWatch: database.prepare('DELETE FROM watch WHERE terminal = ? AND path = ? AND account = ?'),
    observations: database.prepare('SELECT * FROM kept_observation ORDER BY device, path'),
    putObservation: database.prepare('INSERT OR IGNORE INTO kept_observation VALUES (?, ?, ?)'),
    removeObservation: database.prepare('DELETE FROM kept_observation WHERE device = ? AND path = ?'),
    removeObservationsOf: database.prepare('DELETE FROM kept_observation WHERE device = ?'),
    removeAnswersOf: database.prepare('DELETE FROM awaited_answer WHERE account = ? OR device = ?'),
    removeWatchesOf: database.prepare('DELETE FROM watch WHERE account = ? OR device = ?'),
  };
}
