import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryPoint, HistoryValue, RecordedValue, SeriesKey, ValueHistory } from '../history/value-history.ts';
import type { OpenStore } from './opened-store.ts';

const temperature: SeriesKey = { kind: 'value', device: 'd', path: '/3303/0/5700' };
const start = 1_760_000_000_000;
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER, order: 'oldest', limit: 10_000 } as const;

function recorded(key: SeriesKey, points: readonly HistoryPoint[]): RecordedValue[] {
  return points.map((point) => ({ ...key, ...point }));
}

/** Every value there is room for, one a second. */
function seconds(values: readonly HistoryValue[]): HistoryPoint[] {
  return values.map((value, i) => ({ time: start + i * 1000, value }));
}

/** What every {@link ValueHistory} does. It is opened with the default retention. */
export function valueHistoryContract(name: string, open: OpenStore<ValueHistory>): void {
  const run = (title: string, body: (store: ValueHistory, reopen: () => Promise<ValueHistory>) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const opened = await open();
      await body(opened.store, async () => (await opened.reopen?.()) ?? opened.store).finally(() => opened.close());
    });

  run('values of every type come back as they were', async (store, reopen) => {
    const values: HistoryValue[] = [
      21.5,
      0.1,
      -3,
      2 ** 53 - 1,
      -(2 ** 40),
      -0,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      2n ** 64n - 1n,
      -(2n ** 63n),
      true,
      false,
      '',
      '温度 21 ℃',
      Uint8Array.of(0, 255),
      new Date(1_700_000_000_000),
      new Date(-1000),
    ];
    const points = seconds(values);
    await store.record(recorded(temperature, points));
    assert.deepEqual((await store.points({ ...temperature, ...everything })).points, points);
    const again = await reopen();
    assert.deepEqual((await again.points({ ...temperature, ...everything })).points, points);
  });

  run('of long texts and bytes the beginning is kept', async (store) => {
    const points = seconds(['a'.repeat(5000), new Uint8Array(2000), `${'b'.repeat(1023)}😀`]);
    await store.record(recorded(temperature, points));
    const kept = (await store.points({ ...temperature, ...everything })).points.map(({ value }) => value);
    assert.deepEqual(kept, [
      { kept: 'a'.repeat(1024), size: 5000 },
      { kept: new Uint8Array(1024), size: 2000 },
      { kept: 'b'.repeat(1023), size: 1025 },
    ]);
  });

  run('points come in order of time, whenever they were reported, and once', async (store) => {
    const at = (time: number, value: HistoryValue): HistoryPoint => ({ time: start + time, value });
    await store.record(recorded(temperature, [at(30, 3), at(10, 1)]));
    await store.record(recorded(temperature, [at(20, 2), at(10, 1), at(10, 9)]));
    await store.record(recorded({ ...temperature, device: 'e' }, [at(15, 7)]));
    const page = await store.points({ ...temperature, ...everything });
    assert.deepEqual(page, { points: [at(10, 1), at(10, 9), at(20, 2), at(30, 3)] });
    const range = { ...temperature, ...everything, from: start + 10, to: start + 30 };
    assert.deepEqual((await store.points(range)).points, [at(10, 1), at(10, 9), at(20, 2)]);
    assert.deepEqual((await store.points({ ...range, order: 'newest', limit: 1 })).points, [at(20, 2)]);
    assert.deepEqual((await store.points({ ...range, path: '/3303/1/5700' })).points, []);
  });

  run(
    'what was recorded last of a kind is known over a restart, of all devices that are still there',
    async (store, reopen) => {
      const event = (device: string, n: number): RecordedValue => {
        return { kind: 'event', device, path: '', time: start + n, value: `event ${n}` };
      };
      await store.record([event('d', 2), ...recorded(temperature, seconds([1, 2])), event('e', 1)]);
      await store.record([event('gone', 3)]);
      await store.record([event('d', 4), event('d', 5)]);
      await store.removeDevice('gone');
      const all = [event('d', 2), event('e', 1), event('d', 4), event('d', 5)];
      assert.deepEqual(await store.latest('event', 100), all);
      const again = await reopen();
      assert.deepEqual(await again.latest('event', 100), all);
      assert.deepEqual(await again.latest('event', 2), all.slice(2));
      assert.deepEqual(await again.latest('event', 0), []);
      assert.deepEqual(await again.latest('value', 1), recorded(temperature, seconds([1, 2])).slice(1));
    },
  );

  for (const order of ['oldest', 'newest'] as const) {
    run(`pages follow each other without a gap, the ${order} first`, async (store) => {
      const points = Array.from({ length: 2500 }, (_, i) => ({ time: start + Math.floor(i / 3), value: i }));
      await store.record(recorded(temperature, points));
      const found: HistoryPoint[] = [];
      let after: { time: number; skip: number } | undefined;
      do {
        const page = await store.points({ ...temperature, ...everything, order, limit: 100, after });
        found.push(...page.points);
        after = page.next;
      } while (after);
      assert.deepEqual(found, order === 'oldest' ? points : points.toReversed());
    });
  }

  run('buckets tell least, greatest, mean, last and how many', async (store) => {
    await store.record(recorded(temperature, seconds([1, 2, 6, 'off', true])));
    const query = { ...temperature, from: start, to: start + 60_000, every: 2000, limit: 10 };
    const { buckets, next } = await store.buckets(query);
    assert.equal(next, undefined);
    assert.deepEqual(buckets, [
      { time: start, count: 2, last: 2, numbers: { min: 1, max: 2, mean: 1.5 } },
      { time: start + 2000, count: 2, last: 'off', numbers: { min: 6, max: 6, mean: 6 } },
      { time: start + 4000, count: 1, last: true, numbers: { min: 1, max: 1, mean: 1 } },
    ]);
    const first = await store.buckets({ ...query, limit: 2 });
    assert.deepEqual([first.buckets, first.next], [buckets.slice(0, 2), start + 4000]);
    assert.deepEqual((await store.buckets({ ...query, from: first.next! })).buckets, buckets.slice(2));
  });

  run('buckets of days begin at midnight of a zone, and pages go on there', async (store) => {
    // 2026-03-29 has 23 hours in Berlin.
    const hours = Array.from({ length: 72 }, (_, hour) => Date.UTC(2026, 2, 27, 23) + hour * 3_600_000);
    await store.record(
      recorded(
        temperature,
        hours.map((time, value) => ({ time, value })),
      ),
    );
    const days = { ...temperature, from: 0, to: Number.MAX_SAFE_INTEGER, every: 86_400_000, zone: 'Europe/Berlin' };
    const { buckets } = await store.buckets({ ...days, limit: 10 });
    assert.deepEqual(
      buckets.map(({ time, count }) => [new Date(time).toISOString().slice(0, 16), count]),
      [
        ['2026-03-27T23:00', 24],
        ['2026-03-28T23:00', 23],
        ['2026-03-29T22:00', 24],
        ['2026-03-30T22:00', 1],
      ],
    );
    const first = await store.buckets({ ...days, limit: 2 });
    assert.equal(first.next, buckets[2]!.time);
    const rest = await store.buckets({ ...days, from: first.next!, limit: 10 });
    assert.deepEqual([...first.buckets, ...rest.buckets], buckets);
  });

  run('lists the series of a device with their last values', async (store) => {
    const other = { ...temperature, path: '/3/0/9' };
    await store.record([...recorded(temperature, seconds([20, 21])), ...recorded(other, seconds([97]))]);
    await store.record(recorded({ kind: 'event', device: 'd', path: '' }, seconds(['registered'])));
    assert.deepEqual(await store.series('value', 'd'), [
      { path: '/3/0/9', firstTime: start, last: { time: start, value: 97 } },
      { path: '/3303/0/5700', firstTime: start, last: { time: start + 1000, value: 21 } },
    ]);
    assert.equal((await store.series('event', 'd')).length, 1);
    assert.deepEqual(await store.series('value', 'nobody'), []);
  });

  run('a device that was removed leaves nothing, and may come again', async (store, reopen) => {
    await store.record(recorded(temperature, seconds([20, 21])));
    await store.removeDevice('d');
    assert.deepEqual(await store.series('value', 'd'), []);
    assert.deepEqual((await store.points({ ...temperature, ...everything })).points, []);
    await store.record(recorded(temperature, seconds([5])));
    const again = await reopen();
    await again.prune(start);
    assert.deepEqual((await again.points({ ...temperature, ...everything })).points, seconds([5]));
  });

  run('what is too old goes', async (store) => {
    const day = 86_400_000;
    await store.record(recorded(temperature, [{ time: start - 40 * day, value: 1 }, ...seconds([2])]));
    await store.record(recorded({ kind: 'event', device: 'd', path: '' }, [{ time: start - 40 * day, value: 'x' }]));
    await store.prune(start);
    assert.deepEqual((await store.points({ ...temperature, ...everything })).points, seconds([2]));
    assert.equal((await store.series('event', 'd')).length, 1);
  });

  run('history goes on when a clock that was ahead is set back', async (store) => {
    const year = 365 * 86_400_000;
    await store.prune(start + 10 * year);
    await store.prune(start);
    await store.record(recorded(temperature, seconds([20, 21])));
    assert.deepEqual((await store.points({ ...temperature, ...everything })).points, seconds([20, 21]));
  });
}
