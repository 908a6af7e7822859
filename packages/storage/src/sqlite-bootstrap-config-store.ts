import type { DatabaseSync } from 'node:sqlite';
import type { Sealer } from '@yaolian/directory';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '@yaolian/kernel';
import type {
  BootstrapConfig,
  BootstrapConfigStore,
  BootstrapEntry,
  BootstrapSecurity,
} from '@yaolian/lwm2m/bootstrap';
import type { GroupCommit } from './group-commit.ts';

/** The name under which the default is kept: no terminal and no device has it. */
const defaultName = '';

/** Bootstrap configurations in SQLite, as JSON text. Secret keys and what is written besides are sealed for their place: they open in no other. */
export class SqliteBootstrapConfigStore implements BootstrapConfigStore {
  readonly #commit: GroupCommit;
  readonly #sealer: Sealer;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit, sealer: Sealer) {
    this.#commit = commit;
    this.#sealer = sealer;
    this.#statements = prepareStatements(database);
  }

  async get(name: string | undefined): Promise<BootstrapConfig | undefined> {
    const row = this.#statements.get.get(name ?? defaultName) as Pick<ConfigRow, 'config'> | undefined;
    return row && this.#read(name ?? defaultName, row.config);
  }

  put(name: string | undefined, config: BootstrapConfig): Promise<void> {
    const sealed = this.#sealed(name ?? defaultName, config);
    return this.#commit.change(() => {
      this.#statements.put.run(name ?? defaultName, JSON.stringify(sealed));
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
      config: this.#read(name, config),
    }));
  }

  #sealed(name: string, config: BootstrapConfig): object {
    const security = config.security.map(({ secretKey, ...account }) => {
      if (secretKey === undefined) return account;
      const sealed = this.#sealer.seal(encodeUtf8(secretKey), contextOf(name, account));
      return { ...account, sealedKey: encodeBase64(sealed) };
    });
    const { writes, ...rest } = config;
    if (writes === undefined) return { ...rest, security };
    // There may be passwords among them.
    const sealed = this.#sealer.seal(encodeUtf8(JSON.stringify(writes)), writesContextOf(name));
    return { ...rest, security, sealedWrites: encodeBase64(sealed) };
  }

  /** What does not open is left out: whoever wants to use a key hears that it is missing. */
  #read(name: string, text: string): BootstrapConfig {
    const { sealedWrites, ...config } = JSON.parse(text) as Omit<BootstrapConfig, 'security'> & {
      readonly security: readonly SealedSecurity[];
      readonly sealedWrites?: string;
    };
    const security = config.security.map(({ sealedKey, ...account }): BootstrapSecurity => {
      const secretKey = sealedKey === undefined ? undefined : this.#open(sealedKey, contextOf(name, account));
      return { ...account, ...(secretKey !== undefined && { secretKey }) };
    });
    const writes = sealedWrites === undefined ? undefined : this.#open(sealedWrites, writesContextOf(name));
    return { ...config, security, ...(writes !== undefined && { writes: JSON.parse(writes) }) };
  }

  #open(text: string, context: string): string | undefined {
    const sealed = decodeBase64(text);
    const opened = sealed && this.#sealer.open(sealed, context);
    return opened && decodeUtf8(opened);
  }
}

type SealedSecurity = BootstrapSecurity & { readonly sealedKey?: string };

function contextOf(name: string, { instanceId }: Pick<BootstrapSecurity, 'instanceId'>): string {
  return `bootstrap/${instanceId}/${name}`;
}

function writesContextOf(name: string): string {
  return `bootstrap-writes/${name}`;
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
