import { existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HistoryRetention, Sealer } from '@yaolian/directory';
import { deafMeter, type Log, type Meter, silentLog } from '@yaolian/kernel';
import { Checkpointer } from './checkpointer.ts';
import { DataFolder } from './data-folder.ts';
import { isUnreadable, messageOf, openingFailure, storageErrors } from './errors.ts';
import { type CommitListener, type CommitState, GroupCommit } from './group-commit.ts';
import { databaseVersion, migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { openSealer } from './sealing-key.ts';
import { SqliteAppKeyStore } from './sqlite-app-key-store.ts';
import { SqliteAssociationChangeStore } from './sqlite-association-change-store.ts';
import { SqliteAssociationStore } from './sqlite-association-store.ts';
import { SqliteAuditStore } from './sqlite-audit-store.ts';
import { SqliteBootstrapConfigStore } from './sqlite-bootstrap-config-store.ts';
import { SqliteCampaignStore } from './sqlite-campaign-store.ts';
import { SqliteCredentialStore } from './sqlite-credential-store.ts';
import { SqliteDeviceGroupStore } from './sqlite-device-group-store.ts';
import { SqliteDeviceReportStore } from './sqlite-device-report-store.ts';
import { SqliteDeviceStore } from './sqlite-device-store.ts';
import { SqliteExpectationStore } from './sqlite-expectation-store.ts';
import { SqliteFirmwareStore } from './sqlite-firmware-store.ts';
import { SqliteHomeNewsStore } from './sqlite-home-news-store.ts';
import { SqliteIdempotencyStore } from './sqlite-idempotency-store.ts';
import { SqliteArchiveStore, SqliteImStores } from './sqlite-im-stores.ts';
import { SqliteOperatorStore } from './sqlite-operator-store.ts';
import { beginOnBackup, SqliteOscoreStateStore } from './sqlite-oscore-state-store.ts';
import { SqliteProfileStore } from './sqlite-profile-store.ts';
import { SqliteQueuedRequestStore } from './sqlite-queued-request-store.ts';
import { SqliteRaAccountStore } from './sqlite-ra-account-store.ts';
import { SqliteRaDeviceStore } from './sqlite-ra-device-store.ts';
import { SqliteRegistrationStore } from './sqlite-registration-store.ts';
import { SqliteRoomStore } from './sqlite-room-store.ts';
import { SqliteSecureSessionStore } from './sqlite-secure-session-store.ts';
import { SqliteSettingsStore } from './sqlite-settings-store.ts';
import { SqliteStandingObservationStore } from './sqlite-standing-observation-store.ts';
import { SqliteUploadStore } from './sqlite-upload-store.ts';
import { SqliteUserSessionStore } from './sqlite-user-session-store.ts';
import { SqliteValueHistory } from './sqlite-value-history.ts';
import { SqliteWebhookStore } from './sqlite-webhook-store.ts';

export interface StorageOptions {
  /** The data folder; made when it is not there. */
  readonly folder: string;
  /** The file with the key that secrets are sealed with: 64 hex digits. Default `secrets.key` in the folder, made at first. */
  readonly keyFile?: string;
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
  /** Told of every commit; in tests: in these moments the disk is as a crash would leave it. */
  readonly commitListener?: CommitListener;
  /** How much history is kept. */
  readonly history?: HistoryRetention;
  /** Milliseconds since the epoch; decides where contexts of OSCORE go on after a restore. Default: the time of the machine. */
  readonly now?: () => number;
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
  readonly standingObservations: SqliteStandingObservationStore;
  readonly operators: SqliteOperatorStore;
  readonly settings: SqliteSettingsStore;
  readonly firmware: SqliteFirmwareStore;
  readonly campaigns: SqliteCampaignStore;
  readonly bulkJobs: SqliteCampaignStore;
  readonly deviceGroups: SqliteDeviceGroupStore;
  readonly credentials: SqliteCredentialStore;
  readonly raAccounts: SqliteRaAccountStore;
  readonly appKeys: SqliteAppKeyStore;
  readonly secureSessions: SqliteSecureSessionStore;
  readonly oscoreStates: SqliteOscoreStateStore;
  readonly deviceReports: SqliteDeviceReportStore;
  /** What accounts of the message server keep. */
  readonly im: SqliteImStores;
  /** Rooms of the message server. */
  readonly rooms: SqliteRoomStore;
  /** Seals what is secret before it is stored. */
  readonly sealer: Sealer;
  readonly raDevices: SqliteRaDeviceStore;
  readonly associations: SqliteAssociationStore;
  readonly associationChanges: SqliteAssociationChangeStore;
  readonly homeNews: SqliteHomeNewsStore;
  readonly audit: SqliteAuditStore;
  readonly userSessions: SqliteUserSessionStore;
  readonly expectations: SqliteExpectationStore;
  readonly uploads: SqliteUploadStore;
  readonly webhooks: SqliteWebhookStore;
  readonly keyedRequests: SqliteIdempotencyStore;
  readonly history: SqliteValueHistory;
  /** The database file. */
  readonly file: string;
  readonly #folder: DataFolder;
  readonly #database: DatabaseSync;
  readonly #commit: GroupCommit;
  readonly #checkpointer: Checkpointer;
  #closing: Promise<void> | undefined;

  private constructor(folder: DataFolder, { file, database, sealer }: OpenedDatabase, options: StorageOptions) {
    const { log = silentLog, meter = deafMeter, maxChanges = 4096 } = options;
    this.sealer = sealer;
    this.#folder = folder;
    this.#database = database;
    this.file = file;
    this.#commit = new GroupCommit(database, { meter, maxChanges });
    if (options.commitListener !== undefined) this.#commit.listen(options.commitListener);
    this.registrations = new SqliteRegistrationStore(database, this.#commit);
    this.bootstrapConfigs = new SqliteBootstrapConfigStore(database, this.#commit, sealer);
    this.devices = new SqliteDeviceStore(database, this.#commit);
    this.profiles = new SqliteProfileStore(database, this.#commit);
    this.standingObservations = new SqliteStandingObservationStore(database, this.#commit);
    this.queuedRequests = new SqliteQueuedRequestStore(database, this.#commit);
    this.operators = new SqliteOperatorStore(database, this.#commit);
    this.settings = new SqliteSettingsStore(database, this.#commit);
    this.firmware = new SqliteFirmwareStore(database, this.#commit);
    this.campaigns = new SqliteCampaignStore(database, this.#commit, 'campaign');
    this.bulkJobs = new SqliteCampaignStore(database, this.#commit, 'bulk_job');
    this.deviceGroups = new SqliteDeviceGroupStore(database, this.#commit);
    this.credentials = new SqliteCredentialStore(database, this.#commit, sealer);
    this.appKeys = new SqliteAppKeyStore(database, this.#commit, sealer);
    this.secureSessions = new SqliteSecureSessionStore(database, this.#commit, sealer);
    this.oscoreStates = new SqliteOscoreStateStore(database, this.#commit);
    this.deviceReports = new SqliteDeviceReportStore(database, this.#commit);
    this.raAccounts = new SqliteRaAccountStore(database, this.#commit);
    const isAccount = (name: string) => this.raAccounts.has(name);
    this.im = new SqliteImStores(database, this.#commit, isAccount);
    this.rooms = new SqliteRoomStore(database, this.#commit, sealer, new SqliteArchiveStore(database, this.#commit));
    this.raDevices = new SqliteRaDeviceStore(database, this.#commit);
    this.associations = new SqliteAssociationStore(database, this.#commit, isAccount);
    this.associationChanges = new SqliteAssociationChangeStore(database, this.#commit);
    this.homeNews = new SqliteHomeNewsStore(database, this.#commit, isAccount);
    this.audit = new SqliteAuditStore(database, this.#commit);
    this.uploads = new SqliteUploadStore(database, this.#commit);
    this.webhooks = new SqliteWebhookStore(database, this.#commit, sealer);
    this.keyedRequests = new SqliteIdempotencyStore(database, this.#commit, sealer);
    this.expectations = new SqliteExpectationStore(database, this.#commit);
    this.userSessions = new SqliteUserSessionStore(database, this.#commit);
    const retention = options.history === undefined ? {} : { retention: options.history };
    this.history = new SqliteValueHistory(database, this.#commit, { ...retention, log, meter });
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
   * @throws DATA_FOLDER_UNUSABLE, DATA_FOLDER_IN_USE, RESTORE_UNFINISHED, RESTORE_CLOCK_WRONG, DATABASE_FOREIGN, DATABASE_LOST, DATABASE_CORRUPT, SCHEMA_NEWER, MIGRATION_FAILED, SEALING_KEY_…
   */
  /**
   * One change of what several stores keep: all that `ask` asks for goes to disk together, or none of it.
   * @returns resolves when it is there
   */
  together(ask: () => void): Promise<void> {
    return this.#commit.changeTogether(ask);
  }

  static open(options: StorageOptions): Storage {
    const folder = DataFolder.open(options.folder, options.log);
    let database: DatabaseSync | undefined;
    try {
      const ownFile = join(folder.path, 'secrets.key');
      requireKept(join(folder.path, 'yaolian.db'), ownFile);
      const file = folder.file('yaolian.db');
      database = connect(file, options.pageCache ?? 16 * 2 ** 20);
      const found = migrate(database, migrations, file);
      if (options.maxDatabase !== undefined) limitSize(database, options.maxDatabase);
      if (found > 0 && found < migrations.length) {
        options.log?.info('the database was migrated', { from: found, to: migrations.length });
      }
      beginOnBackup(database, options.now?.() ?? Date.now());
      const sealer = openSealer({
        database,
        log: options.log ?? silentLog,
        ownFile,
        namedFile: options.keyFile,
      });
      return new Storage(folder, { file, database, sealer }, options);
    } catch (error) {
      database?.close();
      folder.close();
      if (isUnreadable(error))
        throw storageErrors.DATABASE_CORRUPT(`${folder.path}/yaolian.db`, messageOf(error), error);
      throw openingFailure(error, () => freeBytesOf(folder.path));
    }
  }

  /** How the last transactions went, and bytes: of the database with its log, and of the disk that it lies on. */
  condition(): StorageCondition {
    const { bavail, blocks, bsize } = statfsSync(this.#folder.path);
    return {
      ...this.#commit.state,
      databaseBytes: sizeOf(this.file) + sizeOf(`${this.file}-wal`),
      freeBytes: bavail * bsize,
      diskBytes: blocks * bsize,
    };
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
      await this.associationChanges.close();
      await this.#commit.close();
    } finally {
      await this.#checkpointer.close();
      this.#database.close(); // the last connection: SQLite moves the log into the database and removes it
      this.#folder.close();
    }
  }
}

export interface StorageCondition extends CommitState {
  readonly databaseBytes: number;
  /** Of the disk, for this process. */
  readonly freeBytes: number;
  readonly diskBytes: number;
}

interface OpenedDatabase {
  readonly file: string;
  readonly database: DatabaseSync;
  readonly sealer: Sealer;
}

/** The key is made once the database is there, so where there is one, an empty database is what was left of a full one. */
function requireKept(file: string, key: string): void {
  if (sizeOf(file) === 0 && existsSync(key)) throw storageErrors.DATABASE_LOST(file, key);
}

function connect(file: string, pageCache: number): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 1000 });
  try {
    databaseVersion(database, file); // before it is changed in any way: it may be another program's
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

/** Of the disk, for this process. */
function freeBytesOf(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
