import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DatagramListener, deafMeter, milliseconds, type Peer, seconds, socketAddress } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import fc from 'fast-check';
import { Code } from './codes.ts';
import { createCoapEndpoint } from './endpoint.ts';
import type { Observer } from './exchange.ts';
import { decodeMessage, type MessageFields, MessageType } from './message.ts';
import { encodeMessage } from './message-encoder.ts';
import { type Option, OptionNumber } from './options.ts';

/** Messages that are right in form and wild in content, and some that are not even right in form. */
const option: fc.Arbitrary<Option> = fc.record({
  number: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...Object.values(OptionNumber)) },
    { weight: 1, arbitrary: fc.nat(300) },
  ),
  value: fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.constant(new Uint8Array(0)), fc.uint8Array({ maxLength: 20 })),
});
const message: fc.Arbitrary<MessageFields> = fc.record({
  type: fc.constantFrom(...Object.values(MessageType)),
  code: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom(Code.Content, Code.Continue, Code.NotFound)),
  messageId: fc.nat(12),
  token: fc.constantFrom(new Uint8Array(0), Uint8Array.of(1), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
  options: fc.array(option, { maxLength: 5 }).map((options) => options.toSorted((a, b) => a.number - b.number)),
  payload: fc.constantFrom(new Uint8Array(0), new Uint8Array(16), new Uint8Array(64).fill(7)),
});
const datagram = fc.oneof(
  { weight: 10, arbitrary: message.map(encodeMessage) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('40', '70', '60').map((first) => Uint8Array.of(Number.parseInt(first, 16), 0, 0, 3)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
);
const step = fc.record({
  datagram,
  peer: fc.nat(2),
  multicast: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  pause: fc.constantFrom(0, 0, 1, 50, 3000, 100_000),
});

test('whatever comes in whatever order: no fault of ours, nothing malformed goes out, and all is quiet after closing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(), async (steps, seed) => {
      const time = new VirtualTime();
      const faults: string[] = [];
      let listener: DatagramListener | undefined;
      const endpoint = createCoapEndpoint({
        port: {
          localAddress: socketAddress('192.0.2.2', 5683),
          listen: (one) => {
            listener = one;
          },
          send: (bytes) => {
            const decoded = decodeMessage(bytes);
            if (!decoded.ok) faults.push(decoded.error.reason);
          },
          close: async () => {},
        },
        clock: time,
        timers: time,
        random: new SeededRandom(seed),
        log: {
          debug() {},
          info() {},
          warn() {},
          error: (text) => faults.push(text),
          child: () => assert.fail('unused'),
        },
        meter: deafMeter,
        blockSize: 16,
        bounds: { maximumBodyBytes: 200, maximumUploads: 2, maximumObservers: 2, deduplicationBytes: 4096 },
      });
      const observers: Observer[] = [];
      endpoint.handle(async (request) => {
        if (request.observer) observers.push(request.observer.accept(() => {}));
        for (const observer of observers) observer.notify({ code: Code.Content, payload: new Uint8Array(40) });
        if (request.path.length > 1) await new Promise<void>((resolve) => time.schedule(seconds(1), resolve));
        return { code: request.query.length > 0 ? Code.NotFound : Code.Content, payload: new Uint8Array(40) };
      });
      const peers: Peer[] = [1, 2, 3].map((port) => socketAddress('192.0.2.1', port));
      for (const peer of peers) void endpoint.request(peer, { method: Code.GET }).catch(() => undefined);
      for (const one of steps) {
        listener!.onDatagram(one.datagram, peers[one.peer]!, one.multicast);
        if (one.pause > 0) await time.advance(milliseconds(one.pause));
      }
      await time.advance(seconds(1));
      await endpoint.close();
      await time.advance(seconds(1));
      assert.deepEqual(faults, []);
      assert.ok(observers.every((observer) => !observer.active));
      assert.equal(time.pending, 0);
    }),
    { numRuns: 150 },
  );
});
