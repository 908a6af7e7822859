/** What happened at home while nobody looked is there later: after a restart, for its user alone, until it is marked as read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { HomeBrowser } from './support/home-browser.ts';
import { openPlatform, withCode } from './support/platform.ts';
import { domain, post, remoteAccess, TestUser } from './support/remote-user.ts';

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

test('friends of owners hear of what is permitted to friends; those of who waits for the consent of the device do not', async () => {
  await using bench = await openPlatform(remoteAccess);
  const kettle = `kettle@${domain}`;
  const device = { deviceName: 'kettle', verifyCode: 'KETTLE-CODE', password: 'kettle-secret', confirm: '1' };
  assert.equal((await post(bench, 'device/register.xml', device)).status, 201);
  await using ann = await TestUser.register(bench, 'ann');
  await using eve = await TestUser.register(bench, 'eve');
  const [bob, mal] = [await HomeBrowser.register(bench, 'bob'), await HomeBrowser.register(bench, 'mal')];
  await ann.home.bind(kettle, 'KETTLE-CODE');
  await bench.admin.call(routes.confirmRaOwner, { params: { account: 'kettle', user: 'ann' } });
  await eve.home.bind(kettle, 'KETTLE-CODE');
  for (const [one, other, page] of [
    [ann, 'bob', bob],
    [eve, 'mal', mal],
  ] as const) {
    await one.home.befriend(`${other}@${domain}`);
    await page.api.call(routes.askHomeFriend, { body: { user: one === ann ? 'ann' : 'eve' } });
  }
  const heard = async (page: HomeBrowser) => {
    const { items } = await page.api.call(routes.listHomeNews, { query: {} });
    return items.map(({ kind }) => kind).toReversed();
  };
  await until(async () => (await heard(bob)).length === 2 && (await heard(mal)).length === 2, 'friends');
  await ann.home.permit(kettle, { to: { class: 'friend' }, feature: 'urn:oma:lwm2m:ext:3303', operations: ['read'] });
  await until(async () => (await heard(bob)).includes('granted'), 'what ann permits to friends');
  // Changes are told in their order: what comes after the permission has arrived, and that has not.
  await mal.api.call(routes.removeHomeFriend, { params: { user: 'eve' } });
  await until(async () => (await heard(mal)).length > 2, 'the end of a friendship');
  assert.deepEqual(await heard(mal), ['friend-asked', 'friends', 'unfriended']);
  // It is the same news for every friend, and none for who becomes one later.
  await ann.home.befriend(`mal@${domain}`);
  await mal.api.call(routes.askHomeFriend, { body: { user: 'ann' } });
  await using events = await mal.events();
  await ann.home.revoke(kettle, { to: { class: 'friend' }, feature: 'urn:oma:lwm2m:ext:3303' });
  const told = await events.first('revoked');
  const newest = async (page: HomeBrowser) => (await page.api.call(routes.listHomeNews, { query: {} })).items[0];
  assert.deepEqual([await newest(mal), await newest(bob)], [told, told]);
  assert.deepEqual([told.device, told.user, told.to], [kettle, `ann@${domain}`, undefined]);
  assert.deepEqual((await heard(mal)).slice(3), ['friend-asked', 'friends', 'revoked']);
  const { unread } = await mal.api.call(routes.listHomeNews, { query: {} });
  assert.equal(unread, 6);
  await mal.api.call(routes.readHomeNews, { body: { upTo: told.news! } });
  assert.equal((await mal.api.call(routes.listHomeNews, { query: {} })).unread, 0);
});

test('who takes a name that somebody asked for before hears nothing of the end of that', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.befriend(`zed@${domain}`);
  await using zed = await TestUser.register(bench, 'zed');
  await ann.home.unfriend(`zed@${domain}`);
  await ann.home.befriend(`zed@${domain}`);
  await zed.push('friend-asked');
  const pushes = zed.messages.flatMap((message) => message.elements()).map(({ name }) => name);
  const seen = zed.presences.filter((presence) => presence.attribute('from')?.startsWith('ann@'));
  assert.deepEqual([pushes, seen.map((presence) => presence.attribute('type'))], [['friend-asked'], ['subscribe']]);
});
