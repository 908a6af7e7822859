import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.ts';
import { encodeUtf8 } from './bytes.ts';

test('the vectors of RFC 4648 §10', () => {
  const vectors = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'];
  for (const [length, text] of vectors.entries()) {
    const bytes = encodeUtf8('foobar'.slice(0, length));
    assert.equal(encodeBase64(bytes), text);
    assert.deepEqual(decodeBase64(text), bytes);
    assert.deepEqual(decodeBase64Url(text.replaceAll('=', '')), bytes);
  }
});

test('both alphabets read back what they write, and agree with Node', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      assert.equal(encodeBase64(bytes), Buffer.from(bytes).toString('base64'));
      assert.equal(encodeBase64Url(bytes), Buffer.from(bytes).toString('base64url'));
      assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes);
      assert.deepEqual(decodeBase64Url(encodeBase64Url(bytes)), bytes);
    }),
  );
});

test('refuses what is not base64: alphabet, length, padding, white space, stray bits', () => {
  for (const text of [
    'Z',
    'Zg=',
    'Z===',
    'Zg==Zg==',
    '=',
    '====',
    'Zm 9v',
    'Zm9v\n',
    'Zm9-',
    'Zh==',
    'Zm9=',
    'Zm9vé',
  ]) {
    assert.equal(decodeBase64(text), undefined, text);
  }
  assert.equal(decodeBase64Url('Zm9+'), undefined);
  assert.deepEqual(decodeBase64('Zg'), encodeUtf8('f'));
});
