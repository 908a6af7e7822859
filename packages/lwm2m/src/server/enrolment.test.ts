import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf8 } from '@yaolian/kernel';
import { claimantOf } from './enrolment.ts';

test('claims of one name by different identities are told apart', () => {
  const claims = [
    claimantOf('a', undefined),
    claimantOf('a', { kind: 'psk', identity: 'x' }),
    claimantOf('a', { kind: 'psk', identity: 'y' }),
    claimantOf('b', { kind: 'psk', identity: 'x' }),
    claimantOf('a', { kind: 'rpk', publicKey: encodeUtf8('a key') }),
    claimantOf('a', { kind: 'certificate', certificate: encodeUtf8('a certificate'), names: [] }),
  ];
  assert.equal(new Set(claims).size, claims.length);
  assert.equal(claimantOf('a', { kind: 'psk', identity: 'x' }), claims[1]);
});
