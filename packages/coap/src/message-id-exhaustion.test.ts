import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deafMeter, emptyBytes, milliseconds, minutes, type Peer, socketAddress } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { createWorld } from '../test/world.ts';
import { Code } from './codes.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { coapErrors } from './errors.ts';
import { messageLayerMetrics } from './metrics.ts';
import { nobody, Outbox } from './outbox.ts';
import { completeTransmissionParameters } from './transmission-parameters.ts';

// RFC 7252 §4.4: some 65,000 messages may go to one peer in EXCHANGE_LIFETIME; what is more has to wait, not to fail.

const lifetime = 247_000;

test('a transfer of more blocks than there are message IDs waits for them', async () => {
  const body = new Uint8Array(16 * 66_000).map((_, i) => i * 31);
  const bounds = { maximumBodyBytes: 2 * body.length };
  const usedAt = new Map<number, number>();
  const world = createWorld({
    conditions: { latency: milliseconds(0.01) },
    client: { bounds, blockSize: 16 },
    server: { bounds },
    watch: ({ from, at, message: { messageId } }) => {
      if (from !== 'client') return undefined;
      assert.ok(at - (usedAt.get(messageId) ?? -lifetime) >= lifetime, `${messageId} came again too early`);
      usedAt.set(messageId, at);
      return undefined;
    },
  });
  world.server.handle(() => ({ code: Code.Content, payload: body }));
  const started = world.time.monotonic();
  const answer = world.client.request(world.serverPeer, { method: Code.GET, path: 'large' });
  const response = await world.time.until(answer, minutes(30));
  assert.deepEqual(response.payload, body);
  const took = world.time.monotonic() - started;
  assert.ok(took >= lifetime - 10_000 && took < lifetime + 10_000, `it took ${took} ms`);
});

/** An outbox whose message IDs to `busy` are used up. */
function exhausted() {
  const time = new VirtualTime();
  const sent: Peer[] = [];
  const deadlines = new DeadlineQueue(time, time);
  const outbox = new Outbox({
    port: {
      localAddress: socketAddress('192.0.2.1', 5683),
      listen() {},
      send: (_, to) => void sent.push(to),
      close: async () => {},
    },
    clock: time,
    random: new SeededRandom(1),
    deadlines,
    metrics: messageLayerMetrics(deafMeter),
    tap: { current: undefined },
    parameters: completeTransmissionParameters(),
    maximumQueuedPerPeer: 2,
    maximumQueued: 100,
    messageIdSequences: 1,
  });
  while (outbox.sendUntracked(busy, message));
  sent.length = 0;
  return { time, sent, outbox, deadlines };
}

const busy = socketAddress('192.0.2.2', 5683);
const message = { code: Code.GET, token: emptyBytes, options: [], payload: emptyBytes };

test('a peer without message IDs waits alone: others with the same sequence go on', () => {
  const { sent, outbox } = exhausted();
  const other = socketAddress('192.0.2.3', 5683);
  outbox.send(busy, message, true, true, nobody);
  outbox.send(other, message, true, true, nobody);
  assert.deepEqual(sent, [other]);
});

test('requests and separate responses that wait for a message ID go when there is one, and say for how long they wait', async () => {
  const { time, sent, outbox, deadlines } = exhausted();
  const held: number[] = [];
  const listener = { ...nobody, onHeldBack: (time: number) => void held.push(time) };
  outbox.send(busy, message, true, true, listener);
  outbox.send(busy, message, true, false, listener);
  assert.equal(outbox.send(busy, message, true, false, listener), undefined, 'the queue has room for two');
  assert.equal(outbox.queued, 2);
  assert.deepEqual(held, [lifetime, lifetime]);
  await time.advance(milliseconds(lifetime - 1));
  assert.equal(sent.length, 0);
  await time.advance(milliseconds(1));
  assert.equal(sent.length, 2);
  assert.equal(outbox.queued, 0);
  outbox.close(coapErrors.COAP_CLOSED());
  assert.equal(deadlines.size, 0);
});

test('what waits for a message ID can be given up, and is told when the endpoint closes', () => {
  const { sent, outbox, deadlines } = exhausted();
  outbox.send(busy, message, true, true, nobody)!.cancel();
  assert.equal(outbox.queued, 0);
  assert.equal(deadlines.size, 0);
  const failures: string[] = [];
  outbox.send(busy, message, true, true, { ...nobody, onFailed: ({ code }) => void failures.push(code) });
  outbox.close(coapErrors.COAP_CLOSED());
  assert.deepEqual(failures, ['COAP_CLOSED']);
  assert.equal(deadlines.size, 0);
  assert.equal(sent.length, 0);
});
