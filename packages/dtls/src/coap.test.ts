import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCoapEndpoint } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { serverAddress, text, World } from '../test/world.ts';

test('CoAP asks over DTLS: the request carries the identity, and one session carries all requests', async () => {
  const world = new World();
  const runtime = { clock: world.time, timers: world.time, random: new SeededRandom(7) };
  const server = createCoapEndpoint({ port: world.server, ...runtime });
  const client = createCoapEndpoint({ port: world.client, ...runtime });
  server.handle((request) => ({ code: 0x45, payload: text(JSON.stringify(request.peer.identity)) }));
  for (let i = 0; i < 3; i++) {
    const asked = client.request(serverAddress, { method: 1, path: '/who' });
    const response = await world.time.until(asked, seconds(30));
    assert.equal(String.fromCharCode(...response.payload), '{"kind":"psk","identity":"thermometer-1"}');
  }
  assert.equal(world.meter.count('handshakes'), 1);
  await Promise.all([client.close(), server.close()]);
  assert.equal(world.server.size, 0);
});
