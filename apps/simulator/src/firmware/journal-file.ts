import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FirmwareRecord, Journal } from '@yaolian/lwm2m/client';

/** What a terminal remembers of its firmware over restarts. */
export interface FirmwareMemory extends FirmwareRecord {
  /** The version that is installed. */
  readonly installed?: string | undefined;
}

/** A journal in a file that its owner alone reads; each value takes the place of the one before, whole or not at all. */
export function journalFile<T>(path: string): Journal<T> {
  return {
    load() {
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as T;
      } catch {
        return undefined; // none yet, or not ours: the terminal starts as new
      }
    },
    save(value) {
      const next = `${path}.next`;
      const file = openSync(next, 'w', 0o600);
      try {
        writeSync(file, JSON.stringify(value));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(next, path);
      if (process.platform === 'win32') return; // there is no handle of a folder
      const folder = openSync(dirname(path), 'r');
      try {
        fsyncSync(folder); // fsync(2): the name is in the folder, not in the file
      } finally {
        closeSync(folder);
      }
    },
  };
}
