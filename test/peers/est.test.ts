/** OpenSSL asks for a certificate with a request of its own, and reads what EST answers; and is the authority that the platform asks. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Code, ContentFormat, createCoapEndpoint } from '@yaolian/coap';
import { encodeUtf8, socketAddress } from '@yaolian/kernel';
import { certificateFile, keyFile } from '../support/credentials.ts';
import { key, keyHex, openClient, runtime } from './support/dtls.ts';
import { startPlatform } from './support/platform.ts';
import { run } from './support/processes.ts';

async function openssl(...words: string[]): Promise<string> {
  const { code, output, errors } = await run('openssl', words, 30);
  assert.equal(code, 0, `${words.join(' ')}: ${errors}`);
  return output + errors;
}

test('OpenSSL makes a request, takes the certificate out of PKCS #7 and verifies it up to the authority', async (t) => {
  const platform = await startPlatform(t);
  const added = await platform.yaolian('credentials', 'add', 'meter', '--psk-identity', 'me', '--psk-key', keyHex);
  assert.equal(added.code, 0, added.errors);
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-est-'));
  t.after(() => rmSync(folder, { recursive: true }));
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

test('OpenSSL verifies the request of the platform, signs it with all that it asks for, and the platform shows the certificate', async (t) => {
  const platform = await startPlatform(t);
  const place = (name: string) => join(platform.folder, name);
  const names = ['--name', 'iot.example', '--name', '*.iot.example', '--name', '127.0.0.1', '--name', '2001:db8::1'];
  const asked = await platform.yaolian('certificates', '--request', ...names, '--organization', '示例');
  assert.equal(asked.code, 0, asked.errors);
  writeFileSync(place('request.pem'), asked.output);
  const told = await openssl('req', '-in', place('request.pem'), '-verify', '-noout', '-text', '-nameopt', 'utf8');
  assert.match(told, /verify OK/);
  assert.match(told, /Subject: O ?= ?示例, ?CN ?= ?iot\.example/);
  assert.match(
    told,
    /DNS:iot\.example, DNS:\*\.iot\.example, IP Address:127\.0\.0\.1, IP Address:2001:DB8:0:0:0:0:0:1/,
  );
  const signer = ['-CA', certificateFile('ca'), '-CAkey', keyFile('ca'), '-days', '90', '-copy_extensions', 'copyall'];
  await openssl('x509', '-req', '-in', place('request.pem'), ...signer, '-out', place('issued.pem'));
  const imported = await platform.yaolian('certificates', '--import', place('issued.pem'));
  assert.equal(imported.code, 0, imported.errors);
  const to = ['-dtls1_2', '-connect', `127.0.0.1:${platform.dtlsPort}`, '-CAfile', certificateFile('ca')];
  const script = 'echo Q | timeout 10 openssl s_client -verify_return_error -verify_ip 127.0.0.1 "$@"';
  const shown = await run('sh', ['-c', script, 'sh', ...to], 30);
  assert.match(shown.output, /Verify return code: 0 \(ok\)/);
});
