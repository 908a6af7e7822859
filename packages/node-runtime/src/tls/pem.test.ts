import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeClock } from '../clock.ts';
import { ownCertificate } from './own-certificate.ts';
import { certificatesOfPem } from './pem.ts';

test('certificates of a PEM file come in DER, in its order, whatever stands between', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-pem-'));
  try {
    const { certificate, key } = await ownCertificate({ folder, clock: nodeClock });
    const found = certificatesOfPem(Buffer.from(`subject=one\n${certificate}\n${key}\n${certificate}`), 'x.pem');
    const der = new Uint8Array(new X509Certificate(certificate).raw);
    assert.deepEqual(found, [der, der]);
    assert.throws(() => certificatesOfPem(key, 'x.pem'), { code: 'TLS_CREDENTIALS_BAD', message: /x\.pem/ });
    const broken = certificate.replace(/[A-Za-z]{20}/, 'AAAAAAAAAAAAAAAAAAAA');
    assert.throws(() => certificatesOfPem(broken, 'x.pem'), { code: 'TLS_CREDENTIALS_BAD' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
