import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compactText } from './compact-text.ts';

test('the text stays the same, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      assert.equal(compactText(text), text);
    }),
  );
  for (const text of ['', '\ud800'.repeat(20), '\ufeff0123456789abcdef', 'x'.repeat(1_025), '终'.repeat(400)]) {
    assert.equal(compactText(text), text);
  }
});
