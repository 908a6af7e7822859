import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { sealerContract } from '@yaolian/directory/testing';
import { encodeUtf8, silentLog } from '@yaolian/kernel';
import { AesGcmSealer } from './aes-gcm-sealer.ts';
import { Storage, type StorageOptions } from './storage.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

let keys = 0;
sealerContract('AesGcmSealer', () => new AesGcmSealer(new Uint8Array(32).fill(++keys)));

it('a sealing key has 32 bytes', () => {
  assert.throws(() => new AesGcmSealer(new Uint8Array(16)), RangeError);
});

describe('the key of the secrets', () => {
  const secret = encodeUtf8('secret');
  let folder: ReturnType<typeof temporaryFolder>;
  let data: string;
  let keyFile: string;
  beforeEach(() => {
    folder = temporaryFolder();
    data = join(folder.path, 'data');
    keyFile = join(data, 'secrets.key');
  });
  afterEach(() => folder.remove());
  const open = (options: Partial<StorageOptions> = {}) => Storage.open({ folder: data, ...options });

  it('is made at the first start, closed to others, and stays', async () => {
    const first = open();
    const sealed = first.sealer.seal(secret, 'a');
    await first.close();
    assert.equal(statSync(keyFile).mode & 0o777, 0o600);
    assert.match(readFileSync(keyFile, 'utf8'), /^[0-9a-f]{64}\n$/);
    const second = open();
    assert.deepEqual(second.sealer.open(sealed, 'a'), secret);
    await second.close();
  });

  it('is not in the database', async () => {
    const storage = open();
    await storage.close();
    const key = readFileSync(keyFile, 'utf8').trim();
    const database = readFileSync(join(data, 'yaolian.db'));
    assert.equal(database.includes(key), false);
    assert.equal(database.includes(Buffer.from(key, 'hex')), false);
  });

  it('is not made anew when it is lost', async () => {
    await open().close();
    rmSync(keyFile);
    assert.throws(open, { code: 'SEALING_KEY_MISSING', message: /secrets\.key, is not there/ });
    assert.equal(existsSync(keyFile), false);
  });

  it('is refused when it is another one or none at all, and the folder is free again', async () => {
    await open().close();
    writeFileSync(keyFile, `${'ab'.repeat(32)}\n`);
    assert.throws(open, { code: 'SEALING_KEY_WRONG' });
    writeFileSync(keyFile, 'ab');
    assert.throws(open, { code: 'SEALING_KEY_UNREADABLE', message: /64 hex digits/ });
    rmSync(keyFile);
    mkdirSync(keyFile);
    assert.throws(open, { code: 'SEALING_KEY_UNREADABLE', message: /EISDIR/ });
  });

  it('can be elsewhere, where it is never made', async () => {
    const elsewhere = join(folder.path, 'elsewhere.key');
    assert.throws(() => open({ keyFile: elsewhere }), { code: 'SEALING_KEY_MISSING' });
    writeFileSync(elsewhere, 'CD'.repeat(32), { mode: 0o600 });
    const storage = open({ keyFile: elsewhere });
    const sealed = storage.sealer.seal(secret, 'a');
    await storage.close();
    assert.equal(existsSync(keyFile), false);
    assert.deepEqual(new AesGcmSealer(Buffer.from('cd'.repeat(32), 'hex')).open(sealed, 'a'), secret);
  });

  it('is warned of when others may read it', async () => {
    const elsewhere = join(folder.path, 'elsewhere.key');
    writeFileSync(elsewhere, 'cd'.repeat(32));
    chmodSync(elsewhere, 0o644);
    const warnings: unknown[] = [];
    const log = { ...silentLog, warn: (message: string, fields: unknown) => warnings.push([message, fields]) };
    await open({ keyFile: elsewhere, log }).close();
    const fields = { file: elsewhere, mode: '644' };
    assert.deepEqual(warnings, [['the key of the secrets is open to other users', fields]]);
  });
});
