/** LwM2M over TLS: bootstrap, registration and management by our terminal, with certificates and with pre-shared keys. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createStreamCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { encodeUtf8, type SocketAddress, seconds } from '@yaolian/kernel';
import { BootstrapServer, MemoryBootstrapConfigStore } from '@yaolian/lwm2m/bootstrap';
import { type ClientEvent, type Credentials, device, Lwm2mClient, SecurityMode } from '@yaolian/lwm2m/client';
import { createPlainProfile, Lwm2mServer } from '@yaolian/lwm2m/server';
import { MemoryRegistrationStore } from '@yaolian/lwm2m/testing';
import { omaObjects } from '@yaolian/lwm2m-objects';
import {
  listenTls,
  nodeClock,
  nodeRandom,
  nodeTimers,
  ownCertificate,
  type TlsServerOptions,
} from '@yaolian/node-runtime';
import { terminalConnector } from '@yaolian/simulator';

const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
const identity = 'terminal-1';
const key = new Uint8Array(16).fill(0x5a);
const reference = { endpoint: 'terminal' };

/** Server and bootstrap server behind one TLS port. */
async function openServer(tls: TlsServerOptions) {
  const listener = await listenTls({ host: '127.0.0.1', port: 0, ...tls });
  const endpoint = createStreamCoapEndpoint({ ...machine, listener });
  const devices = { isAllowed: () => true, recordRegistration: async () => {} };
  const profile = createPlainProfile({ devices, enrolmentMode: () => 'open' });
  const common = { ...machine, profile, model: omaObjects };
  const server = new Lwm2mServer({ ...common, endpoints: [{ endpoint }], store: new MemoryRegistrationStore() });
  await server.start();
  const configs = new MemoryBootstrapConfigStore();
  const bootstrap = new BootstrapServer({ ...common, configs });
  const tree = new ResourceTree();
  for (const { path, handler } of [...server.mounts(endpoint), ...bootstrap.mounts(endpoint)])
    tree.mount(path, handler);
  endpoint.handle(tree.handle);
  return {
    server,
    configs,
    address: listener.localAddress,
    async [Symbol.asyncDispose]() {
      await bootstrap.close();
      await server.close();
      await endpoint.close();
    },
  };
}

function openTerminal(address: SocketAddress, credentials: Credentials, options: { readonly bootstraps: boolean }) {
  const events: ClientEvent[] = [];
  const failed = Promise.withResolvers<ClientEvent>();
  const uri = `coaps+tcp://${address.key}`;
  // No datagrams: whatever happens, happens over TLS.
  const client = new Lwm2mClient({
    ...machine,
    endpointName: 'terminal',
    transport: terminalConnector(undefined as never),
    objects: [device({ manufacturer: 'Yaolian', modelNumber: 'Test', serialNumber: '1' })],
    ...(options.bootstraps ? { bootstrap: { uri, ...credentials } } : { servers: [{ uri, ...credentials }] }),
    onEvent(event) {
      events.push(event);
      if (event.type === 'registration-failed' || event.type === 'bootstrap-failed') failed.resolve(event);
    },
  });
  client.start();
  return {
    client,
    events,
    failed: failed.promise,
    [Symbol.asyncDispose]: () => client.close({ timeout: seconds(30) }),
  };
}

async function manage(server: Lwm2mServer) {
  assert.equal(server.registration(reference)?.binding, 'T');
  const answer = await server.read(reference, { objectId: 3, objectInstanceId: 0, resourceId: 0 });
  assert.ok(answer.ok && answer.value.node.kind === 'resource');
  assert.equal(answer.value.node.value, 'Yaolian');
}

const certificates = await (async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-tls-'));
  try {
    return {
      right: await ownCertificate({ folder: join(folder, 'a'), clock: nodeClock }),
      other: await ownCertificate({ folder: join(folder, 'b'), clock: nodeClock }),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
})();

/** The credentials as a bootstrap writes them. */
function accountOf({ securityMode, publicKeyOrIdentity, serverPublicKey, secretKey }: Credentials) {
  const base64 = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64');
  return {
    securityMode: securityMode as 0 | 2,
    publicKeyOrIdentity: base64(publicKeyOrIdentity),
    serverPublicKey: base64(serverPublicKey),
    secretKey: base64(secretKey),
  };
}

/** What an account holds of a certificate: DER. */
function der(pem: string | Uint8Array): Uint8Array {
  return new X509Certificate(Buffer.from(pem)).raw;
}

async function play(tls: TlsServerOptions, right: Credentials, wrong: Credentials): Promise<void> {
  await using bench = await openServer(tls);
  const { server, configs, address } = bench;
  {
    // 1. The terminal registers over TLS and is managed.
    await using terminal = openTerminal(address, right, { bootstraps: false });
    await terminal.client.registered();
    await manage(server);
  }
  assert.equal(server.registration(reference), undefined);
  {
    // 2. The terminal is bootstrapped over TLS and told the same credentials; it registers with them.
    await configs.put(undefined, {
      security: [{ instanceId: 1, uri: `coaps+tcp://${address.key}`, shortServerId: 1, ...accountOf(right) }],
      servers: [{ instanceId: 0, shortServerId: 1, binding: 'T' }],
    });
    await using terminal = openTerminal(address, right, { bootstraps: true });
    await terminal.client.registered();
    assert.ok(terminal.events.some(({ type }) => type === 'bootstrap-finished'));
    await manage(server);
  }
  // 3. With wrong credentials neither of them comes about.
  for (const bootstraps of [false, true]) {
    await using terminal = openTerminal(address, wrong, { bootstraps });
    const event = await terminal.failed;
    assert.ok(event.type === 'registration-failed' || event.type === 'bootstrap-failed');
    assert.equal(server.registration(reference), undefined);
  }
}

test('LightweightM2M-1.1-int-404 TCP/TLS Channel Security - Certificate Mode', () => {
  const account = (certificate: string | Uint8Array) => ({
    securityMode: SecurityMode.Certificate,
    serverPublicKey: der(certificate),
  });
  const { right, other } = certificates;
  return play({ credentials: right }, account(right.certificate), account(other.certificate));
});

test('LightweightM2M-1.1-int-406 TCP/TLS Channel Security - Pre-shared Key Mode', () => {
  const account = (who: string) => ({
    securityMode: SecurityMode.PreSharedKey,
    publicKeyOrIdentity: encodeUtf8(who),
    secretKey: key,
  });
  return play({ psk: (who) => (who === identity ? key : undefined) }, account(identity), account('nobody'));
});
