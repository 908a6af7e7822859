import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  deviceKeyOf,
  type EndpointName,
  type EndpointNameError,
  formatEndpointName,
  identityOf,
  parseEndpointName,
} from './endpoint-name.ts';

const imei = '86111100392911012'; // 17 digits
const imsi = '4600418504036901'; // 16 digits
const cmei = '111222333444555'; // 15 characters

function parsed(name: string): EndpointName {
  const result = parseEndpointName(name);
  assert.ok(result.ok, `"${name}" is right`);
  return result.value;
}

function refused(name: string): EndpointNameError {
  const result = parseEndpointName(name);
  assert.ok(!result.ok, `"${name}" is wrong`);
  return result.error;
}

describe('terminal specification 1.0.0 §7.1', () => {
  const examples: readonly (readonly [what: string, name: string, value: EndpointName, key: string | undefined])[] = [
    ['every field', `${imei};${imsi};${cmei};1.0`, { imei, imsi, cmei, version: '1.0' }, cmei + imei],
    ['a cellular device without CMEI', `${imei};${imsi};;1.0`, { imei, imsi, cmei: undefined, version: '1.0' }, imei],
    ['no SIM in it', `${imei};;;1.0`, { imei, imsi: undefined, cmei: undefined, version: '1.0' }, imei],
    [
      'a device that is not cellular',
      `;;${cmei};1.0`,
      { imei: undefined, imsi: undefined, cmei, version: '1.0' },
      cmei,
    ],
    ['CMEI and IMEI, no SIM', `${imei};;${cmei};2.13`, { imei, imsi: undefined, cmei, version: '2.13' }, cmei + imei],
    ['just a SIM', `;${imsi};;1.0`, { imei: undefined, imsi, cmei: undefined, version: '1.0' }, undefined],
    ['just a version', ';;;0.0', { imei: undefined, imsi: undefined, cmei: undefined, version: '0.0' }, undefined],
    ['short numbers', '8;4;;1.0', { imei: '8', imsi: '4', cmei: undefined, version: '1.0' }, '8'],
  ];

  for (const [what, name, value, key] of examples) {
    it(`reads ${what}: ${name}`, () => {
      assert.deepEqual(parsed(name), value);
      assert.equal(deviceKeyOf(value), key);
      assert.equal(formatEndpointName(value), name);
    });
  }

  it('takes a device with a new SIM as the same', () => {
    const before = deviceKeyOf(parsed(`${imei};${imsi};${cmei};1.0`));
    assert.equal(deviceKeyOf(parsed(`${imei};460000000000000;${cmei};1.1`)), before);
    assert.equal(deviceKeyOf(parsed(`${imei};;${cmei};1.0`)), before);
  });
});

describe('a wrong endpoint name', () => {
  const wrong: readonly (readonly [
    name: string,
    field: EndpointNameError['field'],
    position: number,
    found: string,
  ])[] = [
    [`${imei}0;${imsi};;1.0`, 'IMEI', 0, `${imei}0`],
    ['86-1111;;;1.0', 'IMEI', 0, '86-1111'],
    [' 861111;;;1.0', 'IMEI', 0, ' 861111'],
    ['８６１１;;;1.0', 'IMEI', 0, '８６１１'],
    [`1;${imsi}0;;1.0`, 'IMSI', 2, `${imsi}0`],
    ['1;+46;;1.0', 'IMSI', 2, '+46'],
    [`1;2;${cmei}6;1.0`, 'CMEI', 4, `${cmei}6`],
    ['1;2;11122233344455;1.0', 'CMEI', 4, '11122233344455'],
    ['1;2;11122233344455/;1.0', 'CMEI', 4, '11122233344455/'],
    ['1;2;;', 'version', 5, ''],
    ['1;2;;1', 'version', 5, '1'],
    ['1;2;;1.', 'version', 5, '1.'],
    ['1;2;;.1', 'version', 5, '.1'],
    ['1;2;;1.0.0', 'version', 5, '1.0.0'],
    ['1;2;;v1.0', 'version', 5, 'v1.0'],
    ['1;2;;1.0\n', 'version', 5, '1.0\n'],
    ['1;2;;1234567890.0', 'version', 5, '1234567890.0'],
    ['', 'name', 0, ''],
    ['urn:imei:861111003929110', 'name', 0, 'urn:imei:861111003929110'],
    ['1;2;1.0', 'name', 0, '1;2;1.0'],
    ['1;2;;1.0;', 'name', 0, '1;2;;1.0;'],
  ];

  for (const [name, field, position, found] of wrong) {
    it(`is told of ${field} in ${JSON.stringify(name)}`, () => {
      const error = refused(name);
      assert.deepEqual(
        { field: error.field, position: error.position, found: error.found },
        { field, position, found },
      );
    });
  }

  it('is told in a sentence with everything in it', () => {
    assert.equal(
      refused('1;2;123;1.0').message,
      'field 3 (CMEI, at character 4) is "123", not exactly 15 letters or digits, or empty',
    );
    assert.equal(
      refused('1;2;1.0').message,
      'the name "1;2;1.0" has three fields, not four fields IMEI;IMSI;CMEI;A.B, of which empty ones keep their ;',
    );
  });

  it('is not repeated at full length', () => {
    const error = refused(`${'9'.repeat(1_000_000)};;;1.0`);
    assert.equal(error.found, `${'9'.repeat(40)}…`);
    assert.ok(error.message.length < 200);
    assert.ok(refused(';'.repeat(1_000_000)).message.length < 200);
  });
});

describe('endpoint names', () => {
  const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${maxLength}}$`));
  const optional = (text: fc.Arbitrary<string>) => fc.option(text, { nil: undefined });
  const names: fc.Arbitrary<EndpointName> = fc.record(
    {
      imei: optional(digits(17)),
      imsi: optional(digits(16)),
      cmei: optional(fc.stringMatching(/^[0-9A-Za-z]{15}$/)),
      version: fc.stringMatching(/^[0-9]{1,9}\.[0-9]{1,9}$/),
    },
    { noNullPrototype: true },
  );

  it('are read as they were written', () => {
    fc.assert(fc.property(names, (name) => assert.deepEqual(parsed(formatEndpointName(name)), name)));
  });

  it('have a key exactly when they have an IMEI or a CMEI, and the SIM is not in it', () => {
    fc.assert(
      fc.property(names, (name) => {
        const key = deviceKeyOf(name);
        assert.equal(key !== undefined, name.imei !== undefined || name.cmei !== undefined);
        assert.equal(deviceKeyOf({ ...name, imsi: undefined, version: '9.9' }), key);
      }),
    );
  });

  it('never throw while they are read, and are written back the same when they are right', () => {
    const pieces = fc.array(fc.constantFrom(';', '8', '86', '.', '1.0', 'x', '中', cmei), { maxLength: 12 });
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      pieces.map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const result = parseEndpointName(text);
        if (result.ok) assert.equal(formatEndpointName(result.value), text);
        else assert.ok(result.error.message.length < 250);
      }),
    );
  });

  it('are not written from wrong fields', () => {
    const name = { imei: '12345678', imsi: undefined, cmei: undefined, version: '1.0' };
    assert.throws(() => formatEndpointName({ ...name, imei: '1;2' }), RangeError);
    assert.throws(() => formatEndpointName({ ...name, cmei: 'short' }), /field 3 \(CMEI/);
    assert.throws(() => formatEndpointName({ ...name, version: '1' }), /field 4 \(version/);
  });

  it('tell their fields by name', () => {
    assert.deepEqual(identityOf(parsed(`${imei};;;1.0`)), { imei, version: '1.0' });
    assert.deepEqual(identityOf(parsed(`;${imsi};${cmei};1.0`)), { imsi, cmei, version: '1.0' });
  });
});
