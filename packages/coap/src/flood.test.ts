import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type DatagramListener,
  deafMeter,
  hours,
  type Meter,
  milliseconds,
  minutes,
  type Peer,
  seconds,
  socketAddress,
} from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { createWorld, describeMessage, LockstepPeer, peerOf, text, transcript } from '../test/world.ts';
import { type Block, blockOption } from './block-option.ts';
import { Code } from './codes.ts';
import { type CoapEndpointOptions, createCoapEndpoint } from './endpoint.ts';
import type { Observer, RequestHandler } from './exchange.ts';
import { decodeMessage, type MessageFields, MessageType } from './message.ts';
import { encodeMessage } from './message-encoder.ts';
import { findOption, uintOption } from './option-values.ts';
import { type Option, OptionNumber } from './options.ts';
import { Admission, RateLimiter } from './rate-limiter.ts';

// What strangers can make an endpoint keep is bounded, whatever they send and from however many addresses.

const kibibyte = 1024;

/** An endpoint on a port that counts, and its gauges. */
function target(handler: RequestHandler, bounds: CoapEndpointOptions['bounds'] = {}) {
  const time = new VirtualTime();
  const gauges = new Map<string, () => number>();
  const meter: Meter = {
    ...deafMeter,
    gauge: (name: string, _help: string, read: () => number) => void gauges.set(name, read),
  };
  let listener: DatagramListener | undefined;
  const codes: number[] = [];
  const endpoint = createCoapEndpoint({
    port: {
      localAddress: socketAddress('192.0.2.2', 5683),
      listen: (one) => {
        listener = one;
      },
      send: (datagram) => void codes.push(datagram[1]!),
      close: async () => {},
    },
    clock: time,
    timers: time,
    random: new SeededRandom(1),
    meter,
    bounds,
  });
  endpoint.handle(handler);
  return {
    time,
    codes,
    endpoint,
    gauge: (name: string) => gauges.get(`coap_${name}`)!(),
    receive: (datagram: Uint8Array, from: Peer) => listener!.onDatagram(datagram, from, false),
  };
}

function datagram(fields: Partial<MessageFields>): Uint8Array {
  const nothing = new Uint8Array(0);
  return encodeMessage({ type: 0, code: 1, messageId: 1, token: nothing, options: [], payload: nothing, ...fields });
}

function stranger(n: number): Peer {
  return socketAddress(`198.51.${(n >> 8) & 255}.${n & 255}`, 1024 + (n % 60_000));
}

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('300,000 datagrams of all kinds from strangers leave nothing behind but the bounded memory of what came', async () => {
  const victim = target(
    (request) => ({ code: Code.Content, payload: new Uint8Array(request.path.length > 0 ? 3000 : 4) }),
    {
      deduplicationBytes: 512 * kibibyte,
      maximumKeptBodyBytes: 256 * kibibyte,
      maximumUploadBytes: 256 * kibibyte,
      maximumObserverBytes: 64 * kibibyte,
    },
  );
  const random = new SeededRandom(7);
  const send = (count: number) => {
    for (let i = 0; i < count; i++) {
      const n = random.uint32();
      const code = [0, 1, 1, 2, 5, 0x45, 0x45, 0xff, 9][n % 9]!;
      const options: Option[] = [];
      if (n & 0x10000) options.push(uintOption(OptionNumber.Observe, (n >> 17) & 1));
      if (n & 0x80000) options.push({ number: OptionNumber.UriPath, value: text(`p${n & 255}`) });
      if (n & 0x100000) options.push(uintOption(OptionNumber.Block1, 8));
      const type = ((n >> 5) & 3) as MessageType;
      const token = Uint8Array.of(n, n >> 8);
      const payload = new Uint8Array(code === 0 ? 0 : 16);
      const bytes =
        code === 0 || code === 0xff
          ? Uint8Array.of(0x40 | (type << 4), code, n >> 8, n)
          : datagram({ type, code, messageId: n & 0xffff, token, options, payload });
      if ((n & 0xf0000000) === 0) bytes[n % bytes.length] = n;
      victim.receive(bytes, stranger(n >>> 8));
      victim.codes.length = 0;
    }
  };
  send(100_000);
  const before = heapAfterCollection();
  send(200_000);
  const growth = heapAfterCollection() - before;
  assert.ok(victim.gauge('deduplication_bytes') <= 512 * kibibyte);
  assert.ok(victim.gauge('upload_bytes') <= 256 * kibibyte);
  assert.ok(growth < 1024 * kibibyte, `${growth} bytes more`);
  await victim.time.advance(hours(1));
  assert.equal(victim.gauge('upload_bytes'), 0);
  await victim.endpoint.close();
  assert.equal(victim.time.pending, 0);
});

const first: Block = { number: 0, more: true, size: 16 };

test('half-open uploads in the smallest blocks take the memory that they are reckoned at', () => {
  const victim = target(() => ({ code: Code.Changed }), { maximumUploads: 4000, maximumUploadsPerPeer: 4 });
  const before = heapAfterCollection();
  for (let number = 0; number < 128; number++) {
    for (let n = 0; n < 1000; n++) {
      const options = [blockOption(OptionNumber.Block1, { ...first, number })];
      victim.receive(
        datagram({ code: Code.PUT, messageId: number, options, payload: new Uint8Array(16) }),
        stranger(n),
      );
      victim.codes.length = 0;
    }
  }
  const reckoned = victim.gauge('upload_bytes');
  const taken = heapAfterCollection() - before - victim.gauge('deduplication_bytes');
  assert.ok(reckoned >= 128 * 16 * 1000 && reckoned < 3 * 128 * 16 * 1000, `${reckoned} bytes`);
  assert.ok(taken < 2 * reckoned, `${taken} bytes for ${reckoned}`);
});

test('one peer has so many uploads, all together have so much memory, and what pauses gives way', async () => {
  const victim = target(() => ({ code: Code.Changed }), { maximumUploadsPerPeer: 2, maximumUploadBytes: 1100 });
  let messageId = 0;
  const begin = (peer: Peer, path: string) => {
    const options = [{ number: OptionNumber.UriPath, value: text(path) }, blockOption(OptionNumber.Block1, first)];
    victim.receive(datagram({ code: Code.PUT, messageId: messageId++, options, payload: new Uint8Array(16) }), peer);
    return victim.codes.pop();
  };
  assert.equal(begin(stranger(1), 'a'), Code.Continue);
  assert.equal(begin(stranger(1), 'b'), Code.Continue);
  assert.equal(begin(stranger(1), 'c'), Code.ServiceUnavailable);
  assert.equal(begin(stranger(1), 'a'), Code.Continue);
  assert.equal(begin(stranger(2), 'a'), Code.Continue);
  assert.equal(begin(stranger(3), 'a'), Code.Continue);
  assert.equal(begin(stranger(4), 'a'), Code.ServiceUnavailable);
  await victim.time.advance(seconds(31));
  assert.equal(begin(stranger(4), 'a'), Code.Continue);
});

test('observers cost what they asked with: large requests are answered, but not taken on for ever', () => {
  const observers: Observer[] = [];
  const victim = target(
    (request) => {
      if (request.observer) observers.push(request.observer.accept(() => {}));
      return { code: Code.Content };
    },
    { maximumObserverBytes: 100 * kibibyte },
  );
  for (let n = 0; n < 1000; n++) {
    const options = [uintOption(OptionNumber.Observe, 0)];
    for (let i = 0; i < 4; i++) options.push({ number: OptionNumber.UriPath, value: new Uint8Array(250).fill(97) });
    victim.receive(datagram({ messageId: n, options }), stranger(n));
    assert.equal(victim.codes.pop(), Code.Content);
  }
  assert.ok(observers.length > 10 && observers.length < 30, `${observers.length} observers`);
  for (const observer of observers) observer.end();
  assert.equal(victim.gauge('observers'), 0);
  victim.receive(datagram({ messageId: 5000, options: [uintOption(OptionNumber.Observe, 0)] }), stranger(1));
  assert.equal(victim.gauge('observers'), 1);
});

test('responses that nobody asked for are rejected, every copy alike, and not remembered', () => {
  const victim = target(() => undefined);
  for (let n = 0; n < 1000; n++) {
    for (const type of [MessageType.CON, MessageType.NON, MessageType.CON]) {
      victim.receive(datagram({ type, code: Code.Content, messageId: n }), stranger(n));
      assert.equal(victim.codes.pop(), 0);
    }
  }
  assert.ok(victim.gauge('deduplication_bytes') < kibibyte);
});

// RFC 7641 §7
test('NON notifications are interspersed with CON, and an observer that does not acknowledge goes', async () => {
  const world = createWorld({ server: { transmission: { maximumUnconfirmedNotifications: 3 } } });
  let observer: Observer | undefined;
  world.server.handle((request) => {
    observer = request.observer?.accept(() => {});
    return { code: Code.Content };
  });
  const peer = new LockstepPeer(world, '192.0.2.9', world.serverPeer);
  const options = [uintOption(OptionNumber.Observe, 0)];
  peer.send({ type: MessageType.NON, code: Code.GET, token: Uint8Array.of(1), options });
  await peer.receive();
  const types: string[] = [];
  for (let i = 0; i < 8; i++) {
    observer!.notify({ code: Code.Content });
    const message = await peer.receive();
    types.push(describeMessage(message).slice(0, 3));
    if (message.type === MessageType.CON) peer.send({ type: MessageType.ACK, messageId: message.messageId });
    await world.time.advance(seconds(3));
  }
  assert.deepEqual(types, ['NON', 'NON', 'NON', 'CON', 'NON', 'NON', 'NON', 'CON']);
  for (let i = 0; i < 60; i++) {
    observer!.notify({ code: Code.Content });
    await world.time.advance(seconds(3));
  }
  assert.equal(observer!.active, false);
});

test('even a bucket of one message forgives whoever was quiet', () => {
  const limiter = new RateLimiter({ requestsPerSecond: 1, burst: 1, refusals: 1 });
  const admit = (now: number) => limiter.admit(stranger(1), now);
  const { Admitted, Refused, Silenced } = Admission;
  assert.deepEqual([0, 1, 2].map(admit), [Admitted, Refused, Silenced]);
  assert.deepEqual([10_000, 10_001, 10_002].map(admit), [Admitted, Refused, Silenced]);
});

// RFC 7252 §5.10.1
test('a Uri-Path of dots is a bad option, and does not reach the handler', () => {
  const paths: (readonly string[])[] = [];
  const victim = target((request) => {
    paths.push(request.path);
    return { code: Code.Content };
  });
  for (const [messageId, segment] of ['.', '..', '...', ''].entries()) {
    victim.receive(
      datagram({ messageId, options: [{ number: OptionNumber.UriPath, value: text(segment) }] }),
      stranger(1),
    );
  }
  assert.deepEqual(victim.codes, [Code.BadOption, Code.BadOption, Code.Content, Code.Content]);
  assert.deepEqual(paths, [['...'], ['']]);
});

test('a member of a group that sends its blocks slowly holds nobody up for ever', async () => {
  const world = createWorld();
  const group = peerOf('224.0.1.187');
  const port = world.network.port('192.0.2.10', 5683);
  port.joinGroup('224.0.1.187');
  let delay = milliseconds(1);
  port.listen({
    onDatagram: (bytes, from) => {
      const decoded = decodeMessage(bytes);
      assert.ok(decoded.ok);
      const { type, messageId, token, options } = decoded.value;
      const asked = findOption(options, OptionNumber.Block2)?.value ?? new Uint8Array(0);
      const number = asked.reduce((value, byte) => value * 256 + byte, 0) >> 4;
      const answer = {
        type: type === MessageType.CON ? MessageType.ACK : MessageType.NON,
        code: Code.Content,
        messageId,
        token,
        options: [blockOption(OptionNumber.Block2, { number, more: true, size: 16 })],
        payload: new Uint8Array(16),
      };
      world.time.schedule(delay, () => port.send(datagram(answer), from));
      delay = seconds(40);
    },
  });
  const started = world.time.monotonic();
  const responses = await world.time.until(world.client.requestGroup(group, { method: Code.GET }), hours(10));
  assert.deepEqual(responses, []);
  assert.ok(world.time.monotonic() - started < minutes(5), transcript(world.sent).join('\n'));
  const controller = new AbortController();
  delay = milliseconds(1);
  const asked = world.client.requestGroup(group, { method: Code.GET }, { signal: controller.signal });
  const aborted = assert.rejects(asked, { code: 'COAP_ABORTED' });
  await world.time.advance(seconds(20));
  controller.abort();
  await aborted;
});
