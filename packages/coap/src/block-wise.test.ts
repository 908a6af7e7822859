import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, milliseconds, seconds } from '@yaolian/kernel';
import { createWorld, LockstepPeer, peerOf, serverHost, text, transcript } from '../test/world.ts';
import { blockOf, blockOption, decodeBlock, encodeBlock } from './block-option.ts';
import { Code } from './codes.ts';
import type { Observer } from './exchange.ts';
import { type Message, MessageType } from './message.ts';
import { findUint, textOption, uintOption } from './option-values.ts';
import { OptionNumber } from './options.ts';

function body(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 7 + (i >> 8)) & 0xff);
}

function blocks(messages: readonly Message[], number: 23 | 27): string[] {
  return messages
    .map((message) => blockOf(message, number))
    .filter((block) => block !== undefined)
    .map(({ number: n, more, size }) => `${n}/${more ? 1 : 0}/${size}`);
}

test('the value of a block option is NUM, M and SZX', () => {
  assert.deepEqual(decodeBlock(0x5e), { number: 5, more: true, size: 1024 });
  assert.equal(encodeBlock({ number: 5, more: true, size: 1024 }), 0x5e);
  assert.equal(encodeBlock({ number: 0xfffff, more: false, size: 16 }), 0xfffff0);
  assert.equal(decodeBlock(7), undefined);
});

test('a large response comes in blocks of one representation, from one call of the handler', async () => {
  const { time, client, server, serverPeer, sent } = createWorld();
  let calls = 0;
  server.handle(() => ({ code: Code.Content, contentFormat: 42, payload: body(5000, ++calls) }));
  const response = await time.until(client.request(serverPeer, { method: Code.GET, path: 'large' }), seconds(30));
  assert.deepEqual(response.payload, body(5000));
  assert.equal(response.contentFormat, 42);
  assert.equal(calls, 1);
  const answers = sent.filter(({ from }) => from === 'server').map(({ message }) => message);
  assert.deepEqual(blocks(answers, 23), ['0/1/1024', '1/1/1024', '2/1/1024', '3/1/1024', '4/0/1024']);
  assert.equal(findUint(answers[0]!.options, OptionNumber.Size2), 5000);
});

test('a large request goes in blocks', async () => {
  const { time, client, server, serverPeer, sent } = createWorld();
  const received: Uint8Array[] = [];
  server.handle((request) => {
    received.push(request.payload);
    return { code: Code.Changed };
  });
  const request = { method: Code.PUT, path: 'large', payload: body(3000) };
  assert.equal((await time.until(client.request(serverPeer, request), seconds(30))).code, Code.Changed);
  assert.deepEqual(received, [body(3000)]);
  const requests = sent.filter(({ from }) => from === 'client').map(({ message }) => message);
  assert.deepEqual(blocks(requests, 27), ['0/1/1024', '1/1/1024', '2/0/1024']);
  assert.equal(findUint(requests[0]!.options, OptionNumber.Size1), 3000);
  const codes = sent.filter(({ from }) => from === 'server').map(({ message }) => message.code);
  assert.deepEqual(codes, [Code.Continue, Code.Continue, Code.Changed]);
});

test('both directions in one exchange, and a server that wants smaller blocks', async () => {
  const { time, client, server, serverPeer, sent } = createWorld({ server: { blockSize: 64 } });
  server.handle((request) => ({ code: Code.Changed, payload: request.payload.toReversed() }));
  const request = { method: Code.POST, path: 'echo', payload: body(1500) };
  const response = await time.until(client.request(serverPeer, request), seconds(60));
  assert.deepEqual(response.payload, body(1500).toReversed());
  const requests = sent.filter(({ from }) => from === 'client').map(({ message }) => message);
  assert.deepEqual(blocks(requests, 27).slice(0, 3), ['0/1/1024', '16/1/64', '17/1/64']);
  assert.deepEqual(blocks(requests, 23).slice(0, 2), ['1/0/64', '2/0/64']);
});

test('a client that wants small blocks says so at once', async () => {
  const { time, client, server, serverPeer, sent } = createWorld({ client: { blockSize: 128 } });
  server.handle(() => ({ code: Code.Content, payload: body(300) }));
  const response = await time.until(client.request(serverPeer, { method: Code.GET }), seconds(30));
  assert.deepEqual(response.payload, body(300));
  const messages = sent.map(({ message }) => message);
  assert.deepEqual(blocks(messages, 23), ['0/0/128', '0/1/128', '1/0/128', '1/1/128', '2/0/128', '2/0/128']);
});

test('transfers survive a network that loses, doubles and reorders', async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { time, client, server, serverPeer } = createWorld({
      seed,
      conditions: { loss: 0.2, duplication: 0.2, reordering: 0.2 },
    });
    server.handle((request) => ({ code: Code.Changed, payload: request.payload.toReversed() }));
    const request = { method: Code.POST, path: 'echo', payload: body(6000) };
    const response = await time.until(client.request(serverPeer, request), seconds(3000));
    assert.deepEqual(response.payload, body(6000).toReversed(), `seed ${seed}`);
  }
});

test('a server that forgot the body cuts later blocks from what it has now; the client notices and starts again', async () => {
  const world = createWorld({ server: { bounds: { maximumKeptBodyBytes: 0 } } });
  let calls = 0;
  world.server.handle(() => {
    calls++;
    const version = calls === 1 ? 1 : 2;
    return { code: Code.Content, payload: body(3000, version) };
  });
  const response = await world.time.until(world.client.request(world.serverPeer, { method: Code.GET }), seconds(30));
  assert.deepEqual(response.payload, body(3000, 2));
});

test('a representation that always changes is given up', async () => {
  const world = createWorld({ server: { bounds: { maximumKeptBodyBytes: 0 } } });
  let version = 0;
  world.server.handle(() => ({ code: Code.Content, payload: body(3000, ++version) }));
  await assert.rejects(world.time.until(world.client.request(world.serverPeer, { method: Code.GET }), seconds(30)), {
    code: 'COAP_BAD_RESPONSE',
  });
});

test('what is too large is refused: 4.13 with Size1 by the server, COAP_TOO_LARGE by the client', async () => {
  const world = createWorld({
    server: { bounds: { maximumBodyBytes: 2000 } },
    client: { bounds: { maximumBodyBytes: 4000 } },
  });
  const { time, client, server, serverPeer } = world;
  server.handle(() => ({ code: Code.Content, payload: body(5000) }));
  const refused = await time.until(client.request(serverPeer, { method: Code.PUT, payload: body(2001) }), seconds(30));
  assert.equal(refused.code, Code.RequestEntityTooLarge);
  assert.equal(findUint(refused.options, OptionNumber.Size1), 2000);
  await assert.rejects(time.until(client.request(serverPeer, { method: Code.GET }), seconds(30)), {
    code: 'COAP_TOO_LARGE',
  });
});

test('the caller may ask for one block', async () => {
  const { time, client, server, serverPeer, sent } = createWorld();
  server.handle(() => ({ code: Code.Content, payload: body(500) }));
  const options = [blockOption(OptionNumber.Block2, { number: 3, more: false, size: 64 })];
  const response = await time.until(client.request(serverPeer, { method: Code.GET, options }), seconds(30));
  assert.deepEqual(response.payload, body(500).subarray(192, 256));
  assert.equal(sent.length, 2);
  const behind = [blockOption(OptionNumber.Block2, { number: 50, more: false, size: 64 })];
  const none = await time.until(client.request(serverPeer, { method: Code.GET, options: behind }), seconds(30));
  assert.equal(none.code, Code.BadRequest);
});

test('large notifications: the first block is pushed, the rest is fetched', async () => {
  const { time, client, server, serverPeer, sent } = createWorld();
  const observers: Observer[] = [];
  server.handle((request) => {
    if (request.observer) observers.push(request.observer.accept(() => {}));
    return { code: Code.Content, payload: body(10) };
  });
  const seen: Uint8Array[] = [];
  const listener = { onNotification: (response: { payload: Uint8Array }) => void seen.push(response.payload) };
  await time.until(client.observe(serverPeer, { method: Code.GET, path: 'x' }, listener), seconds(5));
  observers[0]!.notify({ code: Code.Content, payload: body(2500, 2) });
  await time.advance(seconds(2));
  assert.deepEqual(seen, [body(2500, 2)]);
  const fetches = sent.filter(({ from, message }) => from === 'client' && message.code === Code.GET).slice(1);
  assert.ok(fetches.every(({ message }) => findUint(message.options, OptionNumber.Observe) === undefined));
  assert.deepEqual(
    blocks(
      fetches.map(({ message }) => message),
      23,
    ),
    ['1/0/1024', '2/0/1024'],
  );
});

test('a newer notification replaces one whose blocks are still being fetched', async () => {
  const { time, client, server, serverPeer } = createWorld();
  const observers: Observer[] = [];
  server.handle((request) => {
    if (request.observer) observers.push(request.observer.accept(() => {}));
    return { code: Code.Content, payload: body(10) };
  });
  const seen: number[] = [];
  const listener = { onNotification: (response: { payload: Uint8Array }) => void seen.push(response.payload.length) };
  await time.until(client.observe(serverPeer, { method: Code.GET, path: 'x' }, listener), seconds(5));
  observers[0]!.notify({ code: Code.Content, payload: body(5000, 2) }, { confirmable: false });
  await time.advance(milliseconds(4));
  observers[0]!.notify({ code: Code.Content, payload: body(7) }, { confirmable: false });
  await time.advance(seconds(5));
  assert.deepEqual(seen, [7]);
});

interface Step {
  readonly block1: Parameters<typeof blockOption>[1];
  readonly payload: Uint8Array;
  readonly expect: string;
  readonly contentFormat?: number;
}

async function lockstepUpload(steps: readonly Step[], more: Parameters<typeof createWorld>[0] = {}): Promise<string[]> {
  const world = createWorld(more);
  const bodies: string[] = [];
  world.server.handle((request) => {
    bodies.push(decodeUtf8(request.payload)!);
    return { code: Code.Changed };
  });
  const client = new LockstepPeer(world, '192.0.2.8', peerOf(serverHost));
  let messageId = 1;
  for (const { block1, payload, expect, contentFormat = 0 } of steps) {
    client.send({
      code: Code.PUT,
      messageId: messageId++,
      options: [
        textOption(OptionNumber.UriPath, 'up'),
        uintOption(OptionNumber.ContentFormat, contentFormat),
        blockOption(OptionNumber.Block1, block1),
      ],
      payload,
    });
    const answer = await client.receive();
    assert.equal(transcript([{ at: 0, from: 'server', message: answer }])[0], `server ACK ${expect}`);
  }
  return bodies;
}

const sixteen = text('0123456789abcdef');

test('RFC 7959 §2.9.2: a hole in an upload is 4.08, a new first block starts again', async () => {
  const bodies = await lockstepUpload([
    { block1: { number: 1, more: true, size: 16 }, payload: sixteen, expect: '4.08' },
    { block1: { number: 0, more: true, size: 16 }, payload: sixteen, expect: '2.31' },
    { block1: { number: 2, more: true, size: 16 }, payload: sixteen, expect: '4.08' },
    { block1: { number: 0, more: true, size: 16 }, payload: sixteen, expect: '2.31' },
    { block1: { number: 0, more: true, size: 16 }, payload: sixteen, expect: '2.31' },
    { block1: { number: 1, more: true, size: 16 }, payload: sixteen, expect: '2.31' },
    { block1: { number: 1, more: true, size: 16 }, payload: sixteen, expect: '2.31' },
    { block1: { number: 2, more: false, size: 16 }, payload: text('!'), expect: '2.04' },
  ]);
  assert.deepEqual(bodies, ['0123456789abcdef0123456789abcdef!']);
});

test('blocks of impossible length are 4.00, a change of Content-Format is 4.08', async () => {
  await lockstepUpload([
    { block1: { number: 0, more: true, size: 16 }, payload: text('short'), expect: '4.00' },
    { block1: { number: 0, more: false, size: 16 }, payload: body(17), expect: '4.00' },
    { block1: { number: 0, more: true, size: 16 }, payload: sixteen, expect: '2.31' },
    { block1: { number: 1, more: true, size: 16 }, payload: sixteen, expect: '4.08', contentFormat: 42 },
    { block1: { number: 1, more: true, size: 16 }, payload: sixteen, expect: '4.08' },
  ]);
});

test('uploads are bounded in number and bytes: 5.03', async () => {
  const block1 = { number: 0, more: true, size: 16 } as const;
  await lockstepUpload([{ block1, payload: sixteen, expect: '5.03' }], { server: { bounds: { maximumUploads: 0 } } });
  await lockstepUpload(
    [
      { block1, payload: sixteen, expect: '2.31' },
      { block1: { ...block1, number: 1 }, payload: sixteen, expect: '5.03' },
    ],
    { server: { bounds: { maximumUploadBytes: 270 } } },
  );
});

test('an upload that pauses for longer than EXCHANGE_LIFETIME is given up', async () => {
  const world = createWorld();
  world.server.handle(() => ({ code: Code.Changed }));
  const client = new LockstepPeer(world, '192.0.2.8', peerOf(serverHost));
  const send = (number: number, messageId: number) =>
    client.send({
      code: Code.PUT,
      messageId,
      options: [blockOption(OptionNumber.Block1, { number, more: true, size: 16 })],
      payload: sixteen,
    });
  send(0, 1);
  assert.equal((await client.receive()).code, Code.Continue);
  await world.time.advance(seconds(248));
  send(1, 2);
  assert.equal((await client.receive()).code, Code.RequestEntityIncomplete);
});

test('RFC 7959 §2.9.3: 4.13 with a smaller block makes the client try again in smaller blocks', async () => {
  const world = createWorld();
  const server = new LockstepPeer(world, '192.0.2.9', world.clientPeer);
  const request = world.client.request(peerOf('192.0.2.9'), { method: Code.PUT, payload: body(40) }, {});
  const small = world.client.request(peerOf('192.0.2.9'), { method: Code.PUT, payload: body(1100) }, {});
  const plain = await server.receive();
  server.send({ type: MessageType.ACK, code: Code.Changed, messageId: plain.messageId, token: plain.token });
  assert.equal((await world.time.until(request, seconds(1))).code, Code.Changed);
  const first = await server.receive();
  server.send({
    type: MessageType.ACK,
    code: Code.RequestEntityTooLarge,
    messageId: first.messageId,
    token: first.token,
    options: [blockOption(OptionNumber.Block1, { number: 0, more: true, size: 512 })],
  });
  for (const expected of ['0/1/512', '1/1/512', '2/0/512']) {
    const message = await server.receive();
    assert.deepEqual(blocks([message], 27), [expected]);
    const block = blockOf(message, 27)!;
    server.send({
      type: MessageType.ACK,
      code: block.more ? Code.Continue : Code.Changed,
      messageId: message.messageId,
      token: message.token,
      options: [blockOption(OptionNumber.Block1, block)],
    });
  }
  assert.equal((await world.time.until(small, seconds(1))).code, Code.Changed);
});

test('an upload that has paused gives way to a new one', async () => {
  const world = createWorld({ server: { bounds: { maximumUploads: 1 } } });
  world.server.handle(() => ({ code: Code.Changed }));
  const peers = ['192.0.2.8', '192.0.2.9'].map((host) => new LockstepPeer(world, host, peerOf(serverHost)));
  const begin = async (peer: LockstepPeer, messageId: number) => {
    const options = [blockOption(OptionNumber.Block1, { number: 0, more: true, size: 16 })];
    peer.send({ code: Code.PUT, messageId, options, payload: sixteen });
    return (await peer.receive()).code;
  };
  assert.equal(await begin(peers[0]!, 1), Code.Continue);
  assert.equal(await begin(peers[1]!, 1), Code.ServiceUnavailable);
  await world.time.advance(seconds(31));
  assert.equal(await begin(peers[1]!, 2), Code.Continue);
});
