import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeInTemporaryFolder } from './testing/temporary-folder.ts';

test('profiles are kept over a restart, replaced and removed', async () => {
  const opened = await storeInTemporaryFolder((storage) => storage.profiles)();
  const profile = { id: '6:1234abcd', objectLinks: '</1/0>,</名/0>', learnedAt: 1_700_000_000_000 };
  await opened.store.putProfile(profile);
  await opened.store.putProfile({ ...profile, id: 'v:b' });
  await opened.store.putProfile({ ...profile, id: 'v:b', objectLinks: '</3/0>' });
  const store = await opened.reopen!();
  assert.deepEqual([...(await store.loadProfiles())], [profile, { ...profile, id: 'v:b', objectLinks: '</3/0>' }]);
  assert.equal(await store.removeProfile('v:b'), true);
  assert.equal(await store.removeProfile('v:b'), false);
  assert.deepEqual([...(await store.loadProfiles())], [profile]);
  await opened.close();
});
