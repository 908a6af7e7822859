import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '@yaolian/kernel';
import { certificate, credential } from '../test/certificates.ts';
import { clientPsk, serverPsk, World } from '../test/world.ts';
import { type CipherSuiteName, cipherSuites } from './cipher-suites.ts';
import type { ClientCredentials, ServerCredentials } from './credentials.ts';

const authorities = [certificate('ca')];
const serverAll: ServerCredentials = { ...serverPsk, own: [credential('server')], trust: { authorities } };
const clientAll: ClientCredentials = {
  ...clientPsk,
  own: [credential('client')],
  trust: { authorities },
  serverName: 'server.example',
};

for (const name of Object.keys(cipherSuites) as CipherSuiteName[]) {
  for (const connectionIdLength of [0, 5] as const) {
    test(`${name}, Connection IDs of ${connectionIdLength} bytes, both directions`, async () => {
      const common = { cipherSuites: [name], connectionIdLength, padTo: 8 };
      const world = new World({
        server: { ...common, credentials: serverAll },
        client: { ...common, credentials: clientAll },
      });
      assert.equal(await world.ask(), 'HELLO');
      assert.equal(await world.ask(world.client, 'and again'), 'AND AGAIN');
      assert.equal(world.opened[0]?.suite.name, name);
      assert.equal(world.opened[0]?.proof.kind, name.includes('PSK') ? 'PSK' : 'X.509');
      assert.deepEqual(world.opened[0]?.identity?.kind, name.includes('PSK') ? 'psk' : 'certificate');
    });
  }
}

for (const group of ['x25519', 'secp256r1', 'secp384r1'] as const) {
  test(`ECDHE over ${group}`, async () => {
    const world = new World({ client: { groups: [group], cipherSuites: ['TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256'] } });
    assert.equal(await world.ask(), 'HELLO');
  });
}

for (const name of ['p384', 'ed25519'] as const) {
  test(`a server with a certificate on ${name}`, async () => {
    const world = new World({
      server: { credentials: { own: [credential(name)], clientAuthentication: 'none' } },
      client: { credentials: { trust: { authorities }, serverName: 'server.example' } },
    });
    assert.equal(await world.ask(), 'HELLO');
    assert.equal(world.opened[0]?.proof.kind, 'NONE');
  });
}

test('raw public keys on both sides (RFC 7250)', async () => {
  const [server, client] = [credential('server', []), credential('client', [])];
  const isKey = (own: typeof server) => (key: Uint8Array) => Buffer.from(key).equals(own.privateKey.publicKey);
  const world = new World({
    server: { credentials: { own: [server], trust: { rawPublicKey: isKey(client) } } },
    client: { credentials: { own: [client], trust: { rawPublicKey: async (key) => isKey(server)(key) } } },
  });
  assert.equal(await world.ask(), 'HELLO');
  assert.equal(world.opened[0]?.identity?.kind, 'rpk');
});

const refusals: Readonly<Record<string, readonly [own: ReturnType<typeof credential>, name: string, reason: RegExp]>> =
  {
    'another name': [credential('server'), 'other.example', /another name/],
    'an expired certificate': [credential('short'), 'server.example', /expired/],
    'an unknown authority': [credential('below', ['below']), 'server.example', /no authority/],
    'a chain through what is no authority': [
      credential('forged', ['forged', 'false']),
      'server.example',
      /do not make a chain/,
    ],
    'a client certificate': [credential('client'), 'server.example', /not for a server/],
  };
for (const [title, [own, serverName, reason]] of Object.entries(refusals)) {
  test(`a client refuses a server with ${title}`, async () => {
    const reasons: string[] = [];
    const world = new World({
      server: { credentials: { own: [own], clientAuthentication: 'none' } },
      client: {
        credentials: { trust: { authorities }, serverName },
        sessions: { onHandshakeFailed: (failure) => reasons.push(failure.reason) },
      },
    });
    assert.equal(await world.ask(), undefined);
    assert.match(reasons.join(), reason);
    assert.deepEqual(world.errors, ['DTLS_HANDSHAKE_FAILED']);
  });
}

test('a chain through an authority below; a certificate that is trusted because it is stored', async () => {
  for (const [own, trust] of [
    [credential('below', ['below', 'middle']), { authorities }],
    [credential('short'), { trustedCertificates: [certificate('short')] }],
    [
      credential('short'),
      { storedCertificate: async (shown: Uint8Array) => encodeHex(shown) === encodeHex(certificate('short')) },
    ],
  ] as const) {
    const world = new World({
      server: { credentials: { own: [own], clientAuthentication: 'none' } },
      client: { credentials: { trust, serverName: 'server.example' } },
    });
    assert.equal(await world.ask(), 'HELLO');
  }
});

test('a certificate that is not stored is judged as any other', async () => {
  const world = new World({
    server: { credentials: { own: [credential('below', ['below'])], clientAuthentication: 'none' } },
    client: { credentials: { trust: { storedCertificate: () => false }, serverName: 'server.example' } },
  });
  assert.equal(await world.ask(), undefined);
});

test('a client without certificate is refused where one is required, and let in where it is asked for', async () => {
  for (const clientAuthentication of ['require', 'request'] as const) {
    const world = new World({
      server: { credentials: { own: [credential('server')], clientAuthentication, trust: { authorities } } },
      client: { credentials: { trust: { authorities }, serverName: 'server.example' } },
    });
    assert.equal(await world.ask(), clientAuthentication === 'require' ? undefined : 'HELLO');
  }
});

test('signature algorithms that are chosen: what is not among them neither signs nor is taken', async () => {
  const credentials = { server: { ...serverAll, own: [credential('p384'), credential('server')] }, client: clientAll };
  const open = (server: readonly number[] | undefined, client: readonly number[] | undefined) => {
    const alerts: number[] = [];
    const world = new World({
      server: { credentials: credentials.server, ...(server && { signatureAlgorithms: server }) },
      client: {
        credentials: credentials.client,
        cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
        sessions: { onAlert: (_, description) => alerts.push(description) },
        ...(client && { signatureAlgorithms: client }),
      },
    });
    return { world, alerts };
  };
  for (const [server, client] of [
    [undefined, [0x0403]],
    [[0x0403, 0x1234], undefined],
    [[0x0503], [0x0503, 0x0403]],
  ] as const) {
    const { world, alerts } = open(server, client);
    assert.equal(await world.ask(), 'HELLO', `${server} ${client}`);
    assert.deepEqual(alerts, []);
  }
  for (const [server, client] of [
    [undefined, [0x0807]], // the server has no Ed25519
    [[0x0403], [0x0503]],
  ] as const) {
    const { world, alerts } = open(server, client);
    assert.equal(await world.ask(), undefined);
    assert.deepEqual(alerts, [40], 'the client hears handshake_failure');
  }
  assert.throws(() => open([0x1234], undefined), RangeError);
});

test('a certificate that is only known by asking for it is offered beside raw public keys', async () => {
  const isServer = (der: Uint8Array) => Buffer.from(der).equals(certificate('server'));
  const world = new World({
    server: { credentials: { own: [credential('server')], clientAuthentication: 'none' } },
    client: { credentials: { trust: { rawPublicKey: () => false, storedCertificate: isServer } } },
  });
  assert.equal(await world.ask(), 'HELLO');
});
