import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeUtf8, encodeUtf8, seconds } from '@yaolian/kernel';
import { createStreamWorld } from '../../test/stream-world.ts';
import { Code } from '../codes.ts';

describe('a request over a stream', () => {
  for (const transport of ['tcp', 'ws'] as const) {
    it(`${transport}: connects on demand, asks and is answered`, async () => {
      const world = createStreamWorld({ transport, streams: { segment: 1 } });
      world.server.handle(({ path }) => ({ code: Code.Content, payload: encodeUtf8(`you asked ${path.join('/')}`) }));
      const request = { method: Code.GET, path: '/a/b' };
      const response = await world.time.until(world.client.request(world.serverPeer, request), seconds(10));
      assert.equal(decodeUtf8(response.payload), 'you asked a/b');
      assert.equal(world.client.connections, 1);
      await world.time.until(world.client.ping(world.serverPeer), seconds(10));
      await world.time.until(world.client.close(), seconds(10));
      await world.time.until(world.server.close(), seconds(10));
      await world.time.advance(seconds(1));
      assert.equal(world.streams.size, 0);
      assert.equal(world.time.pending, 0);
    });
  }
});

it('the peers of a server are told, and one of them is cut off with a reason', async () => {
  const world = createStreamWorld({ transport: 'tcp', streams: {} });
  world.server.handle(() => ({ code: Code.Content }));
  const request = { method: Code.GET, path: '/' };
  await world.time.until(world.client.request(world.serverPeer, request), seconds(10));
  const [peer, ...others] = [...world.server.peers()];
  assert.ok(peer !== undefined && others.length === 0);
  world.server.abort(peer, 'you may not stay');
  world.server.abort(peer, 'twice is once');
  await world.time.advance(seconds(1));
  assert.deepEqual([world.server.connections, world.client.connections], [0, 0]);
  assert.deepEqual([...world.server.peers()], []);
  await world.time.until(world.client.request(world.serverPeer, request), seconds(10));
  await world.time.until(world.client.close(), seconds(10));
  await world.time.until(world.server.close(), seconds(10));
});
