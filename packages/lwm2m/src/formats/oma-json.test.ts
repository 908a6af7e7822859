import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import { defineObject, objectTable, omaObjects } from '@yaolian/lwm2m-objects';
import {
  type Lwm2mNode,
  multipleResource,
  objectInstance,
  objectNode,
  resourceInstance,
  singleResource,
} from '../node.ts';
import { type Lwm2mPath, lwm2mPath } from '../path.ts';
import { resolveContentTime } from './content.ts';
import { omaJsonCodec } from './oma-json.ts';
import { decodeContent, decodeTimedContent, encodeContent } from './registry.ts';

const json = 11543;

function decoded(path: Lwm2mPath, text: string, options = {}): Lwm2mNode {
  const result = decodeContent(json, path, encodeUtf8(text), omaObjects, options);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

function refused(path: Lwm2mPath, text: string, options = {}) {
  const result = decodeContent(json, path, encodeUtf8(text), omaObjects, options);
  assert.ok(!result.ok, 'it was accepted');
  return result.error;
}

function encoded(path: Lwm2mPath, node: Lwm2mNode): string {
  const result = encodeContent(json, path, node);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return decodeUtf8(result.value)!;
}

// OMA-TS-LightweightM2M 1.0 §6.4.4.1, "Single Object Instance Request Example": GET /3/0
const deviceText =
  '{"bn":"/3/0/","e":[{"n":"0","sv":"Open Mobile Alliance"},{"n":"1","sv":"Lightweight M2M Client"},' +
  '{"n":"2","sv":"345000123"},{"n":"3","sv":"1.0"},{"n":"6/0","v":1},{"n":"6/1","v":5},{"n":"7/0","v":3800},' +
  '{"n":"7/1","v":5000},{"n":"8/0","v":125},{"n":"8/1","v":900},{"n":"9","v":100},{"n":"10","v":15},{"n":"11/0","v":0},' +
  '{"n":"13","v":1367491215},{"n":"14","sv":"+02:00"},{"n":"16","sv":"U"}]}';

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

test('the object instance of the specification, both ways', () => {
  assert.deepEqual(decoded(lwm2mPath(3, 0), deviceText), device);
  assert.equal(encoded(lwm2mPath(3, 0), device), deviceText);
});

test('an answer is narrowed to what was asked; a write of more is refused', () => {
  assert.deepEqual(decoded(lwm2mPath(3, 0, 9), deviceText), singleResource(9, 'integer', 100));
  assert.deepEqual(decoded(lwm2mPath(3, 0, 7, 1), deviceText), resourceInstance(1, 'integer', 5000));
  assert.deepEqual(decoded(lwm2mPath(3), deviceText), objectNode(3, [device]));
  assert.equal(refused(lwm2mPath(3, 0, 9), deviceText, { exact: true }).code, 'wrong-path');
  assert.match(refused(lwm2mPath(4, 0), deviceText).message, /\/3\/0\/0 is outside of \/4\/0/);
  assert.equal(refused(lwm2mPath(3, 0, 9), '{"e":[]}').code, 'not-found');
});

test('names with and without base, slash and resource', () => {
  const level = singleResource(9, 'integer', 100);
  for (const text of [
    '{"bn":"/3/0/9","e":[{"v":100}]}',
    '{"bn":"/3/0/9","e":[{"n":"","v":100}]}',
    '{"bn":"/3/0","e":[{"n":"9","v":100}]}',
    '{"bn":"/3/0/","e":[{"n":"/9","v":100}]}',
    '{"bn":"/","e":[{"n":"3/0/9","v":100}]}',
    '{"bn":"","e":[{"n":"/3/0/9","v":100}]}',
    '{"e":[{"v":100}]}',
    '{"e":[{"n":"","v":100}]}',
    '{"e":[{"n":"0","v":100}]}',
  ]) {
    assert.deepEqual(decoded(lwm2mPath(3, 0, 9), text), level, text);
  }
});

test('each kind of value, both ways', () => {
  const links = defineObject({
    id: 65,
    name: 'Kinds',
    resources: {
      link: { id: 0, operations: 'R', type: 'objlnk' },
      bytes: { id: 1, operations: 'R', type: 'opaque' },
      flag: { id: 2, operations: 'R', type: 'boolean' },
      float: { id: 3, operations: 'R', type: 'float' },
      unsigned: { id: 4, operations: 'R', type: 'unsigned' },
      integer: { id: 5, operations: 'R', type: 'integer' },
      links: { id: 6, operations: 'R', type: 'corelnk' },
    },
  });
  const node = objectInstance(1, [
    singleResource(0, 'objlnk', { objectId: 3, instanceId: 0 }),
    singleResource(1, 'opaque', new Uint8Array([1, 2, 3])),
    singleResource(2, 'boolean', true),
    singleResource(3, 'float', 1e-7),
    singleResource(4, 'unsigned', 2n ** 64n - 1n),
    singleResource(5, 'integer', -(2n ** 63n)),
    singleResource(6, 'corelnk', '</3>;x="\\"'),
  ]);
  const text =
    '{"bn":"/65/1/","e":[{"n":"0","ov":"3:0"},{"n":"1","sv":"AQID"},{"n":"2","bv":true},{"n":"3","v":1e-7},' +
    '{"n":"4","v":18446744073709551615},{"n":"5","v":-9223372036854775808},{"n":"6","sv":"</3>;x=\\"\\\\\\""}]}';
  assert.equal(encoded(lwm2mPath(65, 1), node), text);
  const result = decodeContent(json, lwm2mPath(65, 1), encodeUtf8(text), objectTable([links]));
  assert.deepEqual(result.ok && result.value, node);
});

test('what the model does not know has the type of its kind', () => {
  const text =
    '{"bn":"/59999/0/","e":[{"n":"0","v":1},{"n":"1","v":1.5},{"n":"2","sv":"AQID"},{"n":"3","bv":false},{"n":"4","ov":"1:2"},' +
    '{"n":"5/0","v":1},{"n":"5/1","v":0.5},{"n":"6","v":18446744073709551615},{"n":"7","v":1e30}]}';
  assert.deepEqual(
    decoded(lwm2mPath(59_999, 0), text),
    objectInstance(0, [
      singleResource(0, 'integer', 1),
      singleResource(1, 'float', 1.5),
      singleResource(2, 'string', 'AQID'),
      singleResource(3, 'boolean', false),
      singleResource(4, 'objlnk', { objectId: 1, instanceId: 2 }),
      multipleResource(5, 'float', [
        [0, 1],
        [1, 0.5],
      ]),
      singleResource(6, 'unsigned', 2n ** 64n - 1n),
      singleResource(7, 'float', 1e30),
    ]),
  );
});

// OMA-TS-LightweightM2M 1.0 §6.4.4.1, "Notification example of historical and current temperature readings"
const historyText =
  '{"bn":"/72/","bt":25462634,"e":[{"n":"1/2","v":22.4,"t":-5},{"n":"1/2","v":22.9,"t":-30},{"n":"1/2","v":24.1,"t":-50}]}';

test('historical values come apart by time, oldest first; read as one node the newest counts', () => {
  const result = decodeTimedContent(json, lwm2mPath(72, 1, 2), encodeUtf8(historyText), omaObjects);
  assert.ok(result.ok);
  assert.deepEqual(
    result.value.map(({ time, node }) => [
      time?.milliseconds,
      time?.isRelative,
      node.kind === 'resource' && node.value,
    ]),
    [
      [25_462_584_000, false, 24.1],
      [25_462_604_000, false, 22.9],
      [25_462_629_000, false, 22.4],
    ],
  );
  assert.deepEqual(decoded(lwm2mPath(72, 1, 2), historyText), singleResource(2, 'float', 22.4));
});

test('times without a base are relative to the reception, unless they are plainly since 1970', () => {
  const text = '{"e":[{"n":"9","v":3},{"n":"9","v":2,"t":-10.5},{"n":"9","v":1,"t":1772352000}]}';
  const result = decodeTimedContent(json, lwm2mPath(3, 0), encodeUtf8(text), omaObjects);
  assert.ok(result.ok);
  assert.deepEqual(
    result.value.map(({ time }) => resolveContentTime(time, 1_900_000_000_000)),
    [1_772_352_000_000, 1_899_999_989_500, 1_900_000_000_000],
  );
});

test('timed values are written so that they read back', () => {
  for (const isRelative of [true, false]) {
    const nodes = [-30_000, -12_500, 0].map((offset, index) => ({
      time: { milliseconds: isRelative ? offset : 1_772_352_000_250 + offset, isRelative },
      node: singleResource(5700, 'float', 20 + index),
    }));
    const bytes = omaJsonCodec.encodeTimed!(lwm2mPath(3303, 0, 5700), nodes);
    assert.ok(bytes.ok);
    const result = decodeTimedContent(json, lwm2mPath(3303, 0, 5700), bytes.value, omaObjects);
    assert.ok(result.ok);
    // Relative to now by nothing is now, which needs no time.
    assert.deepEqual(
      result.value.map(({ time, node }) => [time?.milliseconds ?? 0, node]),
      nodes.map(({ time, node }) => [time.milliseconds, node]),
    );
  }
  const mixed = omaJsonCodec.encodeTimed!(lwm2mPath(3303, 0, 5700), [
    { time: undefined, node: singleResource(5700, 'float', 1) },
    { time: { milliseconds: 1, isRelative: false }, node: singleResource(5700, 'float', 2) },
  ]);
  assert.equal(!mixed.ok && mixed.error.code, 'unsupported-format');
});

test('resources with no instances', () => {
  const empty = multipleResource(6, 'integer', []);
  assert.deepEqual(decoded(lwm2mPath(3, 0, 6), encoded(lwm2mPath(3, 0, 6), empty)), empty);
});

const refusals: readonly (readonly [string, string, RegExp])[] = [
  ['{"e":[{"n":"9","v":1,"v":2}]}', 'malformed', /"v" is there twice/],
  ['{"e":[{"n":"9","v":1,"sv":"x"}]}', 'malformed', /not exactly one of/],
  ['{"e":[{"n":"9"}]}', 'malformed', /not exactly one of/],
  ['{"e":[{"n":"9","v":"1"}]}', 'malformed', /"v" of \/3\/0\/9 is a number/],
  ['{"e":[{"n":"9","bv":1}]}', 'malformed', /true or false/],
  ['{"e":[{"n":"9","ov":"3/0"}]}', 'malformed', /such as "3:0"/],
  ['{"e":[{"n":"9","v":1},{"n":"9","v":1}]}', 'malformed', /\/3\/0\/9 is there twice/],
  ['{"e":[{"n":"9","v":1},{"n":"9/0","v":1}]}', 'malformed', /\/3\/0\/9\/0 is there twice/],
  ['{"e":[{"n":"9/0","v":1},{"n":"9","v":1}]}', 'malformed', /\/3\/0\/9 is there twice/],
  ['{"e":[{"n":"9","v":1.5}]}', 'wrong-type', /\/3\/0\/9 is integer, and this number/],
  ['{"e":[{"n":"9","v":9223372036854775808}]}', 'wrong-type', /is integer/],
  ['{"e":[{"n":"9","sv":"1"}]}', 'wrong-type', /is integer, and this text/],
  ['{"e":[{"n":"13","v":1e18}]}', 'wrong-type', /is time/],
  ['{"e":[{"n":"x","v":1}]}', 'malformed', /"\/3\/0\/x" is not the path of a resource/],
  ['{"bn":"3/0/","e":[{"n":"9","v":1}]}', 'malformed', /is not the path/],
  ['{"bn":"/3","e":[{"n":"0","v":1}]}', 'malformed', /is not the path of a resource/],
  ['{"bn":5,"e":[]}', 'malformed', /"bn" is a string/],
  ['{"bt":"5","e":[]}', 'malformed', /"bt" is a number/],
  ['{"e":[{"n":"9","v":1,"t":"5"}]}', 'malformed', /"t" is a number/],
  ['{"e":[{"n":"9","v":1,"t":1e300}]}', 'malformed', /beyond all calendars/],
  ['{"e":[{"n":5,"v":1}]}', 'malformed', /"n" is a string/],
  ['{"e":[5]}', 'malformed', /each element of "e"/],
  ['{"e":5}', 'malformed', /"e" is the array/],
  ['{}', 'malformed', /"e" is the array/],
  ['[]', 'malformed', /an object with "e"/],
  ['{"e":[{"n":"9","v":0101}]}', 'malformed', /"," or "}" is missing/],
  ['{"e":[],"x":1}', 'malformed', /"x" is not a name/],
  ['{"e":[{"n":"9","v":1,"vs":""}]}', 'malformed', /"vs" is not a name/],
  ['{"e":[[[[[]]]]]}', 'too-large', /deep/],
];

for (const [text, code, message] of refusals) {
  test(`refuses ${text}`, () => {
    const error = refused(lwm2mPath(3, 0), text);
    assert.equal(error.code, code);
    assert.match(error.message, message);
  });
}

test('opaque values are base64', () => {
  assert.equal(refused(lwm2mPath(0, 0), '{"e":[{"n":"3","sv":"not base64!"}]}').code, 'malformed');
  assert.deepEqual(
    decoded(lwm2mPath(0, 0, 3), '{"e":[{"sv":"AQID"}]}'),
    singleResource(3, 'opaque', new Uint8Array([1, 2, 3])),
  );
});

test('the number of entries is bounded', () => {
  const text = `{"e":[${Array.from({ length: 11 }, (_, i) => `{"n":"6/${i}","v":1}`).join(',')}]}`;
  assert.equal(refused(lwm2mPath(3, 0), text, { maximumEntries: 10 }).code, 'too-large');
  assert.ok(decoded(lwm2mPath(3, 0), text, { maximumEntries: 11 }));
});

test('what JSON cannot say is refused', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const result = encodeContent(json, lwm2mPath(3303, 0, 5700), singleResource(5700, 'float', value));
    assert.equal(!result.ok && result.error.code, 'wrong-type');
  }
  assert.ok(!encodeContent(json, lwm2mPath(3, 0, 0), singleResource(0, 'string', '\ud800')).ok);
  assert.ok(!encodeContent(json, lwm2mPath(3), device).ok);
  assert.ok(!encodeContent(json, lwm2mPath(), device).ok);
});
