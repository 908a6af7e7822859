import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCode } from '@yaolian/kernel';
import { nodeClock } from '../clock.ts';
import { certificateFacts } from './certificate-facts.ts';
import { ownCertificate } from './own-certificate.ts';

test('what the facts say is what is in the certificate', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-facts-'));
  try {
    const own = await ownCertificate({ folder, clock: nodeClock, names: ['home.example'] });
    const [facts, ...more] = certificateFacts(own.certificate, 'tls.certificate');
    assert.equal(more.length, 0);
    const parsed = new X509Certificate(own.certificate);
    assert.deepEqual(facts, {
      subject: 'CN=Yaolian',
      issuer: 'CN=Yaolian',
      names: ['localhost', hostname(), '127.0.0.1', '::1', 'home.example'],
      notBefore: parsed.validFromDate.getTime(),
      notAfter: parsed.validToDate.getTime(),
      fingerprint: own.fingerprint,
      isSelfSigned: true,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file without certificates is refused', () => {
  assert.throws(
    () => certificateFacts('nothing', 'tls.certificate'),
    (error) => hasCode(error, 'TLS_CREDENTIALS_BAD'),
  );
});
