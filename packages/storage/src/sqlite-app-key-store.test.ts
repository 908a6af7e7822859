import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, it } from 'node:test';
import { hasCode } from '@yaolian/kernel';
import { Storage } from './storage.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const password = 'a1adfef9ed014286b7f7a314ee978f15';

it('no password of a vendor is in the database', async () => {
  const storage = Storage.open({ folder: folder.path });
  await storage.appKeys.addAppKey({ appKey: 'M000000001', vendor: 'v', issuedAt: 1 }, password);
  await storage.close();
  assert.equal(readFileSync(join(folder.path, 'yaolian.db')).includes(password), false);
});

it('a password that was moved to another key is found out at the start', async () => {
  const first = Storage.open({ folder: folder.path });
  await first.appKeys.addAppKey({ appKey: 'M000000001', vendor: 'v', issuedAt: 1 }, password);
  await first.close();
  const database = new DatabaseSync(join(folder.path, 'yaolian.db'));
  database.exec(`UPDATE app_key SET app_key = 'M000000002'`);
  database.close();
  assert.throws(
    () => Storage.open({ folder: folder.path }),
    (error) => hasCode(error, 'SECRET_UNREADABLE'),
  );
});
