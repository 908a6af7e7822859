/** What one account has of each thing is bounded by a setting of its own, and at the bound the answer is the protocol's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import type { Refused } from '@yaolian/igrs/client';
import { milliseconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { element } from '@yaolian/xmpp';
import { HomeBrowser } from './support/home-browser.ts';
import { openKettle } from './support/kettle.ts';
import { openPlatform, withCode } from './support/platform.ts';
import { domain, post, refused, remoteAccess, TestUser } from './support/remote-user.ts';

const address = (name: string) => `${name}@${domain}`;
const feature = (object: number) => `urn:oma:lwm2m:ext:${object}`;
const full = refused('resource-constraint');

test('owners, devices, friends, permissions, links, bookmarks and lists have the bounds of their settings', async () => {
  await using bench = await openPlatform({
    ...{ ...remoteAccess, 'ra.max-owners': 1, 'ra.max-devices': 3, 'ra.max-friends': 1, 'ra.max-shared': 1 },
    ...{ 'ra.max-permissions': 1, 'ra.max-links': 1, 'ra.max-bookmarks': 1 },
    ...{ 'ra.vendor-compat': true, 'ra.max-vendor-devices': 1 },
  });
  for (const deviceName of ['air', 'lamp', 'oven', 'pot']) {
    const fields = { deviceName, verifyCode: `${deviceName}-code`, password: `${deviceName}-secret` };
    assert.equal((await post(bench, 'device/register.xml', fields)).status, 201);
  }
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  const bind = ({ home }: TestUser, device: string) => home.bind(address(device), `${device}-code`);
  for (const device of ['air', 'lamp', 'oven']) await bind(ann, device);
  await assert.rejects(bind(ann, 'pot'), full);
  await assert.rejects(bind(bob, 'lamp'), full);
  await ann.home.befriend(address('bob'));
  await bob.home.befriend(address('ann'));
  await assert.rejects(ann.home.befriend(address('cid')), full);
  const permit = (device: string, object: number) =>
    ann.home.permit(address(device), { to: address('bob'), feature: feature(object), operations: ['read'] });
  for (const device of ['air', 'lamp']) await permit(device, 3303);
  await assert.rejects(permit('lamp', 3304), full);
  const seen = await bob.home.search({ shared: true });
  assert.equal(seen.length, 1, 'one of the two that ann shares');
  await ann.home.link(address('air'), address('lamp'));
  await assert.rejects(ann.home.link(address('lamp'), address('oven')), full);
  await ann.home.bookmark({ name: 'one', address: address('lamp'), text: '' });
  await assert.rejects(ann.home.bookmark({ name: 'two', address: address('lamp'), text: '' }), full);

  const ask = async (after: Record<string, string>) => {
    const query = element('query', 'http://www.igrs.org/spec2.0/basic#user#devicesinfo', after);
    const answer = await ann.client.request('get', domain, query);
    assert.ok(answer.kind === 'result');
    const devices = answer.payload!.elements('device').map((device) => device.attribute('jid'));
    return { devices, next: answer.payload!.attribute('next') };
  };
  const first = await ask({});
  const second = await ask({ after: first.next! });
  const third = await ask({ after: second.next! });
  assert.deepEqual(
    [first, second, third].map(({ devices }) => devices),
    ['air', 'lamp', 'oven'].map((name) => [address(name)]),
  );
  assert.equal(third.next, undefined);
});

test('news of home, pages, sessions, and what one account observes have the bounds of their settings', async () => {
  await using bench = await openPlatform({
    ...{ ...remoteAccess, 'ra.max-news': 2, 'ra.max-news-for-friends': 1 },
    ...{ 'ra.max-pages': 1, 'ra.max-sessions': 1, 'ra.max-observed-per-account': 1 },
  });
  const { device } = await openKettle(bench);
  const ann = await HomeBrowser.register(bench, 'ann');
  await ann.api.call(routes.bindHomeDevice, { body: { device: 'kettle', code: 'KETTLE-CODE', name: 'Kettle' } });
  await using bob = await TestUser.register(bench, 'bob');
  await bob.home.bind(address('kettle'), 'KETTLE-CODE');
  const kettle = bob.home.device(address('kettle'));
  await kettle.observe('/3308/0/5900');
  await assert.rejects(kettle.observe('/3308/0/5750'), full);
  for (const text of ['one', 'two', 'three']) {
    await bench.admin.call(routes.tellUser, { params: { name: 'ann' }, body: { text } });
  }
  const texts = async () => (await ann.api.call(routes.listHomeNews, { query: {} })).items.map(({ text }) => text);
  await until(async () => (await texts())[0] === 'three', 'all that support said');
  assert.deepEqual(await texts(), ['three', 'two']);
  {
    await using events = await ann.events();
    await assert.rejects(ann.events(), { name: 'AssertionError' });
    await events.first('state');
  }
  const other = new HomeBrowser(bench);
  await other.api.call(routes.signInAtHome, { body: { name: 'ann', password: 'ann-secret' } });
  await assert.rejects(ann.api.call(routes.listHomeNews, { query: {} }), withCode('unauthenticated'));
  await device.close();
});

test('how long a device has for an answer, and how long news are kept have the bounds of their settings', async () => {
  await using bench = await openPlatform({
    ...{ ...remoteAccess, 'ra.answer-timeout': milliseconds(100), 'ra.max-asked': 1 },
    'ra.news-keep': milliseconds(1),
  });
  await using kettle = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  await using pot = await TestUser.registerDevice(bench, 'pot', 'POT-CODE');
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await ann.home.bind(address('kettle'), 'KETTLE-CODE');
  await bob.home.bind(address('pot'), 'POT-CODE');
  for (const { client } of [kettle, pot]) client.handle('read', 'urn:yaolian:ra:1:data', () => new Promise(() => {}));
  const condition = ({ home }: TestUser, device: string) =>
    home
      .device(address(device))
      .read('/3308/0/5900')
      .then(
        () => undefined,
        (error: Refused) => error.condition,
      );
  // The platform itself asks a device that came.
  let both: readonly unknown[] = [];
  await until(
    async () => {
      both = await Promise.all([condition(ann, 'kettle'), condition(bob, 'pot')]);
      return both.includes('remote-server-timeout') && both.includes('resource-constraint');
    },
    () => `one that waits in vain, and no room for another one; they were ${both}`,
  );

  const cid = await HomeBrowser.register(bench, 'cid');
  await using events = await cid.events();
  await bench.admin.call(routes.tellUser, { params: { name: 'cid' }, body: { text: 'old' } });
  assert.notEqual((await events.first('message')).news, undefined);
  await until(async () => {
    const { items } = await cid.api.call(routes.listHomeNews, { query: {} });
    return items.length === 0;
  }, 'the end of the news');
});
