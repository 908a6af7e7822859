/**
 * The cost of keeping registrations: CPU per Register (its registration and its device), Update and De-register through
 * the stores, beside a bare node:sqlite loop that writes as many rows; and the time to start with what was written.
 *
 *     node bench/storage.ts [terminals=100000] [perTurn=256] [repetitions=5]
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { socketAddress } from '@yaolian/kernel';
import type { Registration } from '@yaolian/lwm2m/server';
import { Storage } from '@yaolian/storage';

const terminals = Number(process.argv[2] ?? 100_000);
const perTurn = Number(process.argv[3] ?? 256);
const repetitions = Number(process.argv[4] ?? 5);
const objectLinks = '</>;rt="oma.lwm2m",</1/0>,</2>,</3/0>,</4/0>,</5/0>,</6/0>,</7/0>';
const start = 1_700_000_000_000;

interface Cost {
  readonly cpu: number;
  readonly wall: number;
  readonly commits: number;
  readonly slowest: number;
}

const inOrder = Array.from({ length: terminals }, (_, i) => i);
const shuffled = shuffle(inOrder);

function shuffle(items: readonly number[]): number[] {
  const mixed = [...items];
  for (let i = mixed.length - 1, seed = 1; i > 0; i--) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    const j = seed % (i + 1);
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}

/** As a decoder makes strings: in one piece. */
function flat(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function registration(i: number, generation: number): Registration {
  const endpoint = flat(`urn:imei:86${String(i).padStart(13, '0')}`);
  return {
    id: flat(`${generation}${(Math.imul(i, 2_654_435_761) >>> 0).toString(36).padStart(7, '0')}${i.toString(36)}`),
    endpoint,
    deviceKey: endpoint,
    address: socketAddress(`10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`, 5683 + generation),
    lifetime: 86_400,
    lwm2mVersion: '1.0',
    binding: 'U',
    queueMode: false,
    smsNumber: undefined,
    objectLinks,
    otherParameters: undefined,
    registeredAt: start + generation,
    updatedAt: start + generation,
  };
}

/** Runs `change` for every item, `perTurn` of them in one turn of the event loop, and waits for each turn's commit. */
async function measure(items: readonly number[], change: (i: number) => Promise<unknown>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  let commits = 0;
  let slowest = 0;
  for (let from = 0; from < items.length; from += perTurn) {
    const turn = performance.now();
    const waiting = new Set<Promise<unknown>>();
    for (let k = from; k < Math.min(from + perTurn, items.length); k++) waiting.add(change(items[k]!));
    await Promise.all(waiting);
    slowest = Math.max(slowest, performance.now() - turn);
    commits++;
  }
  const used = process.cpuUsage(cpu);
  return {
    cpu: (used.user + used.system) / items.length,
    wall: ((performance.now() - began) * 1000) / items.length,
    commits,
    slowest,
  };
}

/** The yardstick: the same transactions with two plain rows each and nothing around them. */
async function bareLoop(folder: string): Promise<Cost> {
  const database = new DatabaseSync(join(folder, 'bare.db'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE a (n INTEGER PRIMARY KEY, id TEXT, endpoint TEXT, address TEXT, links TEXT, lifetime INT, time INT);
    CREATE TABLE b (key TEXT PRIMARY KEY, endpoint TEXT, address TEXT, time INT)`);
  const a = database.prepare('INSERT INTO a VALUES (?, ?, ?, ?, ?, ?, ?)');
  const b = database.prepare('INSERT INTO b VALUES (?, ?, ?, ?)');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const values = inOrder.map((i) => registration(i, 0));
  let inTurn = 0;
  const cost = await measure(inOrder, async (i) => {
    const { id, endpoint, address, updatedAt } = values[i]!;
    if (inTurn++ === 0) begin.run();
    a.run(i, id, endpoint, address.key, objectLinks, 86_400, updatedAt);
    b.run(endpoint, endpoint, address.key, updatedAt);
    if (inTurn < perTurn && i < terminals - 1) return;
    inTurn = 0;
    commit.run();
  });
  database.close();
  return cost;
}

class Fleet {
  storage: Storage;
  #generation = 0;
  #registrations: Registration[] = [];

  constructor(storage: Storage) {
    this.storage = storage;
  }

  /** Every terminal registers: for the first time, or instead of its last registration. */
  register(order: readonly number[]): Promise<Cost> {
    const generation = this.#generation++;
    const before = this.#registrations;
    const next = inOrder.map((i) => registration(i, generation));
    this.#registrations = next;
    return measure(order, (i) => {
      const current = next[i]!;
      const { endpoint, deviceKey, address, updatedAt } = current;
      const record = { key: deviceKey, endpoint, address: address.key, time: updatedAt, identity: {} };
      void this.storage.devices.recordRegistration(record);
      return this.storage.registrations.register(current, before[i]?.id);
    });
  }

  update(order: readonly number[]): Promise<Cost> {
    const time = start + this.#generation++;
    return measure(order, (i) => {
      const updated = { ...this.#registrations[i]!, updatedAt: time };
      this.#registrations[i] = updated;
      return this.storage.registrations.update(updated);
    });
  }

  remove(order: readonly number[]): Promise<Cost> {
    return measure(order, (i) => this.storage.registrations.remove(this.#registrations[i]!.id));
  }
}

async function round(): Promise<Map<string, Cost>> {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-bench-'));
  const costs = new Map<string, Cost>();
  try {
    costs.set('bare node:sqlite loop, 2 rows', await bareLoop(folder));
    let storage = Storage.open({ folder: join(folder, 'data') });
    const fleet = new Fleet(storage);
    costs.set('Register, new terminals', await fleet.register(inOrder));
    costs.set('Register again, in order', await fleet.register(inOrder));
    costs.set('Register again, any order', await fleet.register(shuffled));
    costs.set('Update, in order', await fleet.update(inOrder));
    costs.set('Update, any order', await fleet.update(shuffled));
    await storage.close();
    const began = performance.now();
    const cpu = process.cpuUsage();
    storage = Storage.open({ folder: join(folder, 'data') });
    const registrations = [...(await storage.registrations.load()).registrations];
    const wall = ((performance.now() - began) * 1000) / terminals;
    const used = process.cpuUsage(cpu);
    assert.equal(registrations.length, terminals);
    costs.set('start, per terminal', { cpu: (used.user + used.system) / terminals, wall, commits: 0, slowest: 0 });
    fleet.storage = storage;
    costs.set('De-register, any order', await fleet.remove(shuffled));
    assert.equal([...(await storage.registrations.load()).registrations].length, 0);
    await storage.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
  return costs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

const rounds: Map<string, Cost>[] = [];
for (let i = 0; i < repetitions; i++) rounds.push(await round());
console.log(`${terminals} terminals, ${perTurn} a turn, medians of ${repetitions}`);
console.log(
  `${'each'.padEnd(32)}${['us CPU', 'us', 'per s', 'commits/s', 'slowest turn ms'].map((h) => h.padStart(16)).join('')}`,
);
for (const name of rounds[0]!.keys()) {
  const of = (figure: (cost: Cost) => number) => median(rounds.map((costs) => figure(costs.get(name)!)));
  const wall = of((cost) => cost.wall);
  const figures = [
    of((cost) => cost.cpu).toFixed(2),
    wall.toFixed(2),
    Math.round(1e6 / wall).toString(),
    Math.round(of((cost) => cost.commits) / ((wall * terminals) / 1e6)).toString(),
    of((cost) => cost.slowest).toFixed(1),
  ];
  console.log(name.padEnd(32) + figures.map((figure) => figure.padStart(16)).join(''));
}
