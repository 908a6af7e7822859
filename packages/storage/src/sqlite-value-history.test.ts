import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import {
  defaultHistoryRetention,
  type HistoryPoint,
  type HistoryRetention,
  type SeriesKey,
  sortedPoints,
} from '@yaolian/directory';
import { SeededRandom } from '@yaolian/testkit';
import { GroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { SqliteValueHistory } from './sqlite-value-history.ts';

const day = 86_400_000;
const start = 1_760_000_000_000;
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER, order: 'oldest', limit: 1_000_000 } as const;

/** A history that moves to chunks after few values, and is opened again from the same database. */
function setUp(retention: Partial<HistoryRetention> = {}, maximumRecent = 100) {
  const database = new DatabaseSync(':memory:');
  migrate(database, migrations, ':memory:');
  const open = () => {
    const commit = new GroupCommit(database);
    const history = new SqliteValueHistory(database, commit, {
      retention: { ...defaultHistoryRetention, ...retention },
      maximumRecent,
    });
    return { commit, history };
  };
  const count = (table: string) => (database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
  return { ...open(), open, count, database };
}

function seriesOf(i: number): SeriesKey {
  return { kind: 'value', device: `d${i % 3}`, path: `/3303/${i}/5700` };
}

/** Waits until the journal is worked off: turns of the event loop, not time. */
async function settled(count: (table: string) => number, rows = 1): Promise<void> {
  for (let turn = 0; turn < 10_000 && count('history_journal') > rows; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('values in any order come back in order, from chunks and the journal, over restarts', async () => {
  const { history, open, count } = setUp();
  const random = new SeededRandom(7);
  const below = (end: number) => Math.floor(random.fraction() * end);
  const expected = new Map<number, HistoryPoint[]>();
  let current = history;
  for (let round = 0; round < 120; round++) {
    const values = Array.from({ length: 40 }, () => {
      const i = below(5);
      const late = below(10) === 0 ? below(3 * day) : below(50);
      const point = { time: start + round * 60_000 - late, value: below(1000) / 8 };
      expected.set(i, [...(expected.get(i) ?? []), point]);
      return { ...seriesOf(i), ...point };
    });
    await current.record(values);
    if (round % 40 === 20) current = open().history;
  }
  await settled(count);
  assert.ok(count('history_chunk') > 5);
  for (const [i, points] of expected) {
    const sorted = sortedPoints(points);
    const key = seriesOf(i);
    assert.deepEqual((await current.points({ ...key, ...everything })).points, sorted);
    const newest = await current.points({ ...key, ...everything, order: 'newest' });
    assert.deepEqual(
      newest.points.map(({ time }) => time),
      sorted.map(({ time }) => time).reverse(),
    );
    const from = start + 30 * 60_000;
    const to = start + 60 * 60_000;
    const range = await current.points({ ...key, ...everything, from, to });
    assert.deepEqual(
      range.points,
      sorted.filter(({ time }) => time >= from && time < to),
    );
  }
});

test('bytes of every kind survive being appended to a chunk', async () => {
  const { history, count } = setUp({}, 4);
  const points = Array.from({ length: 64 }, (_, i) => ({
    time: start + i,
    value: Uint8Array.from({ length: 9 }, (_, j) => (i * 4 + j) & 255),
  }));
  for (const point of points) await history.record([{ ...seriesOf(0), ...point }]);
  await settled(count);
  assert.deepEqual((await history.points({ ...seriesOf(0), ...everything })).points, points);
});

test('a series keeps its newest points when there are too many', async () => {
  const { history, count } = setUp({ pointsPerSeries: 1000 });
  for (let i = 0; i < 5000; i += 100) {
    await history.record(
      Array.from({ length: 100 }, (_, j) => ({ ...seriesOf(0), time: start + i + j, value: i + j })),
    );
  }
  await settled(count);
  const { points } = await history.points({ ...seriesOf(0), ...everything });
  assert.ok(points.length >= 1000 && points.length < 1000 + 2 * 512, `${points.length}`);
  assert.equal(points.at(-1)!.value, 4999);
  assert.equal(points[0]!.value, 5000 - points.length);
});

test('a device has so many series and no more', async () => {
  const { history } = setUp({ seriesPerDevice: 2 });
  await history.record([0, 3, 6, 9].map((i) => ({ ...seriesOf(i), time: start, value: i })));
  assert.deepEqual(
    (await history.series('value', 'd0')).map(({ path }) => path),
    ['/3303/0/5700', '/3303/3/5700'],
  );
});

test('nothing of a kind is recorded that is kept for no time', async () => {
  const { history, count } = setUp({ age: { ...defaultHistoryRetention.age, value: 0 } });
  await history.record([{ ...seriesOf(0), time: start, value: 1 }]);
  assert.equal(count('history_series'), 0);
});

test('pruning removes old chunks, and every trace of devices that were removed', async () => {
  const { history, count } = setUp();
  for (let i = 0; i < 60 * 24; i++) {
    await history.record([{ ...seriesOf(i % 4), time: start - 60 * day + i * 3_600_000, value: i }]);
  }
  await history.record(Array.from({ length: 100 }, (_, i) => ({ ...seriesOf(1), time: start + i, value: i })));
  await settled(count);
  const before = count('history_chunk');
  await history.prune(start);
  assert.ok(count('history_chunk') < before);
  const { points } = await history.points({ ...seriesOf(1), ...everything });
  assert.ok(points.every(({ time }) => time >= start - 30 * day));
  for (const device of ['d0', 'd1', 'd2']) await history.removeDevice(device);
  await history.record(Array.from({ length: 200 }, (_, i) => ({ ...seriesOf(5), time: start + i, value: i })));
  await settled(count, 0);
  await history.prune(start);
  assert.equal(count('history_series'), 1);
  assert.equal((await history.points({ ...seriesOf(5), ...everything })).points.length, 200);
});

test('values reach their series again when a clock that was ahead is set back', async () => {
  const { history, open, count } = setUp();
  await history.prune(start + 3650 * day);
  await history.prune(start);
  const points = Array.from({ length: 200 }, (_, i) => ({ time: start + i, value: i }));
  await history.record(points.map((point) => ({ ...seriesOf(0), ...point })));
  await settled(count, 0);
  assert.deepEqual((await open().history.points({ ...seriesOf(0), ...everything })).points, points);
});

test('what was rolled back was never recorded', async () => {
  const { history, commit, database } = setUp();
  const refused = history.record([{ ...seriesOf(0), time: start, value: 1 }]);
  database.exec('ROLLBACK; BEGIN; DROP TABLE history_journal;');
  await assert.rejects(commit.flush(), { code: 'STORAGE_FAILED' });
  await assert.rejects(refused, { code: 'STORAGE_FAILED' });
  assert.deepEqual(await history.series('value', 'd0'), []);
  await history.record([{ ...seriesOf(0), time: start, value: 2 }]);
  assert.deepEqual((await history.points({ ...seriesOf(0), ...everything })).points, [{ time: start, value: 2 }]);
});

test('times are whole milliseconds', async () => {
  const { history } = setUp();
  await assert.rejects(history.record([{ ...seriesOf(0), time: 0.5, value: 1 }]), { code: 'ROW_REFUSED' });
});
