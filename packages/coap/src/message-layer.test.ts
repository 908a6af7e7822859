import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, encodeHex, milliseconds, seconds } from '@yaolian/kernel';
import {
  createWorld,
  describeMessage,
  LockstepPeer,
  peerOf,
  serverHost,
  text,
  transcript,
  type World,
} from '../test/world.ts';
import { Code } from './codes.ts';
import { MessageType } from './message.ts';
import { textOption, uintOption } from './option-values.ts';
import { OptionNumber } from './options.ts';

const token = Uint8Array.of(0xca, 0xfe);

/** A server whose handler counts, and a peer that speaks message by message. */
function lockstep(world: World, delay = 0): { readonly peer: LockstepPeer; readonly calls: () => number } {
  let calls = 0;
  world.server.handle(async (request) => {
    calls++;
    const payload = text(`${calls}`);
    if (delay > 0) await new Promise<void>((resolve) => world.time.schedule(milliseconds(delay), resolve));
    return request.path[0] === 'silent' ? undefined : { code: Code.Content, payload };
  });
  return { peer: new LockstepPeer(world, '192.0.2.8', peerOf(serverHost)), calls: () => calls };
}

test('RFC 7252 §4.2: every copy of a CON is answered by the same ACK, and handled once', async () => {
  const world = createWorld();
  const { peer, calls } = lockstep(world);
  const request = { type: MessageType.CON, code: Code.GET, messageId: 0x1234, token };
  peer.send(request);
  const first = await peer.receive();
  assert.equal(encodeHex(first.bytes), '62451234cafeff31');
  for (let copy = 0; copy < 3; copy++) {
    peer.send(request);
    assert.deepEqual((await peer.receive()).bytes, first.bytes);
  }
  assert.equal(calls(), 1);
  await world.time.advance(seconds(248));
  peer.send(request);
  assert.equal(decodeUtf8((await peer.receive()).payload), '2');
});

test('RFC 7252 §4.3: copies of a NON are silently ignored', async () => {
  const world = createWorld();
  const { peer, calls } = lockstep(world);
  const request = { type: MessageType.NON, code: Code.GET, messageId: 0x1234, token };
  peer.send(request);
  const answer = await peer.receive();
  assert.equal(answer.type, MessageType.NON);
  peer.send(request);
  await peer.silence();
  assert.equal(calls(), 1);
  // NON_LIFETIME is over long before EXCHANGE_LIFETIME.
  await world.time.advance(seconds(140));
  peer.send(request);
  assert.equal((await peer.receive()).type, MessageType.NON);
  assert.equal(calls(), 2);
});

test('a duplicate is absorbed while its handler works, and acknowledged once the first copy was', async () => {
  const world = createWorld();
  const { peer, calls } = lockstep(world, 5000);
  const request = { type: MessageType.CON, code: Code.GET, messageId: 7, token };
  peer.send(request);
  await world.time.advance(milliseconds(50));
  peer.send(request);
  const ack = await peer.receive();
  assert.equal(describeMessage(ack), 'ACK 0.00');
  await peer.silence(seconds(1));
  peer.send(request);
  assert.equal(describeMessage(await peer.receive()), 'ACK 0.00');
  const response = await peer.receive();
  assert.equal(describeMessage(response), 'CON 2.05');
  assert.deepEqual(response.token, token);
  peer.send({ type: MessageType.ACK, messageId: response.messageId });
  peer.send(request);
  assert.equal(describeMessage(await peer.receive()), 'ACK 0.00');
  await peer.silence(seconds(100));
  assert.equal(calls(), 1);
});

test('the empty ACK waits for the processing delay, and a handler that is quick enough needs none', async () => {
  const world = createWorld({ server: { transmission: { acknowledgementDelay: milliseconds(500) } } });
  const { peer } = lockstep(world, 400);
  peer.send({ type: MessageType.CON, code: Code.GET, messageId: 7, token });
  assert.equal(describeMessage(await peer.receive()), 'ACK 2.05');
});

test('a separate response is retransmitted until it is acknowledged, and given up', async () => {
  const world = createWorld();
  const { peer } = lockstep(world, 1000);
  peer.send({ type: MessageType.CON, code: Code.GET, messageId: 7, token });
  assert.equal(describeMessage(await peer.receive()), 'ACK 0.00');
  const copies = [];
  for (let copy = 0; copy < 5; copy++) copies.push(encodeHex((await peer.receive()).bytes));
  assert.equal(new Set(copies).size, 1);
  await peer.silence(seconds(100));
});

test('a handler that answers undefined is silent, but the message layer is satisfied', async () => {
  const world = createWorld();
  const { peer } = lockstep(world);
  const options = [textOption(OptionNumber.UriPath, 'silent')];
  peer.send({ type: MessageType.CON, code: Code.GET, messageId: 7, token, options });
  assert.equal(describeMessage(await peer.receive()), 'ACK 0.00');
  peer.send({ type: MessageType.NON, code: Code.GET, messageId: 8, token, options });
  await peer.silence();
});

test('a handler that throws or answers nonsense makes 5.00', async () => {
  const world = createWorld();
  const errors: unknown[] = [];
  world.server.handle((request) => {
    if (request.path[0] === 'throw') throw new Error('on purpose');
    if (request.path[0] === 'reject') return Promise.reject(new Error('on purpose'));
    return { code: Code.Content, etag: new Uint8Array(9) };
  });
  for (const path of ['throw', 'reject', 'nonsense']) {
    const response = await world.time.until(
      world.client.request(world.serverPeer, { method: Code.GET, path }),
      seconds(5),
    );
    assert.equal(response.code, Code.InternalServerError);
  }
  assert.deepEqual(errors, []);
});

/** A client that asks, and a peer that answers message by message. */
function asking(world: World): { readonly peer: LockstepPeer; readonly ask: (path?: string) => Promise<string> } {
  const peer = new LockstepPeer(world, '192.0.2.9', world.clientPeer);
  const ask = (path = 'x') =>
    world.client.request(peerOf('192.0.2.9'), { method: Code.GET, path }).then(
      ({ payload }) => decodeUtf8(payload)!,
      (error: { code: string }) => error.code,
    );
  return { peer, ask };
}

test('RFC 7252 §4.2: retransmissions back off exponentially from a random start', async () => {
  const starts = new Set<number>();
  for (let seed = 1; seed <= 5; seed++) {
    const world = createWorld({ seed });
    const { ask } = asking(world);
    assert.equal(await world.time.until(ask(), seconds(100)), 'COAP_TIMEOUT');
    const times = world.sent.map(({ at }) => at);
    assert.equal(times.length, 5);
    const waits = times.slice(1).map((at, i) => at - times[i]!);
    assert.ok(waits[0]! >= 2000 && waits[0]! <= 3000, `${waits[0]}`);
    for (let i = 1; i < waits.length; i++) assert.ok(Math.abs(waits[i]! - 2 * waits[i - 1]!) < 1e-6);
    starts.add(waits[0]!);
    assert.equal(new Set(world.sent.map(({ message }) => encodeHex(message.bytes))).size, 1);
  }
  assert.ok(starts.size > 1);
});

test('a separate response is acknowledged, even when the ACK before it was lost', async () => {
  for (const acknowledged of [true, false]) {
    const world = createWorld();
    const { peer, ask } = asking(world);
    const answer = ask();
    const request = await peer.receive();
    if (acknowledged) peer.send({ type: MessageType.ACK, messageId: request.messageId });
    await world.time.advance(seconds(1));
    const response = {
      type: MessageType.CON,
      code: Code.Content,
      messageId: 99,
      token: request.token,
      payload: text('late'),
    };
    peer.send(response);
    const ack = await peer.receive();
    assert.equal(describeMessage(ack), 'ACK 0.00');
    assert.equal(ack.messageId, 99);
    assert.equal(await answer, 'late');
    // The copy is acknowledged too, not rejected, although nobody waits any more.
    peer.send(response);
    assert.equal(describeMessage(await peer.receive()), 'ACK 0.00');
    await peer.silence(seconds(100));
  }
});

test('a Reset rejects the request', async () => {
  const world = createWorld();
  const { peer, ask } = asking(world);
  const answer = ask();
  const request = await peer.receive();
  peer.send({ type: MessageType.RST, messageId: request.messageId });
  await world.time.advance(seconds(1));
  assert.equal(await answer, 'COAP_RESET');
});

test('a response is matched by peer, token and message ID', async () => {
  const world = createWorld();
  const { peer, ask } = asking(world);
  const stranger = new LockstepPeer(world, '192.0.2.66', world.clientPeer);
  const answer = ask();
  const { messageId, token: own } = await peer.receive();
  const good = { type: MessageType.ACK, code: Code.Content, messageId, token: own, payload: text('good') };
  stranger.send({ ...good, payload: text('forged') });
  stranger.send({ ...good, type: MessageType.CON, messageId: 5, payload: text('forged') });
  assert.equal(describeMessage(await stranger.receive()), 'RST 0.00');
  peer.send({ ...good, messageId: messageId ^ 1, payload: text('other message') });
  peer.send({ ...good, token: Uint8Array.of(1), payload: text('other token') });
  peer.send({ ...good, token: own.subarray(0, 7), payload: text('shorter token') });
  await world.time.advance(milliseconds(500));
  peer.send(good);
  await world.time.advance(milliseconds(10));
  assert.equal(await answer, 'good');
});

test('RFC 7252 §5.4.1: a response with an unknown critical option is rejected', async () => {
  const world = createWorld();
  const { peer, ask } = asking(world);
  const answer = ask();
  const request = await peer.receive();
  const options = [uintOption(9, 1)];
  peer.send({ type: MessageType.CON, code: Code.Content, messageId: 5, token: request.token, options });
  assert.equal(describeMessage(await peer.receive()), 'RST 0.00');
  assert.equal(await answer, 'COAP_BAD_RESPONSE');
});

test('NSTART: one request to a peer at a time, in order; others are not held up', async () => {
  const world = createWorld();
  const { peer, ask } = asking(world);
  const answers = [ask('1'), ask('2'), ask('3')];
  const other = new LockstepPeer(world, '192.0.2.10', world.clientPeer);
  void world.client.request(peerOf('192.0.2.10'), { method: Code.GET }).catch(() => undefined);
  await other.receive();
  for (const expected of ['1', '2', '3']) {
    const request = await peer.receive();
    assert.equal(decodeUtf8(request.options[0]!.value), expected);
    await peer.silence(milliseconds(100));
    peer.send({
      type: MessageType.ACK,
      code: Code.Content,
      messageId: request.messageId,
      token: request.token,
      payload: text(expected),
    });
  }
  await world.time.advance(seconds(1));
  assert.deepEqual(await Promise.all(answers), ['1', '2', '3']);
});

test('NSTART: an empty ACK lets the next request go', async () => {
  const world = createWorld();
  const { peer, ask } = asking(world);
  void ask('1');
  void ask('2');
  const first = await peer.receive();
  peer.send({ type: MessageType.ACK, messageId: first.messageId });
  assert.equal(decodeUtf8((await peer.receive()).options[0]!.value), '2');
});

test('queues are bounded, per peer and in all', async () => {
  const world = createWorld({ client: { bounds: { maximumQueuedPerPeer: 2, maximumQueued: 3 } } });
  const ask = (host: string) =>
    world.client.request(peerOf(host), { method: Code.GET }).then(
      () => 'answered',
      (error: { code: string }) => error.code,
    );
  const first = Array.from({ length: 4 }, () => ask('192.0.2.20'));
  const second = Array.from({ length: 3 }, () => ask('192.0.2.21'));
  await world.time.advance(milliseconds(1));
  assert.equal(await first[3], 'COAP_OVERLOADED');
  assert.equal(await second[2], 'COAP_OVERLOADED');
  await world.client.close();
  assert.deepEqual(await Promise.all([...first.slice(0, 3), ...second.slice(0, 2)]), Array(5).fill('COAP_CLOSED'));
});

test('the number of requests is bounded', async () => {
  const world = createWorld({ client: { bounds: { maximumRequests: 1 } } });
  const { ask } = asking(world);
  void ask();
  assert.equal(await ask(), 'COAP_OVERLOADED');
});

test('aborting stops retransmission, whether queued or under way, and frees the queue', async () => {
  const world = createWorld();
  const { peer, ask } = asking(world);
  const controllers = [new AbortController(), new AbortController()];
  const aborted = controllers.map(({ signal }) =>
    assert.rejects(world.client.request(peerOf('192.0.2.9'), { method: Code.GET, path: 'a' }, { signal }), {
      code: 'COAP_ABORTED',
    }),
  );
  void ask('b');
  await peer.receive();
  controllers[1]!.abort();
  controllers[0]!.abort();
  await Promise.all(aborted);
  assert.equal(decodeUtf8((await peer.receive()).options[0]!.value), 'b');
  const already = AbortSignal.abort();
  await assert.rejects(world.client.request(peerOf('192.0.2.9'), { method: Code.GET }, { signal: already }), {
    code: 'COAP_ABORTED',
  });
});

test('a time-out counts from the call, waiting in the queue included', async () => {
  const world = createWorld();
  const { ask } = asking(world);
  void ask('first');
  const started = world.time.monotonic();
  const second = world.client.request(peerOf('192.0.2.9'), { method: Code.GET }, { timeout: seconds(3) });
  await assert.rejects(world.time.until(second, seconds(10)), { code: 'COAP_TIMEOUT' });
  assert.equal(world.time.monotonic() - started, 3000);
});

test('ping: a Reset says that the peer is there', async () => {
  const world = createWorld();
  await world.time.until(world.client.ping(world.serverPeer), seconds(5));
  assert.deepEqual(transcript(world.sent), ['client CON 0.00', 'server RST 0.00']);
  await assert.rejects(world.time.until(world.client.ping(peerOf('192.0.2.77')), seconds(100)), {
    code: 'COAP_TIMEOUT',
  });
  const controller = new AbortController();
  const given = assert.rejects(world.client.ping(peerOf('192.0.2.77'), { signal: controller.signal }), {
    code: 'COAP_ABORTED',
  });
  controller.abort();
  await given;
});

test('RFC 7252 §4.7: a peer that never answers is not flooded with NON requests', async () => {
  const world = createWorld({ client: { transmission: { probingBurst: 100 } } });
  const ask = () =>
    world.client
      .request(peerOf('192.0.2.77'), { method: Code.GET, confirmable: false }, { timeout: seconds(1) })
      .catch((error: { code: string }) => error.code);
  const answers = Array.from({ length: 20 }, ask);
  await world.time.advance(seconds(2));
  assert.equal((await Promise.all(answers)).filter((answer) => answer === 'COAP_OVERLOADED').length, 12);
  await world.time.advance(seconds(12));
  const later = ask();
  await world.time.advance(seconds(2));
  assert.equal(await later, 'COAP_TIMEOUT');
  assert.equal(world.sent.length, 9);
});

test('a closed endpoint refuses, and its handlers that are still at work hurt nobody', async () => {
  const world = createWorld();
  const { peer } = lockstep(world, 1000);
  peer.send({ type: MessageType.CON, code: Code.GET, messageId: 7, token });
  await world.time.advance(milliseconds(50));
  await world.server.close();
  await world.server.close();
  await peer.silence();
  await world.client.close();
  await assert.rejects(world.client.request(world.serverPeer, { method: Code.GET }), { code: 'COAP_CLOSED' });
  await assert.rejects(world.client.ping(world.serverPeer), { code: 'COAP_CLOSED' });
});

test('closing does not send what was waiting', async () => {
  const world = createWorld();
  const { ask } = asking(world);
  const answers = [ask('1'), ask('2'), ask('3')];
  await world.client.close();
  await world.time.advance(seconds(1));
  assert.deepEqual(await Promise.all(answers), Array(3).fill('COAP_CLOSED'));
  assert.equal(world.sent.length, 1);
});

test('codes that are none are the caller’s mistake, or 5.00 when the handler makes it', async () => {
  const world = createWorld();
  world.server.handle(() => ({ code: Code.GET }));
  for (const method of [0, 32, 69, 1.5]) {
    await assert.rejects(world.client.request(world.serverPeer, { method }), RangeError);
  }
  const response = await world.time.until(world.client.request(world.serverPeer, { method: Code.GET }), seconds(5));
  assert.equal(response.code, Code.InternalServerError);
});
