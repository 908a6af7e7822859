import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from '../test/world.ts';

test('a client and a server with the same key speak, and the server knows who it is', async () => {
  const world = new World();
  assert.equal(await world.ask(), 'HELLO');
  const [session] = world.opened;
  assert.equal(session?.proof.kind, 'PSK');
  assert.equal(session?.suite.name, 'TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256');
  assert.equal(world.requests[0]?.from, session);
  assert.equal(world.meter.count('handshakes'), 1);
});
