import type { DatabaseSync } from 'node:sqlite';
import type { AssociationChange, AssociationChangeStore, KeptChange } from '@yaolian/directory';
import { type Duration, milliseconds, toMilliseconds } from '@yaolian/kernel';
import type { CommitListener, GroupCommit } from './group-commit.ts';
import type { Migration } from './migrate.ts';

export const associationChangeSchema: Migration = {
  name: 'changes of associations that not everybody was told of',
  sql: `
    CREATE TABLE association_change (
      id TEXT PRIMARY KEY,
      number INTEGER NOT NULL,      -- grows with every change
      change TEXT NOT NULL          -- JSON: AssociationChange
    ) STRICT, WITHOUT ROWID;`,
};

/** How long a change that everybody knows waits for a transaction to go with. */
const patience: Duration = milliseconds(100);

/** Changes that not everybody was told of, in SQLite. What goes costs no transaction of its own where others follow. */
export class SqliteAssociationChangeStore implements AssociationChangeStore, CommitListener {
  readonly #commit: GroupCommit;
  readonly #statements;
  #number: number;
  /** Everybody was told of these. */
  #told: string[] = [];
  /** Those of them that go with the transaction that is being committed. */
  #going: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = {
      keep: database.prepare('INSERT INTO association_change (id, number, change) VALUES (?, ?, ?)'),
      kept: database.prepare('SELECT id, change FROM association_change ORDER BY number'),
      remove: database.prepare('DELETE FROM association_change WHERE id = ?'),
    };
    const last = database.prepare('SELECT coalesce(max(number), 0) AS number FROM association_change').get();
    this.#number = (last as { readonly number: number }).number;
    commit.listen(this);
  }

  keepChange({ id, change }: KeptChange): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.keep.run(id, ++this.#number, JSON.stringify(change));
    });
  }

  async keptChanges(): Promise<readonly KeptChange[]> {
    const rows = this.#statements.kept.all() as unknown as { readonly id: string; readonly change: string }[];
    const told = new Set(this.#told);
    const kept = rows.filter(({ id }) => !told.has(id));
    return kept.map(({ id, change }) => ({ id, change: JSON.parse(change) as AssociationChange }));
  }

  async removeChange(id: string): Promise<void> {
    this.#told.push(id);
    this.#timer ??= setTimeout(() => void this.#flush().catch(() => {}), toMilliseconds(patience)).unref();
  }

  committing(): void {
    this.#going = this.#told;
    this.#told = [];
    for (const id of this.#going) this.#statements.remove.run(id);
  }

  committed(): void {
    this.#going = [];
  }

  rolledBack(): void {
    this.#told = [...this.#going, ...this.#told];
    this.#going = [];
  }

  /** What everybody knows is not told again after the next start, unless the disk refuses: then it is, which changes nothing. */
  async close(): Promise<void> {
    await this.#flush().catch(() => {});
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#told.length > 0) await this.#commit.change(() => {});
  }
}
