import assert from 'node:assert/strict';
import { test } from 'node:test';
import { derOfPem, randomHex } from './pem.ts';

test('PEM and base64 are taken, another kind of PEM is not', () => {
  const pem = 'subject=x\n-----BEGIN CERTIFICATE-----\nMAEC\nAwQ=\n-----END CERTIFICATE-----\n-----BEGIN X-----';
  assert.equal(derOfPem(pem, 'CERTIFICATE'), 'MAECAwQ=');
  assert.equal(derOfPem(' MAEC\nAwQ= ', 'CERTIFICATE'), 'MAECAwQ=');
  assert.equal(derOfPem(pem, 'PRIVATE KEY'), undefined);
  assert.equal(derOfPem('what?', 'CERTIFICATE'), undefined);
  assert.equal(
    derOfPem('-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----', 'PRIVATE KEY'),
    undefined,
  );
  assert.match(randomHex(16), /^[0-9a-f]{32}$/);
});
