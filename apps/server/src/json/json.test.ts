import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '@yaolian/contract';
import {
  equalValues,
  lwm2mPath,
  multipleResource,
  objectInstance,
  objectNode,
  parsePath,
  type ResourceType,
  type ResourceValue,
  singleResource,
  valueFromJson,
  valueToJson,
} from '@yaolian/lwm2m';
import { omaObjects } from '@yaolian/lwm2m-objects';
import fc from 'fast-check';
import { nameOf, nodeToJson } from './node.ts';
import { instanceFromCreateBody, nodeFromWriteBody } from './write.ts';

const model = omaObjects;

const valuesOf: Readonly<Record<Exclude<ResourceType, 'none'>, fc.Arbitrary<ResourceValue>>> = {
  string: fc.string({ unit: 'grapheme' }),
  corelnk: fc.string(),
  integer: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n))),
  unsigned: fc.oneof(fc.nat(), fc.constant(2n ** 64n - 1n)),
  float: fc.double(),
  boolean: fc.boolean(),
  opaque: fc.uint8Array(),
  time: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59Z') }),
  objlnk: fc.record({ objectId: fc.nat(65535), instanceId: fc.nat(65535) }, { noNullPrototype: true }),
};

test('every value comes back from JSON', () => {
  for (const [type, values] of Object.entries(valuesOf) as [ResourceType, fc.Arbitrary<ResourceValue>][]) {
    fc.assert(
      fc.property(values, (value) => {
        const json = JSON.parse(JSON.stringify(valueToJson(type, value))) as JsonValue;
        const back = valueFromJson(type, json);
        assert.ok(back.ok, type);
        // -0 is 0 in JSON.
        assert.ok(equalValues(back.value, value === 0 ? 0 : value) || (value === 0 && back.value === 0), type);
      }),
    );
  }
});

test('any JSON value is read or refused with a sentence, never thrown at', () => {
  const anyJson = fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean());
  for (const type of [...Object.keys(valuesOf), 'none'] as ResourceType[]) {
    fc.assert(
      fc.property(anyJson, (json) => {
        const read = valueFromJson(type, json);
        assert.ok(read.ok || read.error.message.length > 10);
      }),
    );
  }
});

test('a wrong form is told with the right one', () => {
  const wrong: [ResourceType, JsonValue, RegExp][] = [
    ['integer', '12a', /a whole number, as a string of digits when it is beyond 9007199254740991, not "12a"/],
    ['integer', 1.5, /a whole number/],
    ['integer', '9223372036854775808', /not "9223372036854775808"/],
    ['unsigned', -1, /-1 is not in 0/],
    ['float', '1.5', /a number, or "NaN"/],
    ['boolean', 1, /true or false/],
    ['opaque', 'a$', /base64/],
    ['time', '2026-01-31T08:15', /such as/],
    ['time', '2026-13-31T00:00:00Z', /such as/],
    ['objlnk', '3/0', /such as "3:0"/],
    ['objlnk', '70000:0', /./],
    ['none', 1, /execute the resource/],
  ];
  for (const [type, json, right] of wrong) {
    const read = valueFromJson(type, json);
    assert.ok(!read.ok, `${type} ${json}`);
    assert.match(read.error.message, right);
  }
});

test('answers have the names and units of the model', () => {
  const node = objectInstance(0, [
    singleResource(0, 'string', 'Yaolian'),
    multipleResource(7, 'integer', [
      [0, 3800],
      [1, 5000n],
    ]),
    singleResource(31999, 'opaque', Uint8Array.of(1, 2)),
  ]);
  assert.deepEqual(nodeToJson(lwm2mPath(3, 0), node, model), {
    kind: 'object-instance',
    path: '/3/0',
    id: 0,
    name: 'Device',
    resources: [
      { kind: 'resource', path: '/3/0/0', id: 0, name: 'Manufacturer', type: 'string', value: 'Yaolian' },
      {
        kind: 'multiple-resource',
        path: '/3/0/7',
        id: 7,
        name: 'Power Source Voltage',
        type: 'integer',
        values: { '0': 3800, '1': 5000 },
      },
      { kind: 'resource', path: '/3/0/31999', id: 31999, type: 'opaque', value: 'AQI=' },
    ],
  });
  const object = nodeToJson(
    lwm2mPath(3303),
    objectNode(3303, [objectInstance(1, [singleResource(5700, 'float', 21.5)])]),
    model,
  );
  assert.deepEqual([object.kind, object.path, object.name], ['object', '/3303', 'Temperature']);
  const voltage = nodeToJson(
    lwm2mPath(3, 0, 7, 1),
    { kind: 'resource-instance', id: 1, type: 'integer', value: 5 },
    model,
  );
  assert.deepEqual([voltage.name, voltage.path], ['Power Source Voltage', '/3/0/7/1']);
  assert.equal(nameOf(lwm2mPath(31999), model), undefined);
});

function write(path: string, body: object) {
  const parsed = parsePath(path);
  assert.ok(parsed.ok);
  return nodeFromWriteBody(parsed.value, body, model);
}

test('bodies become nodes by the type that the model knows', () => {
  assert.deepEqual(write('/3/0/13', { value: '2026-01-31T08:15:30Z' }), {
    ok: true,
    value: singleResource(13, 'time', new Date('2026-01-31T08:15:30Z')),
  });
  assert.deepEqual(write('/1/0', { resources: { '1': 86400, '7': 'UQ', '6': true } }), {
    ok: true,
    value: objectInstance(0, [
      singleResource(1, 'integer', 86400),
      singleResource(6, 'boolean', true),
      singleResource(7, 'string', 'UQ'),
    ]),
  });
  assert.deepEqual(write('/3/0/7', { values: { '0': 1, '5': 2 } }), {
    ok: true,
    value: multipleResource(7, 'integer', [
      [0, 1],
      [5, 2],
    ]),
  });
  assert.deepEqual(write('/3/0/7/5', { value: 2 }), {
    ok: true,
    value: { kind: 'resource-instance', id: 5, type: 'integer', value: 2 },
  });
});

test('what the model does not know has the type that the body says, or the one it looks like', () => {
  assert.deepEqual(write('/32000/0/1', { value: 'AQI=', type: 'opaque' }), {
    ok: true,
    value: singleResource(1, 'opaque', Uint8Array.of(1, 2)),
  });
  assert.deepEqual(
    write('/32000/0', { resources: { '1': 'x', '2': 1.5, '3': { '0': false } }, types: { '1': 'string' } }),
    {
      ok: true,
      value: objectInstance(0, [
        singleResource(1, 'string', 'x'),
        singleResource(2, 'float', 1.5),
        multipleResource(3, 'boolean', [[0, false]]),
      ]),
    },
  );
});

test('a body that does not fit its path is told what the path takes', () => {
  const wrong: [string, object, RegExp][] = [
    ['/3/0/1', {}, /\/3\/0\/1 takes value or values, and there is nothing of it/],
    ['/3/0/1', { resources: {} }, /takes value or values, and there is resources/],
    ['/3/0', { value: 1 }, /takes resources/],
    ['/3/0/7/1', { values: {} }, /takes value,/],
    ['/3/0/1', { value: 'a', values: {} }, /there is value and values/],
    ['/3', { resources: {} }, /is not written as a whole/],
    ['/1/0', { resources: { '1': 'x' } }, /integer is a whole number/],
    ['/1/0', { resources: { '70000': 1 } }, /an id is a whole number/],
    ['/3/0/7', { values: { '65535': 1 } }, /an id is/],
  ];
  for (const [path, body, right] of wrong) {
    const read = write(path, body);
    assert.ok(!read.ok, path);
    assert.match(read.error.message, right);
  }
});

test('an instance to create', () => {
  const created = instanceFromCreateBody(lwm2mPath(3303), { instanceId: 2, resources: { '5700': 20 } }, model);
  assert.deepEqual(created, { ok: true, value: objectInstance(2, [singleResource(5700, 'float', 20)]) });
});
