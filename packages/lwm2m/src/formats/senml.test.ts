import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, decodeUtf8, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { decode as decodeOracle, encode as encodeOracle } from 'cborg';
import {
  type Lwm2mNode,
  multipleResource,
  objectInstance,
  objectNode,
  resourceInstance,
  singleResource,
} from '../node.ts';
import { type Lwm2mPath, lwm2mPath } from '../path.ts';
import { contentCodec, decodeContent, decodeTimedContent, encodeContent } from './registry.ts';

const json = 110;
const cbor = 112;

function decoded(path: Lwm2mPath, text: string, options = {}): Lwm2mNode {
  const result = decodeContent(json, path, encodeUtf8(text), omaObjects, options);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

function encoded(format: number, path: Lwm2mPath, node: Lwm2mNode): Uint8Array {
  const result = encodeContent(format, path, node);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

// OMA-TS-LightweightM2M_Core 1.1 §7.4.5, the Device object in SenML JSON and SenML CBOR
const deviceText =
  '[{"bn":"/3/0/","n":"0","vs":"Open Mobile Alliance"},{"n":"1","vs":"Lightweight M2M Client"},{"n":"2","vs":"345000123"},' +
  '{"n":"3","vs":"1.0"},{"n":"6/0","v":1},{"n":"6/1","v":5},{"n":"7/0","v":3800},{"n":"7/1","v":5000},{"n":"8/0","v":125},' +
  '{"n":"8/1","v":900},{"n":"9","v":100},{"n":"10","v":15},{"n":"11/0","v":0},{"n":"13","v":1367491215},' +
  '{"n":"14","vs":"+02:00"},{"n":"16","vs":"U"}]';

const deviceHex = `
  90
  a3 21 65 2f332f302f 00 61 30 03 74 4f70656e204d6f62696c6520416c6c69616e6365
  a2 00 61 31 03 76 4c69676874776569676874204d324d20436c69656e74
  a2 00 61 32 03 69 333435303030313233
  a2 00 61 33 03 63 312e30
  a2 00 63 362f30 02 01
  a2 00 63 362f31 02 05
  a2 00 63 372f30 02 19 0ed8
  a2 00 63 372f31 02 19 1388
  a2 00 63 382f30 02 18 7d
  a2 00 63 382f31 02 19 0384
  a2 00 61 39 02 18 64
  a2 00 62 3130 02 0f
  a2 00 64 31312f30 02 00
  a2 00 62 3133 02 1a 5182428f
  a2 00 62 3134 03 66 2b30323a3030
  a2 00 62 3136 03 61 55`;

const device = objectInstance(0, [
  singleResource(0, 'string', 'Open Mobile Alliance'),
  singleResource(1, 'string', 'Lightweight M2M Client'),
  singleResource(2, 'string', '345000123'),
  singleResource(3, 'string', '1.0'),
  multipleResource(6, 'integer', [
    [0, 1],
    [1, 5],
  ]),
  multipleResource(7, 'integer', [
    [0, 3800],
    [1, 5000],
  ]),
  multipleResource(8, 'integer', [
    [0, 125],
    [1, 900],
  ]),
  singleResource(9, 'integer', 100),
  singleResource(10, 'integer', 15),
  multipleResource(11, 'integer', [[0, 0]]),
  singleResource(13, 'time', new Date(1_367_491_215_000)),
  singleResource(14, 'string', '+02:00'),
  singleResource(16, 'string', 'U'),
]);

test('the Device object of the specification in JSON, both ways', () => {
  assert.deepEqual(decoded(lwm2mPath(3, 0), deviceText), device);
  assert.equal(decodeUtf8(encoded(json, lwm2mPath(3, 0), device)), deviceText);
});

test('the Device object of the specification in CBOR, both ways', () => {
  const bytes = decodeHex(deviceHex)!;
  assert.deepEqual(decodeContent(cbor, lwm2mPath(3, 0), bytes, omaObjects), { ok: true, value: device });
  assert.equal(encodeHex(encoded(cbor, lwm2mPath(3, 0), device)), encodeHex(bytes));
});

test('answers are narrowed, writes of more are refused', () => {
  assert.deepEqual(decoded(lwm2mPath(3, 0, 7, 1), deviceText), resourceInstance(1, 'integer', 5000));
  assert.deepEqual(decoded(lwm2mPath(3), deviceText), objectNode(3, [device]));
  const exact = decodeContent(json, lwm2mPath(3, 0, 9), encodeUtf8(deviceText), omaObjects, { exact: true });
  assert.equal(!exact.ok && exact.error.code, 'wrong-path');
});

test('base values hold to the end, and names concatenate as they are', () => {
  const text = '[{"bn":"/3/0/"},{"n":"9","v":1},{"bn":"/3/0/1","n":"0","v":15},{"n":"1/0","v":2}]';
  assert.deepEqual(
    decoded(lwm2mPath(3, 0), text),
    objectInstance(0, [
      singleResource(9, 'integer', 1),
      singleResource(10, 'integer', 15),
      multipleResource(11, 'integer', [[0, 2]]),
    ]),
  );
  assert.deepEqual(decoded(lwm2mPath(3, 0, 9), '[{"v":5}]'), singleResource(9, 'integer', 5));
  assert.deepEqual(decoded(lwm2mPath(3, 0), '[{"n":"9","v":5}]'), objectInstance(0, [singleResource(9, 'integer', 5)]));
});

test('base values are added', () => {
  const text = '[{"bn":"/3/0/7/","bv":1000,"n":"0","v":1},{"n":"1"},{"n":"2","v":9007199254740991}]';
  assert.deepEqual(
    decoded(lwm2mPath(3, 0, 7), text),
    multipleResource(7, 'integer', [
      [0, 1001],
      [1, 1000],
      [2, 9_007_199_254_741_991n],
    ]),
  );
  assert.deepEqual(
    decoded(lwm2mPath(3, 0), '[{"bn":"/3/0/","bv":1},{"n":"9","v":1}]'),
    objectInstance(0, [singleResource(9, 'integer', 2)]),
  );
  assert.deepEqual(decoded(lwm2mPath(3, 0, 9), '[{"bn":"/3/0/9","bv":7}]'), singleResource(9, 'integer', 7));
});

test('unknown labels are ignored, those that must be understood are not', () => {
  assert.deepEqual(
    decoded(lwm2mPath(3, 0, 9), '[{"bn":"/3/0/9","bu":"%","u":"%","ut":5,"bver":10,"x":{"y":[null]},"v":5}]'),
    singleResource(9, 'integer', 5),
  );
});

const refusals: readonly (readonly [string, string, RegExp])[] = [
  ['[{"n":"9","v":1,"x_":1}]', 'malformed', /"x_" of a SenML record must be understood/],
  ['[{"n":"9","v":1,"bver":11}]', 'malformed', /SenML version 11/],
  ['[{"n":"9","v":1,"vs":"x"}]', 'malformed', /"vs" of a SenML record is a second value/],
  ['[{"n":"9","s":1}]', 'malformed', /a sum/],
  ['[{"n":"9"}]', 'malformed', /\/3\/0\/9 has no value/],
  ['[{"bv":1e308,"n":"9","v":1e308}]', 'malformed', /\/3\/0\/9 has no value/],
  ['[{"n":9,"v":1}]', 'malformed', /"n" of a SenML record is a string/],
  ['[{"n":"9","v":"1"}]', 'malformed', /"v" of a SenML record is a number/],
  ['[{"n":"9","vb":1}]', 'malformed', /true or false/],
  ['[{"n":"9","vd":"+/"}]', 'malformed', /base64url/],
  ['[{"n":"9","vlo":"3"}]', 'malformed', /such as "3:0"/],
  ['[{"n":"9","v":1,"t":"x"}]', 'malformed', /"t" of a SenML record is a number/],
  ['[{"n":"9","v":1,"t":1e300}]', 'malformed', /beyond all calendars/],
  ['[{"n":"9","v":1},{"n":"9","v":2}]', 'malformed', /is there twice/],
  ['[{"n":"9","vs":"x"}]', 'wrong-type', /is integer/],
  ['[{"bn":"/4/0/","n":"0","v":1}]', 'wrong-path', /outside/],
  ['[{"bn":"/3/0/","n":"/9","v":1}]', 'malformed', /is not the path/],
  ['[5]', 'malformed', /a SenML record is an object/],
  ['{}', 'malformed', /a SenML pack is an array/],
  ['[{"n":"9","v":1,"v":2}]', 'malformed', /"v" is there twice/],
];

for (const [text, code, message] of refusals) {
  test(`refuses ${text}`, () => {
    const result = decodeContent(json, lwm2mPath(3, 0), encodeUtf8(text), omaObjects);
    assert.ok(!result.ok);
    assert.equal(result.error.code, code);
    assert.match(result.error.message, message);
  });
}

const refusedMaps: readonly (readonly [string, Map<unknown, unknown>, RegExp])[] = [
  [
    'a name that is no text',
    new Map<number, unknown>([
      [0, 9],
      [2, 1],
    ]),
    /0 of a SenML record is a text/,
  ],
  [
    'a value that is no number',
    new Map<number, unknown>([
      [0, '9'],
      [2, '1'],
    ]),
    /2 of a SenML record is a number/,
  ],
  [
    'two values',
    new Map<number, unknown>([
      [0, '9'],
      [2, 1],
      [4, true],
    ]),
    /a second value/,
  ],
  [
    'a sum',
    new Map<number, unknown>([
      [0, '9'],
      [5, 1],
    ]),
    /a sum/,
  ],
  [
    'a label to be understood',
    new Map<unknown, unknown>([
      [0, '9'],
      [2, 1],
      ['x_', 1],
    ]),
    /must be understood/,
  ],
  [
    'bytes that are none',
    new Map<number, unknown>([
      [0, '3'],
      [8, 'AQ'],
    ]),
    /a byte string/,
  ],
  [
    'a link that is none',
    new Map<unknown, unknown>([
      [0, '3'],
      ['vlo', '3'],
    ]),
    /such as "3:0"/,
  ],
  [
    'a time that is none',
    new Map<number, unknown>([
      [0, '9'],
      [2, 1],
      [6, 'x'],
    ]),
    /6 of a SenML record is a number/,
  ],
];

for (const [what, record, message] of refusedMaps) {
  test(`refuses ${what} in CBOR`, () => {
    const bytes = Uint8Array.from(encodeOracle([record]));
    const result = decodeContent(cbor, lwm2mPath(3, 0), bytes, omaObjects);
    assert.ok(!result.ok);
    assert.match(result.error.message, message);
  });
}

test('another library reads what is written, and what it writes is read', () => {
  const node = objectInstance(0, [
    singleResource(1, 'integer', 2n ** 63n - 1n),
    singleResource(2, 'float', 20),
    singleResource(3, 'opaque', new Uint8Array([1, 2])),
    singleResource(4, 'objlnk', { objectId: 3, instanceId: 0 }),
    singleResource(5, 'boolean', false),
    singleResource(6, 'unsigned', 2n ** 64n - 1n),
  ]);
  const plain = decodeOracle(encoded(cbor, lwm2mPath(59_999, 0), node), { useMaps: true });
  assert.deepEqual(plain, [
    new Map<number, unknown>([
      [-2, '/59999/0/'],
      [0, '1'],
      [2, 2n ** 63n - 1n],
    ]),
    new Map<number, unknown>([
      [0, '2'],
      [2, 20],
    ]),
    new Map<number, unknown>([
      [0, '3'],
      [8, new Uint8Array([1, 2])],
    ]),
    new Map<unknown, unknown>([
      [0, '4'],
      ['vlo', '3:0'],
    ]),
    new Map<number, unknown>([
      [0, '5'],
      [4, false],
    ]),
    new Map<number, unknown>([
      [0, '6'],
      [2, 2n ** 64n - 1n],
    ]),
  ]);
  const bytes = Uint8Array.from(encodeOracle(plain));
  // The library makes whole floats integers, and then nothing tells that they were floats.
  const read = decodeContent(cbor, lwm2mPath(59_999, 0), bytes, omaObjects);
  const expected = objectInstance(
    0,
    [...node.resources.values()].map((resource) => (resource.id === 2 ? singleResource(2, 'integer', 20) : resource)),
  );
  assert.deepEqual(read, { ok: true, value: expected });
  assert.deepEqual(decodeContent(cbor, lwm2mPath(59_999, 0), encoded(cbor, lwm2mPath(59_999, 0), node), omaObjects), {
    ok: true,
    value: node,
  });
});

test('numbers of SenML CBOR may be decimal fractions', () => {
  // [{-2: "/3303/0/5700", 2: 4([-2, 2732])}]
  const bytes = decodeHex('81 a2 21 6c 2f333330332f302f35373030 02 c4 82 21 19 0aac')!;
  assert.deepEqual(decodeContent(cbor, lwm2mPath(3303, 0, 5700), bytes, omaObjects), {
    ok: true,
    value: singleResource(5700, 'float', 27.32),
  });
  for (const hex of ['c4 81 21', 'c4 82 21 61 31', 'c4 83 21 01 01', 'c5 82 21 01', 'c4 82 1a 7fffffff 01']) {
    const wrong = decodeHex(`81 a2 21 6c 2f333330332f302f35373030 02 ${hex}`)!;
    assert.equal(decodeContent(cbor, lwm2mPath(3303, 0, 5700), wrong, omaObjects).ok, false, hex);
  }
});

for (const format of [json, cbor]) {
  test(`timed values read back in format ${format}`, () => {
    const path = lwm2mPath(3303, 0, 5700);
    for (const times of [
      [-30_000, -12_500, 0].map((milliseconds) => ({ milliseconds, isRelative: true })),
      [-30_000, -12_500, 0].map((offset) => ({ milliseconds: 1_772_352_000_250 + offset, isRelative: false })),
      [
        { milliseconds: 1_772_352_000_000, isRelative: false },
        { milliseconds: -5000, isRelative: true },
      ],
    ]) {
      const nodes = times.map((time, index) => ({ time, node: singleResource(5700, 'float', 20.5 + index) }));
      const bytes = contentCodec(format)!.encodeTimed!(path, nodes);
      assert.ok(bytes.ok);
      const read = decodeTimedContent(format, path, bytes.value, omaObjects);
      assert.ok(read.ok);
      assert.deepEqual(
        read.value.map(({ time, node }) => ({ time: time ?? { milliseconds: 0, isRelative: true }, node })),
        nodes,
      );
      const newest = decodeContent(format, path, bytes.value, omaObjects);
      assert.deepEqual(newest.ok && newest.value, nodes.at(-1)!.node);
    }
    const early = contentCodec(format)!.encodeTimed!(path, [
      { time: { milliseconds: 5000, isRelative: false }, node: singleResource(5700, 'float', 1) },
    ]);
    assert.equal(!early.ok && early.error.code, 'unsupported-format');
  });

  test(`bounds and the root in format ${format}`, () => {
    const records = Array.from({ length: 11 }, (_, id) => [id, 1] as const);
    const bytes = encoded(format, lwm2mPath(3, 0, 6), multipleResource(6, 'integer', records));
    const many = decodeContent(format, lwm2mPath(3, 0, 6), bytes, omaObjects, { maximumEntries: 10 });
    assert.equal(!many.ok && many.error.code, 'too-large');
    const root = decodeContent(format, lwm2mPath(), bytes, omaObjects);
    assert.equal(!root.ok && root.error.code, 'unsupported-format');
    assert.equal(encodeContent(format, lwm2mPath(), device).ok, false);
    assert.equal(encodeContent(format, lwm2mPath(3), device).ok, false);
    const empty = multipleResource(6, 'integer', []);
    const nothing = encoded(format, lwm2mPath(3, 0, 6), empty);
    assert.deepEqual(decodeContent(format, lwm2mPath(3, 0, 6), nothing, omaObjects), { ok: true, value: empty });
  });
}
