import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex } from '@yaolian/kernel';
import { multipleResource, singleResource } from '../node.ts';
import type { ResourceType, ResourceValue } from '../value.ts';
import { reinterpretResource, reinterpretValue } from './reinterpret.ts';

const cases: readonly (readonly [ResourceValue, ResourceType, ResourceValue])[] = [
  [decodeHex('ff')!, 'integer', -1],
  [decodeHex('ff')!, 'unsigned', 255],
  [decodeHex('41ac0000')!, 'float', 21.5],
  [decodeHex('4f4d41')!, 'string', 'OMA'],
  [decodeHex('01')!, 'boolean', true],
  [decodeHex('5182428f')!, 'time', new Date(1_367_491_215_000)],
  [decodeHex('00030000')!, 'objlnk', { objectId: 3, instanceId: 0 }],
  [decodeHex('0102')!, 'opaque', decodeHex('0102')!],
  ['12', 'integer', 12],
  ['AQI=', 'opaque', decodeHex('0102')!],
  [1_367_491_215, 'time', new Date(1_367_491_215_000)],
  [5, 'float', 5],
  [2n ** 60n, 'float', 2 ** 60],
];

for (const [value, type, expected] of cases) {
  test(`${String(value)} read as ${type}`, () => {
    assert.deepEqual(reinterpretValue(value, type), { ok: true, value: expected });
  });
}

test('what a value is not is refused', () => {
  for (const [value, type] of [
    [decodeHex('0102')!, 'boolean'],
    ['x', 'integer'],
    [1.5, 'integer'],
    [true, 'integer'],
    [{ objectId: 3, instanceId: 0 }, 'string'],
  ] as const) {
    const read = reinterpretValue(value, type);
    assert.equal(!read.ok && read.error.code, 'wrong-type');
  }
});

test('all values of a resource', () => {
  const bytes = (hex: string) => decodeHex(hex)!;
  assert.deepEqual(reinterpretResource(singleResource(1, 'opaque', bytes('05')), 'integer'), {
    ok: true,
    value: singleResource(1, 'integer', 5),
  });
  const several = multipleResource(1, 'opaque', [
    [0, bytes('05')],
    [3, bytes('0600')],
  ]);
  assert.deepEqual(reinterpretResource(several, 'integer'), {
    ok: true,
    value: multipleResource(1, 'integer', [
      [0, 5],
      [3, 1536],
    ]),
  });
  assert.equal(reinterpretResource(several, 'boolean').ok, false);
});
