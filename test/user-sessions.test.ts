/** An operator ends one connection of a user, or all sessions; the password lets the user in again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { inTime } from '@yaolian/testkit';
import { openPlatform, withCode } from './support/platform.ts';
import { remoteAccess, TestUser } from './support/remote-user.ts';

test('one connection of a user is ended, then all, with the pages of home', async () => {
  await using bench = await openPlatform(remoteAccess);
  const { admin } = bench;
  await using phone = await TestUser.register(bench, 'ann');
  await using desk = await TestUser.login(bench, 'ann');
  const headers = { origin: bench.httpUrl, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'ann', password: 'ann-secret' });
  const signIn = await fetch(`${bench.httpUrl}/api/v1/home/session`, { method: 'POST', headers, body });
  const cookie = signIn.headers.getSetCookie()[0]!.split(';')[0]!;
  const atHome = async () => (await fetch(`${bench.httpUrl}/api/v1/home/devices`, { headers: { cookie } })).status;
  assert.equal(await atHome(), 200);

  const params = { name: 'ann' };
  const connections = async () => (await admin.call(routes.showUser, { params })).connections;
  const resourceOf = (user: TestUser) => user.client.jid!.resource!;
  assert.equal((await connections()).length, 2);
  const connection = resourceOf(phone);
  await assert.rejects(
    admin.call(routes.endUserSessions, { params, query: { connection: 'nowhere' } }),
    withCode('not-found'),
  );
  await admin.call(routes.endUserSessions, { params, query: { connection } });
  await inTime(phone.closed, 'the end of one connection');
  assert.deepEqual(await connections(), [resourceOf(desk)]);
  assert.equal(await atHome(), 200, 'the rest stays');

  await admin.call(routes.endUserSessions, { params });
  await inTime(desk.closed, 'the end of the other one');
  assert.equal(await atHome(), 401);
  await using again = await TestUser.login(bench, 'ann');
  assert.deepEqual(await connections(), [resourceOf(again)]);
  const { items } = await admin.call(routes.listAudit, { query: {} });
  const told = items
    .filter(({ action }) => action === 'endUserSessions')
    .map(({ subject, outcome }) => [subject, outcome]);
  assert.deepEqual(told.toReversed(), [
    ['ann', '404'],
    ['ann', 'done'],
    ['ann', 'done'],
  ]);
});
