import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normal, valuesOf } from './testing/values.ts';
import {
  checkValue,
  equalValues,
  type ResourceType,
  type ResourceValue,
  secondsToTime,
  timeToSeconds,
} from './value.ts';
import { valueFromJson, valueToJson } from './value-json.ts';
import { valueFromText, valueToText } from './value-text.ts';

for (const [type, values] of Object.entries(valuesOf) as [ResourceType, fc.Arbitrary<ResourceValue>][]) {
  test(`${type} survives JSON`, () => {
    fc.assert(
      fc.property(values, (value) => {
        const read = valueFromJson(type, JSON.parse(JSON.stringify(valueToJson(type, value))));
        assert.ok(read.ok);
        // JSON has no -0: that is the one number that does not come back.
        assert.ok(equalValues(read.value, value) || value === 0, `${String(value)} became ${String(read.value)}`);
      }),
    );
  });
  test(`${type} survives text`, () => {
    fc.assert(
      fc.property(values, (value) => {
        const read = valueFromText(type, valueToText(type, value));
        assert.ok(read.ok);
        assert.ok(equalValues(read.value, value), `${String(value)} became ${String(read.value)}`);
      }),
    );
  });
  test(`${type}: nothing that is typed or sent throws`, () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9.:eT]*$/)), (text) => void valueFromText(type, text)),
    );
    fc.assert(fc.property(fc.jsonValue(), (json) => void valueFromJson(type, json)));
    fc.assert(fc.property(fc.anything(), (anything) => void checkValue(type, anything)));
  });
}

test('whole numbers have one form: a number while that is exact', () => {
  assert.equal(normal('integer', 5n), 5);
  assert.equal(normal('integer', 2n ** 53n), 2n ** 53n);
  assert.equal(normal('integer', BigInt(Number.MAX_SAFE_INTEGER)), Number.MAX_SAFE_INTEGER);
  assert.ok(Object.is(normal('integer', -0), 0));
  assert.equal(normal('unsigned', 2n ** 64n - 1n), 2n ** 64n - 1n);
});

const refusals: readonly (readonly [ResourceType, unknown, string])[] = [
  ['integer', 2n ** 63n, 'out-of-range'],
  ['integer', -(2n ** 63n) - 1n, 'out-of-range'],
  ['integer', 1.5, 'wrong-type'],
  ['integer', 2 ** 53, 'out-of-range'],
  ['integer', Number.NaN, 'wrong-type'],
  ['integer', '5', 'wrong-type'],
  ['unsigned', -1, 'out-of-range'],
  ['unsigned', 2n ** 64n, 'out-of-range'],
  ['float', '1', 'wrong-type'],
  ['boolean', 1, 'wrong-type'],
  ['string', 5, 'wrong-type'],
  ['string', 'a\ud800', 'malformed'],
  ['opaque', [1, 2], 'wrong-type'],
  ['time', 5, 'wrong-type'],
  ['time', new Date(Number.NaN), 'wrong-type'],
  ['objlnk', { objectId: 1 }, 'wrong-type'],
  ['objlnk', { objectId: 65_536, instanceId: 0 }, 'wrong-type'],
  ['objlnk', null, 'wrong-type'],
  ['none', 1, 'wrong-type'],
];

for (const [type, value, code] of refusals) {
  test(`${type} does not take ${String(value)}`, () => {
    const checked = checkValue(type, value);
    assert.equal(!checked.ok && checked.error.code, code);
  });
}

const typed: readonly (readonly [ResourceType, string, ResourceValue])[] = [
  ['integer', ' +9223372036854775807 ', 2n ** 63n - 1n],
  ['integer', '-0', 0],
  ['float', '1e3', 1000],
  ['float', '.5', 0.5],
  ['float', '-Infinity', Number.NEGATIVE_INFINITY],
  ['boolean', 'TRUE', true],
  ['boolean', '0', false],
  ['opaque', 'AQID', new Uint8Array([1, 2, 3])],
  ['opaque', 'hex:01 02ff', new Uint8Array([1, 2, 255])],
  ['opaque', 'text:hi', new Uint8Array([104, 105])],
  ['opaque', '', new Uint8Array()],
  ['time', '2026-03-01T08:00:00Z', new Date(Date.UTC(2026, 2, 1, 8))],
  ['time', '2026-03-01T08:00:00+08:00', new Date(Date.UTC(2026, 2, 1, 0))],
  ['time', '2026-03-01', new Date(Date.UTC(2026, 2, 1))],
  ['time', '1772352000', new Date(1_772_352_000_000)],
  ['objlnk', '3:0', { objectId: 3, instanceId: 0 }],
  ['objlnk', '65535:65535', { objectId: 65_535, instanceId: 65_535 }],
];

for (const [type, text, value] of typed) {
  test(`${type} typed as "${text}"`, () => {
    assert.deepEqual(valueFromText(type, text), { ok: true, value });
  });
}

const mistyped: readonly (readonly [ResourceType, string, RegExp])[] = [
  ['integer', '5.0', /^integer is a whole number .*, not "5\.0"$/],
  ['integer', '9223372036854775808', /whole number/],
  ['integer', '', /whole number/],
  ['integer', '1'.repeat(1000), /not "1{39}…$/],
  ['unsigned', '-1', /from 0 to 18446744073709551615/],
  ['float', 'abc', /decimal number/],
  ['float', '1e999', /decimal number/],
  ['boolean', 'yes', /true or false/],
  ['opaque', 'not base64!', /base64/],
  ['opaque', 'hex:0', /hex:/],
  ['time', '2026-13-01T00:00:00Z', /2026-03-01T08:00:00Z/],
  ['time', '2026-03-01T08:00:00', /seconds since 1970/],
  ['time', '99999999999999', /seconds since 1970/],
  ['objlnk', '3/0', /3:0/],
  ['objlnk', '3:65536', /3:0/],
  ['none', 'x', /execute/],
];

for (const [type, text, message] of mistyped) {
  test(`${type} typed as "${text.slice(0, 20)}" is told what is right`, () => {
    const read = valueFromText(type, text);
    assert.ok(!read.ok);
    assert.match(read.error.message, message);
  });
}

test('JSON keeps 64 bits, and refuses numbers that it may have rounded', () => {
  assert.equal(valueToJson('integer', 2n ** 53n), '9007199254740992');
  assert.equal(valueToJson('integer', 5), 5);
  assert.equal(valueToJson('opaque', new Uint8Array([1, 2, 3])), 'AQID');
  assert.equal(valueToJson('time', new Date(1_772_352_000_500)), '2026-03-01T08:00:00.500Z');
  assert.equal(valueToJson('objlnk', { objectId: 3, instanceId: 0 }), '3:0');
  assert.equal(valueToJson('float', Number.NaN), 'NaN');
  const rounded = valueFromJson('integer', JSON.parse('9007199254740993'));
  assert.match(rounded.ok ? '' : rounded.error.message, /as a string of digits when it is beyond/);
  assert.equal(valueFromJson('float', '5').ok, false);
  assert.equal(valueFromJson('boolean', 1).ok, false);
  assert.equal(valueFromJson('time', 5).ok, false);
});

test('times are whole seconds on the wire', () => {
  assert.equal(timeToSeconds(new Date(-1)), -1);
  assert.equal(timeToSeconds(new Date(1999)), 1);
  assert.deepEqual(secondsToTime(2n ** 62n), undefined);
  assert.deepEqual(secondsToTime(-1), new Date(-1000));
});
