import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, milliseconds, seconds } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { createWorld, peerOf, text, type World } from '../test/world.ts';
import { Code } from './codes.ts';
import { createCoapEndpoint } from './endpoint.ts';
import type { RequestHandler } from './exchange.ts';
import { MessageType } from './message.ts';

const group = peerOf('224.0.1.187');

function member(world: World, host: string, handler: RequestHandler): void {
  const port = world.network.port(host, 5683);
  port.joinGroup('224.0.1.187');
  const random = new SeededRandom(host.length * 31 + Number(host.split('.')[3]));
  createCoapEndpoint({ port, clock: world.time, timers: world.time, random }).handle(handler);
}

test('RFC 7252 §8.2: answers come in their own time, errors and silence do not come', async () => {
  const world = createWorld();
  for (let i = 11; i <= 15; i++) {
    member(world, `192.0.2.${i}`, (request) => {
      assert.ok(request.multicast);
      return { code: Code.Content, payload: text(`member ${i}`) };
    });
  }
  member(world, '192.0.2.16', () => ({ code: Code.NotFound }));
  member(world, '192.0.2.17', () => undefined);
  member(world, '192.0.2.18', () => {
    throw new Error('on purpose');
  });
  const seen: string[] = [];
  const responses = await world.time.until(
    world.client.requestGroup(
      group,
      { method: Code.GET, path: '/.well-known/core' },
      { onResponse: ({ peer }) => seen.push(peer.key) },
    ),
    seconds(10),
  );
  assert.equal(world.time.monotonic(), 7000);
  assert.deepEqual(
    responses.map(({ payload }) => decodeUtf8(payload)).toSorted(),
    [11, 12, 13, 14, 15].map((i) => `member ${i}`),
  );
  assert.deepEqual(
    seen,
    responses.map(({ peer }) => peer.key),
  );
  const [request, ...answers] = world.sent;
  assert.equal(request!.message.type, MessageType.NON);
  assert.ok(answers.every(({ message }) => message.type === MessageType.NON));
  const times = answers.map(({ at }) => at);
  assert.ok(Math.max(...times) - Math.min(...times) > 500 && Math.max(...times) <= 5001, `${times}`);
});

test('a request to a group with an unknown critical option, or as a CON, is ignored by everybody', async () => {
  const world = createWorld();
  member(world, '192.0.2.11', () => ({ code: Code.Content }));
  const options = [{ number: 9, value: new Uint8Array(0) }];
  const none = await world.time.until(
    world.client.requestGroup(group, { method: Code.GET, options }, { window: seconds(6) }),
    seconds(10),
  );
  assert.deepEqual(none, []);
  void world.client.request(group, { method: Code.GET }).catch(() => undefined);
  await world.time.advance(seconds(100));
  assert.ok(world.sent.every(({ from }) => from === 'client'));
});

test('the rest of a large answer is fetched from its sender', async () => {
  const world = createWorld();
  const large = text('x'.repeat(3000));
  member(world, '192.0.2.11', () => ({ code: Code.Content, payload: large }));
  const responses = await world.time.until(
    world.client.requestGroup(group, { method: Code.GET }, { window: seconds(6) }),
    seconds(20),
  );
  assert.equal(responses.length, 1);
  assert.deepEqual(responses[0]!.payload, large);
});

test('a request to a group can be given up, and ends when the endpoint closes', async () => {
  const world = createWorld();
  const controller = new AbortController();
  const given = assert.rejects(world.client.requestGroup(group, { method: Code.GET }, { signal: controller.signal }), {
    code: 'COAP_ABORTED',
  });
  await world.time.advance(milliseconds(10));
  controller.abort();
  await given;
  const closed = assert.rejects(world.client.requestGroup(group, { method: Code.GET }), { code: 'COAP_CLOSED' });
  await world.client.close();
  await closed;
  await world.server.close();
  await world.time.advance(milliseconds(10)); // what is under way arrives nowhere
  assert.equal(world.time.pending, 0);
});
