import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyBytes, type Log, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { createWorld, LockstepPeer, peerOf, text, type WorldOptions } from '../test/world.ts';
import { Code } from './codes.ts';
import type { Observer, OutgoingResponse } from './exchange.ts';
import { MessageType } from './message.ts';
import { uintOption } from './option-values.ts';
import { OptionNumber } from './options.ts';
import { ResourceTree } from './resource-tree.ts';

// What users of an endpoint do wrong costs them an answer, and the endpoint nothing.

function errors(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const log = {
    lines,
    debug() {},
    info() {},
    warn() {},
    error: (line: string) => void lines.push(line),
    child: () => log,
  };
  return log;
}

function observed(options: WorldOptions = {}) {
  const world = createWorld(options);
  const observers: Observer[] = [];
  let ended = 0;
  world.server.handle((request) => {
    if (request.observer) {
      const observer = request.observer.accept(() => {
        ended++;
        throw new Error('a fault in onEnded');
      });
      observers.push(observer);
    }
    return { code: Code.Content, contentFormat: 0, payload: text('0') };
  });
  const seen: number[] = [];
  const observe = () =>
    world.time.until(
      world.client.observe(
        world.serverPeer,
        { method: Code.GET },
        { onNotification: ({ payload }) => void seen.push(payload.length), onEnded: () => void seen.push(-1) },
      ),
      seconds(10),
    );
  return { ...world, observers, observe, seen, ended: () => ended };
}

const badEtag: OutgoingResponse = { code: Code.Content, contentFormat: 0, etag: new Uint8Array(9) };

test('what a handler may return by mistake is answered 5.00, once', async () => {
  const world = createWorld();
  for (const answer of [null, 'text', 7, {}, Promise.resolve(null), badEtag]) {
    let asked = 0;
    world.server.handle(() => {
      asked++;
      return answer as never;
    });
    const response = await world.time.until(world.client.request(world.serverPeer, { method: Code.GET }), minutes(5));
    assert.equal(response.code, Code.InternalServerError, JSON.stringify(answer));
    assert.equal(asked, 1);
  }
});

test('an answer that no datagram can carry is answered 5.00, and does not damage what is remembered', async () => {
  const log = errors();
  const world = createWorld({ server: { log } });
  world.server.handle((request) => {
    if (request.path[0] === 'good') return { code: Code.Content, payload: text('good') };
    const options = Array.from({ length: 2 }, () => ({ number: 65_000, value: new Uint8Array(40_000) }));
    return { code: Code.Content, options };
  });
  const peer = new LockstepPeer(world, '192.0.2.9', world.serverPeer);
  for (let messageId = 0; messageId < 50; messageId++) {
    const path = messageId % 2 === 0 ? 'good' : 'bad';
    const options = [{ number: OptionNumber.UriPath, value: text(path) }];
    for (let copy = 0; copy < 2; copy++) {
      peer.send({ code: Code.GET, messageId, options });
      const { code } = await peer.receive();
      assert.equal(code, path === 'good' ? Code.Content : Code.InternalServerError);
    }
  }
  await world.time.advance(minutes(10));
  assert.equal(log.lines.length, 25);
});

test('a notification that cannot be encoded when its turn comes ends the observation with 5.00, and nothing else', async () => {
  let deaf = false;
  const log = errors();
  const world = observed({ server: { log }, watch: ({ from }) => (deaf && from === 'client' ? 'drop' : undefined) });
  await world.observe();
  deaf = true;
  world.observers[0]!.notify({ code: Code.Content, contentFormat: 0, payload: text('1') });
  world.observers[0]!.notify(badEtag);
  await world.time.advance(milliseconds(500));
  deaf = false;
  await world.time.advance(minutes(2));
  assert.equal(world.ended(), 1);
  assert.ok(world.seen.includes(-1));
  assert.equal(world.observers[0]!.active, false);
  assert.deepEqual(log.lines, ['a notification cannot be encoded', 'an observer could not be ended']);
});

test('a callback that throws while another format is refused, or at closing, is logged', async () => {
  const log = errors();
  const world = observed({ server: { log } });
  await world.observe();
  world.observers[0]!.notify({ code: Code.Content, contentFormat: 50 });
  await world.time.advance(seconds(5));
  assert.deepEqual(world.seen, [-1]);
  assert.equal(world.ended(), 1);
  await world.observe();
  await world.server.close();
  assert.equal(world.ended(), 2);
  assert.equal(log.lines.length, 2);
});

test('a response code that is none is refused at once', async () => {
  const world = observed();
  await world.observe();
  for (const code of [Code.GET, 0, 300]) assert.throws(() => world.observers[0]!.notify({ code }), RangeError);
  assert.throws(() => world.observers[0]!.notify({ ...badEtag, code: Code.NotFound }), RangeError);
  assert.equal(world.observers[0]!.active, true);
});

test('a resource of a tree that answers its observers nonsense ends their observations, quietly', async () => {
  const log = errors();
  const world = createWorld();
  const tree = new ResourceTree({ log });
  let answer: OutgoingResponse = { code: Code.Content };
  const resource = tree.add('/a', { obs: true, get: async () => answer });
  world.server.handle(tree.handle);
  const ended: string[] = [];
  for (let i = 0; i < 2; i++) {
    const listener = { onNotification() {}, onEnded: (reason: string) => void ended.push(reason) };
    const request = { method: Code.GET, path: '/a', query: [String(i)] };
    await world.time.until(world.client.observe(world.serverPeer, request, listener), seconds(10));
  }
  answer = { ...badEtag, code: Code.NotFound };
  resource.changed();
  await world.time.advance(minutes(1));
  assert.deepEqual(ended, Array(2).fill('the peer answered 5.00 InternalServerError'));
  assert.equal(resource.observerCount, 0);
  assert.equal(log.lines.length, 2);
});

test('a handler that ends after its endpoint leaves no timer', async () => {
  const world = createWorld();
  let observer: Observer | undefined;
  const gates: (() => void)[] = [];
  world.server.handle(async (request) => {
    await new Promise<void>((resolve) => void gates.push(resolve));
    observer = request.observer?.accept(() => {}) ?? observer;
    return { code: Code.Content, payload: new Uint8Array(5000) };
  });
  const peer = new LockstepPeer(world, '192.0.2.9', world.serverPeer);
  const options = [uintOption(OptionNumber.Observe, 0)];
  peer.send({ type: MessageType.CON, code: Code.GET, messageId: 1, token: Uint8Array.of(1), options });
  peer.send({ type: MessageType.NON, code: Code.GET, messageId: 2, token: Uint8Array.of(2) });
  await world.time.advance(milliseconds(10));
  assert.equal(gates.length, 2);
  await world.server.close();
  await world.client.close();
  const sent = world.sent.length;
  for (const open of gates) open();
  await world.time.advance(milliseconds(1));
  observer!.notify({ code: Code.Content, payload: emptyBytes });
  assert.equal(observer!.active, false);
  assert.equal(world.time.pending, 0);
  await world.time.advance(minutes(5));
  assert.equal(world.sent.length, sent);
});

test('a first notification whose rest does not come leaves no observation behind', async () => {
  const world = createWorld();
  const peer = new LockstepPeer(world, '192.0.2.9', world.clientPeer);
  const seen: unknown[] = [];
  const { client, time } = world;
  const asked = client.observe(
    peerOf('192.0.2.9'),
    { method: Code.GET },
    { onNotification: (response) => void seen.push(response) },
  );
  const failed = assert.rejects(asked, { code: 'COAP_TIMEOUT' });
  const { messageId, token } = await peer.receive();
  const options = [uintOption(OptionNumber.Observe, 1), uintOption(OptionNumber.Block2, 8)];
  const type = MessageType.ACK;
  peer.send({ type, code: Code.Content, messageId, token, options, payload: new Uint8Array(16) });
  await time.advance(minutes(5));
  await failed;
  peer.received.length = 0;
  peer.send({ code: Code.Content, messageId: 9, token, options: [uintOption(OptionNumber.Observe, 2)] });
  assert.equal((await peer.receive()).type, MessageType.RST);
  assert.deepEqual(seen, []);
});

test('RFC 7252 §5.4.1: a notification with an unknown critical option is rejected, and the observation is over on both sides', async () => {
  const world = observed();
  await world.observe();
  const [observer] = world.observers;
  observer!.notify({ code: Code.Content, contentFormat: 0, options: [{ number: 65_001, value: emptyBytes }] });
  await world.time.advance(seconds(5));
  assert.deepEqual(world.seen, [-1]);
  assert.equal(observer!.active, false);
});
