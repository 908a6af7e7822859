import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { days } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { ownCertificate } from './own-certificate.ts';

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-tls-'));
  try {
    await test(join(folder, 'tls'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the certificate that a machine makes for itself', () => {
  it('is made once, for its names, with a key for the user alone', () =>
    inFolder(async (folder) => {
      const clock = new VirtualTime();
      const made = await ownCertificate({ folder, clock, names: ['iot.example', '192.0.2.7'] });
      const certificate = new X509Certificate(made.certificate);
      assert.equal(made.isNew, true);
      for (const name of ['localhost', 'iot.example']) assert.equal(certificate.checkHost(name), name);
      for (const address of ['127.0.0.1', '::1', '192.0.2.7']) assert.equal(certificate.checkIP(address), address);
      assert.equal(certificate.checkHost('elsewhere.example'), undefined);
      assert.equal(certificate.fingerprint256.replaceAll(':', '').toLowerCase(), made.fingerprint);
      assert.equal((await stat(join(folder, 'key.pem'))).mode & 0o077, 0);
      const again = await ownCertificate({ folder, clock });
      assert.deepEqual([again.isNew, again.fingerprint], [false, made.fingerprint]);
    }));

  it('is replaced before it ends, and when its key is not its own', () =>
    inFolder(async (folder) => {
      const clock = new VirtualTime();
      const made = await ownCertificate({ folder, clock });
      await clock.advance(days(3640));
      const renewed = await ownCertificate({ folder, clock });
      assert.equal(renewed.isNew, true);
      await writeFile(join(folder, 'key.pem'), made.key);
      assert.equal((await ownCertificate({ folder, clock })).isNew, true);
    }));

  it('says so when the folder cannot be used', () =>
    inFolder(async (folder) => {
      await writeFile(folder, 'a file');
      const clock = new VirtualTime();
      await assert.rejects(ownCertificate({ folder, clock }), { code: 'TLS_CREDENTIALS_BAD' });
    }));
});
