/** kill -9 with requests waiting and a campaign under way: what was acknowledged is done after the restart, once. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApiClient, type JsonEvent, RequestQueuedError, routes } from '@yaolian/contract';
import { socketAddress } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { openFirmwareTerminal } from './support/firmware-terminal.ts';
import { EventLog, untilState } from './support/platform.ts';
import { type ServerProcess, startServer, startServerOnSteadyPorts } from './support/server-process.ts';
import { unlessInUse } from './support/steady-port.ts';
import { openTerminal, wake } from './support/terminal.ts';

async function login(server: ServerProcess, password: string): Promise<ApiClient> {
  const { token } = await new ApiClient({ baseUrl: server.httpUrl }).call(routes.login, { body: { password } });
  return new ApiClient({ baseUrl: server.httpUrl, token });
}

/** A platform that can be killed and comes back where it was. */
async function openKillable() {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-kill-'));
  const flags = ['--data-dir', folder, '--coap-host', '127.0.0.1', '--log-level', 'warn', '--lwm2m-awake-window', '1s'];
  const first = await startServerOnSteadyPorts([...flags, '--coap-tcp-port', '0', '--coap-tls-port', '0']);
  const ports = ['--coap-port', String(first.coapPort), '--http-port', new URL(first.httpUrl).port];
  const streams = ['--coap-tcp-port', '0', '--coap-tls-port', '0'];
  return {
    coap: socketAddress('127.0.0.1', first.coapPort),
    admin: await login(first, first.adminPassword!),
    async killAndStart() {
      await first.kill();
      const second = await unlessInUse(() => startServer([...flags, ...ports, ...streams]));
      return {
        admin: await login(second, first.adminPassword!),
        async close() {
          assert.equal((await second.signal('SIGTERM')).code, 0);
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

test('kill -9 keeps the requests that wait for a device; each is done once', async () => {
  const { coap, admin, killAndStart } = await openKillable();
  await using terminal = await openTerminal({ endpointName: 'sleeper', server: coap, queueMode: {} });
  terminal.client.start();
  await terminal.client.registered();
  await untilState(admin, 'sleeper', 'SLEEPING');
  const params = { device: 'sleeper', path: '3303/0/5605' };
  const ids: number[] = [];
  for (let index = 0; index < 20; index++) {
    const call = admin.call(routes.executeResource, { params, body: { arguments: `0='${index}'` } });
    const error: unknown = await call.catch((reason: unknown) => reason);
    assert.ok(error instanceof RequestQueuedError, String(error));
    ids.push(error.request.id);
  }
  const again = await killAndStart();
  const query = { device: 'sleeper', state: 'queued' as const, limit: 100 };
  const { items } = await again.admin.call(routes.listQueue, { query });
  assert.deepEqual(
    items.map(({ id }) => id),
    ids,
  );
  const events = await EventLog.open(again.admin);
  const isLast = (event: JsonEvent) => event.type === 'request.finished' && event.data.id === ids.at(-1);
  await wake(terminal.client, events.next(isLast));
  const states = events.events.flatMap((event) => (event.type === 'request.finished' ? [event.data.state] : []));
  assert.deepEqual(
    states,
    ids.map(() => 'done'),
  );
  assert.deepEqual(
    terminal.executed,
    ids.map((_, index) => JSON.stringify([[0, String(index)]])),
  );
  await events.close();
  await again.close();
});

test('kill -9 while a terminal sends values: each that was accepted is in its history', async () => {
  const { coap, killAndStart } = await openKillable();
  await using terminal = await openTerminal({ endpointName: 'meter', server: coap });
  terminal.client.start();
  await terminal.client.registered();
  const accepted: number[] = [];
  const stop = new AbortController();
  const sending = (async () => {
    for (let value = 100; !stop.signal.aborted; value++) {
      terminal.temperature.set('sensorValue', value);
      const [outcome] = await terminal.client.send(['/3303/0/5700'], { signal: stop.signal });
      if (outcome?.result !== 'accepted') return;
      accepted.push(value);
    }
  })().catch((error: unknown) => assert.ok(stop.signal.aborted, String(error)));
  await until(
    () => accepted.length >= 30,
    () => `30 values; ${accepted.length} were accepted`,
  );
  const again = await killAndStart();
  stop.abort();
  await sending;
  const query = { path: '/3303/0/5700', limit: 1000 };
  const { points } = await again.admin.call(routes.showHistory, { params: { device: 'meter' }, query });
  const kept = new Set(points!.map(({ value }) => value));
  assert.deepEqual(
    accepted.filter((value) => !kept.has(value)),
    [],
  );
  await again.close();
});

test('kill -9 in the middle of a campaign: it goes on, and no device is updated twice', async () => {
  const { coap, admin, killAndStart } = await openKillable();
  const body = new Uint8Array(5000).fill(7);
  const file = await admin.call(routes.uploadFirmware, { query: { name: 'fw.bin', version: '2.0' }, body });
  const gate = Promise.withResolvers<void>();
  const open = async (endpointName: string, mayInstall?: () => Promise<void>) => {
    const options = { endpointName, server: coap, becomes: '2.0' };
    const terminal = await openFirmwareTerminal(mayInstall ? { ...options, mayInstall } : options);
    terminal.client.start();
    await terminal.client.registered();
    return terminal;
  };
  await using quick = await open('a-quick');
  await using slow = await open('b-slow', () => gate.promise);
  await using late = await open('c-late');
  const events = await EventLog.open(admin);
  const created = await admin.call(routes.createCampaign, {
    body: { name: 'c', file: file.id, devices: { name: '*' }, waves: ['2'], advanceAt: 1, startsPerMinute: 100_000 },
  });
  const is = (device: string, phase: string) =>
    events.next((event) => event.type === 'firmware.changed' && event.device === device && event.data.phase === phase);
  await is('a-quick', 'succeeded');
  await is('b-slow', 'installing');
  await events.close();
  const again = await killAndStart();
  const params = { id: created.id };
  const shown = await again.admin.call(routes.showCampaign, { params });
  assert.deepEqual([shown.state, shown.counts.succeeded + shown.counts.running], ['running', 2]);
  assert.equal(shown.counts.pending, 1);
  const more = await EventLog.open(again.admin);
  gate.resolve();
  await more.next((event) => event.type === 'campaign.changed' && event.data.state === 'finished');
  const over = await again.admin.call(routes.showCampaign, { params });
  assert.deepEqual([over.counts.succeeded, over.counts.failed], [3, 0]);
  for (const terminal of [quick, slow, late]) assert.deepEqual(terminal.installed, [body]);
  await more.close();
  await again.close();
});
