/** What the platform says of itself: status, metrics, the OpenAPI document; and lists of many devices. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, createCoapEndpoint, formatCode } from '@yaolian/coap';
import { ApiClient, type JsonDevice, routes } from '@yaolian/contract';
import { encodeUtf8, seconds, socketAddress } from '@yaolian/kernel';
import { instance } from '@yaolian/lwm2m/client';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { openPlatform, type TestPlatform } from './support/platform.ts';
import { openTerminal, temperatureObject } from './support/terminal.ts';

test('status and the OpenAPI document', async () => {
  await using bench = await openPlatform();
  const status = await bench.admin.call(routes.showStatus, {});
  assert.deepEqual(
    status.listening.map((one) => one.service),
    ['dm', 'dm', 'dm', 'dm', 'http'],
  );
  assert.match(status.udpAdapter, /batched|portable/);
  const anyone = new ApiClient({ baseUrl: bench.httpUrl });
  const document = (await anyone.call(routes.showOpenApi, {})) as { openapi: string; paths: object };
  assert.equal(document.openapi, '3.1.1');
  assert.equal(Object.keys(document.paths).length, new Set(Object.values(routes).map(({ path }) => path)).size);
});

test('metrics take a token, unless they are public', async () => {
  await using bench = await openPlatform();
  const text = await bench.admin.call(routes.showMetrics, {});
  for (const name of [
    'coap_datagrams_received_total',
    'lwm2m_registrations 0',
    'storage_commits_total',
    'process_cpu',
  ]) {
    assert.ok(text.includes(name), name);
  }
  const url = `${bench.httpUrl}/metrics`;
  assert.equal((await fetch(url)).status, 401);
  await using open = await openPlatform({ 'http.public-metrics': true });
  const answer = await fetch(`${open.httpUrl}/metrics`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
});

async function registerMany(bench: TestPlatform, count: number): Promise<void> {
  const coap = await openCoap();
  const payload = encodeUtf8('</1/0>,</3/0>');
  const register = (i: number) => {
    const query = [`ep=many-${String(i).padStart(4, '0')}`, 'lwm2m=1.0', `b=${i % 5 === 0 ? 'UQ' : 'U'}`];
    return coap.request(bench.coap, { method: Code.POST, path: '/rd', query, contentFormat: 40, payload });
  };
  for (let from = 0; from < count; from += 32) {
    await Promise.all(Array.from({ length: Math.min(32, count - from) }, (_, i) => register(from + i)));
  }
  await coap.close();
}

test('a stop lets what is in hand be answered', async () => {
  await using bench = await openPlatform({ 'stop.drain': seconds(10) });
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const slow = instance(
    temperatureObject,
    { sensorValue: 1 },
    {
      onExecute: {
        resetMinMax: () => {
          asked.resolve();
          return answer.promise;
        },
      },
    },
  );
  await using terminal = await openTerminal({ endpointName: 'slow', server: bench.coap, objects: [slow] });
  terminal.client.start();
  await terminal.client.registered();
  const done = bench.admin.call(routes.executeResource, { params: { device: 'slow', path: '3303/0/5605' } });
  await asked.promise;
  const stopped = bench.platform.stop();
  await assert.rejects(fetch(`${bench.httpUrl}/healthz`), 'no new connection is taken');
  answer.resolve();
  assert.deepEqual(await done, { coapCode: '2.04' });
  await stopped;
});

test('who asks too much is told 4.29, and others are served', async () => {
  await using bench = await openPlatform({ 'coap.rate-limit': 1, 'coap.rate-burst': 3 });
  const flood = await openCoap();
  const calm = await openCoap();
  // All at once: on a slow machine one after another would be no flood.
  const asked = Array.from({ length: 6 }, () =>
    flood.request(bench.coap, { method: Code.GET, path: '/.well-known/core' }),
  );
  const codes = (await Promise.all(asked)).map(({ code }) => formatCode(code));
  const refused = codes.filter((code) => code === '4.29').length;
  assert.ok(refused >= 1 && refused <= 3, codes.join());
  assert.equal(codes.filter((code) => code === '2.05').length, 6 - refused);
  const other = await calm.request(bench.coap, { method: Code.GET, path: '/.well-known/core' });
  assert.equal(formatCode(other.code), '2.05');
  const metrics = await bench.admin.call(routes.showMetrics, {});
  assert.match(metrics, new RegExp(`coap_datagrams_dropped_total\\{reason="rate limited"\\} ${refused}\\n`));
  await flood.close();
  await calm.close();
});

test('terminals on IPv6', async (context) => {
  const bench = await openPlatform({ 'coap.host': '::1' }).catch(() => undefined);
  if (!bench) return context.skip('no IPv6 on this machine');
  const coap = await openCoap('::1');
  const query = ['ep=six', 'lwm2m=1.0'];
  const payload = encodeUtf8('</3/0>');
  const server = socketAddress('::1', bench.coap.port);
  const response = await coap.request(server, { method: Code.POST, path: '/rd', query, contentFormat: 40, payload });
  assert.equal(formatCode(response.code), '2.01');
  const device = await bench.admin.call(routes.showDevice, { params: { device: 'six' } });
  assert.match(device.registration!.address, /^\[::1\]:\d+$/);
  await coap.close();
  await bench[Symbol.asyncDispose]();
});

async function openCoap(host = '127.0.0.1') {
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const transmission = { nstart: 32 };
  return createCoapEndpoint({ ...machine, port: await openUdpPort({ host, port: 0 }), transmission });
}

test('lists go on from page to page, with and without filters', async () => {
  await using bench = await openPlatform();
  await registerMany(bench, 250);
  const pages = async (query: Parameters<typeof bench.admin.call<typeof routes.listDevices>>[1]['query'] = {}) => {
    const devices: JsonDevice[] = [];
    let cursor: string | undefined;
    do {
      const page = await bench.admin.call(routes.listDevices, { query: { ...query, ...(cursor && { cursor }) } });
      devices.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined);
    return devices.map((device) => device.key);
  };
  const all = await pages({ limit: 100 });
  assert.equal(all.length, 250);
  assert.deepEqual(all, all.toSorted());
  assert.deepEqual(await pages({ limit: 7 }), all);
  assert.deepEqual(await pages({ limit: 1000 }), all);
  assert.deepEqual(await pages({ search: 'MANY-024', limit: 3 }), all.slice(240));
  assert.deepEqual(await pages({ state: 'ONLINE', limit: 33 }), all);
  assert.deepEqual(await pages({ state: 'OFFLINE' }), []);
  const exact = await bench.admin.call(routes.listDevices, { query: { limit: 250 } });
  assert.equal(exact.next, undefined);
});
