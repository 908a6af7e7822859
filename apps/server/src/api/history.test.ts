import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ApiProblemError, routes } from '@yaolian/contract';
import type { ValueHistory } from '@yaolian/directory';
import { MemoryValueHistory } from '@yaolian/directory/testing';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { RouteTable } from '../http/mount.ts';
import { HttpBench } from '../testing/http-bench.ts';
import { addHistoryRoutes, type HistoryServices } from './history.ts';
import { historyAsCsv } from './history-export.ts';
import { moment } from './times.ts';

const history = new MemoryValueHistory();
const series = { kind: 'value', device: 'lamp', path: '/3303/0/5700' } as const;
/** 2026-03-27, midnight in Berlin; the clock is put forward on the 29th. */
const begin = Date.UTC(2026, 2, 27, 23);
const hours = Array.from({ length: 72 }, (_, hour) => ({ ...series, time: begin + hour * 3_600_000, value: hour }));
await history.record(hours);
const bench = await new HttpBench().open({
  mount: (app) => {
    const services = {
      history,
      fleet: { find: async (name: string) => (name === 'lamp' ? { device: { key: 'lamp' } } : undefined) },
      server: { modelOf: () => undefined },
      model: omaObjects,
      clock: { epoch: () => begin + 100 * 3_600_000, monotonic: () => 0 },
    };
    addHistoryRoutes(new RouteTable(app), services as unknown as HistoryServices);
  },
});
after(() => bench.close());
const viewer = await bench.client('viewer');
const params = { device: 'lamp' };

test('days of a time zone, page by page', async () => {
  const asked = { path: series.path, every: '1d', zone: 'Europe/Berlin', limit: 2 };
  const first = await viewer.call(routes.showHistory, { params, query: asked });
  const rest = await viewer.call(routes.showHistory, { params, query: { ...asked, cursor: first.next! } });
  assert.deepEqual(
    [...first.buckets!, ...rest.buckets!].map(({ time, count }) => `${time} ${count}`),
    [
      ...['2026-03-27T23:00:00.000Z 24', '2026-03-28T23:00:00.000Z 23'],
      ...['2026-03-29T22:00:00.000Z 24', '2026-03-30T22:00:00.000Z 1'],
    ],
  );
});

test('a zone that is none, and spans that are no days in one, are refused with what is right', async () => {
  const reasonOf = async (query: object) => {
    const asked = { params, query: { path: series.path, ...query } };
    const error = await viewer.call(routes.showHistory, asked).then(
      () => assert.fail('it is refused'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ApiProblemError);
    return [error.problem.reason, error.problem.detail];
  };
  assert.deepEqual(await reasonOf({ every: '1d', zone: 'Mars/Base' }), [
    ...['zone-unknown', '"Mars/Base" is no time zone, such as Asia/Shanghai.'],
  ]);
  assert.deepEqual(await reasonOf({ every: '6h', zone: 'UTC' }), [
    ...['zone-wants-days', 'In a time zone "every" is whole days: 1d, 7d.'],
  ]);
});

test('values and spans are exported as CSV, with times of a zone', async () => {
  const csv = await viewer.call(routes.exportHistory, { params, query: { path: series.path, to: '98h' } });
  assert.equal(
    csv,
    'time,value,count,min,max,mean\r\n2026-03-27T23:00:00.000Z,0,1,,,\r\n2026-03-28T00:00:00.000Z,1,1,,,\r\n',
  );
  const query = { path: series.path, every: '1d', zone: 'Europe/Berlin' };
  const days = await viewer.call(routes.exportHistory, { params, query });
  assert.deepEqual(days.split('\r\n'), [
    'time,count,min,max,mean,last',
    '2026-03-28T00:00:00.000+01:00,24,0,23,11.5,23',
    '2026-03-29T00:00:00.000+01:00,23,24,46,35,46',
    '2026-03-30T00:00:00.000+02:00,24,47,70,58.5,70',
    '2026-03-31T00:00:00.000+02:00,1,71,71,71,71',
    '',
  ]);
});

test('an export reads on only as far as somebody takes it', async () => {
  let read = 0;
  const endless = {
    points: async ({ after: place }: { after?: { time: number } }) => {
      read++;
      const time = (place?.time ?? 0) + 1;
      return { points: [{ time, value: '=1+1' }], next: { time, skip: 1 } };
    },
  } as unknown as ValueHistory;
  const lines = historyAsCsv(endless, { ...series, from: 0, to: 1e12 }, undefined, undefined);
  await lines.next();
  assert.equal((await lines.next()).value, "1970-01-01T00:00:00.001Z,'=1+1,1,,,\r\n");
  assert.equal(read, 1);
  await lines.return();
  assert.deepEqual([(await lines.next()).done, read], [true, 1]);
});

test('a time that there is not is refused, and not taken for another', () => {
  for (const text of [
    '2026-02-30T00:00:00Z',
    '2025-02-29T12:00:00+08:00',
    '2026-13-01T00:00:00Z',
    '2026-04-31T00:00Z',
  ]) {
    assert.throws(() => moment('from', text, begin), /"from" is a time such as/, text);
  }
  assert.equal(moment('from', '2028-02-29T23:30:00-05:00', begin), Date.UTC(2028, 2, 1, 4, 30));
  assert.equal(moment('from', '1h', begin), begin - 3_600_000);
});
