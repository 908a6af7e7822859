/** Servers of tests come back where they were, whoever takes a port meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openUdpPort } from '@yaolian/node-runtime';
import { openOnFolder, openPlatform } from './support/platform.ts';
import { onSteadyPorts, steadyPort, unlessInUse } from './support/steady-port.ts';

const open = (port: number) => openUdpPort({ host: '127.0.0.1', port, adapter: 'portable' });

test('steady ports are none that the system hands out or that fetch refuses, and the one after each is free of others', async () => {
  const ports = Array.from({ length: 100_000 }, steadyPort);
  assert.ok(ports.every((port) => port + 1 < 32_768 && port % 2 === 0));
  const lowest = Math.min(...ports);
  assert.ok(lowest > 10_080, `${lowest}`);
  const refusal = await fetch('http://127.0.0.1:10080').catch((error: Error) => error.cause);
  assert.match(String(refusal), /bad port/);
});

test('a port that somebody has is not chosen', async () => {
  await using first = await onSteadyPorts(async (coap) => {
    const port = await open(coap);
    return { port, [Symbol.asyncDispose]: () => port.close() };
  });
  const tried = [first.port.localAddress.port, steadyPort()];
  const second = await onSteadyPorts(() => open(tried.shift() ?? steadyPort()));
  assert.notEqual(second.localAddress.port, first.port.localAddress.port);
  await second.close();
});

test('a platform comes back once its port is left, and says at once what else is wrong', async () => {
  await using bench = await openPlatform();
  await bench.platform.stop();
  const other = await open(bench.coap.port);
  const refusals: string[] = [];
  const again = await unlessInUse(async () => {
    try {
      return await openOnFolder(bench.dataFolder, { 'coap.port': bench.coap.port });
    } catch (error) {
      refusals.push((error as Error).message);
      await other.close();
      throw error;
    }
  });
  assert.deepEqual(again.coap, bench.coap);
  await again[Symbol.asyncDispose]();
  assert.equal(refusals.length, 1);
  await assert.rejects(
    unlessInUse(() => Promise.reject(new Error('the disk is full'))),
    /the disk is full/,
  );
});

test('a start that takes longer than other states are waited for is waited for, and one that never ends is told as such', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { promise: started, resolve } = Promise.withResolvers<object>();
  const slow = unlessInUse(() => started);
  const never = assert.rejects(
    unlessInUse(() => new Promise<object>(() => {})),
    /in vain for a start that is not over/,
  );
  t.mock.timers.tick(60_000);
  const platform = {};
  resolve(platform);
  assert.equal(await slow, platform);
  t.mock.timers.tick(60_000);
  await never;
});
