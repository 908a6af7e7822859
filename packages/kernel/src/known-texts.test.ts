import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from './bytes.ts';
import { KnownTexts } from './known-texts.ts';

test('what is read is what UTF-8 says, whatever was read before into the same few slots', () => {
  const texts = new KnownTexts(4);
  const bytes = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }).map(encodeUtf8),
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom('/3303/0/5700', '/3303/1/5700', 'é', 'ÿ').map(encodeUtf8),
  );
  fc.assert(
    fc.property(bytes, fc.nat(3), (one, before) => {
      const within = new Uint8Array(before + one.length + 2).fill(0x41);
      within.set(one, before);
      for (let i = 0; i < 2; i++) {
        assert.equal(texts.decode(within, before, before + one.length), decodeUtf8(one));
      }
    }),
  );
});

test('slots are a power of two', () => {
  assert.throws(() => new KnownTexts(3), RangeError);
  assert.throws(() => new KnownTexts(0), RangeError);
});
