import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import {
  type Bucket,
  countOf,
  defaultHistoryRetention,
  type HistoryPoint,
  type HistoryValue,
  type RecordedValue,
  type ValueHistory,
} from '@yaolian/directory';
import { MemoryValueHistory } from '@yaolian/directory/testing';
import { deafMeter, silentLog } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { GroupCommit } from '../group-commit.ts';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations.ts';
import { SqliteValueHistory } from '../sqlite-value-history.ts';

const minute = 60_000;
const day = 86_400_000;
/** Monday, midnight. */
const start = Date.UTC(2026, 2, 23);
const retention = {
  ...defaultHistoryRetention,
  age: { ...defaultHistoryRetention.age, value: 400 * day },
  spans: { after: 2 * day, length: 15 * minute },
};
const key = { kind: 'value', device: 'd', path: '/3303/0/5700' } as const;
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER, order: 'oldest', limit: 1_000_000 } as const;
const folder = mkdtempSync(join(tmpdir(), 'yaolian-spans-'));
after(() => rmSync(folder, { recursive: true }));

function open(database: DatabaseSync, maximumRecent = 50) {
  const commit = new GroupCommit(database);
  const history = new SqliteValueHistory(database, commit, {
    retention,
    maximumRecent,
    log: silentLog,
    meter: deafMeter,
  });
  return { history, commit };
}

function inMemory(maximumRecent?: number) {
  const database = new DatabaseSync(':memory:');
  migrate(database, migrations, ':memory:');
  return { database, ...open(database, maximumRecent) };
}

/** Waits until the journal is worked off: turns of the event loop, not time. */
async function settled(database: DatabaseSync): Promise<void> {
  const count = database.prepare('SELECT count(*) AS n FROM history_journal');
  const isBusy = () => database.isTransaction || (count.get() as { n: number }).n > 0;
  for (let turn = 0; turn < 10_000 && isBusy(); turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Eighths, whose sums are exact in any order; some texts, booleans and whole numbers of 64 bits among them. */
function someValue(random: SeededRandom): HistoryValue {
  const kind = Math.floor(random.fraction() * 20);
  const number = Math.floor(random.fraction() * 4000) / 8 - 100;
  if (kind === 0) return `on ${number}`;
  if (kind === 1) return number > 0;
  return kind === 2 ? BigInt(Math.floor(number)) : number;
}

/** Values of six days, in order but for some that come days late. */
function someValues(random: SeededRandom, count: number): RecordedValue[] {
  return Array.from({ length: count }, (_, i) => {
    const late = random.fraction() < 0.1 ? Math.floor(random.fraction() * 3 * day) : 0;
    const time = start + Math.floor((i * 6 * day) / count) + Math.floor(random.fraction() * 1000) - late;
    return { ...key, time, value: someValue(random) };
  });
}

async function allBuckets(history: ValueHistory, every: number, zone?: string): Promise<readonly Bucket[]> {
  const { from, to } = everything;
  return (await history.buckets({ ...key, from, to, every, zone, limit: 1_000_000 })).buckets;
}

async function pointsOf(history: ValueHistory): Promise<readonly HistoryPoint[]> {
  return (await history.points({ ...key, ...everything })).points;
}

const total = (points: readonly HistoryPoint[]) => points.reduce((sum, point) => sum + countOf(point), 0);

for (const seed of [1, 2, 3, 4, 5]) {
  test(`spans have the aggregates of their values, late ones too, over restarts and time zones (${seed})`, async () => {
    const random = new SeededRandom(seed);
    const { database, history } = inMemory();
    const oracle = new MemoryValueHistory();
    let current = history;
    const values = someValues(random, 1500);
    for (let from = 0; from < values.length; from += 50) {
      const part = values.slice(from, from + 50);
      await current.record(part);
      await oracle.record(part);
      if (random.fraction() < 0.3) await current.prune(part.at(-1)!.time);
      if (random.fraction() < 0.1) current = open(database).history;
    }
    await current.prune(start + 8 * day);
    // Nothing stays in the journal.
    current = open(database, 1).history;
    await current.record([{ kind: 'value', device: 'other', path: '/3/0/9', time: start, value: 1 }]);
    await settled(database);
    await current.prune(start + 10 * day);
    const left = await pointsOf(current);
    assert.ok(left.some(({ span }) => span !== undefined));
    const quarters = left.map(({ time }) => Math.floor(time / (15 * minute)));
    assert.deepEqual(quarters, [...new Set(quarters)], 'nothing stands beside the span that covers its time');
    for (const [every, zone] of [
      [15 * minute],
      [3 * 3_600_000],
      [day, 'Europe/Berlin'],
      [day, 'Asia/Kathmandu'],
      [7 * day],
    ] as const) {
      assert.deepEqual(await allBuckets(current, every, zone), await allBuckets(oracle, every, zone));
    }
    const newest = await current.points({ ...key, ...everything, order: 'newest' });
    assert.deepEqual(newest.points.toReversed(), await pointsOf(current));
  });
}

test('a span keeps what its values were, the last with its time; one value stays as it is', async () => {
  const { database, history } = inMemory(1);
  const values: readonly (readonly [number, HistoryValue])[] = [
    [0, 1],
    [1, 'off'],
    [2, 6],
    [15, 7],
    [30, 'a'],
    [31, 'b'],
  ];
  await history.record(values.map(([time, value]) => ({ ...key, time: start + time * minute, value })));
  await settled(database);
  const raw = await pointsOf(history);
  await history.prune(start + 2 * day);
  assert.deepEqual(await pointsOf(history), raw, 'nothing is old enough');
  await history.prune(start + 4 * day);
  const span = (count: number) => ({ length: 15 * minute, count });
  assert.deepEqual(await pointsOf(history), [
    { time: start + 2 * minute, value: 6, span: { ...span(3), numbers: { count: 2, min: 1, max: 6, sum: 7 } } },
    { time: start + 15 * minute, value: 7 },
    { time: start + 31 * minute, value: 'b', span: span(2) },
  ]);
  // Sent again, the last one is known; a new late one is taken in.
  const late = [
    [31, 'b'],
    [30.5, -5],
  ] as const;
  await history.record(late.map(([time, value]) => ({ ...key, time: start + time * minute, value })));
  await settled(database);
  await history.prune(start + 4 * day);
  assert.deepEqual(
    (await pointsOf(history)).map((point) => point.span),
    [
      { ...span(3), numbers: { count: 2, min: 1, max: 6, sum: 7 } },
      undefined,
      { ...span(3), numbers: { count: 1, min: -5, max: -5, sum: -5 } },
    ],
  );
});

/** Times in minutes since {@link start}, each with how many values its point stands for. */
async function countsOf(history: ValueHistory): Promise<readonly (readonly [number, number])[]> {
  return (await pointsOf(history)).map((point) => [(point.time - start) / minute, countOf(point)]);
}

test('what comes after its span was put together goes into it: before all others, after the last, and between chunks', async () => {
  const { database, history } = inMemory(1);
  const take = async (...times: number[]) => {
    await history.record(times.map((time) => ({ ...key, time: start + time * minute, value: time })));
    await settled(database);
    await history.prune(start + 6 * day);
  };
  await take(5, 10, 1439, 1450);
  assert.deepEqual(await countsOf(history), [
    [10, 2],
    [1439, 1],
    [1450, 1],
  ]);
  await take(1441, 2);
  assert.deepEqual(await countsOf(history), [
    [10, 3],
    [1439, 1],
    [1450, 2],
  ]);
  await take(14, 1454, 16);
  assert.deepEqual(await countsOf(history), [
    [14, 4],
    [16, 1],
    [1439, 1],
    [1454, 3],
  ]);
});

test('spans of another length take in what came late, too, and grow where the length does', async () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, migrations, ':memory:');
  const take = async (length: number, ...times: number[]) => {
    const commit = new GroupCommit(database);
    const spans = { after: 2 * day, length: length * minute };
    const history = new SqliteValueHistory(database, commit, { retention: { ...retention, spans }, maximumRecent: 1 });
    await history.record(times.map((time) => ({ ...key, time: start + time * minute, value: time })));
    await settled(database);
    await history.prune(start + 6 * day);
    return countsOf(history);
  };
  await take(60, 1, 50, 61, 62);
  assert.deepEqual(await take(5, 20, 58, 63), [
    [58, 4],
    [63, 3],
  ]);
  assert.deepEqual(await take(1, 120, 121, 122), [
    [58, 4],
    [63, 3],
    [120, 1],
    [121, 1],
    [122, 1],
  ]);
  assert.deepEqual(await take(60, 123), [
    [58, 4],
    [63, 3],
    [123, 4],
  ]);
});

test('what is being read is not put together meanwhile: who reads on would count values twice', async () => {
  const { database, history } = inMemory(1);
  // A chunk ends in the middle of a span, and there are more than are read in one turn.
  const values = Array.from({ length: 6000 }, (_, i) => ({ ...key, time: start + i * 7000, value: i }));
  await history.record(values);
  await settled(database);
  const { from, to } = everything;
  const reading = history.buckets({ ...key, from, to, every: 15 * minute, limit: 1_000_000 });
  await history.prune(start + 6 * day);
  const { buckets } = await reading;
  assert.equal(
    buckets.reduce((sum, { count }) => sum + count, 0),
    6000,
  );
  await history.prune(start + 6 * day);
  assert.equal((await pointsOf(history)).length, Math.ceil((6000 * 7000) / (15 * minute)));
});

test('another retention holds at once: spans where there were none, and none where there were; what is too old goes', async () => {
  const { database, history } = inMemory(1);
  const { spans: _, ...noSpans } = retention;
  const take = async (...hours: number[]) => {
    await history.record(hours.map((hour) => ({ ...key, time: start + hour * 60 * minute, value: hour })));
    await settled(database);
    await history.prune(start + 10 * day);
    return countsOf(history);
  };
  history.retain(noSpans);
  assert.equal((await take(0, 0.1, 1)).length, 3);
  history.retain({ ...retention, spans: { after: 2 * day, length: 60 * minute } });
  assert.deepEqual(await take(30), [
    [6, 2],
    [60, 1],
    [1800, 1],
  ]);
  history.retain(noSpans);
  assert.equal((await take(48, 48.1)).length, 5);
  history.retain({ ...noSpans, age: { ...noSpans.age, value: 9 * day } });
  assert.deepEqual(await take(49), [
    [1800, 1],
    [2880, 1],
    [2886, 1],
    [2940, 1],
  ]);
  history.retain({ ...noSpans, age: { ...noSpans.age, value: 0 } });
  assert.deepEqual(await take(50), []);
});

test('timelines and figures of the platform stay as they are, and are looked at once', async () => {
  const { database, history } = inMemory(1);
  const event = { kind: 'event', device: 'd', path: '' } as const;
  await history.record([1, 2, 3].map((i) => ({ ...event, time: start + i, value: `event ${i}` })));
  await settled(database);
  await history.prune(start + 10 * day);
  assert.equal((await history.points({ ...event, ...everything })).points.length, 3);
  assert.deepEqual({ ...database.prepare('SELECT count(*) AS n FROM history_chunk WHERE raw = 1').get() }, { n: 0 });
});

test('values that the journal still has are not put together: a start would count them twice', async () => {
  const { database, history } = inMemory(1);
  const values = [1, 2, 3].map((i) => ({ ...key, time: start + i, value: i }));
  await history.record(values);
  const journal = database.prepare('SELECT n, data FROM history_journal').all() as { n: number; data: Uint8Array }[];
  await settled(database);
  // As a crash between the chunks and the journal leaves it.
  for (const { n, data } of journal) database.prepare('INSERT INTO history_journal VALUES (?, ?)').run(n, data);
  const again = open(database, 2).history;
  await again.prune(start + 10 * day);
  assert.equal(total(await pointsOf(again)), 3);
  await again.record([4, 5].map((i) => ({ ...key, time: start + i, value: i })));
  await settled(database);
  await again.prune(start + 10 * day);
  assert.deepEqual(
    (await pointsOf(again)).map(({ span }) => span?.count),
    [5],
  );
});

test('a crash at any step neither loses a value nor counts one twice', async () => {
  const file = join(folder, 'crash.db');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
  migrate(database, migrations, file);
  const { history, commit } = open(database);
  const random = new SeededRandom(11);
  const oracle = new MemoryValueHistory();
  let durable = 0;
  let copies = 0;
  const expected: (readonly Bucket[])[] = [];
  commit.listen({
    // What kill -9 now would leave: of every commit one copy, whatever it was of.
    committed: () => {
      for (const end of ['', '-wal']) cpSync(`${file}${end}`, join(folder, `copy-${copies}.db${end}`));
      copies++;
      recordedAt.push(durable);
    },
  });
  const recordedAt: number[] = [];
  const values = someValues(random, 450);
  expected.push([]);
  for (let from = 0; from < values.length; from += 30) {
    const part = values.slice(from, from + 30);
    durable++;
    await oracle.record(part);
    expected.push(await allBuckets(oracle, 15 * minute));
    await history.record(part);
    await history.prune(part.at(-1)!.time);
  }
  await settled(database);
  await history.prune(start + 10 * day);
  const spans = (await pointsOf(history)).filter(({ span }) => span !== undefined);
  assert.ok(spans.length > 20, `${spans.length} spans`);
  database.close();
  assert.ok(copies > 30, `${copies} copies`);
  for (let copy = 0; copy < copies; copy++) {
    const left = new DatabaseSync(join(folder, `copy-${copy}.db`));
    const { history: revived } = open(left, 1);
    await revived.record([{ kind: 'value', device: 'other', path: '/3/0/9', time: start, value: 1 }]);
    await settled(left);
    await revived.prune(start + 10 * day);
    assert.deepEqual(await allBuckets(revived, 15 * minute), expected[recordedAt[copy]!], `copy ${copy}`);
    left.close();
  }
});

test('a device that goes takes its spans along, and old spans go', async () => {
  const { database, history } = inMemory();
  await history.record(someValues(new SeededRandom(3), 500));
  await settled(database);
  await history.prune(start + 10 * day);
  await history.prune(start + 403 * day);
  const left = await pointsOf(history);
  assert.ok(left.length > 0 && left.every(({ time }) => time >= start + 3 * day));
  await history.removeDevice('d');
  await history.prune(start + 403 * day);
  assert.deepEqual({ ...database.prepare('SELECT count(*) AS n FROM history_chunk').get() }, { n: 0 });
});
