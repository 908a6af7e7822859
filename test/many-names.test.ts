/** A terminal without credentials may call itself what it likes: what is kept of each name is bounded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, createCoapEndpoint, formatCode } from '@yaolian/coap';
import { routes } from '@yaolian/contract';
import { encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { openPlatform } from './support/platform.ts';

test('who registers under ever new names fills the platform up to its bound, and keeps nobody out who was there or is on the list', async () => {
  await using bench = await openPlatform({ 'lwm2m.max-devices': 2 });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const coap = createCoapEndpoint({ ...machine, port });
  const register = async (name: string) => {
    const payload = encodeUtf8('</1/0>,</3/0>');
    const query = [`ep=${name}`, 'lt=86400', 'lwm2m=1.1', 'b=U'];
    const request = { method: Code.POST, path: '/rd', query, contentFormat: 40, payload };
    return formatCode((await coap.request(bench.coap, request)).code);
  };
  for (const name of ['a', 'b']) assert.equal(await register(name), '2.01');
  assert.equal(await register('c'), '5.03');
  assert.equal(await register('a'), '2.01', 'it comes back');
  await bench.admin.call(routes.allow, { params: { key: 'd' } });
  assert.equal(await register('d'), '2.01', 'the operator knows it');
  const { items } = await bench.admin.call(routes.listDevices, { query: {} });
  assert.deepEqual(items.map(({ key }) => key).toSorted(), ['a', 'b', 'd']);
  await bench.admin.call(routes.removeDevice, { params: { device: 'd' } });
  await bench.admin.call(routes.removeDevice, { params: { device: 'b' } });
  assert.equal(await register('e'), '2.01', 'there is room again');
  await coap.close();
});
