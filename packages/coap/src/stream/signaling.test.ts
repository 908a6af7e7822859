import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeUtf8, encodeUtf8, hours, minutes, type Peer, seconds, socketAddress } from '@yaolian/kernel';
import { createStreamWorld, StreamPeerScript, type StreamWorld } from '../../test/stream-world.ts';
import { Code } from '../codes.ts';
import type { OutgoingResponse } from '../exchange.ts';
import { findUint, textOption } from '../option-values.ts';
import { OptionNumber } from '../options.ts';
import { SignalCode, SignalOption } from './signaling.ts';

const get = { options: [textOption(OptionNumber.UriPath, 'x')], token: Uint8Array.of(9) };
const empty = new Uint8Array(0);

/** A peer whose CSM was exchanged. */
async function greeted(world: StreamWorld, host?: string): Promise<StreamPeerScript> {
  const peer = await StreamPeerScript.connect(world, host);
  peer.sendMessage(SignalCode.Csm);
  await peer.receive();
  return peer;
}

/** The Abort that a peer got, with its diagnostic, and nothing after it. */
async function abortOf(peer: StreamPeerScript): Promise<string> {
  const messages = await peer.receive();
  const last = messages.at(-1);
  assert.equal(last?.code, SignalCode.Abort);
  assert.ok(peer.closed, 'the connection is closed');
  return decodeUtf8(last.payload)!;
}

describe('CSM (RFC 8323 §5.3)', () => {
  it('RFC 8323: both sides send it first, with Max-Message-Size and Block-Wise-Transfer', async () => {
    const world = createStreamWorld();
    await world.time.until(world.client.request(world.serverPeer, { method: Code.GET }), seconds(1));
    assert.deepEqual(world.signals.map(({ from }) => from).sort(), ['client', 'server']);
    for (const { message } of world.signals) {
      assert.equal(message.code, SignalCode.Csm);
      assert.equal(findUint(message.options, SignalOption.MaxMessageSize), 65 * 1024);
      assert.ok(message.options.some(({ number }) => number === SignalOption.BlockWiseTransfer));
    }
  });

  it('RFC 8323: a connection whose first message is another is aborted', async () => {
    for (const code of [Code.GET, SignalCode.Ping, Code.Content, 0]) {
      const world = createStreamWorld();
      const peer = await StreamPeerScript.connect(world);
      peer.sendMessage(code);
      assert.match(await abortOf(peer), /CSM/);
    }
  });

  it('RFC 8323: an unknown critical option aborts the connection, and the Abort names it; an elective one is ignored', async () => {
    const world = createStreamWorld();
    const peer = await StreamPeerScript.connect(world);
    peer.sendMessage(SignalCode.Csm, { options: [{ number: 8, value: empty }] });
    peer.sendMessage(Code.GET, get);
    assert.equal((await peer.receive())[0]?.code, Code.NotFound);
    peer.sendMessage(SignalCode.Csm, { options: [{ number: 9, value: empty }] });
    const [abort] = await peer.receive();
    assert.equal(abort?.code, SignalCode.Abort);
    assert.equal(findUint(abort.options, SignalOption.BadCsmOption), 9);
    assert.ok(peer.closed);
  });

  it('whoever sends none is aborted in time', async () => {
    const world = createStreamWorld();
    const peer = await StreamPeerScript.connect(world);
    await world.time.advance(seconds(8));
    assert.equal(peer.closed, undefined);
    await world.time.advance(seconds(2));
    assert.match(await abortOf(peer), /no CSM/);
  });

  it('a client waits for it before it asks, and fails in time', async () => {
    const world = createStreamWorld();
    StreamPeerScript.listen(world, '192.0.2.50');
    const asking = world.client.request(socketAddress('192.0.2.50', 5683), { method: Code.GET });
    await assert.rejects(world.time.until(asking, seconds(60)), { code: 'COAP_CONNECT_FAILED' });
    assert.equal(world.sent.length, 0);
  });
});

describe('Ping and Pong (RFC 8323 §5.4)', () => {
  it('RFC 8323: a Ping is answered with its token', async () => {
    const world = createStreamWorld();
    const peer = await greeted(world);
    peer.sendMessage(SignalCode.Ping, { token: Uint8Array.of(1, 2) });
    const [pong] = await peer.receive();
    assert.equal(pong?.code, SignalCode.Pong);
    assert.deepEqual([...pong.token], [1, 2]);
    assert.equal(pong.options.length, 0);
  });

  it('a Pong without a token, as libcoap 4.3 sends it, is of the oldest Ping', async () => {
    const world = createStreamWorld();
    let from: Peer | undefined;
    world.server.handle((request) => {
      from = request.peer;
      return { code: Code.Content };
    });
    const peer = await greeted(world);
    peer.sendMessage(Code.GET, get);
    await peer.receive();
    const done: number[] = [];
    const pings = [1, 2].map((n) => world.server.ping(from!).then(() => done.push(n)));
    await peer.receive();
    peer.sendMessage(SignalCode.Pong);
    await world.time.advance(seconds(1));
    assert.deepEqual(done, [1]);
    peer.sendMessage(SignalCode.Pong);
    await Promise.all(pings.map((ping) => world.time.until(ping, seconds(1))));
  });

  it('RFC 8323: with Custody the Pong comes behind the answers to what came before', async () => {
    const world = createStreamWorld();
    const { promise, resolve } = Promise.withResolvers<OutgoingResponse>();
    world.server.handle(() => promise);
    const peer = await greeted(world);
    const custody = { options: [{ number: SignalOption.Custody, value: empty }] };
    peer.sendMessage(Code.GET, get);
    peer.sendMessage(SignalCode.Ping, { ...custody, token: Uint8Array.of(7) });
    peer.sendMessage(SignalCode.Ping, { token: Uint8Array.of(8) });
    const before = await peer.receive();
    assert.deepEqual(
      before.map(({ token }) => [...token]),
      [[8]],
    );
    resolve({ code: Code.Content });
    const after = await peer.receive();
    assert.deepEqual(
      after.map(({ code }) => code),
      [Code.Content, SignalCode.Pong],
    );
    assert.equal(after[1]!.options[0]?.number, SignalOption.Custody);
    peer.sendMessage(SignalCode.Ping, custody);
    assert.equal((await peer.receive())[0]?.options[0]?.number, SignalOption.Custody);
  });

  it('a silent peer is asked whether it is there, and given up when it is not', async () => {
    const world = createStreamWorld({ server: { timing: { pingAfter: minutes(5), pingTimeout: seconds(20) } } });
    const peer = await greeted(world);
    await world.time.advance(minutes(5));
    const [ping] = await peer.receive();
    assert.equal(ping?.code, SignalCode.Ping);
    peer.sendMessage(SignalCode.Pong, { token: ping.token });
    await world.time.advance(minutes(4));
    assert.equal(world.server.connections, 1);
    world.streams.silent = true;
    await world.time.advance(minutes(2));
    assert.equal(world.server.connections, 0);
  });

  it('an Empty message is a sign of life and no more (RFC 8323 §3.4)', async () => {
    const world = createStreamWorld();
    const peer = await greeted(world);
    peer.sendMessage(0);
    assert.deepEqual(await peer.receive(), []);
    assert.equal(peer.closed, undefined);
  });
});

describe('Release (RFC 8323 §5.5)', () => {
  it('RFC 8323: what is under way is finished, then the connection ends; the next request makes another', async () => {
    const world = createStreamWorld();
    const answers: ((response: OutgoingResponse) => void)[] = [];
    world.server.handle(({ peer }) => {
      if (answers.length === 0) setImmediate(() => world.server.release(peer));
      return new Promise((resolve) => answers.push(resolve));
    });
    const first = world.client.request(world.serverPeer, { method: Code.GET });
    await world.time.advance(seconds(1));
    const second = world.client.request(world.serverPeer, { method: Code.GET });
    await world.time.advance(seconds(1));
    assert.equal(answers.length, 2, 'the second came over another connection');
    for (const answer of answers) answer({ code: Code.Content });
    assert.equal((await world.time.until(first, seconds(1))).code, Code.Content);
    assert.equal((await world.time.until(second, seconds(1))).code, Code.Content);
    await world.time.advance(seconds(1));
    assert.equal(world.server.connections, 1);
  });

  it('RFC 8323: Hold-Off is kept', async () => {
    const world = createStreamWorld();
    let peer = world.serverPeer;
    world.server.handle((request) => {
      peer = request.peer;
      return { code: Code.Content };
    });
    const ask = () => world.time.until(world.client.request(world.serverPeer, { method: Code.GET }), seconds(10));
    await ask();
    world.server.release(peer, { holdOffSeconds: 30 });
    await world.time.advance(seconds(1));
    await assert.rejects(ask(), { code: 'COAP_CONNECT_FAILED', message: /left alone for \d+ s/ });
    await world.time.advance(seconds(30));
    assert.equal((await ask()).code, Code.Content);
  });

  for (const follows of [true, false]) {
    it(`RFC 8323: an Alternative-Address is ${follows ? 'followed' : 'not followed where that is switched off'}`, async () => {
      const world = createStreamWorld({ client: { followAlternativeAddress: follows } });
      const elsewhere = world.open({ listener: world.streams.listen('192.0.2.77', 5683) });
      elsewhere.handle(() => ({ code: Code.Content, payload: encodeUtf8('elsewhere') }));
      let peer = world.serverPeer;
      world.server.handle((request) => {
        peer = request.peer;
        return { code: Code.Content, payload: encodeUtf8('here') };
      });
      const ask = async () => {
        const request = world.client.request(world.serverPeer, { method: Code.GET });
        return decodeUtf8((await world.time.until(request, seconds(10))).payload);
      };
      assert.equal(await ask(), 'here');
      world.server.release(peer, { alternativeAddresses: ['no address', '192.0.2.77:5683'] });
      await world.time.advance(seconds(1));
      assert.equal(await ask(), follows ? 'elsewhere' : 'here');
    });
  }
});

describe('Abort (RFC 8323 §5.6)', () => {
  it('RFC 8323: requests under way fail with what the peer said', async () => {
    const world = createStreamWorld();
    const peer = socketAddress('192.0.2.50', 5683);
    const script = StreamPeerScript.listen(world, '192.0.2.50');
    const asking = world.client.request(peer, { method: Code.GET });
    await world.time.advance(seconds(1));
    script.sendMessage(SignalCode.Csm);
    await world.time.advance(seconds(1));
    script.sendMessage(SignalCode.Abort, { payload: encodeUtf8('out of coffee') });
    await assert.rejects(world.time.until(asking, seconds(1)), { code: 'COAP_DISCONNECTED', message: /out of coffee/ });
  });

  it('RFC 8323: malformed messages and unknown critical signaling options abort the connection', async () => {
    const bad: ((peer: StreamPeerScript) => void)[] = [
      (peer) => peer.send(Uint8Array.of(0x0f)),
      (peer) => peer.send(Uint8Array.of(0x10, 0x01, 0xff)),
      (peer) => peer.send(Uint8Array.of(0xf0, 0xff, 0xff, 0xff, 0xff)),
      (peer) => peer.sendMessage(SignalCode.Ping, { options: [{ number: 3, value: empty }] }),
      (peer) => peer.sendMessage(SignalCode.Release, { options: [{ number: 7, value: empty }] }),
    ];
    for (const send of bad) {
      const world = createStreamWorld();
      const peer = await greeted(world);
      send(peer);
      await abortOf(peer);
      assert.equal(world.server.connections, 0);
    }
  });

  it('codes of classes that nobody uses and unknown signals are ignored', async () => {
    const world = createStreamWorld();
    const peer = await greeted(world);
    for (const code of [0x20, 0xc1, 0xe0, 0xff, Code.Content]) peer.sendMessage(code, { token: Uint8Array.of(1) });
    assert.deepEqual(await peer.receive(), []);
    peer.sendMessage(Code.GET, get);
    assert.equal((await peer.receive())[0]?.code, Code.NotFound);
  });
});

describe('block-wise transfer and BERT (RFC 8323 §6)', () => {
  const body = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 9)) & 255);

  async function transfer(options: Parameters<typeof createStreamWorld>[0] = {}) {
    const world = createStreamWorld(options);
    const got: Uint8Array[] = [];
    world.server.handle(({ payload }) => {
      got.push(payload);
      return { code: Code.Content, payload: body };
    });
    const request = { method: Code.POST, path: '/x', payload: body };
    const response = await world.time.until(world.client.request(world.serverPeer, request), seconds(100));
    assert.deepEqual(got, [body]);
    assert.deepEqual(response.payload, body);
    return world;
  }

  const exponents = (world: StreamWorld, number: number) =>
    new Set(world.sent.flatMap(({ message }) => findUint(message.options, number) ?? []).map((value) => value & 7));

  it('RFC 8323: both roles send several blocks in one message', async () => {
    const world = await transfer();
    assert.deepEqual([...exponents(world, OptionNumber.Block1)], [7]);
    assert.deepEqual([...exponents(world, OptionNumber.Block2)], [7]);
    assert.equal(world.sent.length, 2 * (5 + 4), 'five messages of 63 KiB each way, of which one is both');
  });

  it('RFC 8323: a peer that takes 1152 bytes gets blocks of at most 1024', async () => {
    const world = await transfer({ server: { bounds: { maximumMessageBytes: 1152 } }, client: {} });
    assert.deepEqual(
      [...exponents(world, OptionNumber.Block1)].filter((size) => size === 7),
      [],
    );
    for (const { from, message } of world.sent) {
      if (from === 'client') assert.ok(message.bytes.length + 4 <= 1152, `${message.bytes.length}`);
    }
  });

  it('RFC 8323: what the peer takes whole goes whole', async () => {
    const large = 400_000;
    const world = await transfer({
      server: { bounds: { maximumMessageBytes: large } },
      client: { bounds: { maximumMessageBytes: large } },
    });
    assert.equal(world.sent.length, 2);
  });
});

describe('connections', () => {
  it('a request to a peer that has to connect to us says so', async () => {
    const world = createStreamWorld();
    const peer = socketAddress('192.0.2.99', 5683);
    await assert.rejects(world.server.request(peer, { method: Code.GET }), { code: 'COAP_NOT_CONNECTED' });
  });

  it('the server asks over the connection that the client made', async () => {
    const world = createStreamWorld();
    let peer = world.serverPeer;
    world.server.handle((request) => {
      peer = request.peer;
      return { code: Code.Content };
    });
    world.client.handle(() => ({ code: Code.Content, payload: encodeUtf8('the terminal') }));
    await world.time.until(world.client.request(world.serverPeer, { method: Code.GET }), seconds(1));
    const response = await world.time.until(world.server.request(peer, { method: Code.GET }), seconds(1));
    assert.equal(decodeUtf8(response.payload), 'the terminal');
    assert.equal(world.client.connections, 1);
  });

  it('after a loss the next request connects again; one under way fails', async () => {
    const world = createStreamWorld();
    let slow = true;
    world.server.handle(() => (slow ? new Promise(() => {}) : { code: Code.Content }));
    const lost = world.client.request(world.serverPeer, { method: Code.GET });
    await world.time.advance(seconds(1));
    world.streams.cut();
    await assert.rejects(world.time.until(lost, seconds(1)), { code: 'COAP_DISCONNECTED' });
    slow = false;
    const again = world.client.request(world.serverPeer, { method: Code.GET });
    assert.equal((await world.time.until(again, seconds(1))).code, Code.Content);
  });

  it('who gives up connecting is told, and others wait on', async () => {
    const world = createStreamWorld();
    world.streams.silent = true;
    const abort = new AbortController();
    const given = world.client.request(world.serverPeer, { method: Code.GET }, { signal: abort.signal });
    const hasty = world.client.request(world.serverPeer, { method: Code.GET }, { timeout: seconds(2) });
    const patient = world.client.request(world.serverPeer, { method: Code.GET });
    abort.abort();
    await assert.rejects(given, { code: 'COAP_ABORTED' });
    await assert.rejects(world.time.until(hasty, seconds(3)), { code: 'COAP_TIMEOUT' });
    await assert.rejects(world.time.until(patient, seconds(60)), { code: 'COAP_TIMEOUT' });
  });

  it('a day of silence costs no timers but those of pings, and closing leaves none', async () => {
    const world = createStreamWorld();
    await world.time.until(world.client.request(world.serverPeer, { method: Code.GET }), seconds(1));
    await world.time.advance(hours(24));
    assert.equal(world.client.connections, 1);
    const closing = Promise.all([world.client.close(), world.server.close()]);
    await world.time.until(closing, seconds(10));
    await world.time.advance(seconds(1));
    assert.equal(world.time.pending, 0);
    await assert.rejects(world.client.request(world.serverPeer, { method: Code.GET }), { code: 'COAP_CLOSED' });
  });
});
