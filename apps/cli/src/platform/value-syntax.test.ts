import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObjectDefinition } from '@yaolian/contract';
import { type ResourceTypeName, readValue, resourcesFrom, writeBody } from './value-syntax.ts';

const now = Date.parse('2026-01-31T08:15:30.250Z');

const resource = (id: number, type: ResourceTypeName, multiple = false) => ({
  id,
  name: `R${id}`,
  operations: 'RW',
  type,
  multiple,
  mandatory: false,
});
const definition: JsonObjectDefinition = {
  id: 1,
  name: 'Server',
  version: '1.1',
  urn: 'urn:oma:lwm2m:oma:1:1.1',
  source: 'registry',
  lwm2mVersion: '1.0',
  multiple: true,
  mandatory: true,
  versions: ['1.1'],
  resources: [resource(1, 'integer'), resource(7, 'string'), resource(6, 'integer', true), resource(8, 'none')],
};
const known = { definition, type: undefined };
const unknown = { definition: undefined, type: undefined };

describe('readValue', () => {
  for (const [type, text, value] of [
    ['string', '300', '300'],
    ['integer', '-300', -300],
    ['integer', '9007199254740993', '9007199254740993'],
    ['integer', '+5', 5],
    ['unsigned', '7', 7],
    ['float', '21.5', 21.5],
    ['float', '-1e3', -1000],
    ['float', 'NaN', 'NaN'],
    ['boolean', 'true', true],
    ['boolean', '0', false],
    ['boolean', 'ON', true],
    ['opaque', '0x0a0b', 'Cgs='],
    ['opaque', '0x', ''],
    ['opaque', 'base64:Cgs=', 'Cgs='],
    ['time', '1769847330', '2026-01-31T08:15:30.000Z'],
    ['time', '2026-01-31T09:15:30+01:00', '2026-01-31T08:15:30.000Z'],
    ['time', 'now', '2026-01-31T08:15:30.000Z'],
    ['objlnk', '3:0', '3:0'],
    ['corelnk', '</3/0>', '</3/0>'],
    [undefined, '300', 300],
    [undefined, '21.5', 21.5],
    [undefined, 'true', true],
    [undefined, '1.2.3', '1.2.3'],
    [undefined, 'U', 'U'],
  ] as const) {
    it(`reads ${text} as ${type ?? 'what it looks like'}`, () =>
      assert.equal(readValue(type, text, '/1/0/1', now), value));
  }

  for (const [type, text] of [
    ['integer', '1.5'],
    ['integer', ''],
    ['unsigned', '-1'],
    ['float', 'warm'],
    ['boolean', 'yes please'],
    ['opaque', 'abc'],
    ['opaque', '0xabc'],
    ['time', 'yesterday'],
    ['time', '2026-13-45T00:00:00Z'],
    ['objlnk', '/3/0'],
    ['none', 'x'],
  ] as const) {
    it(`refuses "${text}" for ${type}`, () =>
      assert.throws(() => readValue(type, text, '/1/0/1', now), { code: 'CLI_USAGE', message: /^\/1\/0\/1 is / }));
  }
});

describe('writeBody', () => {
  it('writes a resource by its type', () => {
    assert.deepEqual(writeBody('/1/0/1', ['300'], known, now), { value: 300 });
    assert.deepEqual(writeBody('/1/0/7', ['300'], known, now), { value: '300' });
    assert.deepEqual(writeBody('/1/0/7', ['a=b'], known, now), { value: 'a=b' });
    assert.deepEqual(writeBody('/1/0/6/2', ['3'], known, now), { value: 3 });
  });

  it('writes the instances of a resource', () => {
    assert.deepEqual(writeBody('/1/0/6', ['0=1', '1=2'], known, now), { values: { '0': 1, '1': 2 } });
    assert.deepEqual(writeBody('/1/0/6', ['{"0":1}'], known, now), { values: { '0': 1 } });
    assert.deepEqual(writeBody('/1/0/6', ['5'], known, now), { value: 5 });
  });

  it('writes an instance from pairs or JSON', () => {
    assert.deepEqual(writeBody('/1/0', ['1=300', '7=U'], known, now), { resources: { '1': 300, '7': 'U' } });
    assert.deepEqual(writeBody('/1/0', ['{"1":300,"6":{"0":1}}'], known, now), {
      resources: { '1': 300, '6': { '0': 1 } },
    });
    assert.deepEqual(writeBody('/1/0', ['1=300', '6/0=1', '6/7=2'], known, now), {
      resources: { '1': 300, '6': { '0': 1, '7': 2 } },
    });
  });

  it('guesses what nobody knows, unless told', () => {
    assert.deepEqual(writeBody('/9999/0/1', ['5'], unknown, now), { value: 5 });
    assert.deepEqual(writeBody('/9999/0/1', ['5'], { ...unknown, type: 'string' }, now), {
      value: '5',
      type: 'string',
    });
    assert.deepEqual(writeBody('/9999/0/1', ['{"0":"a"}'], unknown, now), { values: { '0': 'a' } });
    assert.deepEqual(writeBody('/1/0/1', ['5'], { definition, type: 'string' }, now), { value: 5 });
  });

  for (const [path, words, message] of [
    ['/1', ['1'], /not written as a whole; write an instance, as in \/1\/0/],
    ['/1/0/1', ['1', '2'], /takes one value, not 2; put quotes/],
    ['/1/0/8', ['x'], /use "yaolian execute"/],
    ['/1/0', ['300'], /"300" is no part; write id=value/],
    ['/1/0', ['{"1":}'], /not JSON/],
    ['/1/0', ['{"1":[1]}'], /an object of values by id/],
    ['/1/0', ['{"1":null}'], /an object of values by id/],
    ['/1/0', ['6/0=x'], /resource 6 is a whole number, not "x"/],
    ['/1/0', ['6=1', '6/0=1'], /"6\/0=1": resource 6 has a value already; instances of one are 6\/0=… 6\/1=…/],
    ['/1/0', ['6/0=1', '6=1'], /"6=1": resource 6 has a value already/],
    ['/1/0', ['1=x'], /resource 1 is a whole number, not "x"/],
  ] as const) {
    it(`refuses ${words.join(' ')} at ${path}`, () =>
      assert.throws(() => writeBody(path, words, known, now), { code: 'CLI_USAGE', message }));
  }
});

it('resourcesFrom takes nothing too: an instance may be created empty', () => {
  assert.deepEqual(resourcesFrom([], known, now), {});
});
