import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DefinitionType } from '@yaolian/lwm2m-objects';
import { checkRange, checkResourceValue } from './range.ts';
import type { ResourceValue } from './value.ts';

const cases: readonly (readonly [DefinitionType, string, readonly ResourceValue[], readonly ResourceValue[]])[] = [
  ['integer', '', [-1, 2n ** 63n - 1n], []],
  ['integer', '0..100', [0, 100], [-1, 101, 2n ** 60n]],
  ['integer', '1-65534', [1, 65_534], [0, 65_535]],
  ['integer', '[1:4]', [1, 4], [0, 5]],
  ['integer', '1...15', [1, 15], [0, 16]],
  ['integer', '-30..-120', [-30, -120, -60], [-29, -121]],
  ['integer', '-24..24', [-24, 0, 24], [-25]],
  ['integer', '0..3, 99', [0, 3, 99], [4, 98]],
  ['integer', '0..247, 255', [247, 255], [248]],
  ['integer', '5, 10, 15, 20', [5, 20], [6]],
  ['integer', '0: disabled 1: normal 255: non_responsive', [0, 1, 255], [2]],
  ['integer', '255', [0, 255, 256], []],
  ['integer', '2 bytes', [65_535], []],
  ['integer', '16-bit', [7], []],
  ['integer', '<7 to >12.5', [100], []],
  ['unsigned', '0..18446744073709551615', [0, 2n ** 64n - 1n], []],
  ['float', '0; 3.8..20.5', [0, 3.8, 20.5, 10], [0.1, 3.7, 20.6]],
  ['float', '0.1..1.0', [Math.fround(0.1), 0.1, 1], [0.09, Number.NaN]],
  ['float', 'ON;OFF', [1], []],
  ['string', '0..4', ['', 'abcd', 'é€'.slice(0, 1)], ['abcde', '€€']],
  ['string', '3 Bytes', ['', 'abc'], ['abcd']],
  ['string', '10 or 26 Bytes', ['0123456789'], ['012', '']],
  ['string', 'en;fr', ['en', 'fr'], ['de', '']],
  ['opaque', '16-32-48 bytes', [new Uint8Array(16), new Uint8Array(48)], [new Uint8Array(17)]],
  ['opaque', '8 bit', [new Uint8Array(3)], []],
  ['boolean', '0..65535', [true], []],
  ['time', '0..1', [new Date(5000)], []],
];

for (const [type, range, inside, outside] of cases) {
  test(`range "${range}" of ${type}`, () => {
    for (const value of inside) assert.ok(checkRange({ type, range }, value).ok, String(value));
    for (const value of outside) {
      const checked = checkRange({ type, range }, value);
      assert.equal(!checked.ok && checked.error.code, 'out-of-range', String(value));
      assert.match(checked.ok ? '' : checked.error.message, /is not in the resource's range, /);
    }
  });
}

test('type comes before range', () => {
  const checked = checkResourceValue({ type: 'integer', range: '0..5' }, 'x');
  assert.equal(!checked.ok && checked.error.code, 'wrong-type');
  assert.deepEqual(checkResourceValue({ type: 'integer', range: '0..5' }, 5n), { ok: true, value: 5 });
});

test('what is refused says what it is and what would be right', () => {
  const message = (type: 'integer' | 'string' | 'opaque', range: string, value: number | string | Uint8Array) => {
    const checked = checkRange({ type, range }, value);
    return checked.ok ? undefined : checked.error.message;
  };
  assert.equal(message('integer', '0..255', 256), "256 is not in the resource's range, 0..255");
  assert.equal(message('string', '0..5 bytes', '温度'), "its length, 6, is not in the resource's range, 0..5 bytes");
  assert.equal(
    message('opaque', '0..4 bytes', new Uint8Array(5)),
    "its length, 5, is not in the resource's range, 0..4 bytes",
  );
  assert.equal(message('string', 'ON;OFF', 'on'), `"on" is not in the resource's range, ON;OFF`);
  assert.equal(message('integer', '0..65535', 70_000), "70000 is not in the resource's range, 0..65535");
});

test('what leaves a doubt stops nothing', () => {
  for (const range of ['', '255', '8 bit', '2 Instances', '<7 to >12.5', 'en;fr', '0..']) {
    assert.ok(checkRange({ type: 'integer', range }, 70_000).ok, range);
  }
  assert.ok(checkRange({ type: 'boolean', range: '0..65535' }, true).ok);
});
