/** Bootstrap that gives terminals their keys: over DTLS and TLS, with every security mode. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Code, ContentFormat, createCoapEndpoint, type OutgoingRequest, parseCoapUri } from '@yaolian/coap';
import { type JsonBootstrapSecurity, type JsonNewCredential, routes } from '@yaolian/contract';
import { type ClientCredentials, createDtlsClient } from '@yaolian/dtls';
import { type Duration, days, encodeUtf8, socketAddress } from '@yaolian/kernel';
import { type ClientEvent, type Credentials, type Lwm2mVersion, SecurityMode } from '@yaolian/lwm2m/client';
import {
  makeCertificateRequest,
  nodeClock,
  nodeRandom,
  nodeTimers,
  openCrypto,
  openUdpPort,
} from '@yaolian/node-runtime';
import { estEnrolment, terminalConnector } from '@yaolian/simulator';
import { until } from '@yaolian/testkit';
import { certificateOf, privateKeyOf } from './support/credentials.ts';
import { openPlatform, type TestPlatform } from './support/platform.ts';
import { openTerminal } from './support/terminal.ts';

const key = '00112233445566778899aabbccddeeff';
const factory: Credentials = {
  securityMode: SecurityMode.PreSharedKey,
  publicKeyOrIdentity: encodeUtf8('factory'),
  secretKey: new Uint8Array(Buffer.from(key, 'hex')),
};

const secureUrl = ({ platform }: TestPlatform, scheme = 'coaps'): string =>
  platform.listening.find(({ url }) => url.startsWith(`${scheme}:`))!.url;

const add = (bench: TestPlatform, body: JsonNewCredential) => bench.admin.call(routes.addCredential, { body });
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** A platform that knows the key of the factory, and tells every terminal of one server. */
async function openBench(security: JsonBootstrapSecurity, scheme = 'coaps') {
  const bench = await openPlatform();
  await add(bench, { endpoint: 'a', kind: 'psk', purpose: 'bootstrap', identity: 'factory', key });
  const configure = (next: JsonBootstrapSecurity) =>
    bench.admin.call(routes.setBootstrap, {
      params: { endpoint: 'default' },
      body: {
        servers: [{ shortServerId: 1, uri: secureUrl(bench, scheme), lifetime: 300, security: next, muteSend: false }],
      },
    });
  await configure(security);
  return { bench, configure, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

interface Bootstrapping {
  readonly version?: Lwm2mVersion;
  readonly credentials?: Credentials;
  readonly pack?: boolean;
  readonly est?: boolean;
  readonly renewBefore?: Duration;
}

/** A terminal that knows the bootstrap server alone. */
async function openOne(
  uri: string,
  { version = '1.1', credentials = factory, pack = false, est = true, renewBefore }: Bootstrapping = {},
) {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const plain = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  const events: ClientEvent[] = [];
  const terminal = await openTerminal({
    endpointName: 'a',
    lwm2mVersion: version,
    transport: terminalConnector(plain),
    ...(est && { enrolment: { ...estEnrolment, ...(renewBefore && { renewBefore }) } }),
    bootstrap: { uri, pack, ...credentials },
    onEvent: (event) => events.push(event),
  });
  terminal.client.start();
  const next = (type: ClientEvent['type'], since = 0) =>
    until(
      () => events.slice(since).find((event) => event.type === type),
      () => `${type}; there came ${events.map((event) => event.type).join(', ')}`,
    );
  return {
    client: terminal.client,
    events,
    next,
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      await plain.close();
    },
  };
}

/** Object 0 as the bootstrap server left it, of the first account that is none of its own. */
function accountIn(client: Awaited<ReturnType<typeof openOne>>['client']) {
  const security = client.instance(0, 1)!;
  const bytes = (id: number) => security.value(id) as Uint8Array;
  return { uri: security.value(0), mode: security.value(2), shown: bytes(3), server: bytes(4), secret: bytes(5) };
}

async function credentialsOf({ admin }: TestPlatform) {
  const { items } = await admin.call(routes.listCredentials, { query: { endpoint: 'a' } });
  return items.filter(({ issued }) => issued);
}

async function isManaged({ admin }: TestPlatform): Promise<boolean> {
  const { node } = await admin.call(routes.readResource, { params: { device: 'a', path: '3/0/0' } });
  return node.kind === 'resource' && node.value === 'Yaolian';
}

test('LightweightM2M-1.1-int-1, 2: bootstrap over coaps writes keys of every mode; the terminal registers with them', async () => {
  await using bed = await openBench({ mode: 'psk', issue: 'new' });
  const { bench } = bed;
  for (const version of ['1.0', '1.1', '1.2'] as const) {
    for (const mode of ['psk', 'rpk', 'x509'] as const) {
      await bed.configure({ mode, issue: 'new' });
      await using terminal = await openOne(secureUrl(bench), { version });
      await terminal.client.registered();
      assert.ok(await isManaged(bench));
      const [issued, ...others] = (await credentialsOf(bench)).filter(({ state }) => state === 'used');
      const kind = mode === 'x509' ? 'certificate' : mode;
      assert.deepEqual([issued?.kind, issued?.purpose, others], [kind, 'register', []], version);
      const { shown, secret, uri } = accountIn(terminal.client);
      assert.ok(shown.length > 0 && secret.length >= 16 && uri === secureUrl(bench));
      const device = await bench.admin.call(routes.showDevice, { params: { device: 'a' } });
      assert.equal(device.registration?.lwm2mVersion, version);
    }
  }
});

test('keys that the configuration holds are written, and shown to nobody', async () => {
  const given: JsonBootstrapSecurity = {
    mode: 'x509',
    certificate: base64(certificateOf('client')),
    privateKey: base64(privateKeyOf('client')),
  };
  await using bed = await openBench(given);
  const { bench } = bed;
  await add(bench, { endpoint: 'a', kind: 'certificate', certificate: base64(certificateOf('client')) });
  const { privateKey: _, ...shown } = given;
  const entry = await bench.admin.call(routes.showBootstrap, { params: { endpoint: 'default' } });
  assert.deepEqual(entry.configuration.servers[0]?.security, { ...shown, hasKey: true });
  // What was shown may be sent again: the key stays.
  await bed.configure(entry.configuration.servers[0]!.security!);
  await using terminal = await openOne(secureUrl(bench));
  await terminal.client.registered();
  assert.ok(await isManaged(bench));
  assert.deepEqual(accountIn(terminal.client).secret, privateKeyOf('client'));
});

test('the key that the platform has stored is written', async () => {
  await using bed = await openBench({ mode: 'psk', issue: 'stored' });
  const { bench } = bed;
  await using refused = await openOne(secureUrl(bench));
  const failed = await refused.next('bootstrap-failed');
  assert.match(failed.type === 'bootstrap-failed' ? failed.failure.message : '', /4\.03 .*the platform has none/);
  const next = 'ffeeddccbbaa99887766554433221100';
  await add(bench, { endpoint: 'a', kind: 'psk', purpose: 'register', identity: 'stored', key: next });
  await using terminal = await openOne(secureUrl(bench));
  await terminal.client.registered();
  const { shown, secret } = accountIn(terminal.client);
  assert.deepEqual([shown, Buffer.from(secret).toString('hex')], [encodeUtf8('stored'), next]);
});

test('keys are told to nobody who proved nothing', async () => {
  await using bed = await openBench({ mode: 'psk', issue: 'new' });
  const { bench } = bed;
  await bench.admin.call(routes.removeCredential, {
    params: { id: (await bench.admin.call(routes.listCredentials, {})).items[0]!.id },
  });
  for (const pack of [false, true]) {
    await using terminal = await openOne(`coap://${bench.coap.key}`, { credentials: {}, pack, version: '1.2' });
    const failed = await terminal.next('bootstrap-failed');
    assert.match(failed.type === 'bootstrap-failed' ? failed.failure.message : '', /4\.03 .*coaps or OSCORE alone/);
  }
  assert.deepEqual(await credentialsOf(bench), []);
});

test('by a Bootstrap-Pack, and over coaps+tcp', async () => {
  await using packed = await openBench({ mode: 'rpk', issue: 'new' });
  await using first = await openOne(secureUrl(packed.bench), { version: '1.2', pack: true });
  await first.client.registered();
  assert.ok(first.events.some((event) => event.type === 'operation' && event.operation === 'bootstrap-pack'));
  assert.ok(await isManaged(packed.bench));
  for (const mode of ['psk', 'x509'] as const) {
    await using streamed = await openBench({ mode, issue: 'new' }, 'coaps+tcp');
    await using second = await openOne(secureUrl(streamed.bench, 'coaps+tcp'));
    await second.client.registered();
    assert.ok(await isManaged(streamed.bench), mode);
    const [issued] = await credentialsOf(streamed.bench);
    assert.equal(issued?.state, 'used');
  }
});

test('a bootstrap that an operator triggers rotates the keys: the old ones are refused once the new ones are used', async () => {
  await using bed = await openBench({ mode: 'psk', issue: 'new' });
  const { bench } = bed;
  await using terminal = await openOne(secureUrl(bench));
  await terminal.client.registered();
  const before = accountIn(terminal.client);
  for (const mode of ['psk', 'x509', 'psk', 'rpk'] as const) {
    await bed.configure({ mode, issue: 'new' });
    const since = terminal.events.length;
    await bench.admin.call(routes.triggerBootstrap, { params: { device: 'a' } });
    await terminal.next('registered', since);
    assert.ok(await isManaged(bench));
    const issued = await credentialsOf(bench);
    assert.equal(issued.filter(({ state }) => state === 'used').length, 1, mode);
    assert.ok(issued.length <= 2, 'what was superseded is removed at the next bootstrap');
  }
  const known = (await credentialsOf(bench)).map(({ identity }) => identity);
  assert.equal(known.includes(Buffer.from(before.shown).toString()), false);
});

test('the bootstrap account itself is given a new key, for bootstrap alone', async () => {
  await using bench = await openPlatform();
  await add(bench, { endpoint: 'a', kind: 'psk', purpose: 'bootstrap', identity: 'factory', key });
  const uri = secureUrl(bench);
  const security = { mode: 'psk', issue: 'new' } as const;
  const body = { bootstrapServer: { uri, security }, servers: [{ shortServerId: 1, uri, security }] };
  await bench.admin.call(routes.setBootstrap, { params: { endpoint: 'a' }, body });
  await using terminal = await openOne(uri);
  await terminal.client.registered();
  const since = terminal.events.length;
  await bench.admin.call(routes.triggerBootstrap, { params: { device: 'a' } });
  await terminal.next('registered', since);
  const issued = await credentialsOf(bench);
  const states = issued.map(({ purpose, state }) => `${purpose} ${state}`).sort();
  assert.deepEqual(states, ['bootstrap unused', 'bootstrap used', 'register superseded', 'register used']);
  const factoryKey = (await bench.admin.call(routes.listCredentials, {})).items.find(({ issued }) => !issued);
  assert.equal(factoryKey?.state, 'superseded');
});

test('LightweightM2M-1.1-int-10: with EST the terminal makes its key itself, is issued a certificate and registers with it', async () => {
  for (const scheme of ['coaps', 'coaps+tcp']) {
    await using bed = await openBench({ mode: 'est' }, scheme);
    const { bench } = bed;
    await using terminal = await openOne(secureUrl(bench, scheme));
    await terminal.client.registered();
    assert.ok(await isManaged(bench), scheme);
    const { mode, shown, secret } = accountIn(terminal.client);
    const certificate = new X509Certificate(shown);
    const authority = new X509Certificate(await readFile(join(bench.dataFolder, 'tls/terminals/certificate.pem')));
    assert.deepEqual([mode, certificate.subject, certificate.ca], [SecurityMode.CertificateWithEst, 'CN=a', false]);
    assert.ok(certificate.checkIssued(authority) && certificate.verify(authority.publicKey));
    const key = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
    assert.ok(certificate.checkPrivateKey(key));
    const [issued, ...others] = await credentialsOf(bench);
    assert.deepEqual([issued?.kind, issued?.state, others], ['certificate', 'used', []]);
    // Renewed by a bootstrap that an operator triggers: the old one is good until the new one is used.
    const since = terminal.events.length;
    await bench.admin.call(routes.triggerBootstrap, { params: { device: 'a' } });
    await terminal.next('registered', since);
    assert.ok(await isManaged(bench));
    assert.notDeepEqual(accountIn(terminal.client).shown, shown);
    const states = (await credentialsOf(bench)).map(({ state }) => state).sort();
    assert.deepEqual(states, ['superseded', 'used']);
  }
});

test('a terminal renews its certificate by itself, and goes on with the new one; the old one ends', async () => {
  for (const scheme of ['coaps', 'coaps+tcp']) {
    await using bed = await openBench({ mode: 'est' }, scheme);
    const { bench } = bed;
    // More than the certificate is good for: it is due at once, and then after half of its time.
    await using terminal = await openOne(secureUrl(bench, scheme), { renewBefore: days(1000) });
    await terminal.client.registered();
    const renewed = await terminal.next('certificate-renewed');
    const since = terminal.events.indexOf(renewed);
    await terminal.next('registered', since);
    const { shown } = accountIn(terminal.client);
    assert.equal(
      renewed.type === 'certificate-renewed' && renewed.notAfter,
      new X509Certificate(shown).validToDate.getTime(),
    );
    assert.ok(await isManaged(bench));
    const states = (await credentialsOf(bench)).map(({ state }) => state).sort();
    assert.deepEqual(states, ['superseded', 'used'], scheme);
    assert.equal(terminal.events.filter(({ type }) => type === 'certificate-renewed').length, 1);
    assert.deepEqual(
      terminal.events.filter(({ type }) => type.endsWith('failed')),
      [],
    );
  }
});

test('a terminal that does no EST says so, and is as it was before', async () => {
  await using bed = await openBench({ mode: 'est' });
  await using terminal = await openOne(secureUrl(bed.bench), { est: false });
  const failed = await terminal.next('bootstrap-failed');
  assert.match(failed.type === 'bootstrap-failed' ? failed.failure.message : '', /does not do EST/);
  assert.deepEqual(await credentialsOf(bed.bench), []);
});

test('EST over coaps (RFC 9148): crts, sen and sren, in both formats; what is wrong is refused', async () => {
  await using bed = await openBench({ mode: 'est' });
  const { bench } = bed;
  const server = parseCoapUri(secureUrl(bench));
  assert.ok(server.ok);
  const to = socketAddress(server.value.host, server.value.port);
  const crypto = await openCrypto();
  const connect = async (credentials: ClientCredentials) => {
    const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
    const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
    const endpoint = createCoapEndpoint({
      ...machine,
      port: createDtlsClient({ ...machine, port, crypto, credentials }),
    });
    const ask = (path: string, more: Partial<OutgoingRequest> = {}) =>
      endpoint.request(to, { method: Code.POST, path: `/.well-known/est/${path}`, ...more });
    return { ask, [Symbol.asyncDispose]: () => endpoint.close() };
  };
  const psk = { identity: encodeUtf8('factory'), key: factory.secretKey! };
  const { request, privateKey } = await makeCertificateRequest('whatever');
  const asked = { contentFormat: ContentFormat.Pkcs10, accept: ContentFormat.PkixCert, payload: request };
  await using first = await connect({ psk });
  const authority = await first.ask('crts', { method: Code.GET, accept: ContentFormat.PkixCert });
  assert.deepEqual([authority.code, authority.contentFormat], [Code.Content, ContentFormat.PkixCert]);
  const wrapped = await first.ask('crts', { method: Code.GET });
  assert.equal(wrapped.contentFormat, ContentFormat.Pkcs7CertsOnly);
  assert.ok(Buffer.from(wrapped.payload).includes(authority.payload), 'the same certificate, in PKCS #7');
  for (const [wrong, code] of [
    [{ ...asked, contentFormat: ContentFormat.OctetStream }, Code.UnsupportedContentFormat],
    [{ ...asked, accept: ContentFormat.Text }, Code.NotAcceptable],
    [{ ...asked, payload: request.subarray(1) }, Code.BadRequest],
    [{ ...asked, payload: request.map((byte, at) => (at === request.length - 5 ? byte ^ 1 : byte)) }, Code.BadRequest],
    [{ ...asked, payload: new Uint8Array(5000) }, Code.BadRequest],
    [{ ...asked, method: Code.GET }, Code.MethodNotAllowed],
  ] as const) {
    assert.equal((await first.ask('sen', wrong)).code, code);
  }
  assert.equal((await first.ask('sren', asked)).code, Code.Forbidden, 'only a certificate is renewed');
  assert.deepEqual(await credentialsOf(bench), [], 'none of this is a credential');
  const issued = await first.ask('sen', asked);
  assert.equal(issued.code, Code.Changed);
  assert.equal(new X509Certificate(issued.payload).subject, 'CN=a', 'the endpoint that the key of the session is of');
  const own = [{ privateKey: crypto.importPrivateKey(privateKey), chain: [issued.payload.slice()] }];
  await using second = await connect({ own, trust: { storedCertificate: () => true, names: [] } });
  const renewed = await second.ask('sren', { ...asked, payload: (await makeCertificateRequest('a')).request });
  assert.equal(renewed.code, Code.Changed);
  assert.ok(new X509Certificate(renewed.payload).verify(new X509Certificate(authority.payload).publicKey));
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const plain = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  const inTheClear = await plain.request(bench.coap, { method: Code.POST, path: '/.well-known/est/sen', ...asked });
  assert.equal(inTheClear.code, Code.NotFound);
  await plain.close();
});
