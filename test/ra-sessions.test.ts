/** Who is connected to the message server now, and how an operator ends a session. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JsonRaSession, routes } from '@yaolian/contract';
import { inTime, until } from '@yaolian/testkit';
import { element, namespaces } from '@yaolian/xmpp';
import { openPlatform, withCode } from './support/platform.ts';
import { remoteAccess, TestUser } from './support/remote-user.ts';

test('sessions of users and devices are listed, found, paged and ended', async () => {
  await using bench = await openPlatform(remoteAccess);
  const { admin } = bench;
  await using ann = await TestUser.register(bench, 'ann');
  await using desk = await TestUser.login(bench, 'ann');
  await using lamp = await TestUser.registerDevice(bench, 'lamp', '123456');
  const list = async (query = {}) => (await admin.call(routes.listRaSessions, { query })).items;
  const addressOf = (user: TestUser) => `${user.client.jid}`;

  const all = await list();
  const addresses = [ann, desk, lamp].map(addressOf).sort();
  assert.deepEqual(
    all.map(({ session }) => session),
    addresses,
  );
  const find = async (user: TestUser) => (await list({ search: addressOf(user).toUpperCase() }))[0]!;
  const device = await find(lamp);
  assert.deepEqual(
    [device.account, device.kind, device.state, device.secure, device.active],
    ['lamp', 'device', 'connected', true, true],
  );
  assert.equal(device.resource, lamp.client.jid!.resource);
  assert.match(device.address!, /^127\.0\.0\.1:\d+$/);
  assert.ok(Math.abs(Date.now() - Date.parse(device.since)) < 600_000);
  assert.equal((await find(ann)).kind, 'user');

  // What a client says of itself.
  const caps = element('c', 'http://jabber.org/protocol/caps', {
    node: 'https://phone.example',
    ver: 'x',
    hash: 'sha-1',
  });
  const say = (show: string) => {
    const parts = [element('show', namespaces.client, {}, show), element('priority', namespaces.client, {}, '7'), caps];
    ann.client.send(element('presence', namespaces.client, {}, ...parts));
  };
  say('dnd');
  await until(async () => (await find(ann)).presence === 'dnd', 'the presence');
  const { priority, client } = await find(ann);
  assert.deepEqual([priority, client], [7, 'https://phone.example']);
  ann.client.send(element('inactive', namespaces.clientState));
  await until(async () => !(await find(ann)).active, 'the client to be idle');

  const pages: JsonRaSession[] = [];
  let cursor: string | undefined;
  do {
    const page = await admin.call(routes.listRaSessions, { query: { limit: 1, ...(cursor && { cursor }) } });
    assert.equal(page.items.length, 1);
    pages.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  assert.deepEqual(
    pages.map(({ session }) => session),
    addresses,
  );
  assert.deepEqual(await list({ state: 'waiting' }), []);
  assert.equal((await list({ search: '127.0.0.1', state: 'connected' })).length, 3);
  assert.deepEqual(await list({ search: 'nobody' }), []);
  await assert.rejects(admin.call(routes.listRaSessions, { query: { cursor: '?' } }), withCode('invalid-cursor'));

  const gone = addressOf(ann);
  const end = (session: string) => admin.call(routes.endRaSession, { params: { session } });
  await end(gone);
  await inTime(ann.closed, 'the end of the session');
  assert.deepEqual(
    (await list()).map(({ session }) => session),
    addresses.filter((one) => one !== gone),
  );
  for (const none of [gone, 'ann@home.example', 'ann', 'x@elsewhere.example/y', '@/']) {
    await assert.rejects(end(none), withCode('not-found'), none);
  }
  const { items } = await admin.call(routes.listAudit, { query: {} });
  const told = items
    .filter(({ action }) => action === 'endRaSession')
    .map(({ subject, outcome }) => [subject, outcome]);
  assert.deepEqual(told.at(-1), [gone, 'done']);
});

test('a session whose connection is lost waits, and can be ended too', async () => {
  await using bench = await openPlatform(remoteAccess);
  const { admin } = bench;
  await using ann = await TestUser.register(bench, 'ann');
  const session = `${ann.client.jid}`;
  ann.kill();
  const waiting = async () => (await admin.call(routes.listRaSessions, { query: { state: 'waiting' } })).items;
  await until(async () => (await waiting()).length === 1, 'the session to wait');
  const [one] = await waiting();
  assert.deepEqual([one!.session, one!.address, one!.secure], [session, undefined, undefined]);
  await admin.call(routes.endRaSession, { params: { session } });
  assert.deepEqual(await waiting(), []);
});

test('without a message server there are no sessions, and it is said why', async () => {
  await using bench = await openPlatform();
  await assert.rejects(bench.admin.call(routes.listRaSessions, {}), withCode('unavailable'));
  await assert.rejects(
    bench.admin.call(routes.endRaSession, { params: { session: 'a@b/c' } }),
    withCode('unavailable'),
  );
});
