import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonNode } from '@yaolian/contract';
import { LiveValues } from './live-values.ts';

const path = '/3303/0/5700';

function temperature(value: number): JsonNode {
  return { kind: 'resource', path, id: 5700, type: 'float', value };
}

test('values come with their course; late and repeated ones do not bend it', () => {
  const live = new LiveValues();
  live.accept(temperature(20), 1000);
  live.accept({ kind: 'object-instance', path: '/3303/0', id: 0, resources: [temperature(21)] } as JsonNode, 3000);
  live.accept(temperature(19), 2000);
  live.accept(temperature(21), 3000);
  assert.deepEqual(live.series(path), { times: [1, 3], values: [20, 21] });
  assert.equal(live.get(path)?.time, 3000);
  assert.deepEqual(live.below('/3303/0'), [path]);
});

test('a plot shows numbers and switches, of now and of before', () => {
  const live = new LiveValues();
  live.accept(temperature(22), 3000);
  const last = (value: string | number | boolean) => ({ time: new Date(0).toISOString(), value });
  live.remember([
    { path: '/3311/0/5850', last: last(true) },
    { path: '/3/0/9', last: last(85) },
    { path: '/3/0/0', last: last('ACME') },
    { path: '/3/0/6/0', last: last(1) },
  ]);
  const paths = [path, '/3311/0/5850', '/3/0/9', '/3/0/0', '/3/0/6', '/3/0/15'];
  assert.deepEqual(
    paths.filter((one) => live.isPlottable(one)),
    [path, '/3311/0/5850', '/3/0/9'],
  );
});

test('a course is bounded', () => {
  const live = new LiveValues();
  for (let second = 1; second <= 2500; second++) live.accept(temperature(second), second * 1000);
  assert.equal(live.series(path)?.times.length, 2000);
  assert.equal(live.series(path)?.values.at(-1), 2500);
});

test('what the platform heard before is known, apart from what comes now', () => {
  const live = new LiveValues();
  const at = (time: number, value: string | number) => ({ time: new Date(time).toISOString(), value });
  live.remember([
    { path: '/3/0/9', last: at(1000, 85) },
    { path: '/3/0/6/0', last: at(1000, 1) },
    { path: '/3/0/6/1', last: at(2000, 5) },
  ]);
  assert.deepEqual(live.known('/3/0/9'), { value: 85, isMultiple: false, time: 1000 });
  assert.deepEqual(live.known('/3/0/6'), { value: { 0: 1, 1: 5 }, isMultiple: true, time: 2000 });
  assert.equal(live.get('/3/0/9'), undefined);
  live.forget('/3/0');
  assert.equal(live.known('/3/0/9'), undefined);
});
