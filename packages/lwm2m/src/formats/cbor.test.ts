import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeHex } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { type Lwm2mNode, multipleResource, objectInstance, resourceInstance, singleResource } from '../node.ts';
import { type Lwm2mPath, lwm2mPath } from '../path.ts';
import { decodeContent, encodeContent } from './registry.ts';

const decode = (path: Lwm2mPath, hex: string) => decodeContent(60, path, decodeHex(hex)!, omaObjects);

const cases: readonly (readonly [Lwm2mPath, string, Lwm2mNode])[] = [
  [lwm2mPath(3, 0, 0), '634f4d41', singleResource(0, 'string', 'OMA')],
  [lwm2mPath(3, 0, 9), '1864', singleResource(9, 'integer', 100)],
  [lwm2mPath(3, 0, 9), '3b7fffffffffffffff', singleResource(9, 'integer', -(2n ** 63n))],
  [lwm2mPath(0, 0, 13), '1bffffffffffffffff', singleResource(13, 'unsigned', 2n ** 64n - 1n)],
  [lwm2mPath(3303, 0, 5700), 'fa41ac0000', singleResource(5700, 'float', 21.5)],
  [lwm2mPath(1, 0, 6), 'f5', singleResource(6, 'boolean', true)],
  [lwm2mPath(0, 0, 3), '43010203', singleResource(3, 'opaque', new Uint8Array([1, 2, 3]))],
  [lwm2mPath(3, 0, 13), 'c11a5182428f', singleResource(13, 'time', new Date(1_367_491_215_000))],
  [lwm2mPath(0, 0, 17), '6432313a30', singleResource(17, 'objlnk', { objectId: 21, instanceId: 0 })],
  [lwm2mPath(3, 0, 7, 1), '191388', resourceInstance(1, 'integer', 5000)],
  [lwm2mPath(59_999, 0, 1), 'c11a5182428f', singleResource(1, 'time', new Date(1_367_491_215_000))],
  [lwm2mPath(59_999, 0, 1), 'fa40000000', singleResource(1, 'float', 2)],
];

for (const [path, hex, node] of cases) {
  test(`CBOR ${hex}, both ways`, () => {
    assert.deepEqual(decode(path, hex), { ok: true, value: node });
    const bytes = encodeContent(60, path, node);
    assert.equal(bytes.ok && encodeHex(bytes.value), hex);
  });
}

test('other forms of the same value are read', () => {
  const time = singleResource(13, 'time', new Date(1_363_896_240_000));
  for (const hex of [
    '1a514b67b0',
    'c11a514b67b0',
    'c1fb41d452d9ec000000',
    'c074323031332d30332d32315432303a30343a30305a',
  ]) {
    assert.deepEqual(decode(lwm2mPath(3, 0, 13), hex), { ok: true, value: time }, hex);
  }
  assert.deepEqual(decode(lwm2mPath(3303, 0, 5700), '14'), { ok: true, value: singleResource(5700, 'float', 20) });
  assert.deepEqual(decode(lwm2mPath(3303, 0, 5700), 'f93c00'), { ok: true, value: singleResource(5700, 'float', 1) });
  assert.deepEqual(decode(lwm2mPath(3, 0, 9), 'f93c00'), { ok: true, value: singleResource(9, 'integer', 1) });
  assert.deepEqual(decode(lwm2mPath(3, 0, 0), '7f6161626262ff'), {
    ok: true,
    value: singleResource(0, 'string', 'abb'),
  });
  assert.deepEqual(decode(lwm2mPath(3, 0, 6), '01'), { ok: true, value: multipleResource(6, 'integer', [[0, 1]]) });
});

const refusals: readonly (readonly [Lwm2mPath, string, string])[] = [
  [lwm2mPath(3, 0, 9), '6131', 'wrong-type'],
  [lwm2mPath(3, 0, 9), '1b8000000000000000', 'wrong-type'],
  [lwm2mPath(3, 0, 9), 'fb3ff8000000000000', 'wrong-type'],
  [lwm2mPath(3, 0, 9), 'f6', 'wrong-type'],
  [lwm2mPath(3, 0, 9), '8101', 'wrong-type'],
  [lwm2mPath(3, 0, 9), '0000', 'malformed'],
  [lwm2mPath(3, 0, 9), '', 'malformed'],
  [lwm2mPath(3, 0, 13), 'c26101', 'wrong-type'],
  [lwm2mPath(3, 0, 13), 'c16131', 'wrong-type'],
  [lwm2mPath(3, 0, 13), 'c06131', 'wrong-type'],
  [lwm2mPath(3, 0, 13), 'c1c100', 'wrong-type'],
  [lwm2mPath(3, 0, 13), 'fb7ff0000000000000', 'wrong-type'],
  [lwm2mPath(0, 0, 17), '6133', 'wrong-type'],
  [lwm2mPath(3, 0), '01', 'unsupported-format'],
  [lwm2mPath(59_999, 0, 1), 'f6', 'wrong-type'],
];

for (const [path, hex, code] of refusals) {
  test(`refuses CBOR ${hex || 'of no bytes'}`, () => {
    const result = decode(path, hex);
    assert.equal(!result.ok && result.error.code, code);
  });
}

test('what is more than one value, or not of its type, is not written', () => {
  assert.equal(encodeContent(60, lwm2mPath(3, 0), objectInstance(0, [])).ok, false);
  assert.equal(
    encodeContent(
      60,
      lwm2mPath(3, 0, 6),
      multipleResource(6, 'integer', [
        [0, 1],
        [1, 2],
      ]),
    ).ok,
    false,
  );
  assert.equal(encodeContent(60, lwm2mPath(3, 0, 9), singleResource(9, 'integer', 'x')).ok, false);
});
