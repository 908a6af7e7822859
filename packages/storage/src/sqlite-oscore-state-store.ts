import type { DatabaseSync } from 'node:sqlite';
import { decodeOscoreState, encodeOscoreState, type OscoreState, type OscoreStateStore } from '@yaolian/oscore';
import { storageErrors } from './errors.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Migration } from './migrate.ts';

export const oscoreStateSchema: Migration = {
  name: 'states of OSCORE',
  sql: `
    -- Never removed: the same keys may be added again, and their numbers must go on.
    CREATE TABLE oscore_state (
      id TEXT PRIMARY KEY,
      state TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- There is a row where the database comes from a backup.
    CREATE TABLE oscore_restore (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      made_at INTEGER NOT NULL,     -- the backup; milliseconds since the epoch
      floor INTEGER                 -- NULL: nobody has started on it yet
    ) STRICT;`,
};

/** States of security contexts in SQLite. They hold no keys. A state is on disk when `save` resolves. */
export class SqliteOscoreStateStore implements OscoreStateStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;
  /** Where contexts begin whose state a backup left out. */
  readonly #floor: number | undefined;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
    const restored = this.#statements.restored.get() as { floor: number } | undefined;
    this.#floor = restored?.floor;
  }

  load(id: string): OscoreState | undefined {
    const row = this.#statements.load.get(id) as { state: string } | undefined;
    if (row !== undefined) return decodeOscoreState(row.state);
    // Without a replay window the peer has to show that its first request is new (RFC 8613 Appendix B.1.2).
    return this.#floor === undefined ? undefined : { senderSequence: this.#floor };
  }

  remove(id: string): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.remove.run(id);
    });
  }

  save(id: string, state: OscoreState): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.save.run(id, encodeOscoreState(state));
    });
  }
}

/**
 * Takes the states out of the copy that becomes a backup: by the time it is restored they are old, and whoever went on from them
 * would use numbers, and so nonces, again (RFC 8613 §7.2.1). The copy says that it is one, for {@link beginOnBackup}.
 *
 * @param madeAt milliseconds since the epoch
 */
export function forgetOscoreStates(copy: DatabaseSync, madeAt: number): void {
  if (!copy.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'oscore_restore'").get()) return;
  copy.exec('DELETE FROM oscore_state');
  copy.prepare('REPLACE INTO oscore_restore VALUES (1, ?, NULL)').run(madeAt);
}

/** 2024-01-01: floors are counted from there. */
const origin = Date.UTC(2024, 0, 1);

/**
 * Numbers that a context may use up a second, on average over its life. 2^40 of them (RFC 8613 §7.2.1) last until 2092.
 */
const numbersPerSecond = 512;

/**
 * Makes the first start on a restored backup safe: contexts go on from a number that the time alone decides, above all that they
 * can have used until now, in the platform that the backup is of and in those that were restored from it before. Two of them must
 * not run at once.
 *
 * @param now milliseconds since the epoch
 * @throws RESTORE_CLOCK_WRONG when the clock is behind that of the backup, and there are security contexts
 */
export function beginOnBackup(database: DatabaseSync, now: number): void {
  const restored = database.prepare('SELECT made_at, floor FROM oscore_restore').get() as
    | { readonly made_at: number; readonly floor: number | null }
    | undefined;
  if (restored?.floor !== null) return;
  const hasContexts = database.prepare("SELECT 1 FROM credential WHERE kind = 'oscore' LIMIT 1").get() !== undefined;
  if (now < restored.made_at && hasContexts) {
    throw storageErrors.RESTORE_CLOCK_WRONG(new Date(now), new Date(restored.made_at));
  }
  const seconds = (Math.max(now, restored.made_at) - origin) / 1000;
  const floor = Math.max(0, Math.ceil(seconds * numbersPerSecond));
  database.prepare('UPDATE oscore_restore SET floor = ?').run(floor);
}

function prepareStatements(database: DatabaseSync) {
  return {
    load: database.prepare('SELECT state FROM oscore_state WHERE id = ?'),
    remove: database.prepare('DELETE FROM oscore_state WHERE id = ?'),
    save: database.prepare('REPLACE INTO oscore_state VALUES (?, ?)'),
    restored: database.prepare('SELECT floor FROM oscore_restore WHERE floor IS NOT NULL'),
  };
}
