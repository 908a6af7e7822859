import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../testing/run-cli.ts';
import { startSamplePlatform } from '../testing/sample-platform.ts';

test('the own certificate of the platform is made anew: what is printed is what it shows', async () => {
  const place = await startSamplePlatform({ 'http.tls-port': 0, 'http.tls-host': '127.0.0.1' });
  const environment = { HOME: place.folder };
  const yaolian = (line: string, stdin?: string) =>
    runCli(line.split(' '), { environment, ...(stdin === undefined ? {} : { stdin }) });
  try {
    await yaolian(`login ${place.url} --password-stdin`, `${place.platform.adminPassword!}\n`);
    const before = JSON.parse((await yaolian('certificates --json')).stdout).items[0].fingerprint;
    const renewed = await yaolian('certificates --renew');
    assert.equal(renewed.exitCode, 0, renewed.stderr);
    const fingerprint = new X509Certificate(renewed.stdout).fingerprint256.replaceAll(':', '').toLowerCase();
    assert.match(renewed.stderr, new RegExp(`SHA-256 ${fingerprint}, until 20`));
    assert.notEqual(fingerprint, before);
    assert.equal(JSON.parse((await yaolian('certificates --json')).stdout).items[0].fingerprint, fingerprint);
    const kept = await readFile(join(place.platform.dataFolder, 'tls/certificate.pem'), 'utf8');
    assert.equal(renewed.stdout, `${kept.trimEnd()}\n`);
  } finally {
    await place.close();
  }
});
