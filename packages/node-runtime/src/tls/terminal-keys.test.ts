import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { nodeClock } from '../clock.ts';
import { nodeCrypto } from '../crypto/node-crypto.ts';
import { makeTerminalCertificate, makeTerminalKeys } from './terminal-keys.ts';

test('keys for terminals are new each time, and fit their public key and certificate', async () => {
  const keys = await makeTerminalKeys();
  assert.deepEqual(nodeCrypto.importPrivateKey(keys.privateKey).publicKey, keys.publicKey);
  assert.notDeepEqual((await makeTerminalKeys()).privateKey, keys.privateKey);
  const name = `861111003929110;460041850403690, CN="x"${'长'.repeat(40)}`;
  const made = await makeTerminalCertificate(name, nodeClock);
  const certificate = new X509Certificate(made.certificate);
  assert.equal(certificate.toLegacyObject().subject.CN, name.slice(0, 64), 'whatever a name holds stays in it');
  assert.equal(certificate.ca, false);
  assert.ok(certificate.verify(certificate.publicKey));
  assert.deepEqual(nodeCrypto.importPrivateKey(made.privateKey).publicKey, made.publicKey);
});
