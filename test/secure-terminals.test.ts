/** Terminals prove who they are, over DTLS and TLS, and are let in under their own names alone. */
import assert from 'node:assert/strict';
import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCoapEndpoint, formatCode } from '@yaolian/coap';
import { type JsonNewCredential, routes } from '@yaolian/contract';
import { decodeUtf8, emptyBytes, encodeUtf8, seconds } from '@yaolian/kernel';
import { type Credentials, type Lwm2mVersion, SecurityMode } from '@yaolian/lwm2m/client';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { terminalConnector } from '@yaolian/simulator';
import { certificateFile, certificateOf, privateKeyOf } from './support/credentials.ts';
import { openPlatform, type TestPlatform } from './support/platform.ts';
import { openTerminal } from './support/terminal.ts';

const key = '00112233445566778899aabbccddeeff';
const psk = (identity: string, hex = key): Credentials => ({
  securityMode: SecurityMode.PreSharedKey,
  publicKeyOrIdentity: encodeUtf8(identity),
  secretKey: new Uint8Array(Buffer.from(hex, 'hex')),
});

const secureUrl = ({ platform }: TestPlatform, scheme = 'coaps'): string =>
  platform.listening.find(({ url }) => url.startsWith(`${scheme}:`))!.url;

/** How the platform says that a device is connected. */
async function connectionOf({ admin }: TestPlatform, device: string) {
  const { registration } = await admin.call(routes.showDevice, { params: { device } });
  const { items } = await admin.call(routes.listDevices, { query: { search: device } });
  assert.equal(items[0]?.security, registration?.connection?.security);
  return registration?.connection;
}

const add = (bench: TestPlatform, body: JsonNewCredential) => bench.admin.call(routes.addCredential, { body });

/** A terminal, and what becomes of its first Register. */
async function openOne(
  endpointName: string,
  uri: string,
  credentials: Credentials = {},
  lwm2mVersion: Lwm2mVersion = '1.1',
) {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const plain = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  const outcome = Promise.withResolvers<string>();
  const failed = Promise.withResolvers<string>();
  const terminal = await openTerminal({
    endpointName,
    lwm2mVersion,
    transport: terminalConnector(plain),
    servers: [{ uri, lifetime: seconds(300), ...credentials }],
    onEvent: (event) => {
      if (event.type === 'registered') outcome.resolve('registered');
      if (event.type !== 'registration-failed') return;
      outcome.resolve(event.failure.message);
      failed.resolve(event.failure.message);
    },
  });
  terminal.client.start();
  return {
    client: terminal.client,
    outcome: outcome.promise,
    failed: failed.promise,
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      await plain.close();
    },
  };
}

async function serverKeys({ dataFolder }: TestPlatform) {
  const { raw, publicKey } = new X509Certificate(await readFile(join(dataFolder, 'tls', 'certificate.pem')));
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return { certificate: new Uint8Array(raw), publicKey: new Uint8Array(spki) };
}

const clientPublicKey = async () => {
  const pem = await readFile(certificateFile('client'));
  return new Uint8Array(createPublicKey(pem).export({ format: 'der', type: 'spki' }));
};

test('LightweightM2M-1.1-int-401: a pre-shared key lets one endpoint in over coaps and coaps+tcp, and is managed as any other', async () => {
  await using bench = await openPlatform();
  await add(bench, { endpoint: 'a', kind: 'psk', identity: 'id-a', key });
  for (const scheme of ['coaps', 'coaps+tcp']) {
    await using terminal = await openOne('a', secureUrl(bench, scheme), psk('id-a'));
    assert.equal(await terminal.outcome, 'registered', scheme);
    const read = await bench.admin.call(routes.readResource, { params: { device: 'a', path: '3/0/0' } });
    assert.ok(read.node.kind === 'resource' && read.node.value === 'Yaolian');
    const isDtls = scheme === 'coaps';
    assert.deepEqual(await connectionOf(bench, 'a'), {
      transport: isDtls ? 'dtls' : 'tls',
      security: 'psk',
      identity: 'id-a',
      ...(isDtls && { cipherSuite: 'TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256', connectionId: true }),
    });
  }
  const { items } = await bench.admin.call(routes.listCredentials, { query: { endpoint: 'a' } });
  assert.deepEqual(
    items.map(({ state, identity }) => [state, identity]),
    [['used', 'id-a']],
  );
  assert.doesNotMatch(JSON.stringify(items), new RegExp(key));
});

test('who is not the endpoint is refused with 4.03 and a reason', async () => {
  await using bench = await openPlatform();
  await add(bench, { endpoint: 'a', kind: 'psk', identity: 'id-a', key });
  await using other = await openOne('b', secureUrl(bench), psk('id-a'));
  assert.match(await other.outcome, /^4\.03 .*its credential is of another endpoint/);
  await using open = await openOne('a', `coap://${bench.coap.key}`);
  assert.match(await open.outcome, /^4\.03 .*this endpoint has credentials/);
  await using stranger = await openOne('c', `coap://${bench.coap.key}`);
  assert.equal(await stranger.outcome, 'registered', 'whoever has no credentials needs none');
  assert.deepEqual(await connectionOf(bench, 'c'), { transport: 'udp', security: 'none' });
});

test('raw public keys of both sides', async () => {
  await using bench = await openPlatform();
  const publicKey = await clientPublicKey();
  await add(bench, { endpoint: 'rpk', kind: 'rpk', publicKey: Buffer.from(publicKey).toString('base64') });
  const credentials: Credentials = {
    securityMode: SecurityMode.RawPublicKey,
    publicKeyOrIdentity: publicKey,
    serverPublicKey: (await serverKeys(bench)).publicKey,
    secretKey: privateKeyOf('client'),
  };
  await using terminal = await openOne('rpk', secureUrl(bench), credentials);
  assert.equal(await terminal.outcome, 'registered');
  const connection = await connectionOf(bench, 'rpk');
  assert.equal(connection?.security, 'rpk');
  assert.equal(connection.digest, createHash('sha256').update(publicKey).digest('hex'));
});

test('LightweightM2M-1.1-int-402: a certificate that is stored, and certificates of an authority by name', async () => {
  const fingerprint = new X509Certificate(await readFile(certificateFile('client'))).fingerprint256.replaceAll(':', '');
  for (const [config, body] of [
    [{}, { endpoint: 'cert', kind: 'certificate', fingerprint }],
    [{ 'tls.client-ca': certificateFile('ca') }, { endpoint: 'cert', kind: 'certificate-name', name: 'thermometer-1' }],
  ] as const) {
    await using bench = await openPlatform(config);
    await add(bench, body);
    const credentials: Credentials = {
      securityMode: SecurityMode.Certificate,
      publicKeyOrIdentity: certificateOf('client'),
      serverPublicKey: (await serverKeys(bench)).certificate,
      secretKey: privateKeyOf('client'),
    };
    for (const scheme of ['coaps', 'coaps+tcp']) {
      await using terminal = await openOne('cert', secureUrl(bench, scheme), credentials);
      assert.equal(await terminal.outcome, 'registered', `${body.kind} over ${scheme}`);
      const connection = await connectionOf(bench, 'cert');
      assert.equal(connection?.digest, fingerprint.toLowerCase());
      assert.ok(connection.names?.includes('thermometer-1'));
      assert.ok(Date.parse(connection.expiresAt!) > Date.now());
      await using other = await openOne('other', secureUrl(bench, scheme), credentials);
      assert.match(await other.outcome, /another endpoint/);
    }
  }
});

test('rotation: both keys are good until the new one is used; a removed one ends its sessions', async () => {
  await using bench = await openPlatform();
  await add(bench, { endpoint: 'a', kind: 'psk', identity: 'old', key });
  await new Promise((resolve) => setImmediate(resolve));
  const next = 'ffeeddccbbaa99887766554433221100';
  await using first = await openOne('a', secureUrl(bench), psk('old'));
  assert.equal(await first.outcome, 'registered');
  const added = await add(bench, { endpoint: 'a', kind: 'psk', identity: 'new', key: next });
  await using second = await openOne('a', secureUrl(bench), psk('new', next));
  assert.equal(await second.outcome, 'registered');
  const { items } = await bench.admin.call(routes.listCredentials, {});
  assert.deepEqual(
    new Map(items.map(({ identity, state }) => [identity, state])),
    new Map([
      ['old', 'superseded'],
      ['new', 'used'],
    ]),
  );
  await bench.admin.call(routes.removeCredential, { params: { id: added.id } });
  await assert.rejects(
    bench.admin.call(routes.readResource, { params: { device: 'a', path: '3/0/0' }, query: { timeout: '1s' } }),
  );
});

test('over coaps+tcp a removed credential ends the connection, whatever its kind, and lets nobody in again', async () => {
  await using bench = await openPlatform();
  const fingerprint = new X509Certificate(await readFile(certificateFile('client'))).fingerprint256.replaceAll(':', '');
  const byCertificate: Credentials = {
    securityMode: SecurityMode.Certificate,
    publicKeyOrIdentity: certificateOf('client'),
    serverPublicKey: (await serverKeys(bench)).certificate,
    secretKey: privateKeyOf('client'),
  };
  for (const [body, credentials] of [
    [{ endpoint: 'a', kind: 'psk', identity: 'id-a', key }, psk('id-a')],
    [{ endpoint: 'b', kind: 'certificate', fingerprint }, byCertificate],
  ] as const) {
    const { id } = await add(bench, body);
    await add(bench, { endpoint: body.endpoint, kind: 'psk', identity: `other of ${body.endpoint}`, key });
    await using terminal = await openOne(body.endpoint, secureUrl(bench, 'coaps+tcp'), credentials);
    assert.equal(await terminal.outcome, 'registered', body.kind);
    await bench.admin.call(routes.removeCredential, { params: { id } });
    const why = await terminal.failed;
    assert.match(why, body.kind === 'psk' ? /certificate/ : /4\.03 /, body.kind);
  }
});

test('LwM2M 1.1, 1/x/11: a terminal notes the alert of a server that lets it into no session', async () => {
  await using bench = await openPlatform();
  for (const [scheme, alert] of [
    ['coaps', 40],
    ['coaps+tcp', 40],
  ] as const) {
    const credentials: Credentials = {
      securityMode: SecurityMode.Certificate,
      publicKeyOrIdentity: certificateOf('client'),
      serverPublicKey: (await serverKeys(bench)).certificate,
      secretKey: privateKeyOf('client'),
      signatureAlgorithms: [0x0807], // Ed25519, which the certificate of the platform is not
    };
    await using terminal = await openOne('a', secureUrl(bench, scheme), credentials, '1.2');
    await terminal.failed;
    assert.equal(terminal.client.instance(1, 0)?.value(11), alert, scheme);
  }
});

test('with coap.nosec off, the plain port answers discovery alone, and 4.01 to everything else', async () => {
  await using bench = await openPlatform({ 'coap.nosec': false });
  assert.deepEqual(
    bench.platform.listening.map(({ url }) => url.replace(/:.*/, '')),
    ['coap', 'coaps', 'coap+tcp', 'coaps+tcp', 'http'],
  );
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const plain = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  const ask = async (method: number, path: string, query: string[] = []) => {
    const { code, payload } = await plain.request(bench.coap, { method, path, query, payload: emptyBytes });
    return `${formatCode(code)} ${decodeUtf8(payload)}`.trim();
  };
  assert.match(await ask(1, '/.well-known/core'), /^2\.05/);
  assert.match(await ask(2, '/rd', ['ep=x']), /^4\.01/);
  for (const [method, path] of [
    [2, '/bs'],
    [1, '/bspack'],
    [1, '/fw/x'],
    [3, '/rd/x'],
  ] as const) {
    assert.match(await ask(method, path, ['ep=x']), /^4\.01/, path);
  }
  assert.match(await ask(1, '/'), /^4\.04/);
  assert.doesNotMatch(await ask(1, '/.well-known/core'), /rd|bs|fw/);
  await plain.close();
  await add(bench, { endpoint: 'a', kind: 'psk', identity: 'id-a', key });
  await using terminal = await openOne('a', secureUrl(bench), psk('id-a'));
  assert.equal(await terminal.outcome, 'registered');
});

test('credentials that make no sense are refused with the field', async () => {
  await using bench = await openPlatform();
  await add(bench, { endpoint: 'a', kind: 'psk', identity: 'id-a', key });
  for (const [body, pattern] of [
    [{ endpoint: 'b', kind: 'psk', identity: 'id-a', key }, /PSK identity "id-a" already/],
    [{ endpoint: 'b', kind: 'psk', identity: 'x' }, /key is missing/],
    [{ endpoint: 'b', kind: 'psk', key }, /identity is missing/],
    [{ endpoint: 'b', kind: 'rpk' }, /publicKey is missing/],
    [{ endpoint: 'b', kind: 'rpk', name: 'x' }, /name does not go with kind rpk/],
    [{ endpoint: 'b', kind: 'certificate', certificate: 'AAAA' }, /not DER/],
    [{ endpoint: 'b', kind: 'certificate-name' }, /name is missing/],
  ] as const) {
    await assert.rejects(add(bench, body), pattern);
  }
  await assert.rejects(bench.admin.call(routes.removeCredential, { params: { id: 'none' } }), /no credential none/);
});
