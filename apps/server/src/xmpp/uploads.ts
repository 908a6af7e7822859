import { createReadStream, createWriteStream, type ReadStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Upload, UploadStore } from '@yaolian/directory';
import {
  type Clock,
  encodeBase64Url,
  type Log,
  minutes,
  PatientClock,
  type Random,
  type Timer,
  type Timers,
  toMilliseconds,
} from '@yaolian/kernel';
import type { UploadSlot, UploadSlots } from '@yaolian/xmpp';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';

export interface UploadsOptions {
  readonly config: Config;
  readonly dataFolder: string;
  readonly store: UploadStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

/** Why a file is not taken. */
export type PutFault = 'unknown' | 'there' | 'size';

/** A slot that is not used is given back. */
const slotLifetime = minutes(5);
const pruneEvery = minutes(10);
const atOnce = 100;

/** Files that accounts hand each other (XEP-0363): slots with bounds for each account and in all, and the files in the data folder. */
export class Uploads implements UploadSlots {
  readonly maxSize: number;
  readonly #options: UploadsOptions;
  readonly #pruningClock: Clock;
  readonly #base: string;
  readonly #folder: string;
  /** Slots whose file is on its way: one at a time, so that none takes the place of one that is there. */
  readonly #arriving = new Set<string>();
  #timer: Timer | undefined;
  #isClosed = false;

  private constructor(options: UploadsOptions, base: string) {
    this.#options = options;
    this.#pruningClock = new PatientClock(options.clock);
    this.maxSize = options.config['xmpp.upload-max-size'];
    this.#base = base;
    this.#folder = join(options.dataFolder, 'uploads');
  }

  /** Undefined where `xmpp.upload-url` is not set. @throws YaolianError XMPP_SETTING_BAD */
  static async open(options: UploadsOptions): Promise<Uploads | undefined> {
    const url = options.config['xmpp.upload-url'];
    if (url === undefined) return undefined;
    const parsed = URL.parse(url);
    if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.search !== '' || parsed.hash !== '') {
      throw platformErrors.XMPP_SETTING_BAD('xmpp.upload-url', `"${url}" is no address; write https://host:port`);
    }
    const uploads = new Uploads(options, url.replace(/\/+$/, ''));
    await mkdir(uploads.#folder, { recursive: true, mode: 0o700 });
    uploads.#schedule();
    return uploads;
  }

  async slot(account: string, file: Parameters<UploadSlots['slot']>[1]): Promise<UploadSlot | undefined> {
    const { config, store, clock, random } = this.#options;
    const { name, size, contentType } = file;
    const id = encodeBase64Url(random.bytes(24));
    const limits = { perAccount: config['xmpp.upload-quota'], total: config['xmpp.upload-total'] };
    const upload = { id, account, name, size, contentType, createdAt: clock.epoch(), isThere: false };
    if (!(await store.addUpload(upload, limits))) return undefined;
    const url = `${this.#base}/upload/${id}/${encodeURIComponent(name)}`;
    return { put: url, get: url };
  }

  /** The file, if it is there. */
  async find(id: string): Promise<Upload | undefined> {
    const upload = await this.#options.store.upload(id);
    return upload?.isThere === true ? upload : undefined;
  }

  read({ id }: Upload): ReadStream {
    return createReadStream(this.#file(id));
  }

  /** Takes a file that was announced: all of it or nothing. @returns why not */
  async put(id: string, content: Readable): Promise<PutFault | undefined> {
    if (this.#arriving.has(id)) return 'there';
    this.#arriving.add(id);
    try {
      return await this.#put(id, content);
    } finally {
      this.#arriving.delete(id);
    }
  }

  async #put(id: string, content: Readable): Promise<PutFault | undefined> {
    const { store, clock } = this.#options;
    const upload = await store.upload(id);
    if (upload === undefined || clock.epoch() - upload.createdAt > toMilliseconds(slotLifetime)) return 'unknown';
    if (upload.isThere) return 'there';
    const part = `${this.#file(id)}.part`;
    const counted = new CountedBytes(upload.size);
    try {
      // What a platform that died left of it is written over.
      await pipeline(content, counted, createWriteStream(part, { mode: 0o600, flush: true }));
    } catch (error) {
      await rm(part, { force: true });
      if (counted.isTooMuch) return 'size';
      throw error;
    }
    if (counted.count !== upload.size) {
      await rm(part, { force: true });
      return 'size';
    }
    await rename(part, this.#file(id));
    if (await store.completeUpload(id)) return undefined;
    await rm(this.#file(id), { force: true });
    return 'unknown';
  }

  /** An account is gone, with its files. */
  async removeAccount(account: string): Promise<void> {
    for (const { id } of await this.#options.store.uploadsOf(account)) await this.#remove(id);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #file(id: string): string {
    return join(this.#folder, id);
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.timers.schedule(pruneEvery, () => {
      this.prune()
        .catch((error: unknown) => this.#options.log.error('old files were not removed', { error }))
        .finally(() => this.#schedule());
    });
  }

  /** Removes files that are too old, and slots that nobody used. */
  async prune(): Promise<void> {
    const { config, store } = this.#options;
    const now = this.#pruningClock.epoch();
    for (;;) {
      const before = now - toMilliseconds(config['xmpp.upload-keep']);
      const old = await store.oldUploads(before, now - 2 * toMilliseconds(slotLifetime), atOnce);
      for (const { id } of old) await this.#remove(id);
      if (old.length < atOnce) return;
    }
  }

  /** The file first: what is noted and not there is removed again. */
  async #remove(id: string): Promise<void> {
    for (const file of [this.#file(id), `${this.#file(id)}.part`]) await rm(file, { force: true });
    await this.#options.store.removeUpload(id);
  }
}

/** Bytes on their way, no more than were announced. */
class CountedBytes extends Transform {
  readonly #most: number;
  count = 0;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  get isTooMuch(): boolean {
    return this.count > this.#most;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: Error | null, chunk?: Buffer) => void): void {
    this.count += chunk.length;
    if (this.isTooMuch) done(new Error('more than was announced'));
    else done(null, chunk);
  }
}
