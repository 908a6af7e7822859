import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds, minutes, seconds } from '@yaolian/kernel';
import { replayCorpus, SeededRandom } from '@yaolian/testkit';
import { certificate, credential } from '../test/certificates.ts';
import { helloDatagram, plainRecord, RawClient } from '../test/raw-client.ts';
import { type Tamper, TamperedPort } from '../test/tampered-port.ts';
import { clientAddress, serverAddress, text, World } from '../test/world.ts';
import { encodeHandshakeMessage, writeHandshakeHeader } from './messages/handshake-header.ts';
import { HandshakeType } from './messages/handshake-type.ts';

test('a flood of ClientHellos costs no memory, and no answer is longer than its question', async () => {
  const world = new World();
  let asked = 0;
  world.network.watch(({ from, datagram }) => {
    if (from.key === serverAddress.key) assert.ok(datagram.length <= asked);
    else asked = datagram.length;
    return undefined;
  });
  for (let i = 0; i < 2000; i++) {
    const port = world.network.port(`10.1.${i >> 8}.${i & 255}`, 1000);
    port.send(helloDatagram(), serverAddress);
    await port.close();
  }
  await world.time.advance(seconds(1));
  assert.equal(world.meter.count('cookies'), 2000);
  assert.equal(world.server.handshakes, 0);
});

test('a cookie is good from its own address alone, with its own hello, and for two lifetimes of its secret', async () => {
  const world = new World({ server: { cookieLifetime: minutes(1) } });
  const owner = new RawClient(world, '10.0.0.1');
  const thief = new RawClient(world, '10.0.0.2');
  const cookie = await owner.cookie();
  const typeOf = (answers: Uint8Array[]) => answers[0]?.[13];
  assert.equal(typeOf(await thief.send(helloDatagram({ cookie }, 1))), HandshakeType.HelloVerifyRequest);
  const other = { cookie, random: new Uint8Array(32) };
  assert.equal(typeOf(await owner.send(helloDatagram(other, 1))), HandshakeType.HelloVerifyRequest);
  await world.time.advance(seconds(70));
  assert.equal(typeOf(await owner.send(helloDatagram({ cookie }, 1))), HandshakeType.ServerHello);
  const resuming = new RawClient(world, '10.0.0.3');
  const theirs = { cookie: await resuming.cookie({ sessionId: new Uint8Array(32).fill(1) }) };
  const changed = helloDatagram({ ...theirs, sessionId: new Uint8Array(32).fill(2) }, 1);
  assert.equal(typeOf(await resuming.send(changed)), HandshakeType.ServerHello, 'as mbedTLS does it');
  await world.time.advance(minutes(3));
  const late = new RawClient(world, '10.0.0.1', 2);
  assert.equal(typeOf(await late.send(helloDatagram({ cookie }, 1))), HandshakeType.HelloVerifyRequest);
});

test('a client that lost its state midway begins anew at once, with a cookie; without one it ends nothing', async () => {
  const world = new World();
  const client = new RawClient(world, '10.0.0.1');
  await client.greet();
  assert.equal(world.server.handshakes, 1);
  const typeOf = (answers: Uint8Array[]) => answers[0]?.[13];
  // The same again is its flight, repeated: the server repeats its own.
  const cookie = await client.cookie({ random: new Uint8Array(32).fill(8) });
  const again = { cookie, random: new Uint8Array(32).fill(7) };
  assert.equal(typeOf(await client.send(helloDatagram(again, 1))), HandshakeType.HelloVerifyRequest);
  assert.deepEqual([world.server.handshakes, world.failures.length], [1, 0], 'the first one is still there');
  const [hello] = await client.send(helloDatagram({ cookie, random: new Uint8Array(32).fill(8) }, 1));
  assert.equal(hello?.[13], HandshakeType.ServerHello);
  const [repeated] = await client.send(helloDatagram({ cookie, random: new Uint8Array(32).fill(8) }, 1));
  assert.deepEqual(repeated?.subarray(13, 13 + 66), hello?.subarray(13, 13 + 66), 'the same ServerHello again');
  assert.equal(world.server.handshakes, 1);
});

test('handshakes that are held open are bounded and end in time', async () => {
  const bounds = { maximumHandshakes: 3, handshakeTimeout: seconds(30) };
  const world = new World({ server: { bounds } });
  for (let i = 1; i <= 5; i++) await new RawClient(world, `10.0.0.${i}`).greet();
  assert.equal(world.server.handshakes, 3);
  assert.equal(world.meter.count('dropped/too many handshakes'), 2);
  await world.time.advance(seconds(31));
  assert.equal(world.server.handshakes, 0);
  assert.equal(world.failures.length, 3);
});

test('at the bound of sessions the most silent one gives way, or nobody comes in', async () => {
  for (const whenFull of ['evict', 'refuse'] as const) {
    const world = new World({ server: { bounds: { maximumSessions: 2, whenFull } } });
    for (let i = 1; i <= 3; i++) {
      const client = world.openClient({}, `10.0.0.${i}`);
      const answer = await world.ask(client, 'hello', 5);
      assert.equal(answer, i < 3 || whenFull === 'evict' ? 'HELLO' : undefined);
    }
    assert.equal(world.server.size, 2);
    assert.deepEqual(world.closed, whenFull === 'evict' ? ['evicted'] : []);
  }
});

test('an unknown identity and a wrong key look alike', async () => {
  const seen: string[][] = [];
  for (const psk of [
    { identity: text('thermometer-9'), key: text('0123456789abcdef') },
    { identity: text('thermometer-1'), key: text('fedcba9876543210') },
  ]) {
    const world = new World({ client: { credentials: { psk } } });
    const lengths: string[] = [];
    world.network.watch(({ from, datagram }) => void lengths.push(`${from.port} ${datagram.length}`) as undefined);
    assert.equal(await world.ask(), undefined);
    assert.equal(world.opened.length, 0);
    assert.ok(world.meter.count('dropped/not authentic') > 0);
    seen.push(lengths);
  }
  assert.deepEqual(seen[0], seen[1]);
});

test('fragment bombs, giant messages and contradicting fragments do not fill the memory', async () => {
  const world = new World({ server: { bounds: { reassemblyBytes: 20_000 } } });
  const client = new RawClient(world, '10.0.0.1');
  await client.greet();
  const fragment = (sequence: number, length: number, offset: number, size: number, type = 16) => {
    const content = new Uint8Array(12 + size);
    writeHandshakeHeader(content, 0, type, length, sequence, offset, size);
    return plainRecord(content, 100 + offset);
  };
  for (let i = 0; i < 400; i++) await client.send(fragment(3, 8000, 2 * i, 1));
  assert.ok(world.meter.count('dropped/too many fragments') > 0);
  for (let sequence = 4; sequence < 9; sequence++) await client.send(fragment(sequence, 8000, 0, 1));
  assert.ok(world.meter.count('dropped/reassembly memory full') > 0);
  await client.send(fragment(3, 8000, 0, 1, 11), fragment(200, 10, 0, 10));
  assert.equal(world.meter.count('dropped/contradicting fragments'), 1);
  assert.equal(world.meter.count('dropped/handshake message far ahead'), 1);
  await client.send(fragment(2, 100_000, 0, 1));
  assert.match(world.failures[0]!.reason, /too long/);
  assert.equal(await world.ask(), 'HELLO');
});

test('a replayed ClientHello with a good cookie ends no session, and its handshake is forgotten in time', async () => {
  for (const connectionIdLength of [6, 0] as const) {
    const world = new World({ server: { connectionIdLength, bounds: { handshakeTimeout: seconds(30) } } });
    let recorded: Uint8Array | undefined;
    let replayed: Uint8Array[] = [];
    const outwards: Tamper = (datagram) => {
      if (datagram[13] === HandshakeType.ClientHello && datagram[0] === 22) recorded = datagram.slice();
      return [...replayed.splice(0), datagram];
    };
    const port = new TamperedPort(world.network.port('10.0.0.1', 1), { outwards });
    const client = world.openClient({ port }, '192.0.2.78');
    assert.equal(await world.ask(client), 'HELLO');
    replayed = [recorded!, recorded!];
    assert.equal(await world.ask(client, 'still here'), 'STILL HERE');
    await world.time.advance(seconds(40));
    assert.equal(world.server.handshakes, 0);
    assert.equal(await world.ask(client, 'and now'), 'AND NOW');
    assert.equal(world.opened.length, 1);
  }
});

test('fragments that overlap, come twice and out of order make one message; changed ones lead nowhere', async () => {
  const trust = { authorities: [certificate('ca')] };
  const clientSide = { own: [credential('client')], trust, serverName: 'server.example' };
  for (const isFalse of [false, true]) {
    const world = new World({
      server: { credentials: { own: [credential('server')], trust } },
      client: { credentials: clientSide },
    });
    const outwards: Tamper = (datagram) => {
      if (datagram[0] !== 22 || datagram[4] !== 0 || datagram[13] !== HandshakeType.Certificate) return [datagram];
      return overlapping(datagram, isFalse);
    };
    const port = new TamperedPort(world.network.port('10.0.0.1', 1), { outwards });
    const client = world.openClient({ port }, '192.0.2.78');
    assert.equal(await world.ask(client), isFalse ? undefined : 'HELLO');
  }
});

/** The first record, a whole message, as fragments of 100 bytes that start each 60 bytes, last ones first; other records behind. */
function overlapping(datagram: Uint8Array, isFalse: boolean): Uint8Array[] {
  const end = 13 + ((datagram[11]! << 8) | datagram[12]!);
  const body = datagram.subarray(25, end);
  const sequence = (datagram[17]! << 8) | datagram[18]!;
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < body.length; offset += 60) {
    const piece = body.slice(offset, offset + 100);
    if (isFalse && offset === 0) piece[70]! ^= 1;
    const content = new Uint8Array(12 + piece.length);
    writeHandshakeHeader(content, 0, HandshakeType.Certificate, body.length, sequence, offset, piece.length);
    content.set(piece, 12);
    pieces.unshift(plainRecord(content, 1000 + offset), plainRecord(content, 2000 + offset));
  }
  return end < datagram.length ? [...pieces, datagram.slice(end)] : pieces;
}

test('giant certificates and long chains end the handshake', async () => {
  const own = credential('client');
  const giant = new Uint8Array(9000).fill(0x30);
  const chains = [
    [own.chain![0]!, giant],
    [giant],
    Array.from({ length: 7 }, () => own.chain![0]!),
    Array.from({ length: 60 }, () => own.chain![0]!),
  ];
  for (const chain of chains) {
    const trust = { authorities: [certificate('ca')] };
    const world = new World({
      server: { credentials: { own: [credential('server')], trust } },
      client: { credentials: { own: [{ ...own, chain }], trust, serverName: 'server.example' } },
    });
    assert.equal(await world.ask(), undefined);
    assert.equal(world.opened.length, 0);
    assert.equal(world.failures.length, 1, `${chain.length} certificates`);
  }
});

test('a stolen Connection ID is no session: neither data nor alerts nor addresses get through', async () => {
  const world = new World();
  assert.equal(await world.ask(), 'HELLO');
  const [session] = [...world.server.sessions()];
  const thief = world.network.port('198.51.100.9', 9);
  const random = new SeededRandom(7);
  for (let i = 0; i < 500; i++) {
    const content = random.bytes(8 + (random.uint32() % 60));
    const header = [25, 0xfe, 0xfd, 0, i % 3, 0, 0, 0, 0, i >> 8, i & 255, ...session!.ownCid, 0, content.length];
    thief.send(Uint8Array.from([...header, ...content]), serverAddress);
  }
  await world.time.advance(seconds(1));
  assert.equal(session!.address.key, clientAddress.key);
  assert.equal(world.meter.count('address_changes'), 0);
  assert.equal(world.requests.length, 1);
  assert.equal(await world.ask(world.client, 'mine'), 'MINE');
});

const types = [...Object.values(HandshakeType), 99];
const states = ['client hello', 'client key exchange', 'finished'] as const;
for (const state of states) {
  for (const type of types) {
    test(`state ${state}: message ${type} leads nowhere it should not`, async () => {
      const world = new World();
      const client = new RawClient(world, '10.0.0.1');
      let next = 0;
      if (state !== 'client hello') {
        await client.greet();
        next = 2;
      }
      if (state === 'finished') {
        const exchange = Uint8Array.of(0, 1, 65);
        await client.send(plainRecord(encodeHandshakeMessage(HandshakeType.ClientKeyExchange, next++, exchange), 5));
      }
      for (const body of [new Uint8Array(0), new Uint8Array(40)]) {
        await client.send(plainRecord(encodeHandshakeMessage(type, next, body), 9));
      }
      assert.equal(world.opened.length, 0);
      assert.equal(await world.ask(), 'HELLO');
    });
  }
}

test('records changed on their way are dropped, and the session goes on', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const world = new World({ seed });
    const random = new SeededRandom(seed);
    const intruder = new RawClient(world, '10.0.0.9');
    world.network.watch(({ from, datagram }) => {
      if (from.key !== clientAddress.key) return undefined;
      const changed = datagram.slice(0, 1 + (random.uint32() % datagram.length));
      for (let i = 0; i < 3; i++) changed[random.uint32() % changed.length] = random.uint32();
      void intruder.send(changed);
      return undefined;
    });
    assert.equal(await world.ask(), 'HELLO');
    assert.equal(await world.ask(world.client, 'on'), 'ON');
    assert.equal(world.requests.length, 2);
  }
});

test('wrong epochs and data in the clear are refused, and a session that ended makes room for another', async () => {
  const world = new World();
  assert.equal(await world.ask(), 'HELLO');
  const port = world.network.port('10.0.0.1', 1);
  const record = plainRecord(new Uint8Array(40), 77, 23, 2);
  port.send(record, serverAddress);
  port.send(plainRecord(text('in the clear'), 3, 23), serverAddress);
  await world.time.advance(milliseconds(50));
  assert.equal(world.meter.count('dropped/no session'), 1);
  assert.equal(world.meter.count('dropped/unexpected record in the clear'), 1);
  assert.equal(world.requests.length, 1);
  const [session] = [...world.server.sessions()];
  world.server.closeSession(session!);
  await world.time.advance(milliseconds(50));
  assert.equal(await world.ask(), 'HELLO');
  assert.deepEqual(world.closed, ['closed by us']);
});

replayCorpus(new URL('../corpus/', import.meta.url), async ({ bytes, fields }) => {
  const world = new World();
  const client = new RawClient(world, '10.0.0.1');
  const answers = await client.send(bytes);
  assert.equal(answers.length === 0 ? 'nothing' : String(answers[0]![13]), fields['answer']);
  assert.equal(world.server.handshakes, 0);
  assert.equal(await world.ask(), 'HELLO');
});
