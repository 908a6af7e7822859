/** Whole exchanges between two endpoints, in virtual time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, findOption, type IncomingRequest, type IncomingResponse, OptionNumber, textOption } from '@yaolian/coap';
import { decodeUtf8, emptyBytes, encodeHex, seconds } from '@yaolian/kernel';
import {
  clientAddress,
  clientCredentials,
  hex,
  mirrored,
  serverAddress,
  serverCredentials,
  text,
  World,
} from '../test/world.ts';
import { OscoreAead, OscoreKdf } from './algorithms.ts';
import { requireOscore } from './require-oscore.ts';

test('RFC 8613 Appendix A.1: code, path and payload are hidden, and come back', async () => {
  const world = new World();
  const { time, client, server, sent } = world;
  let seen: IncomingRequest | undefined;
  server.endpoint.handle((request) => {
    seen = request;
    return { code: Code.Content, contentFormat: 0, payload: text('alarm off') };
  });
  const peer = await world.serverPeer();
  const asked = client.endpoint.request(peer, { method: Code.PUT, path: '/alarm_status', payload: text('quiet') });
  const answer = await time.until(asked, seconds(5));
  assert.equal(answer.code, Code.Content);
  assert.equal(answer.contentFormat, 0);
  assert.equal(decodeUtf8(answer.payload), 'alarm off');
  assert.equal(answer.peer, peer);
  assert.equal(seen?.method, Code.PUT);
  assert.deepEqual(seen?.path, ['alarm_status']);
  assert.equal(decodeUtf8(seen!.payload), 'quiet');
  assert.deepEqual(
    sent.map(({ message }) => message.code),
    [Code.POST, Code.Changed],
  );
  assert.deepEqual(
    sent.map(({ message }) => message.options.map(({ number }) => number)),
    [[OptionNumber.OSCORE], [OptionNumber.OSCORE]],
  );
  assert.deepEqual(world.headers(clientAddress), ['0900']);
  assert.deepEqual(world.headers(serverAddress), [''], 'the nonce of the request, and no kid');
  const wire = Buffer.concat(sent.map(({ datagram }) => datagram)).toString('latin1');
  for (const secret of ['alarm', 'quiet']) assert.ok(!wire.includes(secret), secret);
});

test('the handler is told who asks', async () => {
  const world = new World();
  world.server.endpoint.handle(({ peer }) => {
    assert.equal(peer.identity?.kind, 'oscore');
    assert.equal(peer.address.key, clientAddress.key);
    assert.match(peer.key, /^oscore:[0-9a-f]{16}$/);
    return { code: Code.Content, payload: text(peer.identity.identity) };
  });
  const asked = world.client.endpoint.request(await world.serverPeer(), { method: Code.GET });
  assert.equal(decodeUtf8((await world.time.until(asked, seconds(5))).payload), 'the client');
});

test('a resource can demand protection, and plain peers are served beside', async () => {
  const world = new World();
  const { time, client, server } = world;
  const secret = requireOscore(() => ({ code: Code.Content, payload: text('secret') }));
  server.endpoint.handle((request) => (request.path[0] === 'secret' ? secret(request) : { code: Code.Content }));
  const ask = async (peer: typeof serverAddress | Awaited<ReturnType<World['serverPeer']>>, path: string) =>
    (await time.until(client.endpoint.request(peer, { method: Code.GET, path }), seconds(5))).code;
  const peer = await world.serverPeer();
  assert.equal(await ask(peer, '/secret'), Code.Content);
  assert.equal(await ask(serverAddress, '/secret'), Code.Unauthorized);
  assert.equal(await ask(serverAddress, '/open'), Code.Content);
});

test('both sides ask over one context, each with its own numbers', async () => {
  const world = new World();
  const { time, client, server } = world;
  let clientPeer: IncomingRequest['peer'] | undefined;
  server.endpoint.handle(({ peer }) => {
    clientPeer = peer;
    return { code: Code.Changed };
  });
  const peer = await world.serverPeer();
  client.endpoint.handle((request) => {
    assert.equal(request.peer, peer, 'the server that asks is the one that is asked');
    return { code: Code.Content, payload: text('client here') };
  });
  await time.until(client.endpoint.request(peer, { method: Code.POST, path: '/rd' }), seconds(5));
  const answer = await time.until(server.endpoint.request(clientPeer!, { method: Code.GET, path: '/3' }), seconds(5));
  assert.equal(decodeUtf8(answer.payload), 'client here');
  assert.deepEqual(world.headers(serverAddress), ['', '090001']);
});

test('every AEAD and key derivation', async () => {
  for (const aead of Object.values(OscoreAead)) {
    for (const kdf of Object.values(OscoreKdf)) {
      const credentials = { ...clientCredentials, aead, kdf, senderId: hex('0a'), recipientId: hex('0b') };
      const findCredentials = () => mirrored(credentials, 'other');
      const world = new World({ server: { oscore: { findCredentials } } });
      world.server.endpoint.handle(({ payload }) => ({ code: Code.Content, payload }));
      const peer = await world.serverPeer(credentials);
      const asked = world.client.endpoint.request(peer, { method: Code.POST, payload: text('x') });
      assert.equal(decodeUtf8((await world.time.until(asked, seconds(5))).payload), 'x', `${aead} ${kdf}`);
    }
  }
});

test('RFC 8613 §5.1: the ID Context goes with requests, and finds the context', async () => {
  const credentials = { ...clientCredentials, idContext: hex('37cbf3210017a2d3') };
  const questions: string[] = [];
  const world = new World({
    server: {
      oscore: {
        findCredentials: ({ kid, kidContext }) => {
          questions.push(`${encodeHex(kid)}@${kidContext && encodeHex(kidContext)}`);
          return mirrored(credentials, 'x');
        },
      },
    },
  });
  world.server.endpoint.handle(({ peer }) => {
    assert.ok(peer.identity?.kind === 'oscore');
    return { code: Code.Content, payload: peer.identity.idContext! };
  });
  const peer = await world.serverPeer(credentials);
  for (let i = 0; i < 2; i++) {
    const asked = world.client.endpoint.request(peer, { method: Code.GET });
    assert.equal(encodeHex((await world.time.until(asked, seconds(5))).payload), '37cbf3210017a2d3');
  }
  assert.deepEqual(questions, ['@37cbf3210017a2d3']);
  assert.deepEqual(world.headers(clientAddress), ['19000837cbf3210017a2d3', '19010837cbf3210017a2d3']);
});

test('RFC 8613 §4.1.3.4.1: bodies in both directions go in Inner blocks', async () => {
  const world = new World();
  const body = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251);
  world.server.endpoint.handle(({ payload, path }) => ({
    code: Code.Content,
    payload: path[0] === 'echo' ? payload : body,
  }));
  const peer = await world.serverPeer();
  for (const path of ['/echo', '/get']) {
    const request = { method: Code.POST, path, payload: path === '/echo' ? body : emptyBytes };
    const answer = await world.time.until(world.client.endpoint.request(peer, request), seconds(60));
    assert.deepEqual(answer.payload, body, path);
  }
  for (const { message } of world.sent) {
    assert.ok(message.bytes.length < 1100);
    for (const block of [OptionNumber.Block1, OptionNumber.Block2]) assert.ok(!findOption(message.options, block));
  }
});

test('RFC 8613 §4.1.3.2, RFC 8768: what proxies need is outside, and the server sees it', async () => {
  const world = new World();
  let seen: readonly number[] = [];
  world.server.endpoint.handle((request) => {
    seen = request.options.map(({ number }) => number);
    return { code: Code.Valid };
  });
  const { endpoint } = world.client;
  const options = [
    textOption(OptionNumber.UriHost, 'example.org'),
    { number: OptionNumber.HopLimit, value: hex('05') },
  ];
  const asked = endpoint.request(await world.serverPeer(), { method: Code.GET, path: '/x', options, query: ['a=1'] });
  assert.equal((await world.time.until(asked, seconds(5))).code, Code.Valid);
  const outside = world.sent[0]!.message.options.map(({ number }) => number);
  assert.deepEqual(outside, [OptionNumber.UriHost, OptionNumber.OSCORE, OptionNumber.HopLimit]);
  assert.deepEqual(seen, [OptionNumber.UriHost, OptionNumber.UriPath, OptionNumber.UriQuery, OptionNumber.HopLimit]);
});

test('RFC 8613 §4.1.3.6, §4.1: No-Response, and options that nobody knows, are Inner', async () => {
  const world = new World();
  let seen: readonly number[] = [];
  world.server.endpoint.handle((request) => {
    seen = request.options.map(({ number }) => number);
    return { code: Code.Valid };
  });
  const options = [258, 2052].map((number) => ({ number, value: hex('1a') }));
  const asked = world.client.endpoint.request(await world.serverPeer(), { method: Code.GET, options });
  assert.equal((await world.time.until(asked, seconds(5))).code, Code.Valid);
  assert.deepEqual(seen, [258, 2052]);
  assert.deepEqual(
    world.sent[0]!.message.options.map(({ number }) => number),
    [OptionNumber.OSCORE],
  );
});

test('RFC 8613 §4.1.3.3: a Proxy-Uri tells the proxy where to, and nothing else', async () => {
  const world = new World();
  const asked = world.client.endpoint.request(await world.serverPeer(), {
    method: Code.GET,
    options: [textOption(OptionNumber.ProxyUri, 'coap://example.com/resource?q=1')],
  });
  const answer = await world.time.until(asked, seconds(5));
  assert.equal(answer.code, Code.ProxyingNotSupported, 'the server is no proxy, and says so under protection');
  const proxyUri = findOption(world.sent[0]!.message.options, OptionNumber.ProxyUri);
  assert.equal(decodeUtf8(proxyUri!.value), 'coap://example.com');
  await assert.rejects(
    world.client.endpoint.request(await world.serverPeer(), {
      method: Code.GET,
      options: [textOption(OptionNumber.ProxyUri, 'ftp://example.com/')],
    }),
    RangeError,
  );
});

test('RFC 8613 §4.1.3.7: OSCORE within OSCORE is refused on both sides', async () => {
  const world = new World();
  const options = [{ number: OptionNumber.OSCORE, value: hex('0900') }];
  const request = { method: Code.GET, options };
  await assert.rejects(world.client.endpoint.request(await world.serverPeer(), request), RangeError);
  world.server.endpoint.handle(() => ({ code: Code.Content, options }));
  const asked = world.client.endpoint.request(await world.serverPeer(), { method: Code.GET });
  assert.equal((await world.time.until(asked, seconds(5))).code, Code.InternalServerError);
});

test('error responses of resources are protected; a slow handler answers separately', async () => {
  const world = new World();
  world.server.endpoint.handle(async (request) => {
    await new Promise<void>((resolve) => world.time.schedule(seconds(4), resolve));
    return request.path[0] === 'x' ? { code: Code.NotFound, payload: text('no x') } : undefined;
  });
  const asked = world.client.endpoint.request(await world.serverPeer(), { method: Code.GET, path: '/x' });
  const answer: IncomingResponse = await world.time.until(asked, seconds(20));
  assert.equal(answer.code, Code.NotFound);
  assert.equal(decodeUtf8(answer.payload), 'no x');
  assert.ok(world.sent.every(({ message }) => message.code !== Code.NotFound));
});

test('everything arrives once over a network that loses, doubles and reorders', async () => {
  for (const seed of [1, 2, 3]) {
    const conditions = { loss: 0.2, duplication: 0.2, reordering: 0.2 };
    const world = new World({ seed, conditions, client: { endpoint: { transmission: { nstart: 8 } } } });
    const handled: string[] = [];
    world.server.endpoint.handle(({ payload }) => {
      handled.push(decodeUtf8(payload)!);
      return { code: Code.Changed, payload };
    });
    const peer = await world.serverPeer();
    const answers = Array.from({ length: 50 }, (_, i) =>
      world.client.endpoint.request(peer, { method: Code.POST, payload: text(`r${i}`) }).then(
        (response) => decodeUtf8(response.payload),
        () => 'lost',
      ),
    );
    const results = await world.time.until(Promise.all(answers), seconds(3000));
    assert.ok(results.filter((result, i) => result === `r${i}`).length >= 45, `seed ${seed}`);
    assert.equal(new Set(handled).size, handled.length);
  }
});

test('credentials that no context can be derived from are refused with the reason', async () => {
  const { client } = new World();
  for (const [wrong, why] of [
    [{ masterSecret: hex('00') }, /at least 16 bytes, not 1/],
    [{ senderId: hex('0102030405060708') }, /at most 7 bytes with this AEAD, not 8/],
    [{ senderId: hex('0102'), aead: OscoreAead.AesCcm64_64_128 }, /at most 1 bytes/],
    [{ senderId: hex('01') }, /the same/],
    [{ idContext: new Uint8Array(256) }, /at most 255 bytes/],
    [{ aead: 99 as OscoreAead }, /no AEAD/],
    [{ kdf: 5 as OscoreKdf }, /HKDF-SHA-256/],
  ] as const) {
    await assert.rejects(client.oscore.open({ ...clientCredentials, ...wrong }, serverAddress), (error: Error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, why);
      return true;
    });
  }
  assert.equal(serverCredentials.name, 'the client');
});
