import { errorCatalogue, type YaolianError } from '@yaolian/kernel';

/** Everything that this package throws or rejects with on purpose. */
export const storageErrors = errorCatalogue({
  DATA_FOLDER_UNUSABLE: (folder: string, reason: string) => `the data folder ${folder} cannot be used: ${reason}`,
  DATA_FOLDER_IN_USE: (folder: string, owner: string) =>
    `the data folder ${folder} is in use by ${owner}; stop that one first, or choose another folder`,
  DATABASE_FOREIGN: (file: string) => `${file} is a database of another program: choose another data folder`,
  DATABASE_CORRUPT: (file: string, detail: string) => `${file} is damaged (${detail}): restore it from a backup`,
  DATABASE_LOST: (file: string, key: string) =>
    `${file} is empty or not there, though ${key} says that there was one: restore a backup; to begin anew, move that key away first`,
  SCHEMA_NEWER: (file: string, found: number, known: number) =>
    `${file} has schema version ${found}, this program knows versions up to ${known}: start the newer program again`,
  MIGRATION_FAILED: (version: number, name: string) =>
    `the migration to schema version ${version} (${name}) failed; the database is as it was before`,
  STORAGE_FULL: () => 'the disk (or the quota of the database) is full: nothing was stored',
  STORAGE_FAILED: (detail: string) => `the database failed: ${detail}; nothing was stored`,
  ROW_REFUSED: (detail: string) => `the database refused a value: ${detail}`,
  STORAGE_CLOSED: () => 'the storage is closed',
  SEALING_KEY_MISSING: (file: string) =>
    `the key of the secrets, ${file}, is not there: put it back from a backup (a new one: openssl rand -hex 32, and every secret again)`,
  SEALING_KEY_UNREADABLE: (file: string, reason: string) =>
    `the key of the secrets, ${file}, cannot be used: ${reason}`,
  SEALING_KEY_WRONG: (file: string) =>
    `${file} is not the key that the secrets of this data folder were sealed with: put that one back`,
  SECRET_UNREADABLE: (what: string) => `${what} does not open: the row was changed, or comes from another data folder`,
  BACKUP_SOURCE_MISSING: (folder: string) =>
    `${folder} is no data folder of the platform: there is no yaolian.db in it; name the right one with --data-dir`,
  BACKUP_PLACE_TAKEN: (folder: string) => `${folder} is not empty: choose a folder that is not there yet, or empty it`,
  BACKUP_DAMAGED: (folder: string, why: string) => `the backup in ${folder} cannot be used: ${why}`,
  RESTORE_UNFINISHED: (folder: string) =>
    `${folder} is half a backup, whose restore was interrupted: restore it again, or choose another data folder`,
  RESTORE_CLOCK_WRONG: (now: Date, madeAt: Date) =>
    `the clock says ${now.toISOString()}, and the backup was made ${madeAt.toISOString()}: set the clock right, or numbers of OSCORE that were used would be used again`,
  BACKUP_FAILED: (folder: string, why: string) => `${folder} was not written: ${why}`,
  PASSWORD_HASHER_BUSY: () => 'too many passwords wait to be checked',
});

/** What `node:sqlite` throws: `errcode` is SQLite's extended result code. */
interface SqliteError extends Error {
  readonly errcode: number;
}

// Primary result codes: https://www.sqlite.org/rescode.html
const primaryCode = {
  busy: 5,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
  range: 25,
  notADatabase: 26,
};

/** SQLite's primary result code, or undefined when `error` did not come from SQLite. */
function sqliteCode(error: unknown): number | undefined {
  const code = (error as Partial<SqliteError> | undefined)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === primaryCode.busy;
}

export function isUnreadable(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === primaryCode.corrupt || code === primaryCode.notADatabase;
}

const refusals = new Set([primaryCode.tooBig, primaryCode.constraint, primaryCode.mismatch, primaryCode.range]);

/** True when the row was at fault and the transaction around it is whole: a constraint, a type, a value too big. */
export function isRowRefusal(error: unknown): boolean {
  const code = sqliteCode(error);
  // No code at all: node:sqlite did not accept a parameter, or our own code threw before SQLite was asked.
  return code === undefined || refusals.has(code);
}

/** The package's error for what SQLite threw while the database was opened; what is not of SQLite as it is. @param free bytes of the disk */
export function openingFailure(error: unknown, free: () => number): unknown {
  const { cause } = (error ?? {}) as { readonly cause?: unknown };
  const code = sqliteCode(error) ?? sqliteCode(cause);
  if (code === undefined) return error;
  // The index of the log is mapped into memory: where there is no room for it that is an error of reading.
  const hasNoRoom = (code === primaryCode.io || code === primaryCode.cannotOpen) && free() < roomToOpen;
  if (code === primaryCode.full || hasNoRoom) return storageErrors.STORAGE_FULL(error);
  return sqliteCode(error) === undefined ? error : storageErrors.STORAGE_FAILED(messageOf(error), error);
}

/** A first page of the log, and 32 KiB of its index (https://www.sqlite.org/walformat.html). */
const roomToOpen = 65_536;

/** The package's error for what SQLite threw while storing. */
export function storageFailure(error: unknown): YaolianError {
  if (sqliteCode(error) === primaryCode.full) return storageErrors.STORAGE_FULL(error);
  return storageErrors.STORAGE_FAILED(messageOf(error), error);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
