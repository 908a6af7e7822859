/** Notifications in Outer blocks, as proxies make them: RFC 8613 §4.1.3.4.2, RFC 7959 §3.4. */
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
  type Message,
  MessageType,
  type Observer,
  OptionNumber,
} from '@yaolian/coap';
import { withOption } from '@yaolian/coap/messaging';
import {
  decodeUtf8,
  emptyBytes,
  encodeHex,
  milliseconds,
  type SocketAddress,
  seconds,
  socketAddress,
} from '@yaolian/kernel';
import { clientAddress, clientCredentials, serverAddress, text, World } from '../test/world.ts';

const relayAddress = socketAddress('192.0.2.3', 5683);

/** Sends datagrams on between client and server, and has the server cut what it answers observers into blocks of 64 bytes. */
class Relay {
  /** What becomes of a message from the server to the client: itself, others, or none. */
  change: (message: Message) => readonly Message[] = (message) => [message];
  readonly toServer: Message[] = [];
  readonly toClient: Message[] = [];
  readonly #port;

  constructor(world: World) {
    this.#port = world.network.port(relayAddress.host, relayAddress.port);
    this.#port.listen({
      onDatagram: (datagram, from) => {
        const decoded = decodeMessage(datagram.slice());
        assert.ok(decoded.ok);
        const message = decoded.value;
        if (from.address.host === serverAddress.host)
          for (const one of this.change(message)) this.deliver(one, clientAddress);
        else this.deliver(wishing(message), serverAddress);
      },
    });
  }

  deliver(message: Message, to: SocketAddress): void {
    (to === serverAddress ? this.toServer : this.toClient).push(message);
    this.#port.send(encodeMessage(message), to);
  }
}

/** RFC 7959 §2.4: nobody has to ask for a block to say how large blocks are to be. */
function wishing(message: Message): Message {
  const isRegistration = message.code === Code.FETCH && findOption(message.options, OptionNumber.Observe) !== undefined;
  if (!isRegistration) return message;
  return changed(message, {
    options: withOption(message.options, blockOption(OptionNumber.Block2, { number: 0, more: false, size: 64 })),
  });
}

function changed(message: Message, change: Partial<Pick<Message, 'options' | 'payload' | 'token' | 'type' | 'code'>>) {
  const { type, code, messageId, token, options, payload } = message;
  const decoded = decodeMessage(encodeMessage({ type, code, messageId, token, options, payload, ...change }));
  assert.ok(decoded.ok);
  return decoded.value;
}

const bodyOf = (count: number) => `${count}`.padEnd(300, 'x');

/** A client that observes two things behind a relay. */
async function observing(world: World, count = 1) {
  const relay = new Relay(world);
  const observers: Observer[] = [];
  world.server.endpoint.handle((request) => {
    if (request.observer) observers.push(request.observer.accept(() => {}));
    return { code: Code.Content, contentFormat: 0, payload: text('first') };
  });
  const seen: string[] = [];
  const peer = await world.client.oscore.open(clientCredentials, relayAddress);
  for (let i = 0; i < count; i++) {
    const request = { method: Code.GET, path: `/count/${i}`, confirmable: false };
    const listener = {
      onNotification: ({ payload }: { payload: Uint8Array }) => void seen.push(decodeUtf8(payload)!.replace(/x+$/, '')),
    };
    const { observation } = await world.time.until(world.client.endpoint.observe(peer, request, listener), seconds(9));
    assert.ok(observation);
  }
  const notify = (number: number, observer = 0) =>
    observers[observer]!.notify({ code: Code.Content, contentFormat: 0, payload: text(bodyOf(number)) });
  const dropped = (reason: string) => world.client.meter.count(`responses_dropped/${reason}`);
  return { relay, seen, notify, dropped };
}

const block2 = (message: Message) => blockOf(message, OptionNumber.Block2);
const isBlock = (number: number) => (message: Message) => block2(message)?.number === number;

test('a notification in Outer blocks is asked for, put together and opened whole, one after the other', async () => {
  const world = new World();
  const { relay, seen, notify } = await observing(world);
  for (const number of [1, 2]) {
    notify(number);
    await world.time.advance(seconds(5));
  }
  assert.deepEqual(seen, ['1', '2']);
  const [registration, ...asked] = relay.toServer.filter(({ code }) => code === Code.FETCH);
  const numbers = asked.map((message) => block2(message)?.number);
  assert.deepEqual(numbers, [1, 2, 3, 4, 1, 2, 3, 4]);
  // The same request, of which the token of the observation is no part, nor Observe; its number is used once.
  const header = findOption(registration!.options, OptionNumber.OSCORE)!.value;
  for (const { options, token, payload } of asked) {
    assert.deepEqual(findOption(options, OptionNumber.OSCORE)!.value, header);
    assert.equal(findOption(options, OptionNumber.Observe), undefined);
    assert.notEqual(encodeHex(token), encodeHex(registration!.token));
    assert.deepEqual(payload, emptyBytes);
  }
  const blocks = relay.toClient.filter((message) => block2(message) !== undefined);
  assert.ok(blocks.every(({ payload }) => payload.length <= 64));
  const observes = blocks.map(({ options }) => findOption(options, OptionNumber.Observe) !== undefined);
  assert.deepEqual(observes, [true, false, false, false, false, true, false, false, false, false]);
});

test('the wire: first block of a notification, the request for the next one', async () => {
  const world = new World();
  const { relay, notify } = await observing(world);
  notify(1);
  await world.time.advance(seconds(5));
  const first = relay.toClient.find((message) => block2(message)?.more === true)!;
  const options = ({ options: all }: Message) => all.map(({ number, value }) => [number, encodeHex(value)]);
  const observe = encodeHex(findOption(first.options, OptionNumber.Observe)!.value);
  // 2.05; Observe, OSCORE with Partial IV 1, Block2 0/1/64.
  assert.deepEqual(
    [first.code, options(first)],
    [
      Code.Content,
      [
        [6, observe],
        [9, '0101'],
        [23, '0a'],
      ],
    ],
  );
  const asked = relay.toServer.find(isBlock(1))!;
  // FETCH; OSCORE as the registration had it (Partial IV 0, empty kid), Block2 1/0/64.
  assert.deepEqual(
    [asked.type, asked.code, options(asked)],
    [
      MessageType.CON,
      Code.FETCH,
      [
        [9, '0900'],
        [23, '12'],
      ],
    ],
  );
});

test('a newer notification takes the place of one that is not whole', async () => {
  const world = new World();
  const { relay, seen, notify } = await observing(world);
  relay.change = (message) => (isBlock(2)(message) ? [] : [message]);
  notify(1);
  await world.time.advance(seconds(1));
  relay.change = (message) => [message];
  notify(2);
  await world.time.advance(seconds(200));
  assert.deepEqual(seen, ['2']);
});

test('blocks of another notification, out of order, unprotected or too short end the transfer and nothing else', async () => {
  const world = new World();
  const { relay, seen, notify, dropped } = await observing(world);
  const spoil = async (number: number, change: (message: Message) => readonly Message[]) => {
    relay.change = (message) => (isBlock(2)(message) ? change(message) : [message]);
    notify(number);
    await world.time.advance(seconds(100));
    relay.change = (message) => [message];
  };
  const replaced = (message: Message, number: number, value: Uint8Array) =>
    changed(message, { options: withOption(message.options, { number, value }) });
  const block = (number: number, size: 32 | 64) => blockOption(OptionNumber.Block2, { number, more: true, size }).value;
  await spoil(1, (message) => [replaced(message, OptionNumber.OSCORE, Uint8Array.of(1, 9))]);
  await spoil(2, (message) => [replaced(message, OptionNumber.Block2, block(3, 64))]);
  await spoil(3, (message) => [replaced(message, OptionNumber.Block2, block(2, 32))]);
  await spoil(4, (message) => [changed(message, { payload: message.payload.subarray(1) })]);
  await spoil(5, (message) => [changed(message, { code: Code.NotFound, options: [], payload: emptyBytes })]);
  await spoil(6, (message) => [changed(message, { payload: message.payload.with(0, message.payload[0]! ^ 1) })]);
  assert.deepEqual(
    ['outer block of another notification', 'outer block out of order', 'not protected', 'decryption failed'].map(
      dropped,
    ),
    [1, 3, 1, 1],
  );
  // One that comes again when all is over is nobody's.
  const late = relay.toClient.find(isBlock(1))!;
  relay.deliver(late, clientAddress);
  notify(7);
  await world.time.advance(seconds(5));
  assert.deepEqual(seen, ['7']);
});

test('a proxy that refuses to give the other blocks, or does not answer, ends nothing', async () => {
  const world = new World();
  const { relay, seen, notify } = await observing(world);
  relay.change = (message) =>
    isBlock(1)(message)
      ? [changed(message, { type: MessageType.RST, code: 0, token: emptyBytes, options: [], payload: emptyBytes })]
      : [message];
  notify(1);
  await world.time.advance(seconds(100));
  relay.change = (message) => (isBlock(1)(message) ? [] : [message]);
  notify(2);
  await world.time.advance(seconds(300));
  relay.change = (message) => [message];
  notify(3);
  await world.time.advance(seconds(5));
  assert.deepEqual(seen, ['3']);
});

test("what has the token of a block but comes from elsewhere is nobody's, and disturbs nothing", async () => {
  const world = new World();
  const { relay, seen, notify, dropped } = await observing(world);
  const stranger = world.network.port('192.0.2.66', 5683);
  const answers: Message[] = [];
  stranger.listen({
    onDatagram: (datagram) => {
      const decoded = decodeMessage(datagram.slice());
      assert.ok(decoded.ok);
      answers.push(decoded.value);
    },
  });
  const forged = (message: Message, change: Parameters<typeof changed>[1]) =>
    stranger.send(encodeMessage(changed(message, { type: MessageType.CON, ...change })), clientAddress);
  let held: Message | undefined;
  relay.change = (message) => {
    if (!isBlock(2)(message)) return [message];
    held = message;
    return [];
  };
  notify(1);
  await world.time.advance(milliseconds(500));
  assert.ok(held);
  // A refusal, a block of something else, and the very block that is waited for, with other bytes.
  forged(held, { code: Code.NotFound, options: [], payload: emptyBytes });
  forged(held, { options: withOption(held.options, { number: OptionNumber.OSCORE, value: Uint8Array.of(1, 9) }) });
  forged(held, { payload: held.payload.with(0, held.payload[0]! ^ 1) });
  await world.time.advance(milliseconds(500));
  assert.ok(answers.length > 0 && answers.every(({ type, code }) => type === MessageType.RST && code === 0));
  relay.change = (message) => [message];
  relay.deliver(held, clientAddress);
  await world.time.advance(seconds(5));
  assert.deepEqual(seen, ['1']);
  assert.equal(dropped('outer block of another notification') + dropped('not protected'), 0);
});

test('a transfer that pauses for more than a minute is given up', async () => {
  const world = new World();
  const { relay, seen, notify, dropped } = await observing(world);
  const held: Message[] = [];
  relay.change = (message) => {
    if (!isBlock(1)(message)) return [message];
    held.push(message);
    // What is empty acknowledges: the answer comes later (RFC 7252 §5.2.2).
    return [changed(message, { type: MessageType.ACK, code: 0, token: emptyBytes, options: [], payload: emptyBytes })];
  };
  notify(1);
  await world.time.advance(seconds(61));
  relay.deliver(changed(held[0]!, { type: MessageType.NON }), clientAddress);
  await world.time.advance(seconds(5));
  assert.equal(dropped('outer block too late'), 1);
  assert.deepEqual(seen, []);
});

test('bounds: bytes of one notification, transfers at a time', async () => {
  const small = new World({ client: { oscore: { bounds: { maximumUnfragmented: 256 } } } });
  const one = await observing(small);
  one.notify(1);
  await small.time.advance(seconds(5));
  assert.deepEqual([one.seen, one.dropped('too large')], [[], 1]);
  const asked = one.relay.toServer.map((message) => block2(message)?.number);
  assert.ok(!asked.includes(5), 'nothing is asked for that would not be taken');

  const narrow = new World({ client: { oscore: { bounds: { maximumOuterTransfers: 1 } } } });
  const two = await observing(narrow, 2);
  two.relay.change = (message) => (isBlock(2)(message) ? [] : [message]);
  two.notify(1, 0);
  await narrow.time.advance(seconds(1));
  two.relay.change = (message) => [message];
  two.notify(2, 1);
  await narrow.time.advance(seconds(300));
  assert.deepEqual(two.seen, ['2'], 'the one that paused longest gave way');
});

test('a proxy of its own: it observes, keeps and cuts by itself', async () => {
  const world = new World();
  const proxy = createCoapEndpoint({
    port: world.network.port(relayAddress.host, relayAddress.port),
    ...{ clock: world.time, timers: world.time, random: world.random, blockSize: 64 },
    additionalOptions: [OptionNumber.OSCORE],
  });
  const oscoreOf = (message: { options: Message['options'] }) =>
    message.options.filter(({ number }) => number === OptionNumber.OSCORE);
  proxy.handle(async (request) => {
    const { method, payload } = request;
    const own = request.observer?.accept(() => {});
    const asked = { method, options: oscoreOf(request), payload };
    const listener = {
      onNotification: (one: { code: number; options: Message['options']; payload: Uint8Array }) =>
        void own?.notify({ code: one.code, options: oscoreOf(one), payload: one.payload }),
    };
    const { response } = await proxy.observe(serverAddress, asked, listener);
    return { code: response.code, options: oscoreOf(response), payload: response.payload };
  });
  const observers: Observer[] = [];
  world.server.endpoint.handle((request) => {
    if (request.observer) observers.push(request.observer.accept(() => {}));
    return { code: Code.Content, contentFormat: 0, payload: text('first') };
  });
  const seen: number[] = [];
  const peer = await world.client.oscore.open(clientCredentials, relayAddress);
  const listener = { onNotification: ({ payload }: { payload: Uint8Array }) => void seen.push(payload.length) };
  await world.time.until(world.client.endpoint.observe(peer, { method: Code.GET }, listener), seconds(9));
  for (const length of [700, 50, 900]) {
    observers[0]!.notify({ code: Code.Content, contentFormat: 0, payload: new Uint8Array(length) });
    await world.time.advance(seconds(10));
  }
  assert.deepEqual(seen, [700, 50, 900]);
  const cut = world.sent.filter(
    ({ from, message }) =>
      from === relayAddress.host && findOption(message.options, OptionNumber.Observe) && block2(message)?.more,
  );
  assert.equal(cut.length, 2);
});
