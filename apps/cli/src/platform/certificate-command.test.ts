import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli } from '../testing/run-cli.ts';
import { startSamplePlatform } from '../testing/sample-platform.ts';

const filesOf = (name: string) =>
  fileURLToPath(new URL(`../../../../packages/dtls/test/certificates/${name}`, import.meta.url));

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

    const [chain, key] = [filesOf('below.pem'), filesOf('below.key')];
    const halfSaid = await yaolian(`certificates --key ${key}`);
    assert.equal(halfSaid.exitCode, 2);
    assert.match(halfSaid.stderr, /--key goes with --import/);
    const keyless = await yaolian(`certificates --import ${chain}`);
    assert.match(keyless.stderr, /No request waits for its certificate: give the private key, too/);
    const refused = await yaolian(`certificates --import ${chain} --key ${filesOf('server.key')}`);
    assert.match(refused.stderr, /The private key is not that of CN=below/);
    const imported = await yaolian(`certificates --import ${chain} --key ${key}`);
    assert.equal(imported.exitCode, 0, imported.stderr);
    const shown = new X509Certificate(await readFile(chain)).fingerprint256.replaceAll(':', '').toLowerCase();
    assert.match(imported.stdout, new RegExp(`SHA-256 ${shown}, until 2073`));
    assert.match((await yaolian('certificates --renew')).stderr, /import its successor, or remove it first/);
    assert.match((await yaolian('certificates --remove-imported')).stdout, new RegExp(`SHA-256 ${fingerprint}`));

    const ca = filesOf('ca.pem');
    assert.match((await yaolian(`certificates --trust ${ca}`)).stdout, /client-authority .*Test authority/);
    const digest = new X509Certificate(await readFile(ca)).fingerprint256;
    assert.match((await yaolian(`certificates --distrust ${digest}`)).stdout, /believed no more/);
    assert.equal((await yaolian(`certificates --distrust ${digest}`)).exitCode, 1);

    const asked = await yaolian(
      'certificates --request --name iot.example --name ::1 --organization Acme --country NL',
    );
    assert.equal(asked.exitCode, 0, asked.stderr);
    assert.match(asked.stdout, /^-----BEGIN CERTIFICATE REQUEST-----\n[^-]+-----END CERTIFICATE REQUEST-----\n$/);
    assert.match(asked.stderr, /^For iot\.example, ::1\. Give it to an authority/m);
    assert.match((await yaolian('certificates')).stderr, /C=NL, O=Acme, CN=iot\.example waits .+ --show-request/);
    assert.equal((await yaolian('certificates --show-request')).stdout, asked.stdout);
    const again = await yaolian('certificates --request --name iot.example');
    assert.match(again.stderr, /A request waits for its certificate already/);
    const replaced = await yaolian('certificates --request --name iot.example --key-kind P-384 --replace --json');
    assert.equal(JSON.parse(replaced.stdout).keyKind, 'P-384');
    assert.match(
      (await yaolian(`certificates --import ${chain}`)).stderr,
      /CN=below is not for the key of the request/,
    );
    assert.match((await yaolian('certificates --name x.example')).stderr, /--request and --name go together/);
    assert.match((await yaolian('certificates --request --name a..b')).stderr, /"a\.\.b" is neither/);
    assert.match((await yaolian('certificates --give-up-request')).stdout, /its key destroyed/);
    assert.match((await yaolian('certificates --show-request')).stderr, /no request waits/);
  } finally {
    await place.close();
  }
});
