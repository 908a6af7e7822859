import type { DatabaseSync } from 'node:sqlite';
import type { BootstrapConfig, BootstrapConfigStore, BootstrapEntry } from '@yaolian/lwm2m/bootstrap';
import type { GroupCommit } from './group-commit.ts';

/** The name under which the default is kept: no terminal and no device has it. */
const defaultName = '';

/** Bootstrap configurations in SQLite, as JSON text. */
export class SqliteBootstrapConfigStore implements BootstrapConfigStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async get(name: string | undefined): Promise<BootstrapConfig | undefined> {
    const row = this.#statements.get.get(name ?? defaultName) as Pick<ConfigRow, 'config'> | undefined;
    return row && (JSON.parse(row.config) as BootstrapConfig);
  }

  put(name: string | undefined, config: BootstrapConfig): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.put.run(name ?? defaultName, JSON.stringify(config));
    });
  }

  async remove(name: string | undefined): Promise<boolean> {
    let removed = false;
    await this.#commit.change(() => {
      removed = this.#statements.remove.run(name ?? defaultName).changes > 0;
    });
    return removed;
  }

  async list(query: { readonly after?: string; readonly limit: number }): Promise<readonly BootstrapEntry[]> {
    const { after, limit } = query;
    const rows = after === undefined ? this.#statements.first.all(limit) : this.#statements.after.all(after, limit);
    return (rows as unknown as ConfigRow[]).map(({ name, config }) => ({
      name: name === defaultName ? undefined : name,
      config: JSON.parse(config) as BootstrapConfig,
    }));
  }
}

interface ConfigRow {
  readonly name: string;
  readonly config: string;
}

function prepareStatements(database: DatabaseSync) {
  return {
    get: database.prepare('SELECT config FROM bootstrap_config WHERE name = ?'),
    put: database.prepare('REPLACE INTO bootstrap_config VALUES (?, ?)'),
    remove: database.prepare('DELETE FROM bootstrap_config WHERE name = ?'),
    // The default has the empty name and is the first.
    first: database.prepare('SELECT name, config FROM bootstrap_config ORDER BY name LIMIT ?'),
    after: database.prepare('SELECT name, config FROM bootstrap_config WHERE name > ? ORDER BY name LIMIT ?'),
  };
}
