import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { hasCode } from '@yaolian/kernel';
import { restoreMark, syncFolder } from './data-folder.ts';
import { isUnreadable, messageOf, storageErrors } from './errors.ts';
import { databaseVersion } from './migrate.ts';
import { migrations } from './migrations.ts';
import { forgetOscoreStates } from './sqlite-oscore-state-store.ts';

const databaseName = 'yaolian.db';
const manifestName = 'backup.json';
const keyName = 'secrets.key';
const format = 'yaolian-backup-1';

/** Of a running process alone: nobody needs them later. */
const passing = new Set([
  `${databaseName}-wal`,
  `${databaseName}-shm`,
  databaseName,
  'lock',
  'lock.owner',
  manifestName,
]);

export interface BackupReport {
  /** Files, the database among them. */
  readonly files: number;
  /** Together. */
  readonly bytes: number;
  /** The key that the secrets are sealed with is in it. Where it is kept elsewhere (`secrets.key-file`) it is not. */
  readonly hasKey: boolean;
  /** When it was made. */
  readonly madeAt: Date;
}

interface Manifest {
  readonly format: typeof format;
  readonly madeAt: string;
  /** Of the schema of the database. */
  readonly version: number;
  readonly files: readonly ManifestFile[];
}

interface ManifestFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Copies a data folder, also that of a platform that is running: the database as it was at one moment, with everything that
 * was acknowledged before, and the files beside it. Sessions of DTLS are left out: going on in one whose sequence numbers
 * were used since would give away what they protect (RFC 6655 §3); terminals make new ones. States of OSCORE are left out for the
 * same reason; its contexts go on from numbers that nobody has used.
 * @param to a folder that is not there yet, or empty. It is there only when the copy is whole.
 * @throws BACKUP_SOURCE_MISSING, BACKUP_PLACE_TAKEN, BACKUP_FAILED, DATABASE_CORRUPT, DATABASE_FOREIGN
 */
export async function backUp(folder: string, to: string, now: Date): Promise<BackupReport> {
  const source = resolve(folder);
  const target = resolve(to);
  if (!existsSync(join(source, databaseName))) throw storageErrors.BACKUP_SOURCE_MISSING(source);
  if (!(await isFree(target))) throw storageErrors.BACKUP_PLACE_TAKEN(target);
  if (isBelow(target, source)) throw storageErrors.BACKUP_FAILED(target, 'it lies in the data folder itself');
  let partial: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    partial = await mkdtemp(`${target}.partial-`); // mode 0700, and nobody else's
    const version = copyDatabase(join(source, databaseName), join(partial, databaseName), now);
    await close(join(partial, databaseName));
    const files = [await measured(partial, databaseName)];
    for (const path of await filesBelow(source)) {
      const copied = await copyFile(source, partial, path);
      if (copied !== undefined) files.push(copied);
    }
    const manifest: Manifest = { format, madeAt: now.toISOString(), version, files };
    await writeDurably(join(partial, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    syncFolder(partial);
    await rm(target, { recursive: true, force: true }); // it is empty
    await rename(partial, target);
    syncFolder(dirname(target));
    return reportOf(manifest);
  } catch (error) {
    if (partial !== undefined) await rm(partial, { recursive: true, force: true });
    throw explained(error, target, join(source, databaseName));
  }
}

/**
 * Makes a data folder from a backup, after every file of it was checked.
 * @param folder a folder that is not there yet, or empty; a restore that was interrupted is begun again
 * @throws BACKUP_DAMAGED, BACKUP_PLACE_TAKEN, BACKUP_FAILED, SCHEMA_NEWER
 */
export async function restore(from: string, folder: string): Promise<BackupReport> {
  const source = resolve(from);
  const target = resolve(folder);
  const manifest = await readManifest(source);
  if (manifest.version > migrations.length) {
    throw storageErrors.SCHEMA_NEWER(join(source, databaseName), manifest.version, migrations.length);
  }
  if (!(await isFree(target)) && !existsSync(join(target, restoreMark))) throw storageErrors.BACKUP_PLACE_TAKEN(target);
  for (const { path, sha256 } of manifest.files) {
    const found = await measured(source, path).catch((error: unknown) => {
      throw storageErrors.BACKUP_DAMAGED(source, `${path} cannot be read: ${messageOf(error)}`, error);
    });
    if (found.sha256 !== sha256) throw storageErrors.BACKUP_DAMAGED(source, `${path} is not as it was made`);
  }
  try {
    await mkdir(target, { recursive: true, mode: 0o700 });
    await writeDurably(join(target, restoreMark), '');
    syncFolder(target); // no platform starts on what is there until the mark is gone
    for (const { path } of manifest.files) await copyFile(source, target, path);
    await rm(join(target, restoreMark));
    syncFolder(target);
    return reportOf(manifest);
  } catch (error) {
    throw explained(error, target, join(source, databaseName));
  }
}

/** @returns the version of its schema */
function copyDatabase(file: string, copy: string, madeAt: Date): number {
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    const version = databaseVersion(database, file);
    // In one read transaction; in the mode of the write-ahead log no writer waits for it. What was deleted is not in the copy.
    database.prepare('VACUUM INTO ?').run(copy);
    const made = new DatabaseSync(copy);
    try {
      made.exec('PRAGMA secure_delete = ON');
      for (const table of ['secure_session', 'secure_session_progress']) {
        const isThere = made.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table);
        if (isThere) made.exec(`DELETE FROM ${table}`);
      }
      forgetOscoreStates(made, madeAt.getTime());
      const problems = made.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
      if (problems.quick_check !== 'ok') throw storageErrors.DATABASE_CORRUPT(file, problems.quick_check);
    } finally {
      made.close();
    }
    return version;
  } finally {
    database.close();
  }
}

/** On disk, and closed to other users. */
async function close(file: string): Promise<void> {
  await chmod(file, 0o600);
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Undefined when it went meanwhile. */
async function copyFile(source: string, target: string, path: string): Promise<ManifestFile | undefined> {
  const place = join(target, path);
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await pipeline(
      createReadStream(join(source, path)),
      measure,
      createWriteStream(place, { mode: 0o600, flush: true }),
    );
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || existsSync(join(source, path))) throw error;
    await rm(place, { force: true });
    return undefined;
  }
  return { path, bytes, sha256: hash.digest('hex') };
}

async function measured(folder: string, path: string): Promise<ManifestFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(join(folder, path))) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { path, bytes, sha256: hash.digest('hex') };
}

/** All files that belong to the data, in order. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !passing.has(path) && !path.endsWith('.partial'))
    .sort();
}

async function readManifest(folder: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(folder, manifestName), 'utf8');
  } catch (error) {
    const why = hasCode(error, 'ENOENT')
      ? `there is no ${manifestName} in it: it is no backup, or one that was cut off; yaolian backup makes one of a data folder`
      : `${manifestName} cannot be read: ${messageOf(error)}`;
    throw storageErrors.BACKUP_DAMAGED(folder, why, error);
  }
  const manifest = parsed(text) as Partial<Manifest> | undefined;
  const isWhole =
    manifest?.format === format &&
    Number.isInteger(manifest.version) &&
    Array.isArray(manifest.files) &&
    manifest.files.every(({ path, sha256 }) => isInside(path) && typeof sha256 === 'string') &&
    manifest.files.some(({ path }) => path === databaseName);
  if (!isWhole) throw storageErrors.BACKUP_DAMAGED(folder, `${manifestName} is not that of a backup of this program`);
  return manifest as Manifest;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nothing that a manifest names lies outside. */
function isInside(path: unknown): boolean {
  return typeof path === 'string' && path !== '' && isBelow(resolve('/folder', path), '/folder');
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way.startsWith('..') || resolve(way) === way);
}

async function isFree(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true;
    if (hasCode(error, 'ENOTDIR')) return false;
    throw storageErrors.BACKUP_FAILED(folder, messageOf(error), error);
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flush: true });
}

function reportOf({ files, madeAt }: Manifest): BackupReport {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { files: files.length, bytes, hasKey: files.some(({ path }) => path === keyName), madeAt: new Date(madeAt) };
}

function explained(error: unknown, place: string, file: string): unknown {
  if (isUnreadable(error)) return storageErrors.DATABASE_CORRUPT(file, messageOf(error), error);
  const isOurs = error instanceof Error && 'code' in error && String(error.code) in storageErrors;
  if (isOurs) return error;
  return storageErrors.BACKUP_FAILED(place, hasCode(error, 'ENOSPC') ? 'the disk is full' : messageOf(error), error);
}
