/** What outlives a process: RFC 8613 §7.2, §7.5, Appendix B.1. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, encodeMessage, findOption, OptionNumber } from '@yaolian/coap';
import { decodeUtf8, encodeHex, seconds } from '@yaolian/kernel';
import { oscoreCrypto } from '@yaolian/node-runtime';
import fc from 'fast-check';
import { clientAddress, clientCredentials, serverAddress, serverCredentials, text, World } from '../test/world.ts';
import type { OscoreCrypto } from './crypto-port.ts';
import { ReplayWindow } from './replay-window.ts';
import { SenderSequence } from './sender-sequence.ts';
import {
  decodeOscoreState,
  encodeOscoreState,
  type OscoreState,
  type OscoreStateStore,
  VolatileOscoreStates,
} from './state-store.ts';

/** A store whose writes take until they are let go. */
class SlowStates implements OscoreStateStore {
  readonly kept = new VolatileOscoreStates();
  readonly saved: OscoreState[] = [];
  slow = false;
  broken = false;
  #held: (() => void)[] = [];

  load(id: string) {
    return this.kept.load(id);
  }

  save(id: string, state: OscoreState): void | Promise<void> {
    if (this.broken) return Promise.reject(new Error('the disk is full'));
    const write = () => {
      this.saved.push(state);
      this.kept.save(id, state);
    };
    if (!this.slow) return write();
    return new Promise((resolve) =>
      this.#held.push(() => {
        write();
        resolve();
      }),
    );
  }

  release(): void {
    this.slow = false;
    for (const write of this.#held.splice(0)) write();
  }
}

async function ask(world: World, side = world.client): Promise<string> {
  const peer = await side.oscore.open(clientCredentials, serverAddress);
  const asked = side.endpoint.request(peer, { method: Code.GET, path: '/x' });
  const answer = await world.time.until(asked, seconds(20));
  return `${answer.code} ${decodeUtf8(answer.payload)}`;
}

const content = `${Code.Content} here`;
const here = () => ({ code: Code.Content, payload: text('here') });

test('RFC 8613 Appendix B.1.1: after a crash no number is used twice; most messages cost no write', async () => {
  const store = new SlowStates();
  const world = new World({ client: { store, oscore: { bounds: { sequenceStep: 16 } } } });
  world.server.endpoint.handle(here);
  for (let i = 0; i < 100; i++) assert.equal(await ask(world), content);
  assert.ok(store.saved.length <= 1 + Math.ceil(100 / 8), `${store.saved.length} writes`);
  for (let crash = 0; crash < 3; crash++) {
    await world.client.endpoint.close();
    const again = world.side(clientAddress, { store, oscore: { bounds: { sequenceStep: 16 } } });
    assert.equal(await ask(world, again), content);
    await again.endpoint.close();
  }
  const headers = world.headers(clientAddress);
  assert.equal(new Set(headers).size, headers.length);
  assert.equal(headers.length, 103);
});

test('a crash in the middle of a write repeats nothing', async () => {
  const store = new SlowStates();
  const world = new World({ client: { store, oscore: { bounds: { sequenceStep: 4 } } } });
  world.server.endpoint.handle(here);
  await ask(world);
  store.slow = true;
  await ask(world);
  await ask(world);
  // The write that is under way never ends: the next start knows the one before.
  await world.client.endpoint.close();
  store.slow = false;
  const again = world.side(clientAddress, { store });
  await ask(world, again);
  const headers = world.headers(clientAddress);
  assert.equal(new Set(headers).size, headers.length);
});

test('messages wait, in order, while the store is slow; a full disk fails them with the reason', async () => {
  const store = new SlowStates();
  const bounds = { sequenceStep: 2, maximumWaiting: 3 };
  const world = new World({
    client: { store, oscore: { bounds }, endpoint: { transmission: { nstart: 100 } } },
  });
  const handled: string[] = [];
  world.server.endpoint.handle(({ payload }) => {
    handled.push(decodeUtf8(payload)!);
    return { code: Code.Changed };
  });
  const peer = await world.serverPeer();
  store.slow = true;
  const post = (name: string) =>
    world.client.endpoint.request(peer, { method: Code.POST, payload: text(name) }).then(
      ({ code }) => code,
      (error: { code: string }) => error.code,
    );
  const answers = ['a', 'b', 'c', 'd', 'e', 'f'].map(post);
  await world.time.advance(seconds(1));
  assert.deepEqual(handled, ['a', 'b']);
  store.release();
  const results = await world.time.until(Promise.all(answers), seconds(9));
  assert.deepEqual(handled, ['a', 'b', 'c', 'd', 'e']);
  assert.deepEqual(results, [...Array<number>(5).fill(Code.Changed), 'COAP_OVERLOADED']);
  store.broken = true;
  const failed = await world.time.until(Promise.all(['g', 'h', 'i'].map(post)), seconds(9));
  assert.ok(failed.includes('OSCORE_STATE_NOT_KEPT'));
  store.broken = false;
  assert.equal(await world.time.until(post('j'), seconds(9)), Code.Changed, 'it goes on with the next write');
});

test('RFC 8613 §7.2.1: when the numbers are used up nothing is sent any more', async () => {
  const world = new World({ client: { oscore: { bounds: { maximumSequence: 2 } } } });
  world.server.endpoint.handle(here);
  for (let i = 0; i < 3; i++) assert.equal(await ask(world), content);
  await assert.rejects(ask(world), { code: 'OSCORE_EXHAUSTED' });
  assert.equal(world.headers(clientAddress).length, 3);
  await world.client.endpoint.close();
  const again = world.side(clientAddress, { store: world.client.store, oscore: { bounds: { maximumSequence: 2 } } });
  await assert.rejects(ask(world, again), { code: 'OSCORE_EXHAUSTED' });
});

test('RFC 8613 Appendix B.1.2: after a crash the server asks for proof of freshness, once', async () => {
  const world = new World();
  world.server.endpoint.handle(here);
  assert.equal(await ask(world), content);
  const [replay] = world.sent;
  await world.server.endpoint.close();
  let handled = 0;
  const findCredentials = () => ({
    ...clientCredentials,
    senderId: clientCredentials.recipientId,
    recipientId: clientCredentials.senderId,
  });
  const reborn = world.side(serverAddress, { store: world.server.store, oscore: { findCredentials } });
  reborn.endpoint.handle(() => {
    handled++;
    return here();
  });
  // What was recorded before the crash is not taken, however often it comes.
  const attacker = world.network.port('192.0.2.66', 5683);
  for (let messageId = 1; messageId <= 3; messageId++) {
    const { type, code, token, options, payload } = replay!.message;
    attacker.send(encodeMessage({ type, messageId, code, token, options, payload }), serverAddress);
    await world.time.advance(seconds(1));
  }
  assert.equal(handled, 0);
  assert.equal(reborn.meter.count('challenges'), 3);
  const before = world.sent.length;
  assert.equal(await ask(world), content);
  assert.equal(handled, 1);
  const dialogue = world.sent.slice(before);
  assert.equal(dialogue.length, 4, 'request, challenge, request with Echo, answer');
  const header = findOption(dialogue[1]!.message.options, OptionNumber.OSCORE)!.value;
  assert.equal(header[0]! & 7, header.length - 1, 'the challenge has a Partial IV of its own');
  const later = world.sent.length;
  assert.equal(await ask(world), content);
  assert.equal(world.sent.length - later, 2);
  attacker.send(replay!.datagram, serverAddress);
  await world.time.advance(seconds(1));
  assert.equal(handled, 2);
});

test('an Echo value is good for its lifetime, and a wrong one for nothing', async () => {
  const world = new World();
  world.server.endpoint.handle(here);
  await ask(world);
  await world.server.endpoint.close();
  const findCredentials = () => ({
    ...clientCredentials,
    senderId: clientCredentials.recipientId,
    recipientId: clientCredentials.senderId,
  });
  const echoLifetime = seconds(10);
  const reborn = world.side(serverAddress, { store: world.server.store, oscore: { findCredentials, echoLifetime } });
  reborn.endpoint.handle(here);
  // The challenge arrives, the answer to it takes longer than the lifetime.
  let delayed: Uint8Array | undefined;
  let requests = 0;
  world.lose = ({ from, datagram }) => {
    if (from !== clientAddress.host || ++requests !== 2) return false;
    delayed = datagram;
    return true;
  };
  const asked = ask(world);
  asked.catch(() => {});
  await world.time.advance(seconds(1));
  assert.ok(delayed);
  world.lose = ({ from }) => from === clientAddress.host;
  await world.time.advance(seconds(11));
  world.lose = () => false;
  const before = reborn.meter.count('challenges');
  world.network.port('192.0.2.66', 5683).send(delayed, serverAddress);
  await world.time.advance(seconds(1));
  assert.equal(reborn.meter.count('challenges'), before + 1);
});

test('after an orderly end both sides go on as if nothing had been', async () => {
  const world = new World();
  world.server.endpoint.handle(here);
  for (let i = 0; i < 3; i++) await ask(world);
  const replay = world.sent[0]!;
  for (const side of [world.client, world.server]) {
    await side.endpoint.close();
    await side.oscore.close();
  }
  const findCredentials = () => ({
    ...clientCredentials,
    senderId: clientCredentials.recipientId,
    recipientId: clientCredentials.senderId,
  });
  const server = world.side(serverAddress, { store: world.server.store, oscore: { findCredentials } });
  let handled = 0;
  server.endpoint.handle(() => {
    handled++;
    return here();
  });
  const client = world.side(clientAddress, { store: world.client.store });
  const before = world.sent.length;
  assert.equal(await ask(world, client), content);
  assert.equal(world.sent.length - before, 2, 'no challenge');
  assert.equal(world.headers(clientAddress).at(-1), '0903', 'and no number lost');
  world.network.port('192.0.2.66', 5683).send(replay.datagram, serverAddress);
  await world.time.advance(seconds(1));
  assert.equal(handled, 1);
  assert.equal(server.meter.count('requests_refused/Replay detected'), 1);
});

test('a context that was ended sends and takes nothing; opened again it goes on', async () => {
  const world = new World();
  world.server.endpoint.handle(here);
  await ask(world);
  const peer = await world.serverPeer();
  await world.client.oscore.forget(peer);
  assert.equal(world.client.oscore.size, 0);
  await assert.rejects(world.time.until(world.client.endpoint.request(peer, { method: Code.GET }), seconds(5)), {
    code: 'OSCORE_CLOSED',
  });
  assert.equal(await ask(world), content);
  assert.notEqual(await world.serverPeer(), peer);
});

test('RFC 8613 §7.5: a window that was kept at an orderly end is taken up once, even when no numbers are left', async () => {
  // Responses go under the nonces of requests: a replay that is taken would be answered under one nonce twice.
  const bounds = { maximumSequence: 0 };
  const findCredentials = () => serverCredentials;
  const store = new VolatileOscoreStates();
  const world = new World({ server: { store, oscore: { bounds } } });
  world.server.endpoint.handle(here);
  const peer = await world.server.oscore.open(serverCredentials, clientAddress);
  // Uses the only number that the server has.
  const asked = world.server.endpoint.request(peer, { method: Code.GET });
  await assert.rejects(world.time.until(asked, seconds(5)), { code: 'OSCORE_REFUSED' });
  const start = () => {
    const side = world.side(serverAddress, { store, oscore: { bounds, findCredentials } });
    side.endpoint.handle(here);
    return side;
  };
  await world.server.endpoint.close();
  await world.server.oscore.close();
  const second = start();
  assert.equal(await ask(world), content);
  const { datagram } = world.sent.findLast(({ from }) => from === clientAddress.host)!;
  // A crash: nothing is kept.
  await second.endpoint.close();
  const third = start();
  third.endpoint.handle(() => assert.fail('a replay'));
  world.network.port('192.0.2.66', 5683).send(datagram, serverAddress);
  await world.time.advance(seconds(1));
  assert.equal(third.meter.count('messages_opened'), 1);
  assert.equal(decodeUtf8(world.sent.at(-1)!.message.payload), 'Too many security contexts');
  const id = peer.key.slice('oscore:'.length);
  assert.deepEqual(store.load(id), { senderSequence: 1 });
});

test('a smaller maximumSequence than before does not take numbers back', async () => {
  const kept: number[] = [];
  const sequence = new SenderSequence({ reserve: (limit) => void kept.push(limit), step: 4, maximum: 9 }, 100);
  await sequence.start();
  assert.deepEqual(kept, [100]);
  assert.equal(sequence.take(), undefined);
});

test('RFC 8613 §3.3: two contexts never encrypt with one key', async () => {
  const store = new SlowStates();
  const { oscore } = new World({ client: { store } }).client;
  const others = { ...clientCredentials, recipientId: text('other') };
  store.slow = true;
  const opening = oscore.open(clientCredentials, serverAddress);
  const why = /another context in use encrypts with the same key.* Sender ID of its own/;
  await assert.rejects(oscore.open(others, serverAddress), { name: 'RangeError', message: why });
  store.release();
  const peer = await opening;
  await assert.rejects(oscore.open(others, serverAddress), RangeError);
  await oscore.open({ ...others, idContext: text('its own keys') }, serverAddress);
  await oscore.open({ ...others, senderId: text('its own') }, serverAddress);
  store.slow = true;
  const ended = oscore.forget(peer);
  await assert.rejects(oscore.open(others, serverAddress), RangeError);
  store.release();
  await ended;
  store.broken = true;
  await assert.rejects(oscore.open(others, serverAddress), /disk is full/);
  store.broken = false;
  assert.equal(
    await oscore.open(clientCredentials, serverAddress),
    await oscore.open(clientCredentials, serverAddress),
  );
});

test('a context that is opened again while its end is being written begins where it ended', async () => {
  const store = new SlowStates();
  const world = new World({ client: { store } });
  world.server.endpoint.handle(here);
  await ask(world);
  const peer = await world.serverPeer();
  store.slow = true;
  const ended = world.client.oscore.forget(peer);
  const again = ask(world);
  await world.time.advance(seconds(1));
  store.release();
  await ended;
  assert.equal(await again, content);
  assert.deepEqual(world.headers(clientAddress), ['0900', '0901']);
  assert.deepEqual(
    store.saved.map(({ senderSequence }) => senderSequence),
    [256, 1, 257],
  );
});

test('the replay window agrees with a set of numbers, whatever comes in which order', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 8, 32, 100),
      fc.array(fc.nat(300), { maxLength: 200 }),
      fc.nat(199),
      (size, numbers, restartAt) => {
        let window = new ReplayWindow(size);
        const accepted = new Set<number>();
        let highest = -1;
        for (const [at, number] of numbers.entries()) {
          if (at === restartAt) {
            const kept = window.export();
            window = new ReplayWindow(size);
            window.restore(kept);
          }
          const expected = accepted.has(number) || number <= highest - size;
          assert.equal(window.hasSeen(number), expected, `${number} at ${at}`);
          if (expected) continue;
          window.accept(number);
          accepted.add(number);
          highest = Math.max(highest, number);
          assert.equal(window.hasSeen(number), true);
        }
      },
    ),
  );
});

test('a window that is kept small and restored large takes nothing twice', () => {
  const small = new ReplayWindow(8);
  for (const number of [90, 95, 100]) small.accept(number);
  const large = new ReplayWindow(64);
  large.restore(small.export());
  for (let number = 0; number <= 92; number++) assert.ok(large.hasSeen(number), `${number}`);
  assert.deepEqual(
    [94, 95, 99, 100, 101].map((number) => large.hasSeen(number)),
    [false, true, false, true, false],
  );
});

test('numbers are given once, in order, and never beyond what is reserved', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 10 }),
      fc.array(fc.constantFrom('take', 'wait', 'written', 'failed', 'crash'), { maxLength: 60 }),
      async (step, actions) => {
        let durable = 0;
        let writes: { limit: number; resolve: () => void; reject: (error: Error) => void }[] = [];
        const reserve = (limit: number) =>
          new Promise<void>((resolve, reject) => writes.push({ limit, resolve, reject }));
        const start = async () => {
          writes = [];
          const sequence = new SenderSequence({ reserve, step, maximum: 1000 }, durable);
          const started = sequence.start();
          await write();
          await started;
          return sequence;
        };
        const write = async () => {
          const [next] = writes.splice(0, 1);
          if (!next) return;
          durable = Math.max(durable, next.limit);
          next.resolve();
          await undefined;
          await undefined;
        };
        const used: number[] = [];
        const use = (number: number | undefined) => {
          if (number === undefined) return;
          assert.ok(number < durable, 'it was reserved');
          used.push(number);
        };
        let sequence = await start();
        for (const action of actions) {
          const current = sequence;
          if (action === 'take') use(current.take());
          else if (action === 'wait') current.wait((error) => error === undefined && use(current.take()));
          else if (action === 'written') await write();
          else if (action === 'failed') writes.splice(0, 1)[0]?.reject(new Error('disk'));
          else sequence = await start();
          await undefined;
        }
        assert.deepEqual(
          used,
          [...new Set(used)].toSorted((a, b) => a - b),
        );
      },
    ),
  );
});

test('cryptography that fails when the number is there at last costs the message, and nothing else', async () => {
  const store = new SlowStates();
  let fails = false;
  const crypto: OscoreCrypto = {
    ...oscoreCrypto,
    seal: (...parameters) => {
      if (fails) throw new Error('the engine is on fire');
      return oscoreCrypto.seal(...parameters);
    },
  };
  const endpoint = { transmission: { nstart: 10 } };
  const world = new World({ client: { store, endpoint, oscore: { crypto, bounds: { sequenceStep: 1 } } } });
  world.server.endpoint.handle(here);
  const peer = await world.serverPeer();
  store.slow = true;
  const request = () => world.client.endpoint.request(peer, { method: Code.GET });
  const [sent, waits] = [request(), request()];
  waits.catch(() => {});
  assert.equal((await world.time.until(sent, seconds(5))).code, Code.Content);
  fails = true;
  store.release();
  await assert.rejects(world.time.until(waits, seconds(5)), { code: 'OSCORE_NOT_SENT' });
  fails = false;
  assert.equal(await ask(world), content);
});

test('the names of contexts say nothing and tell them apart', async () => {
  const world = new World();
  const one = await world.client.oscore.open(clientCredentials, serverAddress);
  const same = await world.client.oscore.open({ ...clientCredentials, name: 'other name' }, clientAddress);
  const other = await world.client.oscore.open({ ...clientCredentials, masterSalt: text('other') }, serverAddress);
  assert.equal(one, same);
  assert.equal(one.transport, clientAddress, 'where it was said to be last');
  assert.notEqual(one.key, other.key);
  assert.ok(!one.key.includes(encodeHex(clientCredentials.masterSecret)));
});

test('a state as text: decode takes what encode writes, and nothing else', () => {
  const window = fc.record(
    {
      highest: fc.integer({ min: -1, max: 2 ** 40 - 1 }),
      seen: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    },
    { noNullPrototype: true },
  );
  const state = fc.record(
    { senderSequence: fc.nat(2 ** 40), replayWindow: window },
    { requiredKeys: ['senderSequence'], noNullPrototype: true },
  );
  fc.assert(fc.property(state, (one) => assert.deepEqual(decodeOscoreState(encodeOscoreState(one)), one)));
  for (const text of ['', '-1', '1 2', '1 2 0', '1 2 zz', '1e3', 'null', '1 2 00 4']) {
    assert.throws(() => decodeOscoreState(text), RangeError, text);
  }
});
