import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Log, silentLog } from '@yaolian/kernel';
import { isBusy, messageOf, storageErrors } from './errors.ts';

const folderMode = 0o700;
const fileMode = 0o600;

/** In a folder that a restore has begun to fill. */
export const restoreMark = 'restore.unfinished';

/** The one folder that the platform keeps everything in, held by one process at a time. */
export class DataFolder {
  /** Absolute. */
  readonly path: string;
  readonly #lock: DatabaseSync;

  private constructor(path: string, lock: DatabaseSync) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Makes the folder if need be (mode 0700) and takes its lock, which ends with the process, however that ends.
   * @throws DATA_FOLDER_UNUSABLE, DATA_FOLDER_IN_USE, RESTORE_UNFINISHED
   */
  static open(path: string, log: Log = silentLog): DataFolder {
    const folder = resolve(path);
    if (existsSync(join(folder, restoreMark))) throw storageErrors.RESTORE_UNFINISHED(folder);
    try {
      makeFolder(folder);
      const { mode } = statSync(folder);
      if ((mode & 0o077) !== 0) {
        // It may be shared on purpose, so its mode stays; the files in it are closed to others in any case.
        log.warn('the data folder is open to other users', { folder, mode: (mode & 0o777).toString(8) });
      }
      return new DataFolder(folder, takeLock(folder));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'DATA_FOLDER_IN_USE') throw error;
      throw storageErrors.DATA_FOLDER_UNUSABLE(folder, troubleOf(error), error);
    }
  }

  /**
   * The path of a file in the folder, made (empty) when it is not there and closed to other users.
   * @throws DATA_FOLDER_UNUSABLE
   */
  file(name: string): string {
    try {
      return privateFile(this.path, name);
    } catch (error) {
      throw storageErrors.DATA_FOLDER_UNUSABLE(this.path, `${name}: ${troubleOf(error)}`, error);
    }
  }

  close(): void {
    if (this.#lock.isOpen) this.#lock.close();
  }
}

/** What the system refused, and what helps. */
function troubleOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `this user may not write there (${code}); give it the right to, or choose another folder`;
    case 'EISDIR':
      return `there is a folder where a file belongs (${code}); move it away, or choose another data folder`;
    case 'EROFS':
      return `the file system is read-only (${code}); choose another folder`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `there is a file in its path, not a folder (${code}); choose another`;
    case 'ENOENT':
      return `it cannot be made there (${code}); choose another folder`;
    default:
      return messageOf(error);
  }
}

/** `mkdirSync` with `recursive` never comes back where the system refuses folders with ENOENT, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder, { mode: folderMode });
}

function privateFile(folder: string, name: string): string {
  const path = join(folder, name);
  const isNew = !existsSync(path);
  const descriptor = openSync(path, 'a', fileMode);
  try {
    if ((statSync(path).mode & 0o077) !== 0) fchmodSync(descriptor, fileMode);
  } finally {
    closeSync(descriptor);
  }
  if (isNew) syncFolder(folder);
  return path;
}

/** A new file is durable once its name is: that is a change of the folder. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Node has no file locks, SQLite has: an exclusive transaction on an empty database that is never written. The operating
 * system drops the lock with the process, so that no stale lock is left after kill -9.
 */
function takeLock(folder: string): DatabaseSync {
  const path = privateFile(folder, 'lock');
  const ownerPath = join(folder, 'lock.owner');
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (isBusy(error)) throw storageErrors.DATA_FOLDER_IN_USE(folder, ownerOf(ownerPath), error);
    throw error;
  }
  // Only to name the owner to whoever comes second; the lock is the one above.
  writeFileSync(ownerPath, `process ${process.pid}`, { mode: fileMode });
  chmodSync(ownerPath, fileMode);
  return lock;
}

function ownerOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 100);
  } catch {
    return 'another process'; // it has the lock but has not said its name yet
  }
}
