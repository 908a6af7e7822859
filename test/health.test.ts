/** What supervisors and operators are told of how the platform is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiClient, routes } from '@yaolian/contract';
import { openPlatform, withCode } from './support/platform.ts';

test('supervisors learn without a token whether it lives and takes work, and nothing else', async () => {
  await using bench = await openPlatform();
  for (const path of ['/healthz', '/readyz']) {
    const answer = await fetch(`${bench.httpUrl}${path}`);
    assert.deepEqual([answer.status, await answer.json()], [200, { status: 'ok' }], path);
  }
  const anyone = new ApiClient({ baseUrl: bench.httpUrl });
  await assert.rejects(anyone.call(routes.showHealth, {}), withCode('unauthenticated'));
});

test('operators see each part: the sockets answer, and what is wrong has words', async () => {
  await using bench = await openPlatform({
    'http.tls-port': 0,
    'xmpp.domain': 'home.example',
    'xmpp.host': '127.0.0.1',
    'xmpp.port': 0,
    'xmpp.tls-port': 0,
    'health.min-disk': 2 ** 46, // no disk has that
    'firmware.coap-base': 'coap://dm.example.com',
  });
  const { state, checks } = await bench.admin.call(routes.showHealth, {});
  assert.equal(state, 'failed');
  const disk = checks.find(({ part }) => part === 'disk')!;
  assert.deepEqual({ state: disk.state, finding: disk.finding }, { state: 'failed', finding: 'disk-full' });
  assert.match(disk.advice!, /^Free space on that disk now/);
  const firmware = checks.filter(({ part }) => part === 'firmware');
  assert.deepEqual(
    firmware.map(({ subject, finding }) => [subject, finding]),
    [['firmware.coap-base', 'packages-in-clear']],
  );
  const { listening } = await bench.admin.call(routes.showStatus, {});
  const listeners = checks.filter(({ part }) => part === 'listener');
  assert.deepEqual(listeners.map(({ subject }) => subject).sort(), listening.map(({ url }) => url).sort());
  assert.deepEqual(new Set(listeners.map((one) => one.state)), new Set(['ok']));
  const coap = listeners.find(({ subject }) => subject!.startsWith('coap://'))!;
  assert.ok((coap.values['pingSeconds'] as number) > 0);
  const http = listeners.find(({ subject }) => subject === bench.httpUrl)!;
  assert.ok((http.values['used'] as number) >= 1, 'ours is open');
  const certified = checks.filter(({ part }) => part === 'certificate').map(({ subject }) => subject!.split(':')[0]);
  assert.deepEqual(certified.sort(), ['coaps', 'coaps+tcp', 'https', 'xmpp', 'xmpps']);
  await assert.rejects(
    new ApiClient({ baseUrl: bench.httpUrl }).call(routes.showReadiness, {}),
    withCode('unavailable'),
    'who cannot store takes no work',
  );
});
