import type { DatabaseSync } from 'node:sqlite';
import type { StandingObservation, StandingObservationStore } from '@yaolian/lwm2m/server';
import type { GroupCommit } from './group-commit.ts';
import type { Migration } from './migrate.ts';

export const standingObservationSchema: Migration = {
  name: 'observations that outlive registrations',
  sql: `
    CREATE TABLE standing_observation (
      device_key TEXT NOT NULL,
      path TEXT NOT NULL,           -- of a composite all paths
      composite INTEGER NOT NULL,
      query TEXT,                   -- attributes of Observe, NULL: none
      accept INTEGER,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (device_key, path)
    ) STRICT, WITHOUT ROWID;`,
};

/** What stands to be observed of devices, in SQLite. */
export class SqliteStandingObservationStore implements StandingObservationStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async loadStanding(): Promise<Iterable<StandingObservation>> {
    const rows = this.#statements.all.all() as unknown as {
      device_key: string;
      path: string;
      composite: number;
      query: string | null;
      accept: number | null;
      created_at: number;
    }[];
    return rows.map((row) => ({
      deviceKey: row.device_key,
      path: row.path,
      ...(row.composite === 1 ? { composite: true } : {}),
      ...(row.query === null ? {} : { query: row.query }),
      accept: row.accept ?? undefined,
      createdAt: row.created_at,
    }));
  }

  putStanding({ deviceKey, path, composite = false, query, accept, createdAt }: StandingObservation): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.put.run(deviceKey, path, Number(composite), query ?? null, accept ?? null, createdAt);
    });
  }

  removeStanding(deviceKey: string, path: string): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.remove.run(deviceKey, path);
    });
  }

  removeStandingOf(deviceKey: string): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.removeOf.run(deviceKey);
    });
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    all: database.prepare('SELECT * FROM standing_observation ORDER BY device_key, path'),
    put: database.prepare('REPLACE INTO standing_observation VALUES (?, ?, ?, ?, ?, ?)'),
    remove: database.prepare('DELETE FROM standing_observation WHERE device_key = ? AND path = ?'),
    removeOf: database.prepare('DELETE FROM standing_observation WHERE device_key = ?'),
  };
}
