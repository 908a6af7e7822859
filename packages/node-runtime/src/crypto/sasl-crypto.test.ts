import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saslCrypto } from './sasl-crypto.ts';

test('bytes of another length are not equal, and no exception: peers choose how long a proof is', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  assert.equal(saslCrypto.equal(bytes('proof'), bytes('proof')), true);
  assert.equal(saslCrypto.equal(bytes('proof'), bytes('pr00f')), false);
  assert.equal(saslCrypto.equal(bytes('proof'), bytes('pro')), false);
  assert.equal(saslCrypto.equal(bytes('proof'), bytes('')), false);
});
