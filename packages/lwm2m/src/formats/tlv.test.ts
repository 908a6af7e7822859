import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { defineObject, objectTable, omaObjects } from '@yaolian/lwm2m-objects';
import {
  type Lwm2mNode,
  multipleResource,
  objectInstance,
  objectNode,
  resourceInstance,
  singleResource,
} from '../node.ts';
import { lwm2mPath } from '../path.ts';
import { decodeContent, encodeContent } from './registry.ts';

const tlv = 11542;
const bytes = (hex: string) => decodeHex(hex)!;

/** The node that the bytes hold. */
function decoded(path: ReturnType<typeof lwm2mPath>, hex: string, model: typeof omaObjects = omaObjects): Lwm2mNode {
  const result = decodeContent(tlv, path, bytes(hex), model);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

function refused(path: ReturnType<typeof lwm2mPath>, hex: string, model: typeof omaObjects = omaObjects) {
  const result = decodeContent(tlv, path, bytes(hex), model);
  assert.ok(!result.ok, 'it was accepted');
  return result.error;
}

function encoded(path: ReturnType<typeof lwm2mPath>, node: Lwm2mNode): string {
  const result = encodeContent(tlv, path, node);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return encodeHex(result.value);
}

// OMA-TS-LightweightM2M 1.0 §6.4.3.2, "Single Object Instance Request Example": GET /3/0
const deviceHex = `
  C8 00 14 4F 70 65 6E 20 4D 6F 62 69 6C 65 20 41 6C 6C 69 61 6E 63 65
  C8 01 16 4C 69 67 68 74 77 65 69 67 68 74 20 4D 32 4D 20 43 6C 69 65 6E 74
  C8 02 09 33 34 35 30 30 30 31 32 33
  C3 03 31 2E 30
  86 06 41 00 01 41 01 05
  88 07 08 42 00 0E D8 42 01 13 88
  87 08 41 00 7D 42 01 03 84
  C1 09 64
  C1 0A 0F
  83 0B 41 00 00
  C4 0D 51 82 42 8F
  C6 0E 2B 30 32 3A 30 30
  C1 10 55`;

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
  assert.deepEqual(decoded(lwm2mPath(3, 0), deviceHex), device);
  assert.equal(encoded(lwm2mPath(3, 0), device), encodeHex(bytes(deviceHex)));
});

// OMA-TS-LightweightM2M 1.0 §6.4.3.2, "Multiple Object Instance Request Example": GET /2
const accessControlHex = `
  08 00 0E C1 00 01 C1 01 00 83 02 41 7F 07 C1 03 7F
  08 02 12 C1 00 03 C1 01 00 87 02 41 7F 07 61 01 36 01 C1 03 7F`;

test('the object of the specification, both ways, with a 16-bit id', () => {
  const object = objectNode(2, [
    objectInstance(0, [
      singleResource(0, 'integer', 1),
      singleResource(1, 'integer', 0),
      multipleResource(2, 'integer', [[127, 7]]),
      singleResource(3, 'integer', 127),
    ]),
    objectInstance(2, [
      singleResource(0, 'integer', 3),
      singleResource(1, 'integer', 0),
      multipleResource(2, 'integer', [
        [127, 7],
        [310, 1],
      ]),
      singleResource(3, 'integer', 127),
    ]),
  ]);
  const decodedObject = decoded(lwm2mPath(2), accessControlHex);
  assert.deepEqual(decodedObject, object);
  assert.equal(encoded(lwm2mPath(2), decodedObject), encodeHex(bytes(accessControlHex)));
});

// OMA-TS-LightweightM2M 1.0 §6.4.3.2, "Example of Request on an Object Instance containing an Object Link"
test('object links', () => {
  const hex =
    '88 00 0C 44 00 00 42 00 00 44 01 00 42 00 01 C8 01 0D 38 36 31 33 38 30 30 37 35 35 35 30 30 C4 02 12 34 56 78';
  const model = objectTable([
    defineObject({
      id: 65,
      name: 'Links',
      resources: {
        links: { id: 0, operations: 'R', type: 'objlnk', multiple: true },
        text: { id: 1, operations: 'R', type: 'string' },
        number: { id: 2, operations: 'R', type: 'integer' },
      },
    }),
  ]);
  const node = decoded(lwm2mPath(65, 0), hex, model);
  assert.deepEqual(
    node,
    objectInstance(0, [
      multipleResource(0, 'objlnk', [
        [0, { objectId: 66, instanceId: 0 }],
        [1, { objectId: 66, instanceId: 1 }],
      ]),
      singleResource(1, 'string', '8613800755500'),
      singleResource(2, 'integer', 0x12345678),
    ]),
  );
  assert.equal(encoded(lwm2mPath(65, 0), node), encodeHex(bytes(hex)));
});

test('the sample of the China Mobile platform', () => {
  const hex = `08 00 13 C1 01 01 C4 02 3F800000 C1 03 01 C5 04 ${encodeHex(encodeUtf8('Test1'))}`;
  const model = objectTable([
    defineObject({
      id: 30_000,
      name: 'Sample',
      multiple: true,
      resources: {
        number: { id: 1, operations: 'R', type: 'integer' },
        float: { id: 2, operations: 'R', type: 'float' },
        flag: { id: 3, operations: 'R', type: 'boolean' },
        text: { id: 4, operations: 'R', type: 'string' },
      },
    }),
  ]);
  const instance = objectInstance(0, [
    singleResource(1, 'integer', 1),
    singleResource(2, 'float', 1),
    singleResource(3, 'boolean', true),
    singleResource(4, 'string', 'Test1'),
  ]);
  assert.deepEqual(decoded(lwm2mPath(30_000), hex, model), objectNode(30_000, [instance]));
  assert.deepEqual(decoded(lwm2mPath(30_000, 0), hex, model), instance);
  assert.deepEqual(decoded(lwm2mPath(30_000, 0, 4), hex, model), singleResource(4, 'string', 'Test1'));
  assert.equal(encoded(lwm2mPath(30_000), objectNode(30_000, [instance])), encodeHex(bytes(hex)));
});

test('an answer that holds more is narrowed to what was asked', () => {
  const whole = `08 00 ${(bytes(deviceHex).length).toString(16)} ${deviceHex}`;
  for (const hex of [deviceHex, whole]) {
    assert.deepEqual(decoded(lwm2mPath(3, 0, 1), hex), singleResource(1, 'string', 'Lightweight M2M Client'));
    assert.deepEqual(
      decoded(lwm2mPath(3, 0, 7), hex),
      multipleResource(7, 'integer', [
        [0, 3800],
        [1, 5000],
      ]),
    );
    assert.deepEqual(decoded(lwm2mPath(3, 0, 7, 1), hex), resourceInstance(1, 'integer', 5000));
    assert.deepEqual(decoded(lwm2mPath(3, 0), hex), device);
    assert.deepEqual(decoded(lwm2mPath(3), hex), objectNode(3, [device]));
  }
  assert.equal(refused(lwm2mPath(3, 0, 15), whole).code, 'not-found');
  assert.equal(refused(lwm2mPath(3, 1, 1), whole).code, 'not-found');
  assert.equal(refused(lwm2mPath(3, 0, 7, 2), whole).code, 'not-found');
  assert.equal(refused(lwm2mPath(3, 0, 1), '').code, 'not-found');
});

test('a write of more than the path is refused', () => {
  for (const [path, hex] of [
    [lwm2mPath(3, 0, 9), 'C1 09 64 C1 0A 0F'],
    [lwm2mPath(3, 0), '03 00 C1 09 64 03 01 C1 09 64'],
  ] as const) {
    const result = decodeContent(tlv, path, bytes(hex), omaObjects, { exact: true });
    assert.equal(!result.ok && result.error.code, 'wrong-path');
  }
  assert.ok(decodeContent(tlv, lwm2mPath(3, 0, 9), bytes('C1 09 64'), omaObjects, { exact: true }).ok);
});

test('a narrowed answer is not refused for what nobody asked for', () => {
  assert.deepEqual(
    decoded(lwm2mPath(3, 0, 9), 'C3 0A 01 02 03 C2 03 FF FF C1 09 64'),
    singleResource(9, 'integer', 100),
  );
});

test('type bits 01 where a resource should be', () => {
  assert.deepEqual(decoded(lwm2mPath(3, 0, 9), '41 09 64'), singleResource(9, 'integer', 100));
  assert.deepEqual(decoded(lwm2mPath(3, 0), '41 09 64'), objectInstance(0, [singleResource(9, 'integer', 100)]));
  assert.deepEqual(decoded(lwm2mPath(3, 0, 9), '41 0A 05 41 09 64'), singleResource(9, 'integer', 100));
  assert.deepEqual(decoded(lwm2mPath(3, 0, 9), '41 00 64'), singleResource(9, 'integer', 100));
});

test('resource instances that nothing encloses', () => {
  const values = [
    [0, 1],
    [6, 5],
  ] as const;
  assert.deepEqual(decoded(lwm2mPath(3, 0, 6), '41 00 01 41 06 05'), multipleResource(6, 'integer', values));
  assert.deepEqual(decoded(lwm2mPath(3, 0, 6, 6), '41 06 05'), resourceInstance(6, 'integer', 5));
  assert.equal(encoded(lwm2mPath(3, 0, 6, 6), resourceInstance(6, 'integer', 5)), '410605');
  assert.equal(refused(lwm2mPath(3, 0, 9), '41 00 01 41 01 05').code, 'not-found');
});

test('one value of a resource with instances, and one instance of a single resource', () => {
  assert.deepEqual(decoded(lwm2mPath(3, 0, 6), 'C1 06 05'), multipleResource(6, 'integer', [[0, 5]]));
  assert.deepEqual(decoded(lwm2mPath(3, 0, 9), '83 09 41 00 05'), singleResource(9, 'integer', 5));
  assert.deepEqual(
    decoded(lwm2mPath(3, 0, 9), '86 09 41 00 05 41 01 06'),
    multipleResource(9, 'integer', [
      [0, 5],
      [1, 6],
    ]),
  );
  assert.deepEqual(decoded(lwm2mPath(3, 0, 6), '80 06'), multipleResource(6, 'integer', []));
});

test('strings of length zero', () => {
  assert.deepEqual(
    decoded(lwm2mPath(3, 0), 'C0 00 C8 01 00'),
    objectInstance(0, [singleResource(0, 'string', ''), singleResource(1, 'string', '')]),
  );
  assert.equal(encoded(lwm2mPath(3, 0, 0), singleResource(0, 'string', '')), 'c000');
});

test('what the model does not know is opaque', () => {
  assert.deepEqual(decoded(lwm2mPath(3, 0, 9999), 'E2 27 0F 01 02'), singleResource(9999, 'opaque', bytes('0102')));
  assert.deepEqual(decoded(lwm2mPath(59_999, 1, 0), 'C1 00 05'), singleResource(0, 'opaque', bytes('05')));
  assert.deepEqual(
    decoded(lwm2mPath(59_999), 'C1 00 05'),
    objectNode(59_999, [objectInstance(0, [singleResource(0, 'opaque', bytes('05'))])]),
  );
});

test('lengths of 0, 8, 16 and 24 bits, ids of 8 and 16', () => {
  for (const [length, header] of [
    [7, 'c705'],
    [8, 'c80508'],
    [255, 'c805ff'],
    [256, 'd0050100'],
    [65_536, 'd805010000'],
  ] as const) {
    const node = singleResource(5, 'opaque', new Uint8Array(length).fill(0xaa));
    const hex = encoded(lwm2mPath(59_999, 0, 5), node);
    assert.equal(hex.slice(0, header.length), header);
    assert.deepEqual(decoded(lwm2mPath(59_999, 0, 5), hex), node);
  }
  assert.equal(encoded(lwm2mPath(59_999, 0, 256), singleResource(256, 'boolean', true)), 'e1010001');
  const tooLong = encodeContent(tlv, lwm2mPath(5, 0, 0), singleResource(0, 'opaque', new Uint8Array(0x100_0000)));
  assert.equal(!tooLong.ok && tooLong.error.code, 'too-large');
});

const integers: readonly (readonly [number | bigint, string])[] = [
  [0, 'c10000'],
  [-1, 'c100ff'],
  [127, 'c1007f'],
  [128, 'c2000080'],
  [-128, 'c10080'],
  [-129, 'c200ff7f'],
  [32_767, 'c2007fff'],
  [32_768, 'c40000008000'],
  [-2_147_483_648, 'c40080000000'],
  [2_147_483_648, 'c800080000000080000000'],
  [Number.MAX_SAFE_INTEGER, 'c80008001fffffffffffff'],
  [2n ** 53n, 'c800080020000000000000'],
  [-(2n ** 53n) - 1n, 'c80008ffdfffffffffffff'],
  [2n ** 63n - 1n, 'c800087fffffffffffffff'],
  [-(2n ** 63n), 'c800088000000000000000'],
];

test('integers are exact to 64 bits and as short as they can be', () => {
  const model = objectTable([
    defineObject({ id: 1, name: 'I', resources: { a: { id: 0, operations: 'R', type: 'integer' } } }),
  ]);
  for (const [value, hex] of integers) {
    assert.equal(encoded(lwm2mPath(1, 0, 0), singleResource(0, 'integer', value)), hex);
    assert.deepEqual(decoded(lwm2mPath(1, 0, 0), hex, model), singleResource(0, 'integer', value));
  }
  for (const value of [2n ** 63n, -(2n ** 63n) - 1n, 1.5, Number.NaN]) {
    assert.ok(!encodeContent(tlv, lwm2mPath(1, 0, 0), singleResource(0, 'integer', value)).ok);
  }
  // Lengths that no writer should use but that mean only one thing.
  assert.deepEqual(decoded(lwm2mPath(1, 0, 0), 'c300ffff00', model), singleResource(0, 'integer', -256));
  assert.deepEqual(decoded(lwm2mPath(1, 0, 0), 'c500ff00000000', model), singleResource(0, 'integer', -(2 ** 32)));
  assert.equal(refused(lwm2mPath(1, 0, 0), 'c000', model).code, 'wrong-type');
  assert.equal(refused(lwm2mPath(1, 0, 0), 'c80009000000000000000001', model).code, 'wrong-type');
});

test('unsigned integers use all 64 bits', () => {
  const model = objectTable([
    defineObject({ id: 1, name: 'U', resources: { a: { id: 0, operations: 'R', type: 'unsigned' } } }),
  ]);
  for (const [value, hex] of [
    [255, 'c100ff'],
    [65_535, 'c200ffff'],
    [4_294_967_295, 'c400ffffffff'],
    [2n ** 64n - 1n, 'c80008ffffffffffffffff'],
  ] as const) {
    assert.equal(encoded(lwm2mPath(1, 0, 0), singleResource(0, 'unsigned', value)), hex);
    assert.deepEqual(decoded(lwm2mPath(1, 0, 0), hex, model), singleResource(0, 'unsigned', value));
  }
  for (const value of [-1, 2n ** 64n, 0.5]) {
    assert.ok(!encodeContent(tlv, lwm2mPath(1, 0, 0), singleResource(0, 'unsigned', value)).ok);
  }
});

test('floats take four bytes when those are exact', () => {
  const path = lwm2mPath(3303, 0, 5700);
  const float = (value: number) => singleResource(5700, 'float', value);
  for (const [value, hex] of [
    [1.5, 'e416443fc00000'],
    [0.1, 'e81644083fb999999999999a'],
    [-0, 'e4164480000000'],
    [Number.NaN, 'e416447fc00000'],
    [Number.POSITIVE_INFINITY, 'e416447f800000'],
  ] as const) {
    assert.equal(encoded(path, float(value)), hex);
    assert.deepEqual(decoded(path, hex), float(value));
  }
  assert.equal(refused(path, 'e116443f').code, 'wrong-type');
});

test('values that are not of their type are refused with the place', () => {
  for (const [path, hex] of [
    [lwm2mPath(3, 0, 0), 'c100ff'], // text that is no UTF-8
    [lwm2mPath(1, 0, 6), 'c10602'], // a boolean of 2
    [lwm2mPath(1, 0, 6), 'c2060001'],
    [lwm2mPath(3, 0, 13), 'c8 0d 08 7f ff ff ff ff ff ff ff'], // a time beyond all calendars
  ] as const) {
    const error = refused(path, hex);
    assert.equal(error.code, 'wrong-type');
    assert.ok((error.offset ?? 0) >= 2);
    assert.match(error.message, /is (string|boolean|time), which is/);
  }
});

const malformed: readonly (readonly [string, string])[] = [
  ['a header cut short', 'c8'],
  ['a length cut short', 'd00001'],
  ['a value cut short', 'c20001'],
  ['a value longer than everything', 'd800ffffff'],
  ['a nested value longer than its resource', '8306420001'],
  ['a resource twice', 'c10901c10902'],
  ['a resource instance twice', '8606410001410002'],
  ['MAX_ID', 'e1ffff01'],
  ['a resource in a resource', '8306c10001'],
  ['an instance among resources', 'c10901010000'],
];

for (const [what, hex] of malformed) {
  test(`refuses ${what}`, () => {
    const error = refused(lwm2mPath(3, 0), hex);
    assert.equal(error.code, 'malformed');
    assert.equal(typeof error.offset, 'number');
  });
}

test('refuses what is out of place', () => {
  assert.equal(refused(lwm2mPath(3), '0800 03 C1 09 01 C1 09 01').code, 'malformed', 'a resource among instances');
  assert.equal(refused(lwm2mPath(3), '03 00 C1 09 01 03 00 C1 09 01').code, 'malformed', 'an instance twice');
  assert.equal(refused(lwm2mPath(2), 'C1 00 01').code, 'malformed', 'resources of nobody knows which instance');
  assert.equal(refused(lwm2mPath(), 'C1 00 01').code, 'unsupported-format');
  const encodedAt = encodeContent(tlv, lwm2mPath(3), device);
  assert.equal(!encodedAt.ok && encodedAt.error.code, 'wrong-path');
});

test('the number of entries is bounded, on all levels together', () => {
  const entries = bytes('C0 00 88 06 09 41 00 01 41 01 01 41 02 01');
  const at = (maximumEntries: number) => decodeContent(tlv, lwm2mPath(3, 0), entries, omaObjects, { maximumEntries });
  assert.ok(at(5).ok);
  const error = at(4);
  assert.equal(!error.ok && error.error.code, 'too-large');
  const large = decodeContent(tlv, lwm2mPath(3, 0), new Uint8Array(11), omaObjects, { maximumBytes: 10 });
  assert.equal(!large.ok && large.error.code, 'too-large');
});

test('the legacy Content-Format number', () => {
  const result = decodeContent(1542, lwm2mPath(3, 0), bytes(deviceHex), omaObjects);
  assert.deepEqual(result.ok && result.value, device);
});
