/** Terminals that leave as soon as they came, beside Remote Access. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { openPlatform } from './support/platform.ts';
import { remoteAccess } from './support/remote-user.ts';

test('terminals that de-register right after their Register fail nothing', async () => {
  await using bench = await openPlatform(remoteAccess);
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const live = async (_: unknown, worker: number) => {
    const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
    const endpoint = createCoapEndpoint({ ...machine, port });
    for (let index = 0; index < 60; index++) {
      const query = [`ep=short-${worker}-${index}`, 'lt=3600', 'lwm2m=1.1', 'b=U'];
      const payload = encodeUtf8('</1/0>,</3/0>');
      const register = { method: Code.POST, path: ['rd'], query, contentFormat: 40, payload } as const;
      const { code, locationPath } = await endpoint.request(bench.coap, register);
      assert.equal(code, Code.Created);
      const left = await endpoint.request(bench.coap, { method: Code.DELETE, path: locationPath });
      assert.equal(left.code, Code.Deleted);
    }
    await endpoint.close();
  };
  await Promise.all(Array.from({ length: 8 }, live));
});
