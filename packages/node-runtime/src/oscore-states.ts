import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeOscoreState, encodeOscoreState, type OscoreState, type OscoreStateStore } from '@yaolian/oscore';
import { runtimeErrors } from './errors.ts';

/** States in a folder that this process alone uses. */
export interface OscoreStates extends OscoreStateStore {
  /** Lets other processes have the folder: after `oscore.close()`. The end of the process does it too. */
  close(): void;
}

/**
 * Keeps the states of security contexts in a folder, one small file each. A state is on disk when `save` resolves. The folder is
 * locked: two processes that count the numbers of one context would use them twice.
 * Never copy or restore the folder while the keys stay in use: that repeats numbers too.
 *
 * @param folder is made when it is not there, readable for its owner alone
 * @throws YaolianError OSCORE_STATES_IN_USE
 */
export async function openOscoreStates(folder: string): Promise<OscoreStates> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'lock');
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    await chmod(path, 0o600);
    // Ends with the process, however that ends.
    lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) throw runtimeErrors.OSCORE_STATES_IN_USE(folder, error);
    throw error;
  }
  return new FolderOscoreStates(folder, lock);
}

/** SQLITE_BUSY of <sqlite3.h>. */
const sqliteBusy = 5;

class FolderOscoreStates implements OscoreStates {
  readonly #folder: string;
  readonly #lock: DatabaseSync;

  constructor(folder: string, lock: DatabaseSync) {
    this.#folder = folder;
    this.#lock = lock;
  }

  close(): void {
    if (this.#lock.isOpen) this.#lock.close();
  }

  async load(id: string): Promise<OscoreState | undefined> {
    try {
      return decodeOscoreState(await readFile(join(this.#folder, id), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async save(id: string, state: OscoreState): Promise<void> {
    if (!this.#lock.isOpen) throw new Error(`the states in ${this.#folder} are closed`);
    const file = join(this.#folder, id);
    const written = await open(`${file}.new`, 'w', 0o600);
    try {
      await written.writeFile(`${encodeOscoreState(state)}\n`);
      await written.sync();
    } finally {
      await written.close();
    }
    await rename(`${file}.new`, file);
    await this.#syncFolder();
  }

  async remove(id: string): Promise<void> {
    if (!this.#lock.isOpen) throw new Error(`the states in ${this.#folder} are closed`);
    await rm(join(this.#folder, id), { force: true });
    await this.#syncFolder();
  }

  async #syncFolder(): Promise<void> {
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
