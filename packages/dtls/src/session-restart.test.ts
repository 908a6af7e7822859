import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Peer, seconds } from '@yaolian/kernel';
import fc from 'fast-check';
import { clientAddress, serverAddress, text, World } from '../test/world.ts';
import type { DtlsServer } from './server/server.ts';
import type { ProgressSelection } from './session/kept-progress.ts';
import type { DtlsSession } from './session/session.ts';
import { progressLength } from './session/session-progress.ts';

/** Fails when a protected record of the server has a sequence number that was there before. Counts them. */
function watchSequences(world: World): ReadonlySet<number> {
  const sequences = new Set<number>();
  world.network.watch(({ from, datagram }) => {
    if (from.key !== serverAddress.key || datagram[4] !== 1) return undefined;
    const sequence = Buffer.from(datagram.subarray(5, 11)).readUIntBE(0, 6);
    assert.ok(!sequences.has(sequence), 'a sequence number was used twice');
    sequences.add(sequence);
    return undefined;
  });
  return sequences;
}

test('a session goes on after a restart without a handshake, and its keys are wiped where it was', async () => {
  const world = new World();
  watchSequences(world);
  assert.equal(await world.ask(), 'HELLO');
  const before = world.opened[0]!;
  const { state } = world.server.exportSession(before);
  assert.equal(await world.ask(world.client, 'after the export'), 'AFTER THE EXPORT');
  await world.server.suspend();
  const { keyBlockLength } = before.protection;
  assert.deepEqual([...before.keys.subarray(0, keyBlockLength)], new Array(keyBlockLength).fill(0));
  const server = world.openServer();
  const after = server.importSession(state)!;
  assert.equal(await world.ask(world.client, 'still here'), 'STILL HERE');
  assert.equal(after.key, before.key);
  assert.deepEqual(after.identity, { kind: 'psk', identity: 'thermometer-1' });
  assert.equal(world.meter.count('handshakes'), 1);
  for (let length = 0; length < state.length; length++) {
    assert.equal(server.importSession(state.subarray(0, length)), undefined);
  }
});

test('however often a server goes on with one export, no sequence number is used twice', async () => {
  const world = new World();
  const sequences = watchSequences(world);
  assert.equal(await world.ask(), 'HELLO');
  const exported = world.server.exportSession(world.opened[0]!);
  exported.stored();
  let { server } = world;
  for (let importedBefore = 0; importedBefore < 5; importedBefore++) {
    await server.suspend();
    server = world.openServer();
    const session = server.importSession(exported.state, { importedBefore })!;
    world.errors.length = 0;
    for (let i = 0; i < 5000; i++) server.send(text('x'), session);
    await world.time.advance(seconds(1));
    assert.equal(world.errors.length, 5000 - 4096, 'the reserve is used up');
  }
  assert.ok(sequences.size >= 5 * 4096);
});

test('an export that is about to run out asks for another, which counts once it is stored', async () => {
  const due: Peer[] = [];
  const world = new World({ server: { sessions: { onExportDue: (session) => due.push(session) } } });
  await world.ask();
  const [session] = [...world.server.sessions()];
  const send = async (count: number) => {
    world.errors.length = 0;
    for (let i = 0; i < count; i++) world.server.send(text('x'), session!);
    await world.time.advance(seconds(1));
    return world.errors.filter((code) => code === 'DTLS_SEQUENCE_EXHAUSTED').length;
  };
  world.server.exportSession(session!).stored();
  assert.equal(await send(3000), 0);
  assert.equal(due.length, 1);
  const again = world.server.exportSession(session!);
  assert.equal(await send(2000), 3000 + 2000 - 4096, 'the new reserve is not touched before it is stored');
  again.stored();
  assert.equal(await send(3000), 0);
});

/** A server whose progress is stored, as a platform does it, and restarts that find what was stored until then. */
class KeptWorld {
  readonly world: World;
  /** What a restart finds. */
  readonly batches: Uint8Array[] = [];
  /** Exports that are not on disk yet. */
  readonly writing: { write(): void; fail(): void }[] = [];
  state: Uint8Array | undefined;
  server: DtlsServer;
  /** Whether what is exported is on disk at once. */
  isQuick = true;
  isDue = false;
  readonly records: Uint8Array[] = [];
  readonly #late: Uint8Array[] = [];
  #isDelaying = false;
  #runs = 0;

  constructor() {
    const onProgressDue = () => {
      this.isDue = true;
      queueMicrotask(() => this.storeDue());
    };
    this.world = new World({ server: { onProgressDue } });
    this.server = this.world.server;
    this.world.network.watch(({ from, datagram }) => {
      if (from.key !== clientAddress.key) return undefined;
      this.records.push(datagram);
      if (!this.#isDelaying) return undefined;
      this.#late.push(datagram);
      return 'drop';
    });
  }

  get session(): DtlsSession {
    return [...this.server.sessions()][0]!;
  }

  storeDue(): void {
    if (this.isDue && this.isQuick) this.store('due');
    this.isDue = false;
  }

  store(selection: ProgressSelection): void {
    const { bytes, stored, failed } = this.server.exportProgress(selection);
    const write = () => {
      if (bytes.length > 0) this.batches.push(bytes);
      stored();
    };
    if (this.isQuick) write();
    else this.writing.push({ write, fail: failed });
  }

  async open(): Promise<void> {
    assert.equal(await this.world.ask(), 'HELLO');
    this.state = this.server.exportSession(this.session).state;
  }

  async send(message: string, isDelayed: boolean): Promise<void> {
    this.#isDelaying = isDelayed;
    this.world.client.send(text(message), serverAddress);
    this.#isDelaying = false;
    await this.world.time.advance(seconds(1));
  }

  /** What was delayed comes after what was sent later, and by another way. */
  async deliverLate(): Promise<void> {
    await this.#sendFrom('198.51.100.8', this.#late.splice(0));
  }

  /** The process is gone, whatever it did not store. */
  async crash(): Promise<void> {
    await this.server.suspend();
    this.writing.length = 0;
    this.isDue = false;
    this.server = this.world.openServer();
    assert.ok(this.server.importSession(this.state!, { importedBefore: this.#runs++ }));
    for (const batch of this.batches) assert.ok(this.server.importProgress(batch));
  }

  /** Sends again, from where an attacker is, everything that the client ever sent. */
  async replay(): Promise<void> {
    await this.#sendFrom('198.51.100.9', this.records);
  }

  async #sendFrom(host: string, records: readonly Uint8Array[]): Promise<void> {
    const port = this.world.network.port(host, 9);
    for (const record of [...records]) port.send(record, serverAddress);
    await this.world.time.advance(seconds(1));
    await port.close();
  }
}

test('whatever was taken before a crash is not taken again after it, however old what was stored is', async () => {
  const kept = new KeptWorld();
  await kept.open();
  for (const count of [0, 1, 5, 40, 200]) {
    for (let i = 0; i < count; i++) assert.equal(await kept.world.ask(kept.world.client, `n${i}`), `N${i}`);
    const taken = kept.world.requests.length;
    await kept.crash();
    await kept.replay();
    assert.equal(kept.world.requests.length, taken, `after ${count}`);
    // A few of its records are lost, as on a bad network; then it goes on, in its session.
    let lost = 0;
    while ((await kept.world.ask(kept.world.client, 'still here?', 1)) === undefined) lost++;
    assert.ok(lost <= 2, `${lost} lost after ${count}`);
    kept.store('changed');
  }
  assert.equal(kept.world.meter.count('handshakes'), 1);
});

test('a session that fell silent loses nothing by a crash, and one that ends in peace neither', async () => {
  const kept = new KeptWorld();
  await kept.open();
  for (const end of ['changed', 'final'] as const) {
    await kept.world.ask(kept.world.client, 'something');
    kept.store('changed');
    kept.store(end);
    const taken = kept.world.requests.length;
    await kept.crash();
    await kept.replay();
    assert.equal(kept.world.requests.length, taken);
    assert.equal(await kept.world.ask(kept.world.client, 'at once', 1), 'AT ONCE', end);
  }
});

test('a record waits until it is stored; a session that speaks on does so without storing for each', async () => {
  const kept = new KeptWorld();
  await kept.open();
  kept.store('changed');
  kept.store('changed');
  const { time } = kept.world;
  kept.isQuick = false;
  const before = kept.world.requests.length;
  kept.world.client.send(text('one'), serverAddress);
  kept.world.client.send(text('two'), serverAddress);
  await time.advance(seconds(1));
  assert.equal(kept.world.requests.length, before, 'nothing is taken yet');
  kept.store('due');
  assert.equal(kept.writing.length, 1, 'for both together');
  kept.world.client.send(text('three'), serverAddress);
  await time.advance(seconds(1));
  assert.equal(kept.world.requests.length, before);
  kept.writing.shift()!.write();
  assert.equal(kept.world.requests.length, before + 2, 'what came meanwhile waits for the next mark');
  kept.store('due');
  kept.writing.shift()!.write();
  assert.equal(kept.world.requests.length, before + 3);
  // What too much of waits is dropped: who sent it sends it again.
  const dropped = () => kept.world.meter.count('dropped/too much waits to be stored');
  for (let i = 0; i < 100; i++) kept.world.client.send(text('x'), serverAddress);
  await time.advance(seconds(1));
  assert.ok(dropped() > 0);
  kept.store('due');
  kept.writing.shift()!.write();
  await time.advance(seconds(1));
  // More came than the first mark covers: they wait for the next.
  while (kept.isDue) {
    kept.store('due');
    kept.isDue = false;
    kept.writing.shift()!.write();
  }
  assert.equal(kept.world.requests.length, before + 3 + 100 - dropped());
  kept.isQuick = true;
  const stored = kept.batches.length;
  for (let i = 0; i < 500; i++) await kept.world.ask(kept.world.client, 'x');
  assert.ok(kept.batches.length - stored <= 180, `${kept.batches.length - stored} batches for 500 records`);
});

test('a session that sends much at once seldom waits once that is known, and a crash costs it no more than twice that', async () => {
  const kept = new KeptWorld();
  await kept.open();
  kept.isQuick = false;
  const burst = 30;
  const { client, requests, time } = kept.world;
  /** A burst while a mark is being stored. @returns how many of it were taken before it was */
  const burstOnce = async () => {
    const before = requests.length;
    for (let i = 0; i < burst; i++) client.send(text(`${before + i}`), serverAddress);
    await time.advance(seconds(1));
    const taken = requests.length - before;
    while (requests.length < before + burst) {
      kept.store('due');
      kept.writing.shift()!.write();
    }
    kept.store('due');
    kept.writing.shift()!.write();
    return taken;
  };
  assert.equal(await burstOnce(), 0);
  let taken = 0;
  for (let i = 0; i < 20; i++) taken += await burstOnce();
  assert.ok(taken >= 10 * burst, `${taken} of ${20 * burst} were taken at once`);
  assert.equal(kept.world.meter.count('dropped/too much waits to be stored'), 0);
  await kept.crash();
  kept.isQuick = true;
  let lost = 0;
  while ((await kept.world.ask(client, 'still here?', 1)) === undefined) lost++;
  assert.ok(lost <= 2 * burst, `${lost} lost`);
});

test('where it cannot be stored that records came, they are refused, and taken once it can', async () => {
  const kept = new KeptWorld();
  await kept.open();
  kept.isQuick = false;
  const { client, requests, meter } = kept.world;
  const before = requests.length;
  const sendOne = async () => {
    client.send(text('again and again'), serverAddress);
    await kept.world.time.advance(seconds(1));
    const { stored, failed } = kept.server.exportProgress('due');
    kept.isDue = false;
    return { stored, failed };
  };
  for (let i = 0; i < 3; i++) (await sendOne()).failed();
  assert.equal(requests.length, before);
  assert.equal(meter.count('dropped/progress cannot be stored'), 3);
  (await sendOne()).stored();
  assert.equal(requests.length, before + 1);
});

test('whenever the process dies, with whatever stored, no record is taken twice', async () => {
  const steps = [
    'send',
    'send',
    'send',
    'delay',
    'late',
    'sweep',
    'slice',
    'write',
    'fail',
    'crash',
    'quick',
    'slow',
  ] as const;
  const step = fc.constantFrom(...steps);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const kept = new KeptWorld();
      await kept.open();
      let sent = 0;
      for (const one of steps) {
        if (one === 'send' || one === 'delay' || one === 'late') {
          if (one === 'late') await kept.deliverLate();
          else await kept.send(`message ${sent++}`, one === 'delay');
          if (kept.isDue) kept.store('due');
          kept.isDue = false;
        } else if (one === 'sweep') kept.store('changed');
        else if (one === 'slice') kept.store([kept.session]);
        else if (one === 'write') kept.writing.shift()?.write();
        else if (one === 'fail') kept.writing.shift()?.fail();
        else if (one === 'crash') {
          await kept.crash();
          await kept.replay();
        } else {
          // Batches are stored in the order in which they were made.
          if (one === 'quick') for (const { write } of kept.writing.splice(0)) write();
          kept.isQuick = one === 'quick';
        }
      }
      await kept.crash();
      await kept.replay();
      const taken = kept.world.requests.map(({ datagram }) => Buffer.from(datagram).toString());
      assert.deepEqual(taken, [...new Set(taken)]);
    }),
    { numRuns: 60 },
  );
});

test('progress of sessions that are gone means nothing, nor does what is none', async () => {
  const kept = new KeptWorld();
  await kept.open();
  const { bytes } = kept.server.exportProgress([kept.session]);
  assert.equal(bytes.length, progressLength);
  assert.equal(kept.server.importProgress(bytes.subarray(1)), false);
  kept.server.closeSession(kept.session);
  assert.ok(kept.server.importProgress(bytes));
  assert.equal(kept.server.exportProgress('final').bytes.length, 0);
  assert.throws(() => new World().server.exportProgress('due'), TypeError);
});
