import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, it } from 'node:test';
import { encodeUtf8 } from '@yaolian/kernel';
import { Storage } from './storage.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const key = encodeUtf8('a key for tests!');
const credential = (id: string) =>
  ({ id, endpoint: 'e', purpose: 'any', proof: { kind: 'psk', identity: id }, createdAt: 1 }) as const;

it('no pre-shared key is in the database', async () => {
  const storage = Storage.open({ folder: folder.path });
  await storage.credentials.addCredential(credential('a'), key);
  await storage.close();
  assert.equal(readFileSync(join(folder.path, 'yaolian.db')).includes(key), false);
});

it('a sealed key that was moved to another row opens no more', async () => {
  const first = Storage.open({ folder: folder.path });
  await first.credentials.addCredential(credential('a'), key);
  await first.credentials.addCredential(credential('b'), encodeUtf8('another key here'));
  await first.close();
  const database = new DatabaseSync(join(folder.path, 'yaolian.db'));
  database.exec("UPDATE credential SET secret = (SELECT secret FROM credential WHERE id = 'a') WHERE id = 'b'");
  database.close();
  await using second = Storage.open({ folder: folder.path });
  assert.deepEqual(second.credentials.preSharedKey('a'), key);
  assert.equal(second.credentials.preSharedKey('b'), undefined);
});
