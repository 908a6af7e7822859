/** What happened at home while nobody looked is there later: after a restart, for its user alone, until it is marked as read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { HomeBrowser } from './support/home-browser.ts';
import { openPlatform, withCode } from './support/platform.ts';
import { remoteAccess } from './support/remote-user.ts';

test('news are told once, by the stream and by the list, and outlive the page, the platform, and not the account', async () => {
  await using bench = await openPlatform(remoteAccess);
  const ann = await HomeBrowser.register(bench, 'ann');
  const bob = await HomeBrowser.register(bench, 'bob');
  const listed = (who: HomeBrowser, query = {}) => who.api.call(routes.listHomeNews, { query });
  await assert.rejects(listed(new HomeBrowser(bench)), withCode('unauthenticated'));
  assert.deepEqual(await listed(ann), { items: [], unread: 0 });

  // Nobody has a page open.
  await ann.api.call(routes.askHomeFriend, { body: { user: 'bob' } });
  await bob.api.call(routes.askHomeFriend, { body: { user: 'ann' } });
  await bench.admin.call(routes.tellUser, { params: { name: 'bob' }, body: { text: 'Hello' } });
  const kinds = async (who: HomeBrowser, query = {}) => (await listed(who, query)).items.map(({ kind }) => kind);
  await until(async () => (await kinds(bob)).length === 3, 'all news');
  const before = await listed(bob);
  assert.deepEqual([(await kinds(bob)).toSorted(), before.unread], [['friend-asked', 'friends', 'message'], 3]);
  const numbers = before.items.map(({ news }) => news!);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => b - a),
  );
  const page = await listed(bob, { limit: 2 });
  const rest = await listed(bob, { limit: 2, cursor: page.next! });
  assert.deepEqual([[...page.items, ...rest.items], rest.next], [before.items, undefined]);
  await assert.rejects(listed(bob, { cursor: 'YQ' }), withCode('invalid-cursor'));
  assert.ok(!(await kinds(ann)).includes('message'), 'what support says to bob is for bob');

  {
    await using events = await bob.events();
    await bench.admin.call(routes.tellUser, { params: { name: 'bob' }, body: { text: 'Again' } });
    const heard = await events.first('message');
    assert.deepEqual((await listed(bob)).items[0], heard);
    assert.ok(heard.news! > numbers[0]!);
  }
  await bob.api.call(routes.readHomeNews, { body: { upTo: numbers[0]! } });
  const after = await listed(bob);
  assert.deepEqual([after.items.length, after.unread], [4, 1]);

  await using again = await bench.restart();
  assert.equal(again.httpUrl, bench.httpUrl);
  assert.deepEqual(await listed(bob), after);

  await bob.api.call(routes.removeHomeAccount, { body: { password: 'bob-secret' } });
  const heir = await HomeBrowser.register(bench, 'bob');
  assert.deepEqual(await listed(heir), { items: [], unread: 0 });
});
