import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesSummary, ValueHistory } from '@yaolian/directory';
import { hours, minutes } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { SensorUnits, toldUnit, unitPathOf } from './sensor-units.ts';

function told(units: Readonly<Record<string, unknown>>): readonly SeriesSummary[] {
  return Object.entries(units).map(
    ([path, value]) => ({ path, firstTime: 0, last: { time: 0, value } }) as SeriesSummary,
  );
}

test('values of sensors are in the unit of their instance', () => {
  const series = new Map(
    told({ '/3303/0/5701': 'Cel', '/3303/1/5701': '', '/3304/0/5701': 'a\u0000b' }).map((one) => [one.path, one]),
  );
  for (const id of [5601, 5602, 5603, 5604, 5700, 5900]) assert.equal(toldUnit(`/3303/0/${id}`, series), 'Cel');
  for (const path of ['/3303/0/5750', '/3303/0/5701', '/3303/1/5700', '/3304/0/5700', '/3303/2/5700', '/3303/0'])
    assert.equal(toldUnit(path, series), undefined, path);
  assert.equal(unitPathOf('/3308/2/5900'), '/3308/2/5701');
});

test('units are read from history once an hour, those that are not known once a minute, and a device is asked once', async () => {
  const clock = new VirtualTime();
  let units: Readonly<Record<string, unknown>> = { '/3303/0/5701': 'Cel' };
  let reads = 0;
  const history: Pick<ValueHistory, 'series'> = {
    series: async () => {
      reads++;
      return told(units);
    },
  };
  const known = new SensorUnits({ history, clock, maximum: 2 });
  assert.equal(await known.of('d', '/3/0/9'), undefined);
  assert.equal(reads, 0, 'it is of no sensor');
  assert.deepEqual(
    [await known.of('d', '/3303/0/5700'), await known.of('d', '/3303/0/5601'), reads],
    ['Cel', 'Cel', 1],
  );
  assert.equal(await known.missing('d', '/3303/0/5700'), undefined);
  assert.equal(await known.missing('d', '/3304/0/5700'), '/3304/0/5701');
  assert.equal(await known.missing('d', '/3304/0/5700'), undefined, 'it was asked');
  known.told('d', '/3304/0/5701', '%RH');
  assert.deepEqual([await known.of('d', '/3304/0/5700'), reads], ['%RH', 1]);
  units = { '/3303/0/5701': 'Far', '/3304/0/5701': '%RH', '/3315/0/5701': 'Pa' };
  await clock.advance(minutes(1));
  assert.deepEqual([await known.of('d', '/3303/0/5700'), reads], ['Cel', 1]);
  assert.deepEqual([await known.of('d', '/3315/0/5700'), reads], ['Pa', 2]);
  await clock.advance(hours(1));
  assert.deepEqual([await known.of('d', '/3303/0/5700'), reads], ['Far', 3]);
  for (const device of ['e', 'f']) await known.of(device, '/3303/0/5700');
  await known.of('d', '/3303/0/5700');
  assert.equal(reads, 6, 'two devices are remembered');
});
