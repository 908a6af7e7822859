import { openAsBlob } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
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
