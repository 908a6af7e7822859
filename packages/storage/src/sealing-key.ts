import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { hasCode, type Log } from '@yaolian/kernel';
import { AesGcmSealer, sealingKeyBytes } from './aes-gcm-sealer.ts';
import { syncFolder } from './data-folder.ts';
import { messageOf, storageErrors } from './errors.ts';

const checkContext = 'check of the sealing key';

export interface SealingKeyOptions {
  readonly database: DatabaseSync;
  readonly log: Log;
  /** The file in the data folder, made when there is none yet. */
  readonly ownFile: string;
  /** A file that an operator keeps elsewhere; it is never made. */
  readonly namedFile: string | undefined;
}

/**
 * The sealer of this database. The key is in a file of its own, as 64 hex digits; the database knows by a sealed check
 * which key it was, so that a lost or exchanged file is found out at the start and not when terminals are refused.
 * @throws SEALING_KEY_UNREADABLE, SEALING_KEY_MISSING, SEALING_KEY_WRONG
 */
export function openSealer(options: SealingKeyOptions): AesGcmSealer {
  const { database, log, ownFile, namedFile } = options;
  const file = namedFile ?? ownFile;
  const stored = database.prepare('SELECT check_value AS value FROM sealing_key').get() as StoredCheck | undefined;
  const found = readKey(file);
  if (found === undefined && (stored || namedFile !== undefined)) throw storageErrors.SEALING_KEY_MISSING(file);
  if (found !== undefined && namedFile !== undefined) warnWhenOpen(file, log);
  const sealer = new AesGcmSealer(found ?? makeKey(file));
  if (stored && !sealer.open(stored.value, checkContext)) throw storageErrors.SEALING_KEY_WRONG(file);
  if (!stored) {
    const check = sealer.seal(new Uint8Array(), checkContext);
    database.prepare('INSERT INTO sealing_key (id, check_value) VALUES (1, ?)').run(check);
  }
  return sealer;
}

interface StoredCheck {
  readonly value: Uint8Array;
}

function readKey(file: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'latin1').trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw storageErrors.SEALING_KEY_UNREADABLE(file, messageOf(error), error);
  }
  if (!/^[0-9a-f]{64}$/i.test(text)) throw storageErrors.SEALING_KEY_UNREADABLE(file, 'it is not 64 hex digits');
  return Buffer.from(text, 'hex');
}

/** Written under another name first: a crash leaves a whole key or none. */
function makeKey(file: string): Uint8Array {
  const key = randomBytes(sealingKeyBytes);
  const draft = `${file}.new`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, `${key.toString('hex')}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
  syncFolder(dirname(file));
  return key;
}

function warnWhenOpen(file: string, log: Log): void {
  const { mode } = statSync(file);
  if ((mode & 0o077) !== 0) {
    log.warn('the key of the secrets is open to other users', { file, mode: (mode & 0o777).toString(8) });
  }
}
