import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, encodeHex, encodeUtf8, seconds } from '@yaolian/kernel';
import fc from 'fast-check';
import { createWorld, LockstepPeer, peerOf, serverHost, type World } from '../test/world.ts';
import { Code, formatCode } from './codes.ts';
import type { IncomingRequest, IncomingResponse, OutgoingResponse } from './exchange.ts';
import { isCritical, isNoCacheKey, isRecognised, isUnsafe } from './option-registry.ts';
import {
  decodeText,
  decodeUint,
  encodeText,
  encodeUint,
  findAll,
  findOption,
  findTexts,
  findUint,
} from './option-values.ts';
import { type Option, OptionNumber } from './options.ts';
import { merge, pathSegments, requestOptions, responseOptions, withOption } from './outgoing-options.ts';

const empty = new Uint8Array(0);

test('uint values are as short as possible, and longer ones are read too', () => {
  for (const [value, hex] of [
    [0, ''],
    [1, '01'],
    [255, 'ff'],
    [256, '0100'],
    [65_536, '010000'],
    [0xffffffff, 'ffffffff'],
  ] as const) {
    assert.equal(encodeHex(encodeUint(value)), hex);
  }
  assert.equal(decodeUint(Uint8Array.of(0, 0, 0, 5)), 5);
  fc.assert(fc.property(fc.nat(0xffffffff), (value) => decodeUint(encodeUint(value)) === value));
  for (const wrong of [-1, 1.5, 2 ** 32, Number.NaN]) assert.throws(() => encodeUint(wrong), RangeError);
});

test('texts are encoded and decoded as TextEncoder and TextDecoder would', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 80 })), (text) => {
      const bytes = encodeText(text);
      assert.deepEqual(bytes, encodeUtf8(text));
      assert.equal(decodeText(bytes, 0, bytes.length), decodeUtf8(bytes));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => decodeText(bytes, 0, bytes.length) === decodeUtf8(bytes)),
  );
});

test('RFC 7252 §5.4.6: the number says whether an option is critical, unsafe, part of the cache key', () => {
  const numbers = [
    OptionNumber.UriPath,
    OptionNumber.ETag,
    OptionNumber.Size1,
    OptionNumber.MaxAge,
    OptionNumber.ProxyUri,
  ];
  assert.deepEqual(numbers.map(isCritical), [true, false, false, false, true]);
  assert.deepEqual(numbers.map(isUnsafe), [true, false, false, true, true]);
  assert.deepEqual(numbers.map(isNoCacheKey), [false, false, true, false, false]);
});

test('RFC 7252 §5.4.3, §5.4.5: wrong lengths and supernumerary options are not recognised', () => {
  assert.ok(isRecognised(OptionNumber.UriPath, 255, true));
  assert.ok(!isRecognised(OptionNumber.UriPath, 256, false));
  assert.ok(isRecognised(OptionNumber.Accept, 2, false));
  assert.ok(!isRecognised(OptionNumber.Accept, 2, true));
  assert.ok(!isRecognised(OptionNumber.UriHost, 0, false));
  assert.ok(isRecognised(OptionNumber.IfMatch, 0, true));
  assert.ok(!isRecognised(9, 0, false));
  assert.ok(!isRecognised(64_999, 0, false));
});

test('options are found by number', () => {
  const options = [
    { number: 8, value: encodeUtf8('a') },
    { number: 8, value: Uint8Array.of(0xff) },
    { number: 14, value: Uint8Array.of(1, 0) },
    { number: 60, value: new Uint8Array(5) },
  ];
  assert.equal(findOption(options, 14), options[2]);
  assert.equal(findOption(options, 15), undefined);
  assert.equal(findUint(options, 14), 256);
  assert.equal(findUint(options, 60), undefined);
  assert.equal(findAll(options, 8).length, 2);
  assert.deepEqual(findTexts(options, 8), ['a']);
});

test('paths are given as people write them', () => {
  assert.deepEqual(pathSegments('/rd/5a'), ['rd', '5a']);
  assert.deepEqual(pathSegments('rd/5a'), ['rd', '5a']);
  assert.deepEqual(pathSegments('/'), []);
  assert.deepEqual(pathSegments(''), []);
  assert.deepEqual(pathSegments('/a/'), ['a', '']);
  assert.deepEqual(pathSegments('/a%2Fb/%E9%81%A5'), ['a/b', '遥']);
  assert.deepEqual(pathSegments(['a/b', '%41']), ['a/b', '%41']);
  assert.deepEqual(pathSegments('/a/../b'), ['b']);
  for (const wrong of ['/%', '/%ff', ['a', '..'], ['.']]) assert.throws(() => pathSegments(wrong), RangeError);
});

function numbers(options: readonly Option[]): number[] {
  return options.map(({ number }) => number);
}

test('requests and responses become options in order', () => {
  const request = requestOptions({
    method: Code.PUT,
    path: '/a/b',
    query: ['x=1'],
    contentFormat: 0,
    accept: 60,
    etags: [Uint8Array.of(1)],
    ifMatch: [empty, Uint8Array.of(2)],
    ifNoneMatch: true,
    options: [{ number: OptionNumber.UriHost, value: encodeUtf8('host') }],
  });
  assert.deepEqual(numbers(request), [1, 1, 3, 4, 5, 11, 11, 12, 15, 17]);
  const response = responseOptions({
    code: Code.Created,
    contentFormat: 0,
    etag: Uint8Array.of(1),
    maxAge: seconds(1.5),
    locationPath: ['rd', '1'],
    locationQuery: ['q'],
    options: [{ number: 2048, value: empty }],
  });
  assert.deepEqual(numbers(response), [4, 8, 8, 12, 14, 20, 2048]);
  assert.equal(findUint(response, OptionNumber.MaxAge), 2);
});

test('what does not fit an option is the caller’s mistake', () => {
  const wrong: Parameters<typeof requestOptions>[0][] = [
    { method: 1, path: ['x'.repeat(256)] },
    { method: 1, query: ['遥'.repeat(86)] },
    { method: 1, accept: 65_536 },
    { method: 1, contentFormat: -1 },
    { method: 1, etags: [empty] },
    { method: 1, ifMatch: [new Uint8Array(9)] },
    { method: 1, options: [{ number: -1, value: empty }] },
  ];
  for (const request of wrong) assert.throws(() => requestOptions(request), RangeError);
});

test('an option takes its place among the others', () => {
  const options = [
    { number: 4, value: empty },
    { number: 12, value: empty },
  ];
  assert.deepEqual(numbers(withOption(options, { number: 6, value: empty })), [4, 6, 12]);
  assert.deepEqual(numbers(withOption(options, { number: 12, value: empty })), [4, 12]);
  assert.deepEqual(numbers(withOption([], { number: 12, value: empty })), [12]);
  assert.deepEqual(numbers(merge([...options], [{ number: 5, value: empty }])), [4, 5, 12]);
});

function ask(world: World, options: readonly Option[], confirmable = true): Promise<IncomingResponse> {
  return world.time.until(
    world.client.request(world.serverPeer, { method: Code.GET, options, confirmable }),
    seconds(5),
  );
}

async function answered(handler: (request: IncomingRequest) => OutgoingResponse, options: readonly Option[]) {
  const world = createWorld({ server: { additionalOptions: [65_001] } });
  world.server.handle(handler);
  const response = await ask(world, options);
  return { code: formatCode(response.code), text: decodeUtf8(response.payload)! };
}

const fine = () => ({ code: Code.Content });

test('critical options that are not understood are 4.02 with a text that names them', async () => {
  const refused = await answered(fine, [{ number: 9, value: empty }]);
  assert.equal(refused.code, '4.02');
  assert.match(refused.text, /option 9/);
});

test('an application can understand more', async () => {
  let seen: readonly Option[] = [];
  const handler = (request: IncomingRequest) => {
    seen = request.options;
    return { code: Code.Content };
  };
  assert.equal((await answered(handler, [{ number: 65_001, value: Uint8Array.of(1) }])).code, '2.05');
  assert.deepEqual(seen, [{ number: 65_001, value: Uint8Array.of(1) }]);
});

test('Uri-Host and Uri-Port are accepted, proxying is not', async () => {
  const host = { number: OptionNumber.UriHost, value: encodeUtf8('example.net') };
  assert.equal((await answered(fine, [host, { number: OptionNumber.UriPort, value: encodeUint(5683) }])).code, '2.05');
  assert.equal((await answered(fine, [{ number: OptionNumber.UriHost, value: Uint8Array.of(0xff) }])).code, '4.00');
  // RFC 7252 §5.10.2
  const proxy = { number: OptionNumber.ProxyUri, value: encodeUtf8('coap://example.net/') };
  assert.equal((await answered(fine, [proxy])).code, '5.05');
  const scheme = { number: OptionNumber.ProxyScheme, value: encodeUtf8('http') };
  assert.equal((await answered(fine, [host, scheme])).code, '5.05');
});

test('the handler sees the request, the caller the response', async () => {
  const world = createWorld();
  let seen: IncomingRequest | undefined;
  world.server.handle((request) => {
    seen = request;
    return {
      code: Code.Created,
      contentFormat: 11542,
      etag: Uint8Array.of(1, 2),
      maxAge: seconds(7),
      locationPath: ['rd', '遥'],
      locationQuery: ['a=b'],
      payload: Uint8Array.of(9),
    };
  });
  const response = await world.time.until(
    world.client.request(world.serverPeer, {
      method: Code.POST,
      path: '/rd',
      query: ['ep=遥联', 'lt=60'],
      contentFormat: 40,
      accept: 11542,
      payload: encodeUtf8('</1>'),
    }),
    seconds(5),
  );
  assert.equal(seen!.method, Code.POST);
  assert.deepEqual(seen!.path, ['rd']);
  assert.deepEqual(seen!.query, ['ep=遥联', 'lt=60']);
  assert.equal(seen!.contentFormat, 40);
  assert.equal(seen!.accept, 11542);
  assert.equal(decodeUtf8(seen!.payload), '</1>');
  assert.equal(seen!.peer.key, '192.0.2.1:5683');
  assert.deepEqual([seen!.confirmable, seen!.multicast, seen!.cancelsObservation], [true, false, false]);
  assert.equal(seen!.observer, undefined);
  assert.equal(response.contentFormat, 11542);
  assert.deepEqual(response.etag, Uint8Array.of(1, 2));
  assert.equal(response.maxAge, 7000);
  assert.deepEqual(response.locationPath, ['rd', '遥']);
  assert.deepEqual(response.locationQuery, ['a=b']);
  assert.deepEqual(response.payload, Uint8Array.of(9));
  assert.equal(response.peer.key, '192.0.2.2:5683');
});

test('without Max-Age an answer is fresh for a minute', async () => {
  const world = createWorld();
  assert.equal((await ask(world, [])).maxAge, 60_000);
});

test('more handlers at work than may be: 5.03 with Max-Age', async () => {
  const world = createWorld({ server: { bounds: { maximumHandlers: 2 } } });
  const release: (() => void)[] = [];
  world.server.handle(() => new Promise((resolve) => release.push(() => resolve({ code: Code.Content }))));
  const peers = ['192.0.2.31', '192.0.2.32', '192.0.2.33'].map(
    (host) => new LockstepPeer(world, host, peerOf(serverHost)),
  );
  for (const peer of peers) peer.send({ code: Code.GET, messageId: 1 });
  await world.time.advance(seconds(1));
  assert.deepEqual(
    peers.map(({ received }) => received.map(({ code }) => formatCode(code))),
    [['0.00'], ['0.00'], ['5.03']],
  );
  for (const go of release) go();
  await world.time.advance(seconds(1));
  const response = await peers[0]!.receive();
  assert.equal(response.code, 0);
  peers[2]!.received.length = 0;
  peers[2]!.send({ code: Code.GET, messageId: 2 });
  await world.time.advance(seconds(1));
  assert.equal(peers[2]!.received[0]!.code, 0);
});
