/** Lists longer than clients take in one stanza arrive over a real connection. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element } from '@yaolian/xmpp';
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

test('a roster with the longest names is no reason to lose the connection, at this login or the next', async () => {
  await using bench = await openPlatform(remoteAccess);
  const roster = 'jabber:iq:roster';
  const jids = Array.from({ length: 250 }, (_, index) => `${1000 + index}@elsewhere.example`);
  {
    await using ann = await TestUser.register(bench, 'ann');
    for (const jid of jids) {
      const query = element('query', roster, {}, element('item', roster, { jid, name: '"'.repeat(1023) }));
      assert.equal((await ann.client.request('set', undefined, query)).kind, 'result');
    }
  }
  await using again = await TestUser.login(bench, 'ann');
  const answer = await again.client.request('get', undefined, element('query', roster));
  assert.ok(answer.kind === 'result');
  const items = answer.payload!.elements();
  assert.deepEqual(
    items.map((item) => item.attribute('jid')),
    jids,
  );
  assert.deepEqual(await again.home.devices(), []);
});
