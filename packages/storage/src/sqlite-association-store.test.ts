import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { AssociationChanges, AuditTrail, Bindings } from '@yaolian/directory';
import { hasCode } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { GroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { secretDigest } from './scrypt-password-hasher.ts';
import { SqliteAssociationChangeStore } from './sqlite-association-change-store.ts';
import { SqliteAssociationStore } from './sqlite-association-store.ts';
import { SqliteAuditStore } from './sqlite-audit-store.ts';
import { SqliteRaAccountStore } from './sqlite-ra-account-store.ts';

const nowhen = { monotonic: () => 0, epoch: () => 1000 } as const;
const random = new SeededRandom(7);

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

for (const maxChanges of [1, 4096]) {
  test(`a change is one commit with its line in the audit trail and what is to be told of it (${maxChanges})`, async () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, migrations, ':memory:');
    const commit = new GroupCommit(database, { maxChanges });
    const store = new SqliteAssociationStore(database, commit);
    const trail = new SqliteAuditStore(database, commit);
    const waiting = new SqliteAssociationChangeStore(database, commit);
    const audit = new AuditTrail({ store: trail, clock: nowhen });
    const changes = new AssociationChanges({ store: waiting, random });
    const told = new Promise<void>(() => {});
    changes.listen(() => told);
    const bindings = new Bindings({ ...{ store, audit, changes, clock: nowhen, random, digest: secretDigest } });
    const { code } = (await bindings.issueCode('lamp', { actor: 'lamp', door: 'https' }))!;
    const commits: number[] = [];
    commit.listen({ committed: (count) => commits.push(count) });
    assert.equal((await bindings.bind({ user: 'ann', device: 'lamp', code })).ok, true);
    assert.equal((await bindings.bind({ user: 'ann', device: 'lamp', code })).ok, false);
    assert.equal((await bindings.unbind('ann', 'lamp', 'ann'))?.user, 'ann');
    assert.equal(await bindings.unbind('ann', 'lamp', 'ann'), undefined);
    assert.deepEqual(commits, [3, 2, 3, 2]);
    const lines = (await trail.entries({ limit: 9 })).map(({ action, outcome }) => `${action} ${outcome}`);
    const expected = ['unbind item-not-found', 'unbind done', 'bind exists', 'bind done', 'reset-code done'];
    assert.deepEqual(lines, expected);
    const kinds = (await waiting.keptChanges()).map(({ change }) => change.kind);
    assert.deepEqual(kinds, ['code-reset', 'bound', 'unbound']);
    database.close();
  });
}

test('a change that everybody knows goes with the next transaction, or soon by itself, also where one failed', async () => {
  const { database, commit, fail } = open();
  const waiting = new SqliteAssociationChangeStore(database, commit);
  const rows = () =>
    (database.prepare('SELECT id FROM association_change').all() as { id: string }[]).map(({ id }) => id);
  const change = { kind: 'unlinked', device: 'lamp', other: 'fan' } as const;
  for (const id of ['a', 'b', 'c']) void waiting.keepChange({ id, change });
  await commit.flush();
  await waiting.removeChange('a');
  assert.deepEqual(rows(), ['a', 'b', 'c']);
  assert.deepEqual(
    (await waiting.keptChanges()).map(({ id }) => id),
    ['b', 'c'],
  );
  await fail();
  assert.deepEqual(rows(), ['a', 'b', 'c']);
  void waiting.keepChange({ id: 'd', change });
  await commit.flush();
  assert.deepEqual(rows(), ['b', 'c', 'd']);
  await waiting.removeChange('c');
  const closed = waiting.close();
  await commit.close();
  await closed;
  assert.deepEqual(rows(), ['b', 'd']);
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

test('nothing is made for an account that is gone: who takes its name later inherits nothing', async () => {
  const { database, commit } = open();
  const accounts = new Set(['ann', 'bob', 'lamp']);
  const store = new SqliteAssociationStore(database, commit, (name) => accounts.has(name));
  const code = { device: 'lamp', id: 'c1', salt: new Uint8Array(16), digest: new Uint8Array(32), issuedAt: 1 };
  const request = { name: 'x', groups: [], time: 2, max: 9 };
  const binding = {
    state: 'active',
    name: 'lamp',
    groups: [],
    time: 2,
    codeId: 'c1',
    maxOwners: 9,
    maxDevices: 9,
  } as const;
  const everything = async () => {
    const made = [
      store.putCode({ ...code, expiresAt: undefined }),
      store.bind({ ...binding, user: 'ann', device: 'lamp' }),
      store.befriend({ ...request, user: 'ann', other: 'bob' }),
      store.befriend({ ...request, user: 'bob', other: 'ann' }),
      store.putBookmark('ann', { name: 'a', address: 'b', text: '' }, 9),
    ];
    const flushed = commit.flush();
    const outcomes = await Promise.all(made);
    await flushed;
    return outcomes;
  };
  accounts.delete('ann');
  const [isCoded, bound, asked, askedBack, isNoted] = await everything();
  assert.deepEqual([isCoded, bound, asked, isNoted], [true, 'code-void', 'unasked', false]);
  assert.equal((askedBack as readonly unknown[]).length, 1, 'a request that nobody hears');
  assert.deepEqual([await store.friendships('ann'), await store.bindingsOfUser('ann')], [[], []]);
  accounts.delete('lamp');
  assert.equal((await everything())[0], false);
  database.close();
});
