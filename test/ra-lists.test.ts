/** Lists longer than clients take in one stanza arrive over a real connection. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPlatform } from './support/platform.ts';
import { remoteAccess, TestUser } from './support/remote-user.ts';

test('a hundred of the longest bookmarks are all read, and cost nobody the connection', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using ann = await TestUser.register(bench, 'ann');
  const bookmarks = Array.from({ length: 100 }, (_, index) => ({
    ...{ name: `${index}`.padStart(3, '0'), address: '温'.repeat(1024), text: '度'.repeat(1024) },
  }));
  for (const one of bookmarks) await ann.home.bookmark(one);
  assert.deepEqual(await ann.home.bookmarks(), bookmarks);
});
