import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { type Lwm2mNode, multipleResource, objectInstance, resourceInstance, singleResource } from '../node.ts';
import { type Lwm2mPath, lwm2mPath } from '../path.ts';
import { decodeContent, encodeContent } from './registry.ts';

const decode = (format: number, path: Lwm2mPath, text: string | Uint8Array) =>
  decodeContent(format, path, typeof text === 'string' ? encodeUtf8(text) : text, omaObjects);

const cases: readonly (readonly [Lwm2mPath, string, Lwm2mNode])[] = [
  [lwm2mPath(3, 0, 0), 'Häagen 遥联', singleResource(0, 'string', 'Häagen 遥联')],
  [lwm2mPath(3, 0, 0), '', singleResource(0, 'string', '')],
  [lwm2mPath(3, 0, 9), '-9223372036854775808', singleResource(9, 'integer', -(2n ** 63n))],
  [lwm2mPath(3303, 0, 5700), '21.5', singleResource(5700, 'float', 21.5)],
  [lwm2mPath(1, 0, 6), '1', singleResource(6, 'boolean', true)],
  [lwm2mPath(1, 0, 6), '0', singleResource(6, 'boolean', false)],
  [lwm2mPath(3, 0, 13), '1367491215', singleResource(13, 'time', new Date(1_367_491_215_000))],
  [lwm2mPath(0, 0, 3), 'AQID', singleResource(3, 'opaque', new Uint8Array([1, 2, 3]))],
  [lwm2mPath(0, 0, 13), '3', singleResource(13, 'unsigned', 3)],
  [lwm2mPath(0, 0, 17), '21:65535', singleResource(17, 'objlnk', { objectId: 21, instanceId: 65_535 })],
  [lwm2mPath(3, 0, 7, 1), '5000', resourceInstance(1, 'integer', 5000)],
  [lwm2mPath(59_999, 0, 1), '12', singleResource(1, 'string', '12')],
];

for (const [path, text, node] of cases) {
  test(`plain text "${text}" is ${node.kind === 'object' ? '' : 'type' in node ? node.type : ''}, both ways`, () => {
    for (const format of [0, 1541]) assert.deepEqual(decode(format, path, text), { ok: true, value: node });
    const written = encodeContent(0, path, node);
    assert.equal(written.ok && decodeUtf8(written.value), text);
  });
}

test('plain text is read as terminals write it', () => {
  assert.deepEqual(decode(0, lwm2mPath(3, 0, 9), ' +100\r\n'), { ok: true, value: singleResource(9, 'integer', 100) });
  assert.deepEqual(decode(0, lwm2mPath(1, 0, 6), 'true'), { ok: true, value: singleResource(6, 'boolean', true) });
  assert.deepEqual(decode(0, lwm2mPath(3, 0, 6), '5'), { ok: true, value: multipleResource(6, 'integer', [[0, 5]]) });
});

const refusals: readonly (readonly [Lwm2mPath, string | Uint8Array, string])[] = [
  [lwm2mPath(3, 0, 9), '1.5', 'wrong-type'],
  [lwm2mPath(3, 0, 9), '', 'wrong-type'],
  [lwm2mPath(3, 0, 9), '9223372036854775808', 'wrong-type'],
  [lwm2mPath(3303, 0, 5700), 'NaN', 'wrong-type'],
  [lwm2mPath(1, 0, 6), '2', 'wrong-type'],
  [lwm2mPath(0, 0, 3), '###', 'wrong-type'],
  [lwm2mPath(3, 0, 13), 'yesterday', 'wrong-type'],
  [lwm2mPath(3, 0, 0), new Uint8Array([0xff]), 'wrong-type'],
  [lwm2mPath(3, 0), 'x', 'unsupported-format'],
];

for (const [path, text, code] of refusals) {
  test(`plain text that is wrong: ${String(text)}`, () => {
    const result = decode(0, path, text);
    assert.equal(!result.ok && result.error.code, code);
  });
}

test('plain text carries one value', () => {
  const one = encodeContent(0, lwm2mPath(3, 0, 6), multipleResource(6, 'integer', [[4, 5]]));
  assert.equal(one.ok && decodeUtf8(one.value), '5');
  for (const [path, node] of [
    [
      lwm2mPath(3, 0, 6),
      multipleResource(6, 'integer', [
        [0, 1],
        [1, 2],
      ]),
    ],
    [lwm2mPath(3, 0), objectInstance(0, [])],
    [lwm2mPath(3303, 0, 5700), singleResource(5700, 'float', Number.NaN)],
  ] as const) {
    assert.equal(encodeContent(0, path, node).ok, false);
  }
});

test('bare bytes are opaque values, and texts', () => {
  const bytes = new Uint8Array([0, 255]);
  assert.deepEqual(decode(42, lwm2mPath(0, 0, 3), bytes), { ok: true, value: singleResource(3, 'opaque', bytes) });
  assert.deepEqual(decode(42, lwm2mPath(59_999, 0, 3), bytes), { ok: true, value: singleResource(3, 'opaque', bytes) });
  assert.deepEqual(decode(42, lwm2mPath(3, 0, 0), 'OMA'), { ok: true, value: singleResource(0, 'string', 'OMA') });
  assert.equal(decode(42, lwm2mPath(3, 0, 0), bytes).ok, false);
  assert.equal(decode(42, lwm2mPath(3, 0, 9), bytes).ok, false);
  assert.equal(decode(42, lwm2mPath(3, 0), bytes).ok, false);
  assert.deepEqual(encodeContent(42, lwm2mPath(0, 0, 3), singleResource(3, 'opaque', bytes)), {
    ok: true,
    value: bytes,
  });
  assert.equal(encodeContent(42, lwm2mPath(3, 0, 9), singleResource(9, 'integer', 1)).ok, false);
});

test('formats that are not ours', () => {
  const decoded = decode(41, lwm2mPath(3, 0, 0), 'x');
  assert.equal(!decoded.ok && decoded.error.code, 'unsupported-format');
  assert.match(
    decoded.ok ? '' : decoded.error.message,
    /Content-Format 41 is not one we read and write; those are 0, /,
  );
});
