/** A device that speaks RA itself, at its owner's home in the browser: seen, read, set and live like a terminal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiClient, routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { openKettle } from './support/kettle.ts';
import { openPlatform } from './support/platform.ts';
import { remoteAccess } from './support/remote-user.ts';

test('a device that speaks for itself is shown, read and set at home', async () => {
  await using bench = await openPlatform(remoteAccess);
  const { device, wanted } = await openKettle(bench);

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
  assert.equal(wanted(), '80');
  // What the device says that it is for; and it looks after its firmware itself.
  await api.call(routes.readHomeResource, { params: { device: 'kettle', path: '3308/0' } });
  assert.equal((await listed()).main[0]?.label, 'water');
  assert.deepEqual(await api.call(routes.showHomeFirmware, { params: { device: 'kettle' } }), { may: false });
  await device.close();
});
