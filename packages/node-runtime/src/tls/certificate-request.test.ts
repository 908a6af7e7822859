import 'reflect-metadata'; // what the next needs
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ExtendedKeyUsageExtension, Pkcs10CertificateRequest, SubjectAlternativeNameExtension } from '@peculiar/x509';
import { makeServerRequest, PendingRequestFile, type ServerName, serverName } from './certificate-request.ts';

const now = Date.UTC(2030, 5, 1, 12);
const names = ['iot.example.com', '*.example.com', '203.0.113.7', '2001:db8::1'].map((name) => serverName(name)!);

describe('a name of a server', () => {
  it('is one of DNS in ASCII, perhaps with a star in front, or an address', () => {
    const read = (text: string) => serverName(text)?.value;
    const taken = {
      ...{ 'IoT.Example.com': 'iot.example.com', '*.example.com': '*.example.com', localhost: 'localhost' },
      ...{ '遥联.中国': 'xn--8y0az24a.xn--fiqs8s', '203.0.113.7': '203.0.113.7', '2001:DB8:0::1': '2001:db8::1' },
    };
    for (const [text, value] of Object.entries(taken)) assert.equal(read(text), value);
    const refused = ['', '*', '*.*.a', 'a..b', 'a.', '-a.b', 'a b', 'https://a.b', 'a.b:443', '256.1.1.1', '1.2.3'];
    const long = `${'a.'.repeat(126)}ab`;
    for (const text of [...refused, 'fe80::1%eth0', 'a@b.c', 'a'.repeat(64), long]) assert.equal(read(text), undefined);
    assert.deepEqual(serverName('2001:db8::1')!.type, 'ip');
  });
});

describe('a request for a certificate of a server', () => {
  it('is signed with its key, for the names, and says no more than it was told', async () => {
    for (const keyKind of ['P-256', 'P-384'] as const) {
      const subject = { commonName: 'CN="x", O=\\y', organization: '示例', country: 'CN' };
      const made = await makeServerRequest({ ...subject, names, keyKind }, now);
      const request = new Pkcs10CertificateRequest(made.request);
      assert.equal(await request.verify(webcrypto as never), true);
      const parts = request.subjectName.toJSON().map((part) => Object.entries(part)[0] as [string, string[]]);
      assert.deepEqual(
        parts.map(([type, texts]) => [type, ...texts]),
        [
          ['C', 'CN'],
          ['O', '示例'],
          ['CN', 'CN="x", O=\\y'],
        ],
      );
      const wanted = request.getExtension('2.5.29.17')!;
      assert.equal(wanted.critical, false);
      const asked = new SubjectAlternativeNameExtension(wanted.rawData).names.toJSON();
      assert.deepEqual(
        asked.map(({ type }) => type),
        ['dns', 'dns', 'ip', 'ip'],
      );
      const purposes = new ExtendedKeyUsageExtension(request.getExtension('2.5.29.37')!.rawData);
      assert.deepEqual([...purposes.usages], ['1.3.6.1.5.5.7.3.1']);
      const ofKey = createPublicKey(createPrivateKey(made.key) as never).export({ type: 'spki', format: 'der' });
      assert.ok(ofKey.equals(Buffer.from(request.publicKey.rawData)));
      assert.deepEqual([made.names, made.keyKind, made.since], [names.map(({ value }) => value), keyKind, now]);
      assert.doesNotMatch(made.request, /PRIVATE/);
    }
  });

  it('has its names critical where there is no subject (RFC 5280 §4.2.1.6)', async () => {
    const name: ServerName = { type: 'dns', value: `${'a.'.repeat(40)}example` };
    const { request, subject } = await makeServerRequest({ names: [name], keyKind: 'P-256' }, now);
    assert.equal(new Pkcs10CertificateRequest(request).getExtension('2.5.29.17')!.critical, true);
    assert.equal(subject, '');
  });

  it('waits in a file for its user alone, the last alone, until it is removed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yaolian-request-'));
    try {
      const kept = new PendingRequestFile(join(folder, 'tls'));
      assert.equal(await kept.read(), undefined);
      const make = () => makeServerRequest({ commonName: 'a', names, keyKind: 'P-384' }, now);
      await kept.write(await make());
      const second = await make();
      await kept.write(second);
      assert.deepEqual(await new PendingRequestFile(join(folder, 'tls')).read(), second);
      const file = join(folder, 'tls', 'request.pem');
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.equal((await readFile(file, 'utf8')).match(/BEGIN PRIVATE KEY/g)?.length, 1);
      await kept.remove();
      assert.equal(await kept.read(), undefined);
      await assert.rejects(kept.remove(), { code: 'TLS_NOT_STORED' });
      await writeFile(file, second.key);
      await assert.rejects(kept.read(), { code: 'TLS_CREDENTIALS_BAD', message: /request\.pem/ });
      await writeFile(file, `${second.key}${second.request}`);
      await assert.rejects(kept.read(), { code: 'TLS_CREDENTIALS_BAD', message: /since when/ });
      await rm(file);
      await mkdir(file);
      await assert.rejects(kept.write(second), { code: 'TLS_NOT_STORED' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
