import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createCoapEndpoint } from '@yaolian/coap';
import type { SecureSessionStore } from '@yaolian/directory';
import { createDtlsClient, createDtlsServer, type ProvenIdentity } from '@yaolian/dtls';
import { encodeUtf8, type Log, seconds, silentLog, socketAddress } from '@yaolian/kernel';
import { openCrypto } from '@yaolian/node-runtime';
import { Storage } from '@yaolian/storage';
import { SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import { SessionKeeper } from './session-keeper.ts';

const crypto = await openCrypto();
const serverAddress = socketAddress('192.0.2.2', 5684);
const key = encodeUtf8('0123456789abcdef');

/** A data folder, a network, and runs of a server whose sessions are kept. */
class Bench {
  readonly time = new VirtualTime(Date.UTC(2027, 5, 1));
  readonly #folder = mkdtempSync(join(tmpdir(), 'yaolian-keeper-'));
  readonly #random = new SeededRandom(1);
  readonly #network = new SimulatedNetwork({ timers: this.time, random: this.#random, conditions: {} });
  storage = Storage.open({ folder: this.#folder });
  readonly warnings: string[] = [];
  readonly errors: string[] = [];
  /** As by kill -9: the keeper hears nothing of the end. */
  isKilled = false;
  handshakes = 0;
  answers = 0;
  /** What the server was sent. */
  readonly sent: Uint8Array[] = [];

  constructor(t: TestContext) {
    this.#network.watch(({ to, datagram }) => {
      if (to.key === serverAddress.key) this.sent.push(datagram);
      return undefined;
    });
    t.after(async () => {
      await this.storage.close();
      rmSync(this.#folder, { recursive: true });
    });
  }

  machine(host: string, port: number) {
    return {
      port: this.#network.port(host, port),
      clock: this.time,
      timers: this.time,
      random: this.#random,
      crypto,
    };
  }

  async run({
    store = this.storage.secureSessions as SecureSessionStore,
    isStillGood = async (_: ProvenIdentity) => true,
    minimumJournal = 2 ** 20,
    unstored = 'refuse' as 'refuse' | 'take',
  } = {}) {
    const { time: clock } = this;
    const log: Log = {
      ...silentLog,
      warn: (message) => void this.warnings.push(message),
      error: (message) => void this.errors.push(message),
    };
    const keeper = new SessionKeeper({
      store,
      isStillGood,
      interval: seconds(1),
      clock,
      timers: clock,
      log,
      minimumJournal,
      unstored,
    });
    const { onSessionOpened, onSessionClosed } = keeper.listener;
    const server = createDtlsServer({
      ...this.machine(serverAddress.host, serverAddress.port),
      credentials: { psk: () => key },
      onProgressDue: keeper.onProgressDue,
      sessions: {
        ...keeper.listener,
        onSessionOpened: (session) => {
          this.handshakes++;
          onSessionOpened?.(session);
        },
        onSessionClosed: (session, reason) => {
          if (!this.isKilled) onSessionClosed?.(session, reason);
        },
      },
    });
    server.listen({ onDatagram: (datagram, from) => server.send(datagram, from) });
    await keeper.restore(server);
    return { keeper, server };
  }

  client(number: number) {
    const psk = { identity: encodeUtf8(`client-${number}`), key };
    const client = createDtlsClient({ ...this.machine('192.0.2.1', 1000 + number), credentials: { psk } });
    client.listen({ onDatagram: () => void this.answers++ });
    return client;
  }

  /** Lets time pass, and commits. */
  async pass(duration = 2): Promise<void> {
    for (let i = 0; i < duration * 10; i++) {
      await this.time.advance(100 as never);
      await new Promise(setImmediate);
    }
  }
}

test('progress is put together when there is much of it, and nothing is lost by that', async (t) => {
  const bench = new Bench(t);
  const first = await bench.run({ minimumJournal: 1 });
  const clients = Array.from({ length: 5 }, (_, i) => bench.client(i));
  const { secureSessions: store } = bench.storage;
  let most = 0;
  for (let round = 0; round < 40; round++) {
    for (const client of clients) client.send(encodeUtf8('x'), serverAddress);
    await bench.pass(1.1);
    most = Math.max(most, [...store.progress()].length);
  }
  assert.equal(bench.answers, 200);
  assert.ok(most < 32, `${most} batches`);
  const highest = [...first.server.sessions()].map((session) => [session.key, session.readHighest]);
  bench.isKilled = true;
  await first.server.suspend();
  bench.isKilled = false;
  const second = await bench.run();
  assert.deepEqual(
    new Map([...second.server.sessions()].map((one) => [one.key, one.readHighest])),
    new Map(highest as never),
  );
  for (const client of clients) client.send(encodeUtf8('x'), serverAddress);
  await bench.pass();
  assert.equal(bench.answers, 205);
  assert.equal(bench.handshakes, 5);
});

test('what cannot be stored is told and tried again', async (t) => {
  const bench = new Bench(t);
  const { secureSessions } = bench.storage;
  let fails = true;
  const store = new Proxy(secureSessions, {
    get(target, name) {
      if (name === 'put' && fails) return () => Promise.reject(new Error('the disk is full'));
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  await bench.run({ store });
  bench.client(1).send(encodeUtf8('x'), serverAddress);
  await bench.pass(3);
  assert.ok(bench.warnings.length > 0);
  assert.equal([...secureSessions.sessions()].length, 0);
  fails = false;
  await bench.pass(3);
  assert.equal([...secureSessions.sessions()].length, 1);
});

test('sessions of credentials that were withdrawn meanwhile do not go on, nor those that ended', async (t) => {
  const bench = new Bench(t);
  const first = await bench.run();
  for (let i = 0; i < 3; i++) bench.client(i).send(encodeUtf8('x'), serverAddress);
  await bench.pass();
  first.server.closeSession([...first.server.sessions()][2]!);
  await bench.pass();
  assert.equal([...bench.storage.secureSessions.sessions()].length, 2);
  await first.keeper.stop();
  const isStillGood = async (proof: ProvenIdentity) =>
    proof.kind === 'PSK' && !Buffer.from(proof.identity).equals(Buffer.from('client-0'));
  const second = await bench.run({ isStillGood });
  await bench.pass();
  assert.equal(second.server.size, 1);
  assert.equal([...bench.storage.secureSessions.sessions()].length, 1);
});

test('after kill -9 no record is taken again, and terminals go on, also those that spoke last', async (t) => {
  const bench = new Bench(t);
  const first = await bench.run();
  const clients = Array.from({ length: 5 }, (_, i) => bench.client(i));
  for (const client of clients) client.send(encodeUtf8('x'), serverAddress);
  await bench.pass(3);
  // The first two speak, and the process dies before the next sync.
  for (const client of clients.slice(0, 2)) client.send(encodeUtf8('y'), serverAddress);
  await bench.pass(0.3);
  assert.equal(bench.answers, 7);
  bench.isKilled = true;
  await first.server.suspend();
  bench.isKilled = false;
  await bench.run();
  const replayed = bench.sent.splice(0);
  const attacker = bench.machine('198.51.100.9', 9).port;
  for (const record of replayed) attacker.send(record, serverAddress);
  await bench.pass(1);
  assert.equal(bench.answers, 7);
  for (const client of clients) client.send(encodeUtf8('z'), serverAddress);
  await bench.pass(1);
  assert.equal(bench.answers, 12);
  assert.equal(bench.handshakes, 5);
});

/** A disk that is full, until it is not. */
class FullDisk {
  isFull = true;

  of(store: SecureSessionStore): SecureSessionStore {
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'addProgress' && this.isFull) return () => Promise.reject(new Error('the disk is full'));
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}

test('what cannot be noted as taken is refused, told once, and heard when the disk has room again', async (t) => {
  const bench = new Bench(t);
  const disk = new FullDisk();
  await bench.run({ store: disk.of(bench.storage.secureSessions) });
  const client = bench.client(1);
  for (let i = 0; i < 3; i++) {
    client.send(encodeUtf8('x'), serverAddress);
    await bench.pass(1);
  }
  assert.equal(bench.answers, 0);
  assert.deepEqual(bench.errors, ['records of DTLS sessions cannot be stored']);
  disk.isFull = false;
  client.send(encodeUtf8('x'), serverAddress);
  await bench.pass(1);
  assert.equal(bench.answers, 1);
  disk.isFull = true;
  for (let i = 0; i < 5; i++) {
    client.send(encodeUtf8('x'), serverAddress);
    await bench.pass(1);
  }
  assert.equal(bench.errors.length, 2);
});

test('coap.unstored-records: take has terminals heard where the disk is full', async (t) => {
  const bench = new Bench(t);
  await bench.run({ store: new FullDisk().of(bench.storage.secureSessions), unstored: 'take' });
  bench.client(1).send(encodeUtf8('x'), serverAddress);
  await bench.pass(1);
  assert.equal(bench.answers, 1);
  assert.deepEqual(bench.errors, ['records of DTLS sessions cannot be stored']);
});

test('a terminal that was busy for long is heard within a CON after kill -9', async (t) => {
  const bench = new Bench(t);
  const first = await bench.run();
  const { time: clock } = bench;
  const client = createCoapEndpoint({ port: bench.client(1), clock, timers: clock, random: new SeededRandom(2) });
  /** @returns seconds that it took */
  const ask = async () => {
    const start = clock.monotonic();
    let isAnswered = false;
    void client.ping(serverAddress).then(() => {
      isAnswered = true;
    });
    while (!isAnswered && clock.monotonic() - start < 60_000) await bench.pass(0.1);
    assert.ok(isAnswered);
    return (clock.monotonic() - start) / 1000;
  };
  for (let i = 0; i < 100; i++) await ask();
  bench.isKilled = true;
  await first.server.suspend();
  bench.isKilled = false;
  await bench.run();
  // Of a CON the first two transmissions may be refused (RFC 7252 §4.8: they are 2 to 3 and 4 to 6 seconds apart).
  const waited = await ask();
  assert.ok(waited <= 9.5, `${waited} s`);
  assert.ok((await ask()) < 1);
  assert.equal(bench.handshakes, 1);
});
