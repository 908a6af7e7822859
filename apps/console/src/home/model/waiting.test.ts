import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaitingValues } from './waiting.ts';

function open() {
  const restored: [string, number | undefined][] = [];
  const values = new WaitingValues<number>((key, value) => restored.push([key, value]));
  return { values, restored, keys: () => [...values.store.value.keys()] };
}

test('what a device took is as it was shown, and waits no longer', () => {
  const { values, restored, keys } = open();
  values.add('lamp/1', '7', { before: 0, after: 1 });
  assert.deepEqual(keys(), ['lamp/1']);
  values.settle('7', true);
  assert.deepEqual([keys(), restored], [[], []]);
});

test('what came to nothing is shown as it was before, where that is known', () => {
  const { values, restored } = open();
  values.add('lamp/1', '7', { before: 0, after: 1 });
  values.settle('7', false);
  values.add('lamp/2', '8', { before: undefined, after: 1 });
  values.settle('8', false);
  assert.deepEqual(restored, [
    ['lamp/1', 0],
    ['lamp/2', undefined],
  ]);
});

test('of several for one value the last that the device took counts', () => {
  const { values, restored, keys } = open();
  for (const [id, after] of [
    ['7', 1],
    ['8', 2],
    ['9', 3],
  ] as const) {
    values.add('lamp/1', id, { before: after - 1, after });
  }
  values.settle('7', true);
  values.settle('8', false);
  assert.deepEqual(keys(), ['lamp/1']);
  values.settle('9', false);
  assert.deepEqual([keys(), restored], [[], [['lamp/1', 1]]]);
});

test('an outcome that is told before the answer counts, and strangers are forgotten', () => {
  const { values, restored, keys } = open();
  values.settle('7', false);
  values.add('lamp/1', '7', { before: 0, after: 1 });
  assert.deepEqual([keys(), restored], [[], [['lamp/1', 0]]]);
  for (let id = 100; id < 121; id++) values.settle(String(id), false);
  values.add('lamp/1', '100', { before: 0, after: 1 });
  assert.deepEqual(keys(), ['lamp/1'], 'of the outcomes of others twenty are remembered');
});
