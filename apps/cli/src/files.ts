import { openAsBlob } from 'node:fs';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { Option } from 'commander';
import { cliErrors } from './errors.ts';
import type { Printer } from './output/printer.ts';

/** @throws CLI_USAGE when the file cannot be read */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    throw cliErrors.CLI_USAGE(`the file ${file} cannot be read: ${reasonOf(error)}`, error);
  }
}

/**
 * A file that is read when it is sent, however large.
 * @throws CLI_USAGE when it cannot be read
 */
export async function openFile(file: string): Promise<Blob> {
  try {
    return await openAsBlob(file);
  } catch (error) {
    throw cliErrors.CLI_USAGE(`the file ${file} cannot be read: ${reasonOf(error)}`, error);
  }
}

/**
 * Writes bytes as they are: to a file, or to standard output for `-`.
 * @throws CLI_USAGE when the file cannot be written
 */
export async function writeBytes(printer: Printer, file: string, bytes: Uint8Array): Promise<void> {
  if (file === '-') return await printer.raw(bytes);
  try {
    await writeFile(file, bytes);
  } catch (error) {
    throw cliErrors.CLI_USAGE(`the file ${file} cannot be written: ${reasonOf(error)}`, error);
  }
  await printer.note(`${bytes.length} bytes written to ${file}`);
}

/** What `--force` says wherever {@link writeSecret} is used. */
export const forceOption = () => new Option('--force', 'write over the file when it is there already');

/**
 * Writes what holds secrets to a file that only its owner reads.
 * @param replaces whether a file that is there gives way
 * @throws CLI_USAGE when the file cannot be written, or is there and must not give way
 */
export async function writeSecret(file: string, content: Uint8Array | string, replaces = false): Promise<void> {
  try {
    // Before there is anything to read in it; a device such as /dev/null stays as it is.
    if (replaces && (await stat(file).catch(ignoreAbsence))?.isFile()) await chmod(file, 0o600);
    await writeFile(file, content, { mode: 0o600, flag: replaces ? 'w' : 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw cliErrors.CLI_USAGE(`the file ${file} is there already; --force writes over it`, error);
    throw cliErrors.CLI_USAGE(`the file ${file} cannot be written: ${reasonOf(error)}`, error);
  }
}

function ignoreAbsence(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'you may not',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return reasons[code] ?? code;
}
