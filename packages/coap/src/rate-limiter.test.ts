import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds, seconds, socketAddress } from '@yaolian/kernel';
import { createWorld, describeMessage, LockstepPeer, peerOf, serverHost } from '../test/world.ts';
import { Code } from './codes.ts';
import { MessageType } from './message.ts';
import { findUint } from './option-values.ts';
import { OptionNumber } from './options.ts';
import { Admission, RateLimiter } from './rate-limiter.ts';

const peer = socketAddress('192.0.2.1', 1000);

test('a bucket holds the burst and fills at the rate', () => {
  const limiter = new RateLimiter({ requestsPerSecond: 10, burst: 3, refusals: 2 });
  const admit = (now: number) => limiter.admit(peer, now);
  assert.deepEqual([0, 0, 0, 0, 0, 0].map(admit), [
    Admission.Admitted,
    Admission.Admitted,
    Admission.Admitted,
    Admission.Refused,
    Admission.Refused,
    Admission.Silenced,
  ]);
  assert.equal(admit(100), Admission.Admitted);
  assert.equal(admit(101), Admission.Silenced);
  // Quiet for a while: talked to again.
  assert.equal(admit(10_000), Admission.Admitted);
  assert.deepEqual([10_000, 10_000, 10_000].map(admit), [Admission.Admitted, Admission.Admitted, Admission.Refused]);
});

test('peers are counted apart, or by host', () => {
  const neighbour = socketAddress('192.0.2.1', 2000);
  const apart = new RateLimiter({ requestsPerSecond: 1, burst: 1 });
  assert.equal(apart.admit(peer, 0), Admission.Admitted);
  assert.equal(apart.admit(neighbour, 0), Admission.Admitted);
  const byHost = new RateLimiter({ requestsPerSecond: 1, burst: 1, scope: 'host' });
  assert.equal(byHost.admit(peer, 0), Admission.Admitted);
  assert.equal(byHost.admit(neighbour, 0), Admission.Refused);
});

test('the table is bounded', () => {
  const limiter = new RateLimiter({ requestsPerSecond: 1, maximumPeers: 100 });
  for (let port = 1; port <= 5000; port++) limiter.admit(socketAddress('192.0.2.1', port), 0);
  assert.equal(limiter.peers, 100);
});

test('limits that make no sense are refused', () => {
  for (const wrong of [
    { requestsPerSecond: 0 },
    { requestsPerSecond: 1, burst: 0 },
    { requestsPerSecond: 1, maximumPeers: 0 },
  ]) {
    assert.throws(() => new RateLimiter(wrong), RangeError);
  }
});

test('RFC 8516: a flood is told 4.29 with Max-Age a few times, then meets silence; others are served', async () => {
  const world = createWorld({ server: { rateLimit: { requestsPerSecond: 2, burst: 5, refusals: 3 } } });
  world.server.handle(() => ({ code: Code.Content }));
  const flood = new LockstepPeer(world, '192.0.2.8', peerOf(serverHost));
  for (let i = 0; i < 100; i++) {
    flood.send({ type: MessageType.CON, code: Code.GET, messageId: i, token: Uint8Array.of(i) });
    await world.time.advance(milliseconds(1));
  }
  await world.time.advance(milliseconds(10));
  assert.deepEqual(flood.received.map(describeMessage), [
    ...Array<string>(5).fill('ACK 2.05'),
    ...Array<string>(3).fill('ACK 4.29'),
  ]);
  const refused = flood.received[5]!;
  assert.equal(findUint(refused.options, OptionNumber.MaxAge), 1);
  assert.deepEqual(refused.token, Uint8Array.of(5));
  const response = await world.time.until(world.client.request(world.serverPeer, { method: Code.GET }), seconds(1));
  assert.equal(response.code, Code.Content);
});

test('pings, malformed messages and unexpected responses count too, answers that we wait for do not', async () => {
  const world = createWorld({ server: { rateLimit: { requestsPerSecond: 1, burst: 2, refusals: 0 } } });
  const flood = new LockstepPeer(world, '192.0.2.8', peerOf(serverHost));
  for (let i = 0; i < 10; i++) {
    flood.send({ type: MessageType.CON, code: Code.Content, messageId: i, token: Uint8Array.of(i) });
    flood.sendBytes(Uint8Array.of(0x4f, 1, 0, i));
    flood.send({ type: MessageType.CON, messageId: 100 + i });
  }
  await world.time.advance(milliseconds(10));
  assert.equal(flood.received.length, 2);
  // We are the client here: the flood is answered nothing, its peer may still answer us.
  const answer = world.server.request(peerOf('192.0.2.8'), { method: Code.GET });
  flood.received.length = 0;
  const request = await flood.receive();
  flood.send({ type: MessageType.ACK, code: Code.Content, messageId: request.messageId, token: request.token });
  assert.equal((await world.time.until(answer, seconds(1))).code, Code.Content);
});
