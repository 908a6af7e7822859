import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A body that is larger than allowed. */
export class TooLarge extends Error {
  readonly maximum: number;

  constructor(maximum: number) {
    super(`a firmware package has at most ${maximum} bytes`);
    this.maximum = maximum;
  }
}

export interface ReceivedPackage {
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Gives it its name: from now on it is there, whole, also after a power failure. */
  keep(id: string): Promise<void>;
  drop(): Promise<void>;
}

/** An open file that several readers share. */
interface Shared {
  readonly handle: Promise<FileHandle>;
  users: number;
}

const partial = '.part';
/** Files that stay open while nobody reads them. */
const mostIdle = 16;

/** The bytes of the packages: one file each, under its id. */
export class PackageFolder {
  readonly #path: string;
  readonly #maximum: number;
  /** In order of last use. */
  readonly #open = new Map<string, Shared>();

  constructor(path: string, maximum: number) {
    this.#path = path;
    this.#maximum = maximum;
  }

  /** Makes the folder, and removes what is there that no upload will finish any more. */
  async prepare(known: ReadonlySet<string>): Promise<void> {
    await mkdir(this.#path, { recursive: true });
    for (const name of await readdir(this.#path)) {
      if (!known.has(name)) await rm(join(this.#path, name), { force: true });
    }
  }

  /**
   * Takes a body in, hashing it as it comes.
   * @throws TooLarge, or what the body or the disk throws; nothing is left then
   */
  async receive(body: AsyncIterable<Uint8Array>): Promise<ReceivedPackage> {
    const path = join(this.#path, randomBytes(8).toString('hex') + partial);
    const drop = () => rm(path, { force: true });
    const file = await open(path, 'wx', 0o600);
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const chunk of body) {
        size += chunk.length;
        if (size > this.#maximum) throw new TooLarge(this.#maximum);
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      await file.sync();
    } catch (error) {
      await file.close();
      await drop();
      throw error;
    }
    await file.close();
    return {
      size,
      sha256: hash.digest('hex'),
      drop,
      keep: async (id) => {
        await rename(path, join(this.#path, id));
        await this.#syncFolder();
      },
    };
  }

  async remove(id: string): Promise<void> {
    const shared = this.#open.get(id);
    this.#open.delete(id);
    if (shared && shared.users === 0) await (await shared.handle).close();
    await rm(join(this.#path, id), { force: true });
  }

  pathOf(id: string): string {
    return join(this.#path, id);
  }

  /** Runs `use` with the open file. @throws the system's error when it is not there */
  async with<T>(id: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
    const shared = this.#open.get(id) ?? { handle: open(join(this.#path, id), 'r'), users: 0 };
    shared.users++;
    this.#open.delete(id);
    this.#open.set(id, shared);
    try {
      return await use(await shared.handle);
    } catch (error) {
      this.#open.delete(id);
      throw error;
    } finally {
      shared.users--;
      await this.#closeIdle(id, shared);
    }
  }

  /** Up to `length` bytes from `offset`; fewer at the end. */
  read(id: string, offset: number, length: number): Promise<Uint8Array> {
    return this.with(id, async (file) => {
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    });
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const { handle } of all) await (await handle).close().catch(() => undefined); // closed already is as good
  }

  async #closeIdle(id: string, shared: Shared): Promise<void> {
    if (shared.users === 0 && this.#open.get(id) !== shared) {
      // Removed meanwhile, or it could not be opened.
      await shared.handle.then((file) => file.close()).catch(() => undefined);
      return;
    }
    for (const [other, one] of this.#open) {
      if (this.#open.size <= mostIdle) return;
      if (one.users > 0) continue;
      this.#open.delete(other);
      await (await one.handle).close();
    }
  }

  async #syncFolder(): Promise<void> {
    if (process.platform === 'win32') return; // folders cannot be opened there
    const folder = await open(this.#path, 'r');
    await folder.sync().finally(() => folder.close());
  }
}
