import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Storage } from '@yaolian/storage';
import { AccountRemoval } from './account-removal.ts';

test('an account goes in one transaction with all that is its, however few changes one may have', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-removal-'));
  let changes: number[] = [];
  const commitListener = { committed: (count: number) => void changes.push(count) };
  const storage = Storage.open({ folder, maxChanges: 1, commitListener });
  t.after(async () => {
    await storage.close();
    rmSync(folder, { recursive: true });
  });
  const account = { name: 'ann', kind: 'user', keys: [], nick: undefined, createdAt: 1 } as const;
  await storage.raAccounts.addAccount(account);
  await storage.associations.putBookmark('ann', { name: 'a', address: 'b', text: '' }, 9);
  const removal = new AccountRemoval(storage);
  const seen: (readonly [string, boolean])[] = [];
  removal.deciding((name) => seen.push([name, storage.raAccounts.has(name)]));
  changes = [];
  assert.equal(await removal.remove('ann'), true);
  assert.deepEqual([changes.length, seen], [1, [['ann', false]]]);
  assert.deepEqual(await storage.associations.bookmarks('ann'), []);
  assert.equal(await removal.remove('ann'), false);
});
