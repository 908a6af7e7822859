/** What nobody who holds the keys would send: refused as RFC 8613 §8.2 says, cheaply, and counted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Code,
  createCoapEndpoint,
  decodeMessage,
  encodeMessage,
  findUint,
  type Message,
  type MessageFields,
  MessageType,
  OptionNumber,
} from '@yaolian/coap';
import { concatBytes, decodeUtf8, emptyBytes, encodeHex, seconds, socketAddress } from '@yaolian/kernel';
import { nodeRandom, oscoreCrypto } from '@yaolian/node-runtime';
import fc from 'fast-check';
import {
  clientAddress,
  clientCredentials,
  hex,
  type Side,
  serverAddress,
  serverCredentials,
  text,
  World,
} from '../test/world.ts';
import { additionalData, aeadNonce, encodePartialIv } from './cose.ts';
import { completeCredentials } from './credentials.ts';
import { deriveKeys } from './key-derivation.ts';
import { sealRequest } from './message-cipher.ts';
import { createOscore } from './oscore.ts';
import { decodeOscoreOption, encodeOscoreOption } from './oscore-option.ts';
import { SecurityContext } from './security-context.ts';
import { VolatileOscoreStates } from './state-store.ts';

/** A peer that sends single datagrams from the client's address, with the client's keys or without. */
class Lockstep {
  readonly received: Message[] = [];
  readonly world: World;
  readonly #port;
  #messageId = 1;

  constructor(world: World, host = '192.0.2.50') {
    this.world = world;
    this.#port = world.network.port(host, 5683);
    this.#port.listen({
      onDatagram: (datagram) => {
        const decoded = decodeMessage(datagram);
        if (decoded.ok) this.received.push(decoded.value);
      },
    });
  }

  async exchange(fields: Partial<MessageFields>): Promise<Message | undefined> {
    const message = {
      type: MessageType.CON,
      code: Code.POST,
      messageId: this.#messageId++,
      token: hex('aa'),
      options: [],
      payload: emptyBytes,
      ...fields,
    };
    this.#port.send(encodeMessage(message), serverAddress);
    await this.world.time.advance(seconds(1));
    return this.received.pop();
  }

  /** A request with this OSCORE option. */
  oscore(value: Uint8Array, payload: Uint8Array = hex('00112233445566778899')): Promise<Message | undefined> {
    return this.exchange({ options: [{ number: OptionNumber.OSCORE, value }], payload });
  }
}

async function clientContext(): Promise<SecurityContext> {
  const credentials = completeCredentials(clientCredentials);
  const options = {
    store: new VolatileOscoreStates(),
    random: nodeRandom,
    replayWindow: 32,
    sequenceStep: 256,
    maximumSequence: 1000,
    echoLifetime: seconds(60),
  };
  return SecurityContext.open(options, {
    credentials,
    keys: deriveKeys(oscoreCrypto, credentials),
    origin: undefined,
  });
}

function refusal(message: Message | undefined): string {
  if (message === undefined) return 'silence';
  assert.equal(findUint(message.options, OptionNumber.MaxAge), 0, 'RFC 8613 §4.1.3.1: not to be cached');
  assert.equal(message.options.length, 1, 'unprotected');
  return `${message.code >> 5}.0${message.code & 31} ${decodeUtf8(message.payload)}`;
}

const undecodable = '4.02 Failed to decode COSE';
const unknown = '4.01 Security context not found';
const undecryptable = '4.00 Decryption failed';
const replayed = '4.01 Replay detected';

test('RFC 8613 §6.1, §8.2: options that say nothing sensible are answered 4.02', async () => {
  const world = new World();
  world.server.endpoint.handle(() => assert.fail('nothing of this is a request'));
  const peer = new Lockstep(world);
  for (const [value, why] of [
    ['', 'no kid, no Partial IV'],
    ['00', 'zero flag byte'],
    ['0100', 'no kid'],
    ['08', 'no Partial IV'],
    ['0e010203040506', 'Partial IV of 6 bytes'],
    ['0f01020304050607', 'Partial IV of 7 bytes'],
    ['2900', 'reserved bit'],
    ['4900', 'reserved bit'],
    ['8900', 'reserved bit'],
    ['0a01', 'truncated Partial IV'],
    ['0a0001', 'Partial IV with a leading zero'],
    ['1900', 'no length of the kid context'],
    ['190005aabb', 'truncated kid context'],
    ['1100', 'kid context without kid'],
    ['0100aa', 'bytes without kid flag'],
  ] as const) {
    assert.equal(refusal(await peer.oscore(hex(value))), undecodable, why);
  }
  assert.equal(refusal(await peer.oscore(hex('0900'), emptyBytes)), undecodable, 'RFC 8613 §2: no payload');
  assert.equal(world.server.oscore.size, 0);
});

test('who is not known is answered 4.01; a guess at somebody who is, 4.00, and makes us keep nothing', async () => {
  let asked = 0;
  const world = new World({
    server: {
      oscore: {
        findCredentials: ({ kid }) => {
          asked++;
          return kid.length === 0 ? serverCredentials : undefined;
        },
      },
    },
  });
  const peer = new Lockstep(world);
  assert.equal(refusal(await peer.oscore(hex('0900ff'))), unknown);
  assert.equal(
    refusal(await peer.oscore(concatBytes([hex('1900ff'), new Uint8Array(255)]))),
    unknown,
    'a huge context',
  );
  for (const payload of ['00', '0011223344556677', '00112233445566778899']) {
    assert.equal(refusal(await peer.oscore(hex('0900'), hex(payload))), undecryptable);
  }
  assert.equal(world.server.oscore.size, 0);
  assert.equal(asked, 5);
  assert.equal(world.server.meter.count('requests_refused/Decryption failed'), 3);
  assert.equal(world.server.meter.count('requests_refused/Security context not found'), 2);
});

test('without findCredentials only who was opened may ask', async () => {
  const world = new World();
  world.client.endpoint.handle(({ peer }) => ({ code: Code.Content, payload: text(peer.key) }));
  const { oscore, endpoint } = world.server;
  const peer = await oscore.open(serverCredentials, clientAddress);
  const ask = () => world.time.until(endpoint.request(peer, { method: Code.GET }), seconds(5));
  await assert.rejects(ask(), {
    code: 'OSCORE_REFUSED',
    message: /Security context not found\), unprotected: the IDs or the ID Context/,
  });
  const { key } = await world.serverPeer();
  assert.equal(decodeUtf8((await ask()).payload), key);
});

test('a peer with new keys is let in under its old kid, while the context of the old ones is still open', async () => {
  let current = serverCredentials;
  let asked = 0;
  const findCredentials = () => {
    asked++;
    return current;
  };
  const world = new World({ server: { oscore: { findCredentials } } });
  world.server.endpoint.handle(() => ({ code: Code.Valid }));
  const ask = async (credentials = clientCredentials) => {
    const peer = await world.serverPeer(credentials);
    const answer = world.client.endpoint.request(peer, { method: Code.GET });
    return (await world.time.until(answer, seconds(5))).code;
  };
  for (let i = 0; i < 3; i++) assert.equal(await ask(), Code.Valid);
  const masterSecret = text('another secret of theirs');
  current = { ...serverCredentials, masterSecret };
  for (let i = 0; i < 5; i++) assert.equal(await ask({ ...clientCredentials, masterSecret }), Code.Valid);
  assert.equal(asked, 2);
});

test('RFC 8613 §5.1: credentials of another ID Context, or of another peer, are not used', async () => {
  const credentials = { ...serverCredentials, idContext: hex('0102') };
  const world = new World({ server: { oscore: { findCredentials: () => credentials } } });
  world.server.endpoint.handle(() => assert.fail('the context is another'));
  const peer = new Lockstep(world);
  assert.equal(refusal(await peer.oscore(hex('1900020103'))), unknown);
  assert.equal(refusal(await peer.oscore(hex('090007'))), unknown);
  assert.equal(refusal(await peer.oscore(hex('1900020102'))), undecryptable);
});

test('RFC 8613 §7.4: a replay is answered 4.01; one bit changed anywhere in what is protected, 4.00', async () => {
  const world = new World();
  let handled = 0;
  world.server.endpoint.handle(() => {
    handled++;
    return { code: Code.Changed };
  });
  const peer = new Lockstep(world);
  const context = await clientContext();
  const request = { code: Code.POST, token: hex('aa'), options: [], payload: text('open the door') };
  const seal = (sequence: number) => {
    const binding = { kid: emptyBytes, partialIv: encodePartialIv(sequence) };
    return sealRequest(oscoreCrypto, context, request, binding);
  };
  const sealed = seal(40);
  assert.equal((await peer.exchange(sealed))!.code, Code.Changed);
  assert.equal(handled, 1);
  assert.equal(refusal(await peer.exchange(sealed)), replayed);
  assert.equal(refusal(await peer.exchange(seal(8))), replayed, 'older than the window');
  assert.equal((await peer.exchange(seal(9)))!.code, Code.Changed, 'the oldest of the window');
  const fresh = seal(41);
  for (let bit = 0; bit < fresh.payload.length * 8; bit += 5) {
    const payload = fresh.payload.slice();
    payload[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(refusal(await peer.exchange({ ...fresh, payload })), undecryptable);
  }
  // A number far ahead that is not authentic must not move the window.
  const forged = encodeOscoreOption({ partialIv: hex('ffffffffff'), kid: emptyBytes });
  assert.equal(refusal(await peer.oscore(forged, fresh.payload)), undecryptable);
  assert.equal((await peer.exchange(fresh))!.code, Code.Changed);
  assert.equal(handled, 3);
});

test('what a holder of the keys protects and is no request is answered 4.00, protected', async () => {
  const world = new World();
  world.server.endpoint.handle(() => assert.fail('it is no request'));
  const peer = new Lockstep(world);
  const context = await clientContext();
  for (const [sequence, plaintext] of [
    [1, hex('45')],
    [2, hex('00')],
    [3, hex('01ff')],
    [4, hex('01d0')],
    [5, concatBytes([hex('01'), hex('920900')])],
    [6, emptyBytes],
    [7, hex('e1')],
  ] as const) {
    const partialIv = encodePartialIv(sequence);
    const { aead, senderKey, commonIv } = context.keys;
    const nonce = aeadNonce(commonIv, emptyBytes, partialIv);
    const payload = oscoreCrypto.seal(aead, senderKey, nonce, additionalData(10, emptyBytes, partialIv), plaintext);
    const answer = await peer.oscore(encodeOscoreOption({ partialIv, kid: emptyBytes }), payload);
    assert.equal(answer?.code, Code.Changed, encodeHex(plaintext));
    assert.deepEqual(
      answer.options.map(({ number }) => number),
      [OptionNumber.OSCORE],
    );
  }
  assert.equal(world.server.meter.count('requests_refused/no request inside'), 7);
});

test('a request to a group is not answered', async () => {
  const world = new World();
  const group = socketAddress('224.0.1.187', 5683);
  const port = world.network.port('192.0.2.60', 5683);
  port.joinGroup(group.host);
  const oscore = createOscore({
    crypto: oscoreCrypto,
    store: new VolatileOscoreStates(),
    clock: world.time,
    random: world.random,
    findCredentials: () => assert.fail('nobody is looked for'),
  });
  const endpoint = createCoapEndpoint({
    port,
    clock: world.time,
    timers: world.time,
    random: world.random,
    protection: oscore,
  });
  endpoint.handle(() => ({ code: Code.Content }));
  const request = {
    method: Code.POST,
    options: [{ number: OptionNumber.OSCORE, value: hex('0900') }],
    payload: hex('00'),
  };
  const answers = world.client.endpoint.requestGroup(group, request);
  assert.deepEqual(await world.time.until(answers, seconds(20)), []);
  const plain = world.client.endpoint.requestGroup(group, { method: Code.GET });
  assert.equal((await world.time.until(plain, seconds(20))).length, 1);
  const secured = world.client.endpoint.requestGroup(await world.serverPeer(), { method: Code.GET });
  await assert.rejects(secured, RangeError, 'a context is of two');
  await endpoint.close();
});

test('bounds: contexts and lookups; beyond them 5.03 with Max-Age', async () => {
  const held: ((credentials: typeof serverCredentials | undefined) => void)[] = [];
  const world = new World({
    server: {
      oscore: {
        bounds: { maximumContexts: 1, maximumLookups: 2 },
        findCredentials: () => new Promise((resolve) => held.push(resolve)),
      },
    },
  });
  world.server.endpoint.handle(() => ({ code: Code.Valid }));
  const peers = ['192.0.2.51', '192.0.2.52', '192.0.2.53'].map((host) => new Lockstep(world, host));
  const answers = await Promise.all(peers.map((peer) => peer.oscore(hex('0900'))));
  assert.deepEqual(
    answers.map((answer) => answer?.code),
    [0, 0, Code.ServiceUnavailable],
    'two are acknowledged and wait',
  );
  assert.equal(findUint(answers[2]!.options, OptionNumber.MaxAge), 10);
  for (const resolve of held.splice(0)) resolve(undefined);
  await world.server.oscore.open(serverCredentials, clientAddress);
  const other = { ...clientCredentials, senderId: hex('07') };
  const asked = world.client.endpoint.request(await world.serverPeer(other), { method: Code.GET });
  asked.catch(() => {});
  await world.time.advance(seconds(1));
  held.splice(0)[0]!({ ...serverCredentials, recipientId: hex('07') });
  await assert.rejects(world.time.until(asked, seconds(60)), { code: 'OSCORE_REFUSED', message: /5\.03/ });
  await assert.rejects(world.server.oscore.open({ ...serverCredentials, recipientId: hex('08') }, clientAddress), {
    code: 'OSCORE_TOO_MANY',
  });
});

test('a store or a credential source that fails costs one request, with 5.00', async () => {
  let broken = true;
  const world = new World({
    server: {
      oscore: {
        findCredentials: () => {
          if (broken) throw new Error('the database is away');
          return serverCredentials;
        },
      },
    },
  });
  world.server.endpoint.handle(() => ({ code: Code.Valid }));
  const peer = await world.serverPeer();
  const ask = () => world.time.until(world.client.endpoint.request(peer, { method: Code.GET }), seconds(60));
  await assert.rejects(ask(), { code: 'OSCORE_REFUSED', message: /5\.00/ });
  broken = false;
  assert.equal((await ask()).code, Code.Valid);
});

test('the client tells who waits that the server refused, or answered unprotected', async () => {
  const world = new World();
  const stranger = { ...clientCredentials, senderId: hex('77') };
  const peer = await world.serverPeer(stranger);
  const asked = world.client.endpoint.request(peer, { method: Code.GET });
  await assert.rejects(world.time.until(asked, seconds(5)), {
    code: 'OSCORE_REFUSED',
    message: /answered 4\.01 Unauthorized \(Security context not found\), unprotected/,
  });
  const wrong = { ...clientCredentials, masterSecret: hex('ff02030405060708090a0b0c0d0e0f10') };
  const guessed = world.client.endpoint.request(await world.serverPeer(wrong), { method: Code.GET });
  await assert.rejects(world.time.until(guessed, seconds(5)), {
    code: 'OSCORE_REFUSED',
    message: /Decryption failed\), unprotected: the Master Secret/,
  });
});

test('a client that lost its state is told that its numbers were used before', async () => {
  const world = new World();
  world.server.endpoint.handle(() => ({ code: Code.Valid }));
  const ask = async (side: Side) => {
    const peer = await side.oscore.open(clientCredentials, serverAddress);
    return world.time.until(side.endpoint.request(peer, { method: Code.GET }), seconds(5));
  };
  assert.equal((await ask(world.client)).code, Code.Valid);
  const forgetful = world.side(socketAddress('192.0.2.8', 5683), {});
  await assert.rejects(ask(forgetful), {
    code: 'OSCORE_REFUSED',
    message: /4\.01 Unauthorized \(Replay detected\), unprotected: its numbers were used before; .*needs another one$/,
  });
});

test('RFC 8613 §8.4: an unprotected success is no answer to a protected request', async () => {
  const world = new World();
  await world.server.endpoint.close();
  const impostor = world.network.port(serverAddress.host, serverAddress.port);
  impostor.listen({
    onDatagram: (datagram, from) => {
      const request = decodeMessage(datagram);
      assert.ok(request.ok);
      const { messageId, token } = request.value;
      const answer = { type: MessageType.ACK, code: Code.Content, messageId, token, options: [] };
      impostor.send(encodeMessage({ ...answer, payload: text('trust me') }), from);
    },
  });
  const asked = world.client.endpoint.request(await world.serverPeer(), { method: Code.GET });
  await assert.rejects(world.time.until(asked, seconds(5)), { code: 'OSCORE_NOT_PROTECTED' });
});

test('an answer to one request is none to another', async () => {
  const world = new World();
  const answers: Message[] = [];
  world.server.endpoint.handle(({ path }) => ({ code: Code.Content, payload: text(path[0]!) }));
  world.lose = ({ from, message }) => {
    if (from !== serverAddress.host) return false;
    answers.push(message);
    return true;
  };
  const peer = await world.serverPeer();
  const { endpoint } = world.client;
  const request = (path: string) => endpoint.request(peer, { method: Code.GET, path, confirmable: false });
  const [door, window] = [request('/door'), request('/window')];
  door.catch(() => {});
  await world.time.advance(seconds(1));
  assert.equal(answers.length, 2);
  // Somebody on the path exchanges the answers.
  world.lose = () => false;
  const relay = world.network.port(serverAddress.host, 9999);
  const [first, second] = answers as [Message, Message];
  const swap = (message: Message, token: Uint8Array) =>
    relay.send(encodeMessage({ ...fieldsOf(message), token }), clientAddress);
  swap(first, second.token);
  swap(second, first.token);
  await world.time.advance(seconds(1));
  assert.equal(world.client.meter.count('responses_dropped/decryption failed'), 2);
  swap(second, second.token);
  assert.equal(decodeUtf8((await world.time.until(window, seconds(5))).payload), 'window');
});

function fieldsOf({ type, code, messageId, token, options, payload }: Message): MessageFields {
  return { type, code, messageId, token, options, payload };
}

test('the option: decode never throws, and takes exactly what encode writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const decoded = decodeOscoreOption(bytes);
      if (decoded.ok) assert.deepEqual(encodeOscoreOption(decoded.value), bytes);
    }),
    { numRuns: 2000 },
  );
  const field = (maxLength: number) => fc.option(fc.uint8Array({ maxLength }), { nil: undefined });
  fc.assert(
    fc.property(fc.nat(2 ** 40 - 1), fc.boolean(), field(255), field(7), (sequence, hasIv, kidContext, kid) => {
      const option = { partialIv: hasIv ? encodePartialIv(sequence) : undefined, kidContext, kid };
      const decoded = decodeOscoreOption(encodeOscoreOption(option));
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value, option);
    }),
  );
});

test('no datagram with an OSCORE option makes the server fall, or reaches its handler', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 80 }), async (value, payload) => {
      const world = new World();
      world.server.endpoint.handle(() => assert.fail('it cannot be authentic'));
      const answer = await new Lockstep(world).oscore(value, payload);
      assert.ok(answer && answer.code >= Code.BadRequest);
    }),
    { numRuns: 150 },
  );
});
