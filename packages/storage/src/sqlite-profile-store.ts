import type { DatabaseSync } from 'node:sqlite';
import type { Profile, ProfileStore } from '@yaolian/lwm2m/server';
import type { GroupCommit } from './group-commit.ts';

/** Object lists by Profile ID, in SQLite. */
export class SqliteProfileStore implements ProfileStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async loadProfiles(): Promise<Iterable<Profile>> {
    const rows = this.#statements.all.all() as unknown as { id: string; object_links: string; learned_at: number }[];
    return rows.map((row) => ({ id: row.id, objectLinks: row.object_links, learnedAt: row.learned_at }));
  }

  putProfile({ id, objectLinks, learnedAt }: Profile): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.put.run(id, objectLinks, learnedAt);
    });
  }

  async removeProfile(id: string): Promise<boolean> {
    let removed = false;
    await this.#commit.change(() => {
      removed = this.#statements.remove.run(id).changes > 0;
    });
    return removed;
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    all: database.prepare('SELECT id, object_links, learned_at FROM profile'),
    put: database.prepare('REPLACE INTO profile VALUES (?, ?, ?)'),
    remove: database.prepare('DELETE FROM profile WHERE id = ?'),
  };
}
