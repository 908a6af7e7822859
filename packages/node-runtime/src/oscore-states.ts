import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeOscoreState, encodeOscoreState, type OscoreState, type OscoreStateStore } from '@yaolian/oscore';

/**
 * Keeps the states of security contexts in a folder, one small file each. A state is on disk when `save` resolves.
 * Never copy or restore the folder while the keys stay in use: numbers would be used twice.
 *
 * @param folder is made when it is not there, readable for its owner alone
 */
export async function openOscoreStates(folder: string): Promise<OscoreStateStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return new FolderOscoreStates(folder);
}

class FolderOscoreStates implements OscoreStateStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
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
    const file = join(this.#folder, id);
    const written = await open(`${file}.new`, 'w', 0o600);
    try {
      await written.writeFile(`${encodeOscoreState(state)}\n`);
      await written.sync();
    } finally {
      await written.close();
    }
    await rename(`${file}.new`, file);
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
