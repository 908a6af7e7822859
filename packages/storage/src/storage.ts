import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { deafMeter, type Log, type Meter, silentLog } from '@yaolian/kernel';
import { Checkpointer } from './checkpointer.ts';
import { DataFolder } from './data-folder.ts';
import { isUnreadable, messageOf, storageErrors } from './errors.ts';
import { GroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { SqliteBootstrapConfigStore } from './sqlite-bootstrap-config-store.ts';
import { SqliteCampaignStore } from './sqlite-campaign-store.ts';
import { SqliteDeviceStore } from './sqlite-device-store.ts';
import { SqliteFirmwareStore } from './sqlite-firmware-store.ts';
import { SqliteOperatorStore } from './sqlite-operator-store.ts';
import { SqliteProfileStore } from './sqlite-profile-store.ts';
import { SqliteQueuedRequestStore } from './sqlite-queued-request-store.ts';
import { SqliteRegistrationStore } from './sqlite-registration-store.ts';
import { SqliteSettingsStore } from './sqlite-settings-store.ts';

export interface StorageOptions {
  /** The data folder; made when it is not there. */
  readonly folder: string;
  readonly log?: Log;
  readonly meter?: Meter;
  /** Memory for pages of the database, in bytes. Default 16 MiB. */
  readonly pageCache?: number;
  /** What the database may grow to, in bytes; beyond, changes are rejected with STORAGE_FULL. Default: the disk. */
  readonly maxDatabase?: number;
  /** So many changes are committed at the latest, without waiting for the end of the turn. Default 4096. */
  readonly maxChanges?: number;
  /** The write-ahead log is worked off after so many changes. Default 16,384. */
  readonly checkpointAfterChanges?: number;
  /** In a thread of its own (the default), or between two turns of the event loop. */
  readonly checkpointWhere?: 'thread' | 'inline';
}

/** Everything that the platform keeps, in one SQLite database in one folder. */
export class Storage {
  readonly registrations: SqliteRegistrationStore;
  readonly bootstrapConfigs: SqliteBootstrapConfigStore;
  readonly devices: SqliteDeviceStore;
  readonly queuedRequests: SqliteQueuedRequestStore;
  readonly profiles: SqliteProfileStore;
  readonly operators: SqliteOperatorStore;
  readonly settings: SqliteSettingsStore;
  readonly firmware: SqliteFirmwareStore;
  readonly campaigns: SqliteCampaignStore;
  /** The database file. */
  readonly file: string;
  readonly #folder: DataFolder;
  readonly #database: DatabaseSync;
  readonly #commit: GroupCommit;
  readonly #checkpointer: Checkpointer;
  #closing: Promise<void> | undefined;

  private constructor(folder: DataFolder, file: string, database: DatabaseSync, options: StorageOptions) {
    const { log = silentLog, meter = deafMeter, maxChanges = 4096 } = options;
    this.#folder = folder;
    this.#database = database;
    this.file = file;
    this.#commit = new GroupCommit(database, { meter, maxChanges });
    this.registrations = new SqliteRegistrationStore(database, this.#commit);
    this.bootstrapConfigs = new SqliteBootstrapConfigStore(database, this.#commit);
    this.devices = new SqliteDeviceStore(database, this.#commit);
    this.profiles = new SqliteProfileStore(database, this.#commit);
    this.queuedRequests = new SqliteQueuedRequestStore(database, this.#commit);
    this.operators = new SqliteOperatorStore(database, this.#commit);
    this.settings = new SqliteSettingsStore(database, this.#commit);
    this.firmware = new SqliteFirmwareStore(database, this.#commit);
    this.campaigns = new SqliteCampaignStore(database, this.#commit);
    this.#checkpointer = new Checkpointer({
      database,
      commit: this.#commit,
      file,
      log,
      afterChanges: options.checkpointAfterChanges ?? 16_384,
      where: options.checkpointWhere ?? 'thread',
    });
    meter.gauge('storage_database_bytes', 'Size of the database file', () => sizeOf(file));
    meter.gauge('storage_log_bytes', 'Size of the write-ahead log file', () => sizeOf(`${file}-wal`));
  }

  /**
   * Takes the data folder, brings the schema to the newest version and reads what is needed in memory.
   * @throws DATA_FOLDER_UNUSABLE, DATA_FOLDER_IN_USE, DATABASE_FOREIGN, DATABASE_CORRUPT, SCHEMA_NEWER, MIGRATION_FAILED
   */
  static open(options: StorageOptions): Storage {
    const folder = DataFolder.open(options.folder, options.log);
    let database: DatabaseSync | undefined;
    try {
      const file = folder.file('yaolian.db');
      database = connect(file, options.pageCache ?? 16 * 2 ** 20);
      const found = migrate(database, migrations, file);
      if (options.maxDatabase !== undefined) limitSize(database, options.maxDatabase);
      if (found > 0 && found < migrations.length) {
        options.log?.info('the database was migrated', { from: found, to: migrations.length });
      }
      return new Storage(folder, file, database, options);
    } catch (error) {
      database?.close();
      folder.close();
      if (isUnreadable(error))
        throw storageErrors.DATABASE_CORRUPT(`${folder.path}/yaolian.db`, messageOf(error), error);
      throw error;
    }
  }

  /** Commits what is open now; resolves when it is on disk. */
  flush(): Promise<void> {
    return this.#commit.flush();
  }

  /** What SQLite finds wrong with the database; nothing when it is sound. Reads all of it. */
  integrityProblems(): readonly string[] {
    const rows = this.#database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  }

  /** Commits what is open, works the log off, and gives the folder free. Harmless when called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.#commit.close();
    } finally {
      await this.#checkpointer.close();
      this.#database.close(); // the last connection: SQLite moves the log into the database and removes it
      this.#folder.close();
    }
  }
}

function connect(file: string, pageCache: number): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 1000 });
  try {
    const { journal_mode: mode } = database.prepare('PRAGMA journal_mode = WAL').get() as { journal_mode: string };
    if (mode !== 'wal') throw storageErrors.STORAGE_FAILED(`no write-ahead log on this file system (${mode})`);
    database.exec(`
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 0;
      PRAGMA cache_size = ${-Math.ceil(pageCache / 1024)};
      PRAGMA temp_store = MEMORY;
      PRAGMA trusted_schema = OFF`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function limitSize(database: DatabaseSync, bytes: number): void {
  const { page_size: pageSize } = database.prepare('PRAGMA page_size').get() as { page_size: number };
  database.exec(`PRAGMA max_page_count = ${Math.ceil(bytes / pageSize)}`);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
