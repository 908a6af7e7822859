import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { hasCode } from '@yaolian/kernel';
import { GroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { SqliteAssociationStore } from './sqlite-association-store.ts';
import { SqliteRaAccountStore } from './sqlite-ra-account-store.ts';

/** A database whose next commit fails, the way a full disk does: a deferred foreign key is checked at COMMIT. */
function open() {
  const database = new DatabaseSync(':memory:');
  migrate(database, migrations, ':memory:');
  database.exec(`CREATE TABLE parent (key INTEGER PRIMARY KEY);
    CREATE TABLE child (p INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)`);
  const commit = new GroupCommit(database, { schedule: () => {} });
  const fail = async () => {
    const failed = commit.change(() => database.exec('INSERT INTO child VALUES (99)'));
    await Promise.all([
      assert.rejects(failed, (error) => hasCode(error, 'STORAGE_FAILED')),
      commit.flush().catch(() => {}),
    ]);
  };
  return { database, commit, fail };
}

test('what was decided on a change that never came to be is forgotten with it', async () => {
  const { database, commit, fail } = open();
  const store = new SqliteAssociationStore(database, commit);
  const code = { device: 'lamp', id: 'c1', salt: new Uint8Array(16), digest: new Uint8Array(32), issuedAt: 1 };
  void store.putCode({ ...code, expiresAt: undefined });
  await commit.flush();
  const asked = {
    user: 'ann',
    device: 'lamp',
    state: 'active',
    name: 'lamp',
    groups: [],
    time: 2,
    codeId: 'c1',
  } as const;
  const bound = store.bind({ ...asked, maxOwners: 9, maxDevices: 9 });
  bound.catch(() => {});
  assert.equal((await store.accessFacts('ann', 'lamp')).relation, 'owner');
  await fail();
  await assert.rejects(bound, (error) => hasCode(error, 'STORAGE_FAILED'));
  assert.equal((await store.accessFacts('ann', 'lamp')).relation, 'none');
  database.close();
});

test('an account whose making failed has no kind', async () => {
  const { database, commit, fail } = open();
  const store = new SqliteRaAccountStore(database, commit);
  const added = store.addAccount({ name: 'ann', kind: 'user', keys: [], nick: undefined, createdAt: 1 });
  added.catch(() => {});
  assert.equal(await store.kindOf('ann'), 'user');
  await fail();
  await assert.rejects(added, (error) => hasCode(error, 'STORAGE_FAILED'));
  assert.equal(await store.kindOf('ann'), undefined);
  database.close();
});
