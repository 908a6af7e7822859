/** Security contexts that are made several times: RFC 8613 Appendix B.2. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, encodeMessage, findOption, type Message, MessageType, OptionNumber } from '@yaolian/coap';
import { decodeUtf8, emptyBytes, encodeHex, milliseconds, seconds, socketAddress, type Timers } from '@yaolian/kernel';
import { oscoreCrypto } from '@yaolian/node-runtime';
import { SeededRandom } from '@yaolian/testkit';
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
import { cborBytes, decodeCborBytes } from './cbor.ts';
import { completeCredentials, type OscoreCredentials } from './credentials.ts';
import type { OscoreCrypto } from './crypto-port.ts';
import { contextId, deriveKeys } from './key-derivation.ts';
import type { OscoreOptions } from './oscore.ts';
import { decodeOscoreOption } from './oscore-option.ts';
import { type OscoreState, type OscoreStateStore, VolatileOscoreStates } from './state-store.ts';

const ours: OscoreCredentials = { ...clientCredentials, rederives: true };
const theirs: OscoreCredentials = { ...serverCredentials, rederives: true };
const findCredentials: NonNullable<OscoreOptions['findCredentials']> = ({ kid }) =>
  kid.length === 0 ? theirs : undefined;
const here = () => ({ code: Code.Content, payload: text('here') });

function worldOf(server: Partial<OscoreOptions> = {}, client: Partial<OscoreOptions> = {}): World {
  const world = new World({ server: { oscore: { findCredentials, ...server } }, client: { oscore: client } });
  world.server.endpoint.handle(here);
  return world;
}

async function ask(world: World, side = world.client): Promise<string> {
  const peer = await side.oscore.open(ours, serverAddress);
  const asked = side.endpoint.request(peer, { method: Code.GET, path: '/x' });
  const { code, payload } = await world.time.until(asked, seconds(200));
  return `${code} ${decodeUtf8(payload)}`;
}

const content = `${Code.Content} here`;

function kidContextOf(message: Message | undefined): string | undefined {
  const option = decodeOscoreOption(findOption(message!.options, OptionNumber.OSCORE)!.value);
  assert.ok(option.ok);
  return option.value.kidContext && encodeHex(option.value.kidContext);
}

/** The ID Context that a side has in use with the other. */
async function idContextOf(side: Side, credentials: OscoreCredentials): Promise<string> {
  const complete = completeCredentials(credentials);
  const state = await side.store.load(contextId(oscoreCrypto, complete, 'current'));
  return encodeHex(state?.idContext ?? emptyBytes);
}

/** A client that begins without state, as after a loss of it. */
function newborn(world: World, more: Partial<OscoreOptions> = {}): Promise<Side> {
  return world.client.endpoint.close().then(() => world.side(clientAddress, { oscore: more }));
}

test('RFC 8613 Appendix B.2: R1, R2 || R1, R2 || R3; R1 gives the keys of Appendix C.3', async () => {
  const random = new SeededRandom(7);
  const r1 = hex('37cbf3210017a2d3');
  const drawn: Uint8Array[] = [];
  // 32 bytes are the key of our own R2, the first 8 are R1.
  const bytes = (length: number) => {
    const value = length === 8 && drawn.length === 0 ? r1 : random.bytes(length);
    if (length === 8) drawn.push(value);
    return value;
  };
  const world = worldOf({}, { random: { bytes, uint32: () => random.uint32(), fraction: () => random.fraction() } });
  assert.equal(await ask(world), content);
  const [first, answer, second, last] = world.sent.map(({ message }) => message);
  assert.equal(world.sent.length, 4);
  assert.equal(kidContextOf(first), `48${encodeHex(r1)}`);
  const { idContext: _, ...keyed } = ours;
  const keys = deriveKeys(oscoreCrypto, completeCredentials({ ...keyed, idContext: r1 }));
  assert.equal(encodeHex(keys.senderKey), 'af2a1300a5e95788b356336eeecd2b92');
  assert.equal(encodeHex(keys.recipientKey), 'e39a0c7c77b43f03b4b39ab9a268699f');
  assert.equal(encodeHex(keys.commonIv), '2ca58fb85ff1b81c0b7181b85e');
  const r2 = kidContextOf(answer)!;
  assert.equal(r2.slice(0, 2), '50', '16 bytes');
  const both = decodeCborBytes(hex(kidContextOf(second)!))!;
  assert.equal(encodeHex(both.subarray(0, 16)), r2.slice(2));
  assert.equal(both.length, 24);
  assert.equal(encodeHex(both.subarray(16)), encodeHex(drawn[1]!), 'R3 is random too');
  assert.equal(kidContextOf(last), undefined);
  assert.equal(await ask(world), content);
  assert.equal(world.sent.length, 6);
  assert.equal(kidContextOf(world.sent[4]!.message), encodeHex(both), 'agreed on: as any ID Context');
  assert.equal(await idContextOf(world.client, ours), encodeHex(both));
  assert.equal(await idContextOf(world.server, theirs), encodeHex(both));
  assert.equal(world.server.meter.count('rederivations'), 1);
});

test('who lost the state comes as the same peer; contexts of before are deleted with their states', async () => {
  const world = worldOf();
  const peers = new Set<string>();
  world.server.endpoint.handle(({ peer }) => {
    peers.add(`${peer.key} ${peer.identity?.kind === 'oscore' ? peer.identity.identity : ''}`);
    return here();
  });
  assert.equal(await ask(world), content);
  const before = await idContextOf(world.server, theirs);
  const again = await newborn(world);
  assert.equal(await ask(world, again), content);
  assert.deepEqual([...peers], [`oscore:${contextId(oscoreCrypto, completeCredentials(theirs))} the client`]);
  assert.equal(world.server.oscore.size, 1);
  const old = contextId(oscoreCrypto, completeCredentials({ ...theirs, idContext: hex(before) }));
  assert.equal(await world.server.store.load(old), undefined);
  // Neither the old context nor what was agreed on first is taken any more.
  const attacker = world.network.port('192.0.2.66', 5683);
  const opened = world.server.meter.count('messages_opened');
  for (const { datagram } of world.sent.filter(({ from }) => from === clientAddress.host)) {
    attacker.send(datagram, serverAddress);
    await world.time.advance(seconds(1));
  }
  assert.equal(world.server.meter.count('messages_opened'), opened);
});

test('without an agreement nobody makes a new context: the default', async () => {
  const world = new World();
  world.server.endpoint.handle(here);
  await assert.rejects(ask(world), { code: 'OSCORE_REFUSED' });
  assert.equal(world.sent.length, 2);
  assert.equal(world.server.meter.count('rederivations'), 0);
});

test('a server that lost its state, or never had any, offers a new context to an ordinary request', async () => {
  const world = worldOf();
  assert.equal(await ask(world), content);
  await world.server.endpoint.close();
  const reborn = world.side(serverAddress, { oscore: { findCredentials } });
  reborn.endpoint.handle(here);
  const before = world.sent.length;
  assert.equal(await ask(world), content);
  const dialogue = world.sent.slice(before);
  assert.equal(dialogue.length, 4);
  assert.equal(kidContextOf(dialogue[0]!.message)!.length, 48, 'an ordinary request of the context of before');
  assert.equal(await idContextOf(reborn, theirs), await idContextOf(world.client, ours));
});

test('after a restart that kept the state no new context is made', async () => {
  const world = worldOf();
  assert.equal(await ask(world), content);
  await world.server.endpoint.close();
  await world.client.endpoint.close();
  const server = world.side(serverAddress, { store: world.server.store, oscore: { findCredentials } });
  server.endpoint.handle(here);
  const client = world.side(clientAddress, { store: world.client.store });
  assert.equal(await ask(world, client), content);
  assert.equal(server.meter.count('rederivations'), 0);
  assert.equal(server.meter.count('challenges'), 1, 'Appendix B.1.2 does');
});

test('a server that the client is known to asks by the context in use', async () => {
  const world = worldOf();
  world.client.endpoint.handle(() => ({ code: Code.Content, payload: text('a client') }));
  assert.equal(await ask(world), content);
  const peer = await world.server.oscore.open(theirs, clientAddress);
  const asked = world.server.endpoint.request(peer, { method: Code.GET, path: '/x' });
  assert.equal(decodeUtf8((await world.time.until(asked, seconds(9))).payload), 'a client');
  assert.equal(world.client.oscore.size, 1);
});

test('observations of before end on both sides', async () => {
  const world = worldOf();
  let ended = 0;
  world.server.endpoint.handle(({ observer }) => {
    observer?.accept(() => ended++);
    return here();
  });
  const peer = await world.client.oscore.open(ours, serverAddress);
  const listener = { onNotification: () => {} };
  await world.time.until(world.client.endpoint.observe(peer, { method: Code.GET, path: '/x' }, listener), seconds(30));
  // The other way round too: what the server observes at the client.
  world.client.endpoint.handle(({ observer }) => {
    observer?.accept(() => {});
    return here();
  });
  let stale = 0;
  const back = await world.server.oscore.open(theirs, clientAddress);
  await world.time.until(
    world.server.endpoint.observe(back, { method: Code.GET, path: '/y' }, { ...listener, onStale: () => stale++ }),
    seconds(30),
  );
  assert.equal(ended, 0);
  const again = await newborn(world);
  assert.equal(await ask(world, again), content);
  assert.equal(ended, 1);
  assert.equal(stale, 1);
});

/** Request #1 as it was recorded, with another Message ID. */
function replayOf(message: Message, messageId: number): Uint8Array {
  const { code, token, options, payload } = message;
  return encodeMessage({ type: MessageType.CON, messageId, code, token, options, payload });
}

test('a request #1 is answered once, so many within a while, and costs no memory', async () => {
  const lifetime = seconds(60);
  const world = worldOf({ rederivationLifetime: lifetime, bounds: { maximumRederivations: 3 } });
  world.lose = ({ from }) => from === serverAddress.host;
  const recorded: Message[] = [];
  for (let run = 0; run < 5; run++) {
    const client = world.side(socketAddress(`192.0.2.${100 + run}`, 5683));
    const peer = await client.oscore.open(ours, serverAddress);
    client.endpoint.request(peer, { method: Code.GET, path: '/x' }, { timeout: seconds(1) }).catch(() => {});
    await world.time.advance(seconds(1));
    recorded.push(world.sent.findLast(({ message }) => message.type === MessageType.CON)!.message);
    await client.endpoint.close();
  }
  assert.equal(world.server.meter.count('rederivations'), 3);
  assert.equal(world.server.meter.count('requests_refused/Too many security contexts'), 2);
  const attacker = world.network.port('192.0.2.66', 5683);
  attacker.send(replayOf(recorded[0]!, 1), serverAddress);
  await world.time.advance(seconds(1));
  assert.equal(world.server.meter.count('requests_refused/Replay detected'), 1);
  assert.equal(world.server.oscore.size, 0, 'nothing is kept');
  await world.time.advance(lifetime);
  attacker.send(replayOf(recorded[4]!, 2), serverAddress);
  await world.time.advance(seconds(1));
  assert.equal(world.server.meter.count('rederivations'), 4);
});

test('so many peers may be asking at once', async () => {
  const others = { ...theirs, masterSecret: text('quite another secret'), recipientId: text('b') };
  const world = worldOf({
    findCredentials: ({ kid }) => (kid.length === 0 ? theirs : others),
    bounds: { maximumRederiving: 1 },
  });
  assert.equal(await ask(world), content);
  const client = world.side(socketAddress('192.0.2.9', 5683));
  const peer = await client.oscore.open(
    { ...others, senderId: others.recipientId, recipientId: others.senderId },
    serverAddress,
  );
  const asked = () => world.time.until(client.endpoint.request(peer, { method: Code.GET, path: '/x' }), seconds(30));
  await assert.rejects(asked(), /5\.03/);
  await world.time.advance(seconds(200));
  assert.equal((await asked()).code, Code.Content, 'who asked long ago makes room');
});

test('an R2 that is too old, or older than the one in use, makes no context; another is offered', async () => {
  const world = worldOf({ rederivationLifetime: seconds(5) });
  let held: Uint8Array | undefined;
  world.lose = ({ from, message, datagram }) => {
    if (from !== clientAddress.host || held !== undefined || kidContextOf(message)!.length < 40) return false;
    held = datagram;
    return true;
  };
  const peer = await world.client.oscore.open(ours, serverAddress);
  const asked = world.client.endpoint.request(peer, { method: Code.GET, path: '/x' });
  await world.time.advance(seconds(1));
  assert.ok(held, 'request #2');
  world.lose = ({ from }) => from === clientAddress.host;
  await world.time.advance(seconds(8));
  world.lose = () => false;
  assert.equal((await world.time.until(asked, seconds(90))).code, Code.Content);
  assert.equal(world.server.meter.count('rederivations'), 2);
  const inUse = await idContextOf(world.server, theirs);
  assert.equal(inUse, await idContextOf(world.client, ours));
  const handled = world.server.meter.count('messages_opened');
  world.network.port('192.0.2.66', 5683).send(held, serverAddress);
  await world.time.advance(seconds(1));
  assert.equal(world.server.meter.count('messages_opened'), handled);
  assert.equal(await idContextOf(world.server, theirs), inUse);
});

test('a request #2 that was held back while another context was made changes nothing', async () => {
  const world = worldOf();
  let held: Uint8Array | undefined;
  world.lose = ({ from, message, datagram }) => {
    if (from !== clientAddress.host || kidContextOf(message)!.length < 40) return false;
    held = datagram;
    return true;
  };
  const peer = await world.client.oscore.open(ours, serverAddress);
  world.client.endpoint.request(peer, { method: Code.GET, path: '/x' }).catch(() => {});
  await world.time.advance(seconds(1));
  const recorded = held;
  assert.ok(recorded, 'request #2');
  world.lose = () => false;
  const again = await newborn(world);
  assert.equal(await ask(world, again), content);
  const inUse = await idContextOf(world.server, theirs);
  const opened = world.server.meter.count('messages_opened');
  world.network.port('192.0.2.66', 5683).send(recorded, serverAddress);
  await world.time.advance(seconds(1));
  assert.equal(world.server.meter.count('messages_opened'), opened);
  assert.equal(await idContextOf(world.server, theirs), inUse);
  assert.equal(await ask(world, again), content);
  assert.equal(await idContextOf(again, ours), inUse);
});

test('a store that fails is told to who asks, and the next request makes the context', async () => {
  const store = new VolatileOscoreStates();
  let broken = true;
  const failing = {
    load: (id: string) => store.load(id),
    save: (id: string, state: Parameters<VolatileOscoreStates['save']>[1]) => {
      if (broken) throw new Error('the disk is full');
      store.save(id, state);
    },
    remove: (id: string) => store.remove(id),
  };
  const world = worldOf();
  const client = await newborn(world, { store: failing });
  await assert.rejects(ask(world, client), { code: 'OSCORE_STATE_NOT_KEPT' });
  broken = false;
  assert.equal(await ask(world, client), content);
});

test('CBOR byte strings are read in their shortest form alone', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 255 }), (value) => {
      assert.deepEqual(decodeCborBytes(cborBytes(value)), value);
    }),
  );
  for (const wrong of ['', '41', '4100ff', '5801ff', '58', '59000100', '60', '18']) {
    assert.equal(decodeCborBytes(hex(wrong)), undefined, wrong);
  }
});

/** Sees that no key meets a nonce twice, unless to say the very same. */
class NonceWatch {
  readonly #said = new Map<string, string>();

  watch(crypto: OscoreCrypto): OscoreCrypto {
    return {
      hkdf: crypto.hkdf,
      open: crypto.open,
      seal: (aead, key, nonce, additionalData, plaintext) => {
        const name = `${encodeHex(key)} ${encodeHex(nonce)}`;
        assert.ok(!this.#said.has(name), `a nonce was used twice: ${name}`);
        this.#said.set(name, '');
        return crypto.seal(aead, key, nonce, additionalData, plaintext);
      },
    };
  }
}

/** A disk: a write takes a while, and one that is under way at a crash is lost. */
class Disk implements OscoreStateStore {
  readonly #kept: VolatileOscoreStates;
  readonly #timers: Timers;
  #crashed = false;

  constructor(timers: Timers, kept = new VolatileOscoreStates()) {
    this.#timers = timers;
    this.#kept = kept;
  }

  load(id: string) {
    return this.#kept.load(id);
  }

  save(id: string, state: OscoreState): Promise<void> {
    return this.#later(() => this.#kept.save(id, state));
  }

  remove(id: string): Promise<void> {
    return this.#later(() => this.#kept.remove(id));
  }

  /** What the next process finds. */
  afterCrash(): Disk {
    this.#crashed = true;
    return new Disk(this.#timers, this.#kept);
  }

  #later(write: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#timers.schedule(milliseconds(20), () => {
        if (this.#crashed) return;
        write();
        resolve();
      });
    });
  }
}

const step = fc.constantFrom(
  'ask',
  'ask',
  'ask',
  'be asked',
  'client loses all',
  'client restarts',
  'client crashes',
  'server loses all',
  'server restarts',
  'server crashes',
  'replay',
);

test('over loss, doubles, reordering, restarts, crashes and losses of state no nonce comes twice, and both sides end with one context', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(step, fc.nat(3000)), { maxLength: 14 }),
      fc.nat(),
      fc.constantFrom(0, 0.1, 0.3),
      async (steps, seed, share) => {
        const nonces = new NonceWatch();
        const crypto = nonces.watch(oscoreCrypto);
        const world = new World({
          seed,
          conditions: { loss: share, duplication: share, reordering: share },
          client: { oscore: { crypto } },
          server: { oscore: { crypto, findCredentials } },
        });
        const { time } = world;
        const answer = () => ({ code: Code.Content, payload: text('here') });
        const newSide = (host: typeof clientAddress, store: Disk) =>
          world.side(host, { store, oscore: { crypto, ...(host === serverAddress && { findCredentials }) } });
        await world.client.endpoint.close();
        await world.server.endpoint.close();
        let client = newSide(clientAddress, new Disk(time));
        let server = newSide(serverAddress, new Disk(time));
        server.endpoint.handle(answer);
        client.endpoint.handle(answer);
        const attacker = world.network.port('192.0.2.66', 5683);
        const restart = async (side: Side, host: typeof clientAddress, how: string) => {
          await side.endpoint.close();
          if (how === 'restarts') await time.until(side.oscore.close(), seconds(60));
          const disk = (side.store as Disk).afterCrash();
          const next = newSide(host, how === 'loses all' ? new Disk(time) : disk);
          next.endpoint.handle(answer);
          return next;
        };
        const send = async (from: Side, credentials: OscoreCredentials, to: typeof clientAddress) => {
          const peer = await from.oscore.open(credentials, to);
          const timeout = seconds(100);
          return from.endpoint.request(peer, { method: Code.GET, path: '/x' }, { timeout }).catch(() => undefined);
        };
        for (const [what, wait] of steps) {
          if (what === 'ask') void send(client, ours, serverAddress);
          else if (what === 'be asked') void send(server, theirs, clientAddress);
          else if (what === 'replay') {
            for (const { datagram } of world.sent.slice(-20)) attacker.send(datagram, serverAddress);
          } else {
            const [side, ...how] = what.split(' ');
            if (side === 'client') client = await restart(client, clientAddress, how.join(' '));
            else server = await restart(server, serverAddress, how.join(' '));
          }
          await world.time.advance(milliseconds(wait));
        }
        await world.time.advance(seconds(300));
        world.lose = () => false;
        let answered: unknown;
        for (let attempt = 0; attempt < 8 && answered === undefined; attempt++) {
          answered = await world.time.until(send(client, ours, serverAddress), seconds(300));
        }
        assert.ok(answered, 'they speak to each other in the end');
        await time.advance(seconds(10));
        assert.equal(await idContextOf(client, ours), await idContextOf(server, theirs));
        await client.endpoint.close();
        await server.endpoint.close();
      },
    ),
    { numRuns: 60 },
  );
});
