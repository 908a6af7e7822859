/** Californium's CoAP on Scandium's DTLS, with Connection IDs, in both directions. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import type { CipherSuiteName, ClientCredentials, DtlsServerOptions } from '@yaolian/dtls';
import { decodeUtf8, encodeUtf8, seconds, socketAddress } from '@yaolian/kernel';
import { authorities, folder, key, openClient, openServer, own, runtime } from './support/dtls.ts';
import { freeUdpPort, type Peer, start } from './support/processes.ts';
import { UdpRelay } from './support/udp-relay.ts';

const target = join(import.meta.dirname, 'leshan/target');
const classPath = `${join(target, 'classes')}:${join(target, 'dependency')}/*`;

type Proof = 'none' | 'x509' | 'rpk';

interface Scandium {
  readonly suite: CipherSuiteName;
  readonly proof?: Proof;
  /** Bytes of its own Connection ID; -1: it knows no such thing. */
  readonly cid: number;
}

async function scandium(t: TestContext, role: 'client' | 'server', port: number, peer: Scandium): Promise<Peer> {
  const { suite, proof = 'none', cid } = peer;
  const parameters = ['-cp', classPath, 'CaliforniumDtls', role, `${port}`, suite, `${cid}`, proof, folder];
  const started = start(t, 'java', parameters);
  await started.line(/^READY/);
  return started;
}

const proofs: Readonly<Record<Proof, Partial<DtlsServerOptions>>> = {
  none: {},
  x509: { credentials: { own: [own('server')], trust: { authorities } } },
  rpk: { credentials: { own: [{ privateKey: own('server').privateKey }], trust: { rawPublicKey: () => true } } },
};

for (const [suite, proof] of [
  ['TLS_PSK_WITH_AES_128_CCM_8', 'none'],
  ['TLS_PSK_WITH_AES_128_GCM_SHA256', 'none'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', 'x509'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'rpk'],
] as const) {
  test(`Scandium's client: ${suite}, ${proof}, Connection IDs both ways, another address, resumption`, async (t) => {
    const { port, opened } = await openServer(t, proofs[proof], true);
    const relay = await UdpRelay.open(t, port);
    const client = await scandium(t, 'client', relay.port, { suite, proof, cid: 4 });
    const ask = async () => {
      client.process.stdin.write('ask\n');
      await client.line(/^ANSWER 2\.05 hello /);
    };
    await ask();
    assert.equal(opened.length, 1);
    assert.equal(opened[0]!.suite.name, suite);
    const { address } = opened[0]!;
    for (let i = 0; i < 2; i++) {
      await relay.rebind();
      await ask();
    }
    assert.equal(opened.length, 1, 'the session goes on from another address');
    assert.notEqual(opened[0]!.address.key, address.key);
    client.process.stdin.write('resume\n');
    await ask();
    assert.deepEqual(
      opened.map((session) => session.isResumed),
      [false, true],
    );
  });
}

test("Scandium's client without Connection ID, in bad weather", async (t) => {
  const { port, opened } = await openServer(t, {}, true);
  const relay = await UdpRelay.open(t, port, { loss: 0.1, duplication: 0.1, reordering: 0.2 });
  const client = await scandium(t, 'client', relay.port, { suite: 'TLS_PSK_WITH_AES_128_CCM_8', cid: -1 });
  for (let i = 0; i < 3; i++) {
    client.process.stdin.write('ask\n');
    await client.line(/^ANSWER 2\.05 hello psk/);
  }
  assert.ok(opened.length >= 1);
});

const clientProofs: Readonly<Record<Proof, ClientCredentials>> = {
  none: { psk: { identity: encodeUtf8('me'), key } },
  x509: { own: [own('client')], trust: { authorities, names: [] } },
  rpk: { own: [{ privateKey: own('client').privateKey }], trust: { rawPublicKey: () => true } },
};

for (const [suite, proof] of [
  ['TLS_PSK_WITH_AES_128_CCM_8', 'none'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', 'rpk'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'x509'],
] as const) {
  test(`our client asks Scandium's server: ${suite}, ${proof}, with Connection IDs, and resumes`, async (t) => {
    const port = await freeUdpPort();
    await scandium(t, 'server', port, { suite, proof, cid: 6 });
    const relay = await UdpRelay.open(t, port);
    const client = await openClient(t, clientProofs[proof], [suite], { connectionIdLength: 3 });
    const endpoint = createCoapEndpoint({ port: client, ...runtime });
    const peer = socketAddress('127.0.0.1', relay.port);
    const ask = async () => {
      const response = await endpoint.request(peer, { method: Code.GET, path: '/time' }, { timeout: seconds(10) });
      assert.equal(response.code, Code.Content);
      return decodeUtf8(response.payload)!;
    };
    const before = await ask();
    const session = client.session(peer)!;
    await relay.rebind();
    assert.notEqual(await ask(), before, 'it sees us elsewhere, in the same session');
    assert.equal(client.session(peer), session);
    client.disconnect(peer);
    await ask();
    assert.ok(client.session(peer)!.isResumed);
  });
}
