import type { DatabaseSync } from 'node:sqlite';
import type { JsonValue, SettingsStore } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';

/** Settings in SQLite, as JSON text. */
export class SqliteSettingsStore implements SettingsStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async setting(name: string): Promise<JsonValue | undefined> {
    const row = this.#statements.setting.get(name) as { value: string } | undefined;
    return row && (JSON.parse(row.value) as JsonValue);
  }

  async settings(): Promise<ReadonlyMap<string, JsonValue>> {
    const rows = this.#statements.settings.all() as { name: string; value: string }[];
    return new Map(rows.map(({ name, value }) => [name, JSON.parse(value) as JsonValue]));
  }

  setSetting(name: string, value: JsonValue): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.set.run(name, JSON.stringify(value));
    });
  }

  async removeSetting(name: string): Promise<boolean> {
    let removed = false;
    await this.#commit.change(() => {
      removed = this.#statements.remove.run(name).changes > 0;
    });
    return removed;
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    setting: database.prepare('SELECT value FROM setting WHERE name = ?'),
    settings: database.prepare('SELECT name, value FROM setting ORDER BY name'),
    set: database.prepare('REPLACE INTO setting VALUES (?, ?)'),
    remove: database.prepare('DELETE FROM setting WHERE name = ?'),
  };
}
