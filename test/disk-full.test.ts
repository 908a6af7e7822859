/** A disk that is full: whoever asks is told so and can go on afterwards, and a start that fails lets go of everything. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { silentLog } from '@yaolian/kernel';
import { openUdpPort } from '@yaolian/node-runtime';
import { startPlatform } from '@yaolian/server';
import { openPlatform, withCode } from './support/platform.ts';
import { post, refused, remoteAccess, TestUser } from './support/remote-user.ts';

/** What SQLite throws where there is no room (SQLITE_FULL). */
function noRoom(): Error {
  return Object.assign(new Error('database or disk is full'), { errcode: 13 });
}

test('while nothing can be stored, REST, the account server and XMPP say so, and go on when there is room', async () => {
  let isFull = false;
  const commitListener = {
    committing: () => {
      if (isFull) throw noRoom();
    },
  };
  await using bench = await openPlatform(remoteAccess, silentLog, { commitListener });
  await using ann = await TestUser.register(bench, 'ann');
  const bookmark = () => ann.home.bookmark({ name: 'tea', address: 'kettle@home.example', text: '' });
  const group = () => bench.admin.call(routes.addGroup, { body: { name: 'g' } });
  const register = () => post(bench, 'user/register.xml', { userName: 'bob', password: 'bob-secret' });
  isFull = true;
  await assert.rejects(bookmark(), refused('resource-constraint'));
  await assert.rejects(group(), withCode('unavailable'));
  const { status, text } = await register();
  assert.equal(status, 500);
  assert.match(text, /nothing can be stored now; try again later/);
  isFull = false;
  await bookmark();
  await group();
  assert.equal((await register()).status, 201);
});

test('a start that the disk refuses at any of its commits leaves no port open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-full-'));
  const ports = { 'coap.port': 0, 'coap.dtls-port': 0, 'coap.tcp-port': 0, 'coap.tls-port': 0, 'http.port': 0 };
  const config = { ...remoteAccess, ...ports, 'coap.host': '127.0.0.1', 'data-dir': folder };
  const open = new Set<object>();
  const openUdp: typeof openUdpPort = async (options) => {
    const port = await openUdpPort(options);
    open.add(port);
    const close = port.close.bind(port);
    port.close = async () => {
      open.delete(port);
      await close();
    };
    return port;
  };
  let room = 0;
  for (let isStarted = false; !isStarted; room++) {
    let commits = 0;
    const commitListener = {
      committing: () => {
        if (commits++ >= room) throw noRoom();
      },
    };
    const starting = startPlatform(config, { log: silentLog, openUdp, commitListener });
    await starting.then(
      async (platform) => {
        isStarted = true;
        await platform.stop().catch(() => undefined); // it cannot store that it stops
      },
      (error: unknown) => assert.equal((error as { code?: unknown }).code, 'STORAGE_FULL', String(error)),
    );
    assert.equal(open.size, 0, `after ${room} commits`);
  }
  assert.ok(room > 2, `${room} starts`);
  await rm(folder, { recursive: true });
});

test('an upload that is refused half-way leaves nothing behind it on its connection', async () => {
  await using bench = await openPlatform({ 'firmware.max-size': 1024 });
  const url = `${bench.httpUrl}/api/v1/firmware?name=f.bin&version=1`;
  const { token } = await bench.admin.call(routes.createToken, { body: { label: 't', role: 'operator' } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
  // More than is read of it at once.
  const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(1_000_000) });
  assert.deepEqual([answer.status, answer.headers.get('connection')], [413, 'close']);
  await answer.text();
});
