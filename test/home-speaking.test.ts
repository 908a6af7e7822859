/** A device that speaks RA itself, at its owner's home in the browser: seen, read, set and live like a terminal. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApiClient, routes } from '@yaolian/contract';
import { AccountClient, Device, DeviceResources } from '@yaolian/igrs/client';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { Jid, scramClients, XmppClient } from '@yaolian/xmpp';
import { openPlatform } from './support/platform.ts';
import { domain, remoteAccess } from './support/remote-user.ts';

test('a device that speaks for itself is shown, read and set at home', async () => {
  await using bench = await openPlatform(remoteAccess);
  const accounts = new AccountClient({
    url: bench.httpUrl,
    post: async (url, body) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', body, headers });
      return { status: response.status, body: await response.text() };
    },
  });
  const facts = { deviceType: 'kettle', vendor: 'V', model: 'K1' };
  await accounts.registerDevice({ name: 'kettle', password: 'kettle-secret', verifyCode: 'KETTLE-CODE', ...facts });
  const url = new URL(bench.platform.listening.find((one) => one.url.startsWith('xmpp:'))!.url);
  const authorities = await readFile(join(bench.dataFolder, 'tls', 'certificate.pem'));
  let wanted = '90';
  const resources = new DeviceResources({
    '/3308/0/5900': {
      type: 'float',
      get: () => wanted,
      set: (text) => {
        wanted = text;
      },
    },
    '/3308/0/5750': { type: 'string', get: () => 'water' },
  });
  const device = new Device({
    open: (listener) =>
      new XmppClient({
        jid: Jid.parse(`kettle@${domain}`)!,
        connector: xmppConnector({ domain, host: '127.0.0.1', port: Number(url.port), tls: { authorities } }),
        mechanisms: scramClients({ crypto: saslCrypto, username: 'kettle', password: 'kettle-secret' }),
        ...{ clock: nodeClock, timers: nodeTimers, random: nodeRandom, listener },
      }),
    resources,
    ...facts,
    clock: nodeClock,
    crypto: saslCrypto,
  });
  await device.connect();

  let cookie = '';
  const api = new ApiClient({
    baseUrl: bench.httpUrl,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('origin', bench.httpUrl);
      if (cookie !== '') headers.set('cookie', cookie);
      const response = await fetch(input, { ...init, headers });
      cookie = response.headers.get('set-cookie')?.split(';', 1)[0] ?? cookie;
      return response;
    },
  });
  await api.call(routes.registerAtHome, { body: { name: 'ann', password: 'ann-secret' } });
  await api.call(routes.bindHomeDevice, { body: { device: 'kettle', code: 'KETTLE-CODE', name: 'Kettle' } });
  const listed = async () => (await api.call(routes.listHomeDevices, {})).items[0]!;
  await until(async () => (await listed()).main.length > 0, 'the values that it shows');
  const kettle = await listed();
  assert.deepEqual([kettle.state, kettle.main[0]?.path], ['ONLINE', '/3308/0/5900']);
  assert.deepEqual(kettle.main[0]?.may, ['read', 'write', 'observe']);
  const place = { params: { device: 'kettle', path: '3308/0/5900' } };
  const read = await api.call(routes.readHomeResource, place);
  assert.equal(read.values?.[0]?.value, 90);
  assert.equal((await api.call(routes.writeHomeResource, { ...place, body: { value: 80 } })).state, 'done');
  assert.equal(wanted, '80');
  // What the device says that it is for; and it looks after its firmware itself.
  await api.call(routes.readHomeResource, { params: { device: 'kettle', path: '3308/0' } });
  assert.equal((await listed()).main[0]?.label, 'water');
  assert.deepEqual(await api.call(routes.showHomeFirmware, { params: { device: 'kettle' } }), { may: false });
  await device.close();
});
