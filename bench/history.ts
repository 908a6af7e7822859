/**
 * History: what keeping values costs, and whether 10,000 values a second go in while readers are active, all on one core.
 * The yardstick is a bare node:sqlite table with a row for each value, written in the same turns.
 * `node bench/history.ts [--series 10000] [--seconds 10] [--values 1000000]`
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { defaultHistoryRetention, type RecordedValue, type SeriesKey } from '@yaolian/directory';
import { Storage } from '@yaolian/storage';
import { rounded, table } from './support/figures.ts';
import { pinned, pinningProblem, serverCore } from './support/pinned-process.ts';

const { values: options } = parseArgs({
  options: {
    series: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '10' },
    values: { type: 'string', default: '1000000' },
    pinned: { type: 'boolean', default: false },
  },
});
const seriesCount = Number(options.series);
const valueCount = Number(options.values);
const perTurn = 100;
const start = 1_760_000_000_000;

if (!options.pinned && pinningProblem === undefined) {
  const command = [process.execPath, import.meta.filename, ...process.argv.slice(2), '--pinned'];
  execFileSync(...pinned(serverCore, command), { stdio: 'inherit' });
  process.exit();
}

function keyOf(i: number): SeriesKey {
  return { kind: 'value', device: `urn:imei:86${String(i >> 2).padStart(13, '0')}`, path: `/3303/${i & 3}/5700` };
}

const keys = Array.from({ length: seriesCount }, (_, i) => keyOf(i));

/** The n-th value of all: series by series, each a minute later than before. */
function recordedAt(n: number): RecordedValue {
  const round = Math.floor(n / seriesCount);
  const i = n % seriesCount;
  return { ...keys[i]!, time: start + round * 60_000 + (i % 1000), value: 20 + ((n * 7919) % 100) / 10 };
}

interface Row {
  readonly name: string;
  readonly perSecond: number;
  readonly cpu: number;
  readonly bytes: number;
}

async function turns(
  count: number,
  turn: (from: number, to: number) => Promise<unknown>,
): Promise<{ rate: number; cpu: number }> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  for (let from = 0; from < count; from += perTurn) await turn(from, Math.min(from + perTurn, count));
  const { user, system } = process.cpuUsage(cpu);
  return { rate: (count / (performance.now() - began)) * 1000, cpu: (user + system) / count };
}

async function bareLoop(folder: string): Promise<Row> {
  const file = join(folder, 'bare.db');
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;
    CREATE TABLE series (n INTEGER PRIMARY KEY, device TEXT, path TEXT, UNIQUE (device, path));
    CREATE TABLE value (series INTEGER, time INTEGER, value REAL, PRIMARY KEY (series, time)) WITHOUT ROWID`);
  for (const [n, { device, path }] of keys.entries()) {
    database.prepare('INSERT INTO series VALUES (?, ?, ?)').run(n, device, path);
  }
  const insert = database.prepare('REPLACE INTO value VALUES (?, ?, ?)');
  const { rate, cpu } = await turns(valueCount, async (from, to) => {
    database.exec('BEGIN IMMEDIATE');
    for (let n = from; n < to; n++) {
      const { time, value } = recordedAt(n);
      insert.run(n % seriesCount, time, value as number);
    }
    database.exec('COMMIT');
    await new Promise(setImmediate);
  });
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return { name: 'bare node:sqlite, a row each', perSecond: rate, cpu, bytes: statSync(file).size / valueCount };
}

async function flood(storage: Storage): Promise<Row> {
  const { rate, cpu } = await turns(valueCount, (from, to) =>
    storage.history.record(Array.from({ length: to - from }, (_, i) => recordedAt(from + i))),
  );
  return { name: 'history, as fast as it goes', perSecond: rate, cpu, bytes: 0 };
}

/** Reads pages and spans of one series after the other until it is told to stop. */
async function reader(storage: Storage, seed: number, running: () => boolean): Promise<number> {
  let queries = 0;
  for (let i = seed; running(); i = (i * 31 + 7) % seriesCount) {
    const span = { ...keys[i]!, from: start, to: start + 86_400_000 * 365 };
    const { buckets } = await storage.history.buckets({ ...span, every: 3_600_000, limit: 1000 });
    const { points } = await storage.history.points({ ...span, order: 'newest', limit: 100 });
    assert.ok(buckets.length > 0 && points.length > 0);
    queries += 2;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return queries;
}

/** 10,000 values a second, in hundreds, beside eight readers. */
async function paced(storage: Storage): Promise<readonly string[]> {
  const rate = 10_000;
  const total = rate * Number(options.seconds);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const cpu = process.cpuUsage();
  const began = performance.now();
  let running = true;
  const reading = Promise.all(Array.from({ length: 8 }, (_, i) => reader(storage, i * 101, () => running)));
  delay.enable();
  let slowest = 0;
  for (let n = 0; n < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate));
    const turn = performance.now();
    if (due > n) {
      const values = Array.from({ length: due - n }, (_, i) => recordedAt(valueCount + n + i));
      await storage.history.record(values);
      slowest = Math.max(slowest, performance.now() - turn);
      n = due;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const seconds = (performance.now() - began) / 1000;
  delay.disable();
  running = false;
  const queries = (await reading).reduce((sum, count) => sum + count, 0);
  const { user, system } = process.cpuUsage(cpu);
  assert.ok(total / seconds > 0.98 * rate, `${Math.round(total / seconds)} values a second`);
  return [
    `${Math.round(total / seconds)} values/s and ${Math.round(queries / seconds)} queries/s`,
    `${rounded((user + system) / 1e4 / seconds, 0)} % of the core, the checkpoint thread included`,
    `slowest commit ${rounded(slowest, 0)} ms, event loop late by ${rounded(delay.percentile(99) / 1e6, 0)} ms at p99, ${rounded(delay.max / 1e6, 0)} ms at most`,
  ];
}

/** What all values take on disk before and after they became spans of fifteen minutes, and what that costs. */
async function asSpans(data: string, values: number): Promise<string> {
  const storage = Storage.open({
    folder: data,
    history: {
      ...defaultHistoryRetention,
      age: { ...defaultHistoryRetention.age, value: Number.MAX_SAFE_INTEGER / 4 },
      spans: { after: 0, length: 900_000 },
    },
  });
  const bytes = () => {
    const database = new DatabaseSync(storage.file, { readOnly: true });
    const row = database.prepare('SELECT sum(length(data)) AS bytes FROM history_chunk').get() as { bytes: number };
    database.close();
    return row.bytes / values;
  };
  const before = bytes();
  const cpu = process.cpuUsage();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await storage.history.prune(start + 86_400_000 * 365);
  delay.disable();
  const { user, system } = process.cpuUsage(cpu);
  const after = bytes();
  await storage.close();
  const cost = rounded((user + system) / values, 2);
  const late = rounded(delay.max / 1e6, 0);
  return `${rounded(before, 1)} bytes/value of content became ${rounded(after, 1)}, for ${cost} us/value, event loop late by ${late} ms at most`;
}

const folder = mkdtempSync(join(tmpdir(), 'yaolian-bench-'));
try {
  const bare = await bareLoop(folder);
  const data = join(folder, 'data');
  let storage = Storage.open({ folder: data });
  const flooded = await flood(storage);
  await storage.close();
  storage = Storage.open({ folder: data });
  const size = statSync(storage.file).size / valueCount;
  const lines = await paced(storage);
  const all = await storage.history.points({
    ...keys[0]!,
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    order: 'oldest',
    limit: 1e6,
  });
  assert.equal(all.points.length, Math.ceil((valueCount + 10_000 * Number(options.seconds)) / seriesCount));
  const recorded = all.points.length * seriesCount;
  await storage.close();
  const spans = await asSpans(data, recorded);
  console.log(`${valueCount} values of ${seriesCount} series, ${perTurn} a turn`);
  if (pinningProblem !== undefined) console.log(pinningProblem);
  console.log(
    table(
      ['', 'values/s', 'CPU us/value', 'bytes/value'],
      [bare, { ...flooded, bytes: size }].map(({ name, perSecond, cpu, bytes }) => [
        name,
        Math.round(perSecond),
        rounded(cpu, 2),
        rounded(bytes, 1),
      ]),
    ),
  );
  console.log(`as spans of 15 minutes: ${spans}`);
  console.log(`10,000 a second with 8 readers: ${lines.join('; ')}`);
} finally {
  rmSync(folder, { recursive: true });
}
