import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AeadShape, CipherName } from '@yaolian/oscore';
import { CryptoAdapter } from './openssl-crypto.ts';
import { openOscoreCrypto, oscoreCrypto } from './oscore-crypto.ts';

const shapes: readonly (readonly [CipherName, keyLength: number, nonceLength: number, tagLength: number])[] = [
  ['aes-128-gcm', 16, 12, 16],
  ['aes-192-gcm', 24, 12, 16],
  ['aes-256-gcm', 32, 12, 16],
  ['aes-128-ccm', 16, 13, 8],
  ['aes-256-ccm', 32, 13, 8],
  ['aes-128-ccm', 16, 7, 8],
  ['aes-256-ccm', 32, 7, 8],
  ['chacha20-poly1305', 32, 12, 16],
  ['aes-128-ccm', 16, 13, 16],
  ['aes-256-ccm', 32, 13, 16],
  ['aes-128-ccm', 16, 7, 16],
  ['aes-256-ccm', 32, 7, 16],
];
const bytes = (length: number, seed: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 255);

for (const [cipher, keyLength, nonceLength, tagLength] of shapes) {
  const shape: AeadShape = { cipher, keyLength, nonceLength, tagLength, maximumPlaintext: 65_535 };

  test(`${cipher}, nonces of ${nonceLength}, tags of ${tagLength}: all adapters agree, and refuse every changed bit`, async () => {
    const direct = await openOscoreCrypto();
    const key = bytes(keyLength, 1);
    for (const length of [0, 1, 15, 16, 17, 63, 64, 65, 1000, 20_416, 20_417, 60_000]) {
      const [nonce, additional, plaintext] = [bytes(nonceLength, length), bytes(30, 2), bytes(length, 3)];
      const sealed = direct.seal(shape, key, nonce, additional, plaintext);
      assert.deepEqual(sealed, oscoreCrypto.seal(shape, key, nonce, additional, plaintext));
      assert.deepEqual(direct.open(shape, key, nonce, additional, sealed), plaintext);
    }
    const [nonce, additional, plaintext] = [bytes(nonceLength, 4), bytes(20, 5), bytes(11, 6)];
    const sealed = direct.seal(shape, key, nonce, additional, plaintext);
    for (const part of [sealed, nonce, additional]) {
      for (let bit = 0; bit < part.length * 8; bit++) {
        part[bit >> 3]! ^= 1 << (bit & 7);
        assert.equal(direct.open(shape, key, nonce, additional, sealed), undefined);
        part[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
    for (let length = 0; length < sealed.length; length++) {
      assert.equal(direct.open(shape, key, nonce, additional, sealed.subarray(0, length)), undefined);
    }
    assert.deepEqual(direct.open(shape, key, nonce, additional, sealed), plaintext, 'and goes on');
  });
}

test('the adapter is chosen by name', async () => {
  assert.equal(await openOscoreCrypto(CryptoAdapter.Node), oscoreCrypto);
  await assert.rejects(openOscoreCrypto('openssl' as CryptoAdapter), /auto, libcrypto or node, not "openssl"/);
});
