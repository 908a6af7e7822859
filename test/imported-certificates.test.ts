/** Certificates of the platform and of authorities that an admin changes while it runs. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCoapEndpoint } from '@yaolian/coap';
import { ApiProblemError, routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { SecurityMode } from '@yaolian/lwm2m/client';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort, PendingRequestFile } from '@yaolian/node-runtime';
import { terminalConnector } from '@yaolian/simulator';
import { until } from '@yaolian/testkit';
import { certificateFile, certificateOf, keyFile, privateKeyOf } from './support/credentials.ts';
import { openPlatform, type TestPlatform, withCode } from './support/platform.ts';
import { shownBy, shownByDtls } from './support/shown-certificate.ts';
import { openTerminal } from './support/terminal.ts';

const pem = (file: string) => readFile(file, 'utf8');
const fingerprintOf = (text: string) => new X509Certificate(text).fingerprint256.replaceAll(':', '').toLowerCase();

/** What each listener shows, as a client sees it; of STARTTLS what the list says. */
async function shownEverywhere(bench: TestPlatform): Promise<Readonly<Record<string, string>>> {
  const { items } = await bench.admin.call(routes.listCertificates, {});
  const shown: Record<string, string> = {};
  for (const { listener = '', fingerprint, usedFor } of items) {
    if (usedFor !== 'listener') continue;
    const scheme = listener.split(':')[0]!;
    if (scheme === 'xmpp') shown[scheme] = fingerprint;
    else shown[scheme] = await (scheme === 'coaps' ? shownByDtls(listener) : shownBy(listener));
  }
  return shown;
}

test('an imported certificate is shown by every listener at once and after a restart, and taken back', async () => {
  await using first = await openPlatform({
    ...{ 'http.tls-port': 0, 'http.tls-host': '127.0.0.1', 'coap.wss-port': 0 },
    ...{ 'xmpp.domain': 'im.example', 'xmpp.host': '127.0.0.1', 'xmpp.port': 0, 'xmpp.tls-port': 0 },
  });
  let bench: TestPlatform = first;
  const [below, middle, key] = [
    await pem(certificateFile('below')),
    await pem(certificateFile('middle')),
    await pem(keyFile('below')),
  ];
  const own = fingerprintOf(await pem(join(bench.dataFolder, 'tls', 'certificate.pem')));
  const everywhere = (one: string) => ({
    https: one,
    coaps: one,
    'coaps+tcp': one,
    'coaps+ws': one,
    xmpp: one,
    xmpps: one,
  });

  const refused = async (body: { certificate: string; key: string }) => {
    const error = await bench.admin.call(routes.importCertificate, { body }).catch((reason: unknown) => reason);
    assert.ok(error instanceof ApiProblemError, String(error));
    assert.equal(error.problem.code, 'invalid-value');
    assert.doesNotMatch(error.problem.detail ?? '', /\.\.$/);
    assert.deepEqual(await shownEverywhere(bench), everywhere(own));
    const [mistake] = error.problem.errors!;
    return `${mistake!.where} ${mistake!.reason}`;
  };
  const other = await pem(keyFile('server'));
  assert.equal(await refused({ certificate: below, key: other }), 'key key-of-another');
  assert.equal(await refused({ certificate: middle + below, key }), 'certificate chain-own-not-first');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  assert.equal(await refused({ certificate: below, key: rsa as string }), 'key key-kind-unfit');

  const told = await bench.admin.call(routes.importCertificate, { body: { certificate: below + middle, key } });
  assert.equal(told.fingerprint, fingerprintOf(below));
  assert.doesNotMatch(JSON.stringify(told), /PRIVATE/);
  assert.deepEqual(await shownEverywhere(bench), everywhere(told.fingerprint));
  const { items } = await bench.admin.call(routes.listCertificates, {});
  assert.deepEqual(
    [items[0]!.origin, items[0]!.chain.map(({ subject }) => subject)],
    ['imported', ['CN=Middle authority']],
  );
  const file = join(bench.dataFolder, 'tls', 'imported.pem');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  await assert.rejects(bench.admin.call(routes.renewCertificate, {}), withCode('conflict'));

  bench = await bench.restart();
  assert.deepEqual(await shownEverywhere(bench), everywhere(told.fingerprint));
  const server = { certificate: await pem(certificateFile('server')), key: other };
  const next = await bench.admin.call(routes.importCertificate, { body: server });
  assert.deepEqual(await shownEverywhere(bench), everywhere(next.fingerprint));
  assert.match(await pem(join(bench.dataFolder, 'tls', 'previous-imported.pem')), /PRIVATE/);
  assert.equal((await stat(join(bench.dataFolder, 'tls', 'previous-imported.pem'))).mode & 0o777, 0o600);

  assert.equal((await bench.admin.call(routes.removeCertificate, {})).fingerprint, own);
  assert.deepEqual(await shownEverywhere(bench), everywhere(own));
  await assert.rejects(bench.admin.call(routes.removeCertificate, {}), withCode('not-found'));
  const audit = await bench.admin.call(routes.listAudit, { query: {} });
  const done = audit.items.filter(({ action, outcome }) => /Certificate$/.test(action) && outcome === 'done');
  assert.deepEqual(done.map(({ action }) => action).sort(), [
    ...['importCertificate', 'importCertificate', 'removeCertificate'],
  ]);
  await bench[Symbol.asyncDispose]();
});

test('where the disk refuses, it is said in words, and what was shown before is shown', async () => {
  await using bench = await openPlatform();
  const folder = join(bench.dataFolder, 'tls');
  const own = fingerprintOf(await pem(join(folder, 'certificate.pem')));
  const shown = async () => (await bench.admin.call(routes.listCertificates, {})).items.map((one) => one.fingerprint);
  const before = await shown();
  // No file takes the place of a folder.
  const blocked = ['imported.pem', 'client-authorities.pem', 'previous-key.pem', 'request.pem'];
  for (const name of blocked) await mkdir(join(folder, name));
  const body = { certificate: await pem(certificateFile('below')), key: await pem(keyFile('below')) };
  const authorities = { certificates: await pem(certificateFile('ca')) };
  const refused = await Promise.allSettled([
    bench.admin.call(routes.importCertificate, { body }),
    bench.admin.call(routes.addClientAuthorities, { body: authorities }),
    bench.admin.call(routes.renewCertificate, {}),
    bench.admin.call(routes.addCertificateRequest, { body: { names: ['a.example'] } }),
  ]);
  for (const outcome of refused) {
    const error: unknown = outcome.status === 'rejected' ? outcome.reason : 'done';
    assert.ok(error instanceof ApiProblemError, String(error));
    const { code, reason, detail } = error.problem;
    assert.deepEqual([code, reason], ['unavailable', 'cannot-store'], detail);
    assert.match(detail, /\/tls\/[a-z-]+\.pem cannot be written: E/);
  }
  assert.deepEqual(await shown(), before);
  assert.equal(await shownByDtls(bench.platform.listening.find(({ url }) => url.startsWith('coaps:'))!.url), own);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => /\.[0-9a-f]{8}$/.test(name)),
    [],
    'no half of a file',
  );
  for (const name of blocked) await rmdir(join(folder, name));
  await bench.admin.call(routes.importCertificate, { body });
});

test('where files are set, nothing is imported: it is said where they lie', async () => {
  const [certificate, key] = [certificateFile('server'), keyFile('server')];
  await using bench = await openPlatform({ 'tls.certificate': certificate, 'tls.key': key });
  const body = { certificate: await pem(certificate), key: await pem(key) };
  await assert.rejects(bench.admin.call(routes.importCertificate, { body }), withCode('conflict'));
  const request = bench.admin.call(routes.addCertificateRequest, { body: { names: ['a.example'] } });
  await assert.rejects(request, withCode('conflict'));
});

test('a request waits with its key, over a restart, until its certificate is imported or it is given up', async () => {
  await using first = await openPlatform();
  let bench: TestPlatform = first;
  const folder = join(bench.dataFolder, 'tls');
  const file = join(folder, 'request.pem');
  const ask = (body: { names: string[]; commonName?: string; organization?: string; replace?: true }) =>
    bench.admin.call(routes.addCertificateRequest, { body: { commonName: 'iot', ...body } });
  const waiting = async () => (await bench.admin.call(routes.listCertificates, {})).request;
  const send = (body: { certificate: string; key?: string }) => bench.admin.call(routes.importCertificate, { body });
  const reasonOf = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => 'done',
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ApiProblemError, String(error));
    const { errors: [mistake] = [], reason } = error.problem;
    return mistake === undefined ? reason : `${mistake.where} ${mistake.reason}`;
  };
  const [below, middle, key] = [
    await pem(certificateFile('below')),
    await pem(certificateFile('middle')),
    await pem(keyFile('below')),
  ];
  assert.equal(await reasonOf(send({ certificate: below })), 'key no-key-nor-request');
  assert.equal(await reasonOf(ask({ names: ['a.example', 'https://b'] })), 'names/1 server-name-unfit');
  for (const hidden of ['a\u0000b', 'a\u202eb', 'a\nb']) {
    const names = ['a.example'];
    assert.match(String(await reasonOf(ask({ names, commonName: hidden }))), /commonName no-visible-text$/);
    assert.match(String(await reasonOf(ask({ names, organization: hidden }))), /organization no-visible-text$/);
  }
  assert.equal(await waiting(), undefined);
  const names = ['IoT.example', 'iot.example', '127.0.0.1'];
  const both = await Promise.allSettled([ask({ names }), ask({ names })]);
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'one at a time');
  const asked = (await waiting())!;
  assert.deepEqual([asked.subject, asked.names], ['CN=iot', ['iot.example', '127.0.0.1']]);
  assert.doesNotMatch(JSON.stringify([asked, both]), /PRIVATE/);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(await reasonOf(ask({ names: ['b.example'] })), 'request-waits');
  assert.deepEqual(await waiting(), asked);

  const replaced = await ask({ names: ['b.example'], organization: '遥联', replace: true });
  assert.notEqual(replaced.request, asked.request);
  bench = await bench.restart();
  assert.deepEqual(await waiting(), replaced);
  assert.equal(await reasonOf(send({ certificate: below + middle })), 'certificate request-of-another');
  // With a key of its own another is imported, and the request waits on.
  const server = { certificate: await pem(certificateFile('server')), key: await pem(keyFile('server')) };
  await send(server);
  assert.deepEqual(await waiting(), replaced);

  const pending = new PendingRequestFile(folder);
  const certified = { ...(await pending.read())!, key };
  await pending.write(certified);
  bench = await bench.restart();
  assert.equal((await send({ certificate: below + middle })).fingerprint, fingerprintOf(below));
  assert.equal(await waiting(), undefined);
  assert.equal(await pending.read(), undefined);
  // As after a crash between the two files.
  await pending.write(certified);
  bench = await bench.restart();
  assert.equal(await waiting(), undefined);
  assert.equal(await pending.read(), undefined);
  // One that cannot be read keeps nobody out.
  await writeFile(file, 'half');
  bench = await bench.restart();
  assert.equal(await waiting(), undefined);
  await ask({ names: ['d.example'] });
  await bench.admin.call(routes.removeCertificateRequest, {});
  assert.equal(await pending.read(), undefined);
  assert.equal(await reasonOf(bench.admin.call(routes.removeCertificateRequest, {})), 'no-request-waits');
  const { items } = await bench.admin.call(routes.listAudit, { query: {} });
  const noted = items.filter(({ action, outcome }) => /CertificateRequest$/.test(action) && outcome === 'done');
  assert.deepEqual(noted.map(({ action }) => action).toReversed(), [
    ...['addCertificateRequest', 'addCertificateRequest', 'addCertificateRequest', 'removeCertificateRequest'],
  ]);
  await bench[Symbol.asyncDispose]();
});

/** A terminal with a certificate of the test's authority, and what its first Register came to. */
async function openCertified(bench: TestPlatform, scheme: 'coaps' | 'coaps+tcp') {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const plain = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  const outcome = Promise.withResolvers<boolean>();
  const terminal = await openTerminal({
    endpointName: 'cert',
    transport: terminalConnector(plain),
    servers: [
      {
        uri: bench.platform.listening.find(({ url }) => url.startsWith(`${scheme}:`))!.url,
        lifetime: seconds(300),
        securityMode: SecurityMode.Certificate,
        publicKeyOrIdentity: certificateOf('client'),
        secretKey: privateKeyOf('client'),
        serverPublicKey: new Uint8Array(
          new X509Certificate(await pem(join(bench.dataFolder, 'tls', 'certificate.pem'))).raw,
        ),
      },
    ],
    onEvent: ({ type }) => {
      if (type === 'registered') outcome.resolve(true);
      if (type === 'registration-failed') outcome.resolve(false);
    },
  });
  terminal.client.start();
  return {
    isIn: outcome.promise,
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      await plain.close();
    },
  };
}

/** Sessions and connections that a listener has. */
async function usedBy(bench: TestPlatform, scheme: string): Promise<number> {
  const { checks } = await bench.admin.call(routes.showHealth, {});
  return Number(
    checks.find(({ part, subject }) => part === 'listener' && subject?.startsWith(`${scheme}:`))!.values['used'],
  );
}

test('an authority of terminals is believed from when it is added, over a restart, until it is removed; then its sessions end', async () => {
  await using first = await openPlatform();
  let bench: TestPlatform = first;
  const schemes = ['coaps', 'coaps+tcp'] as const;
  const credential = { endpoint: 'cert', kind: 'certificate-name', name: 'thermometer-1' } as const;
  await bench.admin.call(routes.addCredential, { body: credential });
  const comeIn = async (isIn: boolean) => {
    for (const scheme of schemes) {
      await using terminal = await openCertified(bench, scheme);
      assert.equal(await terminal.isIn, isIn, scheme);
    }
  };
  await comeIn(false);
  const ca = await pem(certificateFile('ca'));
  const add = (certificates: string) => bench.admin.call(routes.addClientAuthorities, { body: { certificates } });
  await assert.rejects(add(await pem(certificateFile('client'))), withCode('invalid-value'));
  const { items } = await add(ca);
  const [{ fingerprint, usedFor, origin }] = items as [(typeof items)[0]];
  assert.deepEqual([fingerprint, usedFor, origin], [fingerprintOf(ca), 'client-authority', 'imported']);
  assert.equal((await add(ca)).items.length, 1, 'once');
  await comeIn(true);
  bench = await bench.restart();
  for (const scheme of schemes) {
    await add(ca);
    await using terminal = await openCertified(bench, scheme);
    assert.equal(await terminal.isIn, true);
    await until(async () => (await usedBy(bench, scheme)) > 0, 'the session');
    await bench.admin.call(routes.removeClientAuthority, { params: { fingerprint } });
    await until(async () => (await usedBy(bench, scheme)) === 0, 'no session');
  }
  await comeIn(false);
  const gone = bench.admin.call(routes.removeClientAuthority, { params: { fingerprint } });
  await assert.rejects(gone, withCode('not-found'));
  const { items: noted } = await bench.admin.call(routes.listAudit, { query: {} });
  assert.ok(noted.some(({ action, outcome }) => action === 'removeClientAuthority' && outcome === 'done'));
  await bench[Symbol.asyncDispose]();
});

test('authorities of a file are taken out there; there is a bound of all', async () => {
  await using bench = await openPlatform({ 'tls.client-ca': certificateFile('ca'), 'tls.max-client-ca': 1 });
  const fingerprint = fingerprintOf(await pem(certificateFile('ca')));
  const removed = bench.admin.call(routes.removeClientAuthority, { params: { fingerprint } });
  await assert.rejects(removed, withCode('conflict'));
  const body = { certificates: await pem(certificateFile('middle')) };
  await assert.rejects(bench.admin.call(routes.addClientAuthorities, { body }), withCode('invalid-value'));
});
