/** A terminal that leaves before anybody was told that it came, beside Remote Access. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { encodeUtf8, type Log, silentLog, type Timers, toMilliseconds } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { openPlatform } from './support/platform.ts';
import { remoteAccess } from './support/remote-user.ts';

/** Holds what is to be done in a moment, as events of the server are told, from when `held` is there to the release. */
class HeldMoments implements Timers {
  held: Set<() => void> | undefined;

  schedule(...[delay, run]: Parameters<Timers['schedule']>) {
    const { held } = this;
    if (held === undefined || toMilliseconds(delay) > 0) return nodeTimers.schedule(delay, run);
    held.add(run);
    return { cancel: () => held.delete(run) };
  }

  release(): void {
    const { held } = this;
    this.held = undefined;
    for (const run of held ?? []) run();
  }
}

test('a terminal that de-registered before its Register was told fails nothing', async (t) => {
  const errors: unknown[] = [];
  const log: Log = { ...silentLog, error: (message, fields) => void errors.push([message, fields]) };
  const timers = new HeldMoments();
  await using bench = await openPlatform(remoteAccess, log, { timers });
  const { server } = bench.platform;
  const told: string[] = [];
  for (const type of ['registered', 'deregistered'] as const) server.events.on(type, () => void told.push(type));
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const endpoint = createCoapEndpoint({ clock: nodeClock, timers: nodeTimers, random: nodeRandom, port });
  t.after(() => endpoint.close());
  timers.held = new Set();
  const query = ['ep=short', 'lt=3600', 'lwm2m=1.1', 'b=U'];
  const payload = encodeUtf8('</1/0>,</3/0>');
  const register = { method: Code.POST, path: ['rd'], query, contentFormat: 40, payload } as const;
  const { code, locationPath } = await endpoint.request(bench.coap, register);
  assert.equal(code, Code.Created);
  const left = await endpoint.request(bench.coap, { method: Code.DELETE, path: locationPath });
  assert.equal(left.code, Code.Deleted);
  assert.deepEqual(told, []);
  timers.release();
  assert.deepEqual(told, ['registered', 'deregistered']);
  await setImmediate(); // a rejection would be there by now
  assert.deepEqual(errors, []);
});
