import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Storage } from './storage.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const key = Buffer.from('a key that nobody may read').toString('base64');

test('secret keys of bootstrap configurations lie sealed on disk, each for its own place', async () => {
  const { path: folder, remove } = temporaryFolder();
  try {
    const storage = Storage.open({ folder });
    const account = { instanceId: 1, uri: 'coaps://192.0.2.1', secretKey: key };
    const writes = [{ path: '/24/0', resources: { '8': key } }];
    await storage.bootstrapConfigs.put('a', { security: [account], servers: [], writes });
    assert.deepEqual((await storage.bootstrapConfigs.get('a'))?.writes, writes);
    await storage.bootstrapConfigs.put('b', { security: [{ ...account, instanceId: 2 }], servers: [] });
    await storage.close();
    const file = join(folder, 'yaolian.db');
    for (const form of [key, 'a key that nobody may read']) {
      assert.equal((await readFile(file)).includes(form), false);
    }
    // Somebody who writes to the database puts the key of one place into another.
    const database = new DatabaseSync(file);
    database.exec(
      `UPDATE bootstrap_config SET config = (SELECT config FROM bootstrap_config WHERE name = 'b') WHERE name = 'a'`,
    );
    database.close();
    const again = Storage.open({ folder });
    assert.deepEqual((await again.bootstrapConfigs.get('b'))?.security[0]?.secretKey, key);
    assert.equal((await again.bootstrapConfigs.get('a'))?.security[0]?.secretKey, undefined);
    // One that an earlier version kept is read as it lies.
    const old = new DatabaseSync(file);
    const open = JSON.stringify({ security: [], servers: [], writes });
    old.prepare(`INSERT INTO bootstrap_config VALUES ('old', ?)`).run(open);
    old.close();
    assert.deepEqual((await again.bootstrapConfigs.get('old'))?.writes, writes);
    await again.close();
  } finally {
    remove();
  }
});
