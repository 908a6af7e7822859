import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, decodeHex, decodeUtf8, encodeHex, encodeUtf8, equalBytes } from './bytes.ts';

test('text survives a round trip, short and long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
      assert.equal(decodeUtf8(encodeUtf8(text)), text.toWellFormed());
    }),
  );
  assert.equal(decodeUtf8(encodeUtf8('\ufeffx')), '\ufeffx');
});

test('ill-formed UTF-8 is refused, not replaced', () => {
  for (const hex of ['ff', 'c0af', 'eda080', 'f8888080', 'c3', `${'61'.repeat(40)}c3`]) {
    assert.equal(decodeUtf8(decodeHex(hex)!), undefined, hex);
  }
});

test('hex is read in either case and with white space, and refused otherwise', () => {
  assert.deepEqual(decodeHex('44 01\n7D34'), Uint8Array.of(0x44, 0x01, 0x7d, 0x34));
  assert.equal(encodeHex(Uint8Array.of(0, 0xab)), '00ab');
  for (const text of ['0', '0g', '0x00']) assert.equal(decodeHex(text), undefined);
});

test('bytes compare and join by content', () => {
  assert.ok(equalBytes(concatBytes([Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3)]), Uint8Array.of(1, 2, 3)));
  assert.ok(!equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2)));
  assert.ok(!equalBytes(Uint8Array.of(1), Uint8Array.of(2)));
});
