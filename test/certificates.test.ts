/** What operators are told of the certificates of the platform. */
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { minutes } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { certificateFile, keyFile } from './support/credentials.ts';
import { openPlatform, withCode } from './support/platform.ts';
import { shownBy, shownByDtls } from './support/shown-certificate.ts';

test('its own certificate: which listener shows it, what it is for, and that a start makes the next', async () => {
  await using bench = await openPlatform({
    'http.tls-port': 0,
    'http.tls-host': '127.0.0.1',
    'tls.names': 'home.example',
  });
  const { items } = await bench.admin.call(routes.listCertificates, {});
  assert.deepEqual(items.map(({ listener }) => listener!.split(':')[0]).sort(), ['coaps', 'coaps+tcp', 'https']);
  const parsed = new X509Certificate(await readFile(join(bench.dataFolder, 'tls', 'certificate.pem')));
  for (const { listener: _, names, ...one } of items) {
    assert.ok(names.includes('home.example') && names.includes('127.0.0.1'), names.join());
    assert.deepEqual(one, {
      usedFor: 'listener',
      origin: 'platform',
      reloads: false,
      subject: 'CN=Yaolian',
      issuer: 'CN=Yaolian',
      notBefore: parsed.validFromDate.toISOString(),
      notAfter: parsed.validToDate.toISOString(),
      daysLeft: 3649,
      fingerprint: parsed.fingerprint256.replaceAll(':', '').toLowerCase(),
      selfSigned: true,
      state: 'ok',
      chain: [],
    });
  }
});

test('its own certificate is made anew by an admin: every listener shows it at once, a start finds it, the one before is kept', async () => {
  const settings = { 'http.tls-port': 0, 'http.tls-host': '127.0.0.1', 'coap.wss-port': 0 };
  await using bench = await openPlatform({
    ...settings,
    'xmpp.domain': 'im.example',
    'xmpp.host': '127.0.0.1',
    'xmpp.port': 0,
    'xmpp.tls-port': 0,
  });
  const folder = join(bench.dataFolder, 'tls');
  const before = await readFile(join(folder, 'certificate.pem'), 'utf8');
  const list = async () => (await bench.admin.call(routes.listCertificates, {})).items;
  const old = (await list())[0]!.fingerprint;
  // Two at once are made one after the other.
  const both = await Promise.all([1, 2].map(() => bench.admin.call(routes.renewCertificate, {})));
  const now = (await list())[0]!.fingerprint;
  assert.ok(both.some(({ fingerprint }) => fingerprint === now) && now !== old);
  for (const { listener, fingerprint } of await list()) {
    assert.equal(fingerprint, now);
    if (listener!.startsWith('xmpp:')) continue; // STARTTLS
    assert.equal(await (listener!.startsWith('coaps:') ? shownByDtls(listener!) : shownBy(listener!)), now, listener!);
  }
  const stored = await readFile(join(folder, 'certificate.pem'), 'utf8');
  assert.equal(
    new X509Certificate(stored).checkPrivateKey(createPrivateKey(await readFile(join(folder, 'key.pem')))),
    true,
  );
  assert.equal(new X509Certificate(stored).fingerprint256.replaceAll(':', '').toLowerCase(), now);
  assert.ok(both.some(({ certificate }) => certificate === stored));
  assert.doesNotMatch(JSON.stringify(both), /PRIVATE/);
  const previous = await readFile(join(folder, 'previous-certificate.pem'), 'utf8');
  assert.notEqual(previous, stored);
  const previousKey = createPrivateKey(await readFile(join(folder, 'previous-key.pem')));
  assert.equal(new X509Certificate(previous).checkPrivateKey(previousKey), true);
  for (const name of ['key.pem', 'previous-key.pem'])
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
  assert.notEqual(before, stored);
  const { items } = await bench.admin.call(routes.listAudit, { query: {} });
  assert.equal(items.filter(({ action, outcome }) => action === 'renewCertificate' && outcome === 'done').length, 2);
});

test('a certificate of files is not made anew: it is said where it lies', async () => {
  await using bench = await openPlatform({
    'tls.certificate': certificateFile('server'),
    'tls.key': keyFile('server'),
  });
  await assert.rejects(bench.admin.call(routes.renewCertificate, {}), withCode('conflict'));
});

test('certificates of files: with their chain, the authorities of clients, and another one once it is shown', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-certificates-'));
  t.after(() => rm(folder, { recursive: true }));
  const [certificate, key, clientCa] = [join(folder, 'chain.pem'), join(folder, 'key.pem'), join(folder, 'ca.pem')];
  const [server, ca] = [await readFile(certificateFile('server')), await readFile(certificateFile('ca'))];
  await writeFile(certificate, Buffer.concat([server, ca]));
  await writeFile(key, await readFile(keyFile('server')));
  await writeFile(clientCa, ca);
  await using bench = await openPlatform({
    ...{ 'http.tls-port': 0, 'http.tls-host': '127.0.0.1', 'tls.certificate': certificate, 'tls.key': key },
    ...{ 'tls.client-ca': clientCa, 'coap.wss-port': 0 },
  });
  const list = async () => (await bench.admin.call(routes.listCertificates, {})).items;
  const before = await list();
  const https = before.find(({ listener }) => listener?.startsWith('https:'))!;
  assert.deepEqual({ origin: https.origin, reloads: https.reloads }, { origin: 'files', reloads: true });
  assert.equal(https.selfSigned, false);
  const authority = before.find(({ usedFor }) => usedFor === 'client-authority')!;
  assert.deepEqual(
    https.chain.map(({ fingerprint }) => fingerprint),
    [authority.fingerprint],
  );
  assert.equal(https.issuer, authority.subject);
  const { checks } = await bench.admin.call(routes.showHealth, {});
  const ofAuthority = checks.find(({ subject }) => subject === authority.subject);
  assert.deepEqual(
    { part: ofAuthority?.part, state: ofAuthority?.state, days: ofAuthority?.values['days'] },
    { part: 'certificate', state: authority.state, days: authority.daysLeft },
  );
  const listeners = before.flatMap(({ listener }) => listener ?? []);
  const schemes = listeners.map((url) => url.split(':')[0]);
  assert.deepEqual(schemes.sort(), ['coaps', 'coaps+tcp', 'coaps+ws', 'https']);
  const shown = (url: string) => (url.startsWith('coaps:') ? shownByDtls(url) : shownBy(url));
  for (const url of listeners) assert.equal(await shown(url), https.fingerprint, url);

  await writeFile(certificate, await readFile(certificateFile('client')));
  await writeFile(key, await readFile(keyFile('client')));
  await writeFile(clientCa, await readFile(certificateFile('middle')));
  const other = new X509Certificate(await readFile(certificateFile('client')));
  const wanted = other.fingerprint256.replaceAll(':', '').toLowerCase();
  const told = async () => (await list()).find(({ listener }) => listener === https.listener)!.fingerprint;
  await until(async () => (await told()) === wanted, 'the other certificate', { bound: minutes(2) });
  for (const url of listeners) assert.equal(await shown(url), wanted, `the list says what ${url} shows`);
  const believed = async () => (await list()).filter(({ usedFor }) => usedFor === 'client-authority');
  const isTaken = async () => (await believed()).map(({ subject }) => subject).join() === 'CN=Middle authority';
  await until(isTaken, 'the other authority', { bound: minutes(2) });
});

test('a key that DTLS cannot sign with is named at the start, with those that it can', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-certificates-'));
  t.after(() => rm(folder, { recursive: true }));
  const key = join(folder, 'rsa.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(key, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const starting = openPlatform({ 'tls.certificate': certificateFile('server'), 'tls.key': key, 'coap.tls': false });
  const message = /^tls\.key is not right: a private key is .* P-256, P-384 or Ed25519 for DTLS \(coap\.dtls\)$/;
  await assert.rejects(starting, { code: 'TLS_SETTING_BAD', message });
});
