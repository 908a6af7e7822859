/** Proxies that cut protected messages into Outer blocks: RFC 8613 §4.1.3.4.2, §8.2.1, §8.4.1. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blockOf,
  blockOption,
  Code,
  createCoapEndpoint,
  decodeMessage,
  encodeMessage,
  findOption,
  findUint,
  type Message,
  MessageType,
  type Option,
  OptionNumber,
} from '@yaolian/coap';
import { emptyBytes, encodeHex, seconds, socketAddress } from '@yaolian/kernel';
import { clientCredentials, hex, serverAddress, World } from '../test/world.ts';

const proxyAddress = socketAddress('192.0.2.3', 5683);

/** A proxy that knows nothing of OSCORE and sends on what comes, in blocks of 64 bytes on both sides. */
function openProxy(world: World) {
  const proxy = createCoapEndpoint({
    port: world.network.port(proxyAddress.host, proxyAddress.port),
    clock: world.time,
    timers: world.time,
    random: world.random,
    blockSize: 64,
    additionalOptions: [OptionNumber.OSCORE],
  });
  proxy.handle(async ({ method, options, payload }) => {
    const oscore = options.filter(({ number }) => number === OptionNumber.OSCORE);
    const answer = await proxy.request(serverAddress, { method, options: oscore, payload });
    const kept = answer.options.filter(({ number }) => number === OptionNumber.OSCORE);
    return { code: answer.code, options: kept, payload: answer.payload };
  });
  return proxy;
}

test('a proxy cuts request and response; both come whole, and are opened whole', async () => {
  const world = new World();
  openProxy(world);
  const body = Uint8Array.from({ length: 700 }, (_, i) => i % 251);
  world.server.endpoint.handle(({ payload }) => ({ code: Code.Content, contentFormat: 42, payload }));
  const peer = await world.client.oscore.open(clientCredentials, proxyAddress);
  for (let i = 0; i < 2; i++) {
    const asked = world.client.endpoint.request(peer, { method: Code.POST, path: '/echo', payload: body });
    const answer = await world.time.until(asked, seconds(60));
    assert.equal(answer.code, Code.Content);
    assert.deepEqual(answer.payload, body);
  }
  const fromProxy = world.sent.filter(({ from }) => from === proxyAddress.host);
  assert.ok(fromProxy.some(({ message }) => findOption(message.options, OptionNumber.Block1)));
  assert.ok(fromProxy.every(({ message }) => message.payload.length <= 64));
  const toProxy = world.sent.filter(
    ({ from, message }) => from === serverAddress.host && message.code === Code.Changed,
  );
  assert.ok(toProxy.some(({ message }) => blockOf(message, OptionNumber.Block2)?.more));
  // Two requests of one number of their own each: the blocks of one message share it.
  assert.deepEqual([...new Set(world.headers(proxyAddress))].toSorted(), ['', '0900', '0901']);
});

/** Sends single messages to the server and gives what comes back. */
function lockstep(world: World) {
  const port = world.network.port('192.0.2.50', 5683);
  const received: Message[] = [];
  let messageId = 0;
  port.listen({
    onDatagram: (datagram) => {
      const decoded = decodeMessage(datagram);
      if (decoded.ok) received.push(decoded.value);
    },
  });
  return async (header: string, block: Option, payload: Uint8Array, tag?: string) => {
    const options = [
      { number: OptionNumber.OSCORE, value: hex(header) },
      block,
      ...(tag === undefined ? [] : [{ number: OptionNumber.RequestTag, value: hex(tag) }]),
    ];
    const fields = { type: MessageType.CON, code: Code.POST, messageId: ++messageId, token: hex('aa') };
    port.send(encodeMessage({ ...fields, options, payload }), serverAddress);
    await world.time.advance(seconds(1));
    return received.pop();
  };
}

const block1 = (number: number, more: boolean) => blockOption(OptionNumber.Block1, { number, more, size: 64 });
const full = new Uint8Array(64).fill(7);

test('Outer blocks are bounded: 4.13 with the first byte too many, 4.08 for gaps, 4.00 for what is no block', async () => {
  const bounds = { maximumUnfragmented: 256, maximumOuterTransfers: 2 };
  const world = new World({ server: { oscore: { bounds } } });
  world.server.endpoint.handle(() => assert.fail('nothing of this is authentic'));
  const send = lockstep(world);
  const codes = async (...steps: Parameters<ReturnType<typeof lockstep>>[]) => {
    const answers: (number | undefined)[] = [];
    for (const step of steps) answers.push((await send(...step))?.code);
    return answers;
  };
  const upload = (header: string, count: number) =>
    Array.from({ length: count }, (_, i): Parameters<ReturnType<typeof lockstep>> => [header, block1(i, true), full]);
  const { Continue, RequestEntityTooLarge, RequestEntityIncomplete, BadRequest } = Code;
  assert.deepEqual(await codes(...upload('0900', 5)), [...Array<number>(4).fill(Continue), RequestEntityTooLarge]);
  assert.deepEqual(await codes(['0901', block1(1, true), full]), [RequestEntityIncomplete]);
  assert.deepEqual(await codes(['0902', block1(0, true), hex('0102')]), [BadRequest]);
  assert.deepEqual(
    await codes(['0902', { number: OptionNumber.Block1, value: hex('0f') }, full]),
    [BadRequest],
    'size 7',
  );
  // The third transfer takes the place of the first, that of the same header with another tag is another.
  assert.deepEqual(
    await codes(
      ['0903', block1(0, true), full],
      ['0904', block1(0, true), full],
      ['0904', block1(0, true), full, '01'],
      ['0904', block1(1, true), full],
      ['0903', block1(1, true), full],
    ),
    [Continue, Continue, Continue, Continue, RequestEntityIncomplete],
  );
  await world.time.advance(seconds(61));
  assert.deepEqual(await codes(['0904', block1(2, true), full]), [RequestEntityIncomplete], 'it paused too long');
  // The last block makes a whole, which is opened, and found wanting.
  const last = await send('0905', block1(0, false), full);
  assert.equal(last?.code, BadRequest);
  assert.equal(findUint(last.options, OptionNumber.MaxAge), 0);
  const later = await send('0906', blockOption(OptionNumber.Block2, { number: 3, more: false, size: 64 }), emptyBytes);
  assert.equal(later?.code, RequestEntityIncomplete, 'no such response is kept');
});

test('a response in more Outer blocks than the client takes is given up', async () => {
  const world = new World({ client: { oscore: { bounds: { maximumUnfragmented: 256 } } } });
  const proxy = openProxy(world);
  proxy.handle(() => ({
    code: Code.Changed,
    options: [{ number: OptionNumber.OSCORE, value: emptyBytes }],
    payload: new Uint8Array(1000),
  }));
  const peer = await world.client.oscore.open(clientCredentials, proxyAddress);
  const asked = world.client.endpoint.request(peer, { method: Code.GET });
  await assert.rejects(world.time.until(asked, seconds(60)), { code: 'COAP_TOO_LARGE' });
  const blocks = world.sent.filter(({ from }) => from === proxyAddress.host);
  assert.ok(blocks.length <= 6, `${blocks.length}`);
  assert.equal(encodeHex(blocks[0]!.message.token).length, 16);
});
