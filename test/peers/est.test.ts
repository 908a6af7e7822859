/** OpenSSL asks for a certificate with a request of its own, and reads what EST answers. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Code, ContentFormat, createCoapEndpoint } from '@yaolian/coap';
import { encodeUtf8, socketAddress } from '@yaolian/kernel';
import { key, keyHex, openClient, runtime } from './support/dtls.ts';
import { startPlatform } from './support/platform.ts';
import { run } from './support/processes.ts';

test('OpenSSL makes a request, takes the certificate out of PKCS #7 and verifies it up to the authority', async (t) => {
  const platform = await startPlatform(t);
  const added = await platform.yaolian('credentials', 'add', 'meter', '--psk-identity', 'me', '--psk-key', keyHex);
  assert.equal(added.code, 0, added.errors);
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-est-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const openssl = async (...words: string[]) => {
    const { code, output, errors } = await run('openssl', words, 30);
    assert.equal(code, 0, `${words.join(' ')}: ${errors}`);
    return output;
  };
  const place = (name: string) => join(folder, name);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', place('key.pem')];
  await openssl('req', '-new', ...curve, '-subj', '/O=somebody', '-outform', 'DER', '-out', place('request.der'));
  const client = await openClient(t, { psk: { identity: encodeUtf8('me'), key } });
  const endpoint = createCoapEndpoint({ port: client, ...runtime });
  const to = socketAddress('127.0.0.1', platform.dtlsPort);
  const payload = new Uint8Array(readFileSync(place('request.der')));
  const path = '/.well-known/est/sen';
  const answer = await endpoint.request(to, { method: Code.POST, path, contentFormat: ContentFormat.Pkcs10, payload });
  assert.equal(answer.code, Code.Changed);
  writeFileSync(place('certificate.p7'), answer.payload);
  const pem = await openssl('pkcs7', '-inform', 'DER', '-in', place('certificate.p7'), '-print_certs');
  writeFileSync(place('certificate.pem'), pem);
  const authority = join(platform.folder, 'tls/terminals/certificate.pem');
  const verified = await openssl('verify', '-purpose', 'sslclient', '-CAfile', authority, place('certificate.pem'));
  assert.match(verified, /OK/);
  assert.match(await openssl('x509', '-in', place('certificate.pem'), '-noout', '-subject'), /CN ?= ?meter/);
});
