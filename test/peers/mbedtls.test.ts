/** mbedTLS against our DTLS server, and our client against its: Debian's 2.28, and 3.5 with Connection IDs. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CipherSuiteName, ClientCredentials } from '@yaolian/dtls';
import { decodeUtf8, encodeUtf8, milliseconds, socketAddress } from '@yaolian/kernel';
import { authorities, folder, key, openClient, openServer, own, withCertificates } from './support/dtls.ts';
import { freeUdpPort, type Peer, start } from './support/processes.ts';
import { UdpRelay, type Weather } from './support/udp-relay.ts';

const program = join(import.meta.dirname, 'mbedtls/target/mbedtls-peer');
const newer = join(import.meta.dirname, 'mbedtls/target/mbedtls3-peer');

interface Suite {
  readonly suite: CipherSuiteName;
  /** Its name there. */
  readonly name: string;
}

const psk: readonly Suite[] = [
  { suite: 'TLS_PSK_WITH_AES_128_CCM_8', name: 'TLS-PSK-WITH-AES-128-CCM-8' },
  { suite: 'TLS_PSK_WITH_AES_128_GCM_SHA256', name: 'TLS-PSK-WITH-AES-128-GCM-SHA256' },
  { suite: 'TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256', name: 'TLS-ECDHE-PSK-WITH-AES-128-CBC-SHA256' },
];
const x509: readonly Suite[] = [
  { suite: 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', name: 'TLS-ECDHE-ECDSA-WITH-AES-128-CCM-8' },
  { suite: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', name: 'TLS-ECDHE-ECDSA-WITH-AES-256-GCM-SHA384' },
];

function mbedtls(t: TestContext, role: 'client' | 'server', port: number, { name, suite }: Suite, mtu = 0): Peer {
  const certificates = suite.includes('ECDSA') ? [folder] : [];
  return start(t, program, [role, `${port}`, name, `${mtu}`, '-1', ...certificates]);
}

/** @param cid bytes of its own Connection ID; 0: it uses ours alone, -1: it knows no such thing */
function mbedtls3(t: TestContext, role: 'client' | 'server', port: number, { name, suite }: Suite, cid: number): Peer {
  const certificates = suite.includes('ECDSA') ? [folder] : [];
  return start(t, newer, [role, `${port}`, name, '0', `${cid}`, ...certificates]);
}

const named = (cid: number | false) =>
  cid === false || cid < 0 ? 'without Connection IDs' : `Connection ID of ${cid} bytes`;

const credentialsFor = ({ suite }: Suite): ClientCredentials =>
  suite.includes('ECDSA')
    ? { own: [own('client')], trust: { authorities }, serverName: 'server.example' }
    : { psk: { identity: encodeUtf8('me'), key } };

async function ask(client: Peer, question: string): Promise<void> {
  client.process.stdin.write(`${question}\n`);
  await client.line(new RegExp(`^ANSWER echo ${question}`));
}

for (const one of [...psk, ...x509]) {
  test(`mbedTLS's client with ${one.suite}, in datagrams of 300 bytes, resumes`, async (t) => {
    const options = one.suite.includes('ECDSA') ? withCertificates : {};
    const { port, opened } = await openServer(t, { ...options, mtu: 300 });
    const client = mbedtls(t, 'client', port, one, 300);
    await client.line(/^SESSION/);
    await ask(client, 'first');
    client.process.stdin.write('resume\n');
    await client.line(/^SESSION/);
    await ask(client, 'second');
    assert.deepEqual(
      opened.map(({ suite, isResumed }) => [suite.name, isResumed]),
      [
        [one.suite, false],
        [one.suite, true],
      ],
    );
  });
}

const weathers: readonly Weather[] = [
  { loss: 0.1, duplication: 0.2, reordering: 0.2 },
  { loss: 0.2, reordering: 0.3 },
  { loss: 0.5 },
];
for (const weather of weathers) {
  test(`mbedTLS's client with a certificate, in datagrams of 300 bytes, through ${JSON.stringify(weather)}`, async (t) => {
    const retransmission = { initialTimeout: milliseconds(300) };
    const { port, opened } = await openServer(t, { ...withCertificates, mtu: 300, retransmission });
    const relay = await UdpRelay.open(t, port, weather);
    const client = mbedtls(t, 'client', relay.port, x509[0]!, 300);
    await client.line(/^SESSION/, 120);
    assert.ok(opened.length >= 1);
  });
}

for (const one of [...psk, ...x509]) {
  test(`our client speaks to mbedTLS's server with ${one.suite}, in datagrams of 300 bytes`, async (t) => {
    const port = await freeUdpPort();
    const server = mbedtls(t, 'server', port, one, 300);
    await server.line(/^READY/);
    const client = await openClient(t, credentialsFor(one), [one.suite], { mtu: 300 });
    const answer = new Promise<string>((resolve) => {
      client.listen({ onDatagram: (datagram) => resolve(decodeUtf8(datagram)!) });
    });
    client.send(encodeUtf8('hello'), socketAddress('127.0.0.1', port));
    assert.equal(await answer, 'hello');
  });
}

for (const one of [...psk, ...x509]) {
  for (const cid of [8, 0, -1]) {
    test(`mbedTLS 3's client with ${one.suite}, ${named(cid)}`, async (t) => {
      const { port, opened } = await openServer(t, one.suite.includes('ECDSA') ? withCertificates : {});
      const relay = await UdpRelay.open(t, port);
      const client = mbedtls3(t, 'client', relay.port, one, cid);
      await client.line(/^SESSION/);
      await ask(client, 'first');
      client.process.stdin.write('cid\n');
      await client.line(cid < 0 ? /^CID unused/ : /^CID in use, the peer's has 6 bytes/);
      if (cid < 0) return;
      await relay.rebind();
      await ask(client, 'second');
      assert.equal(opened.length, 1, 'the session goes on from another address');
      client.process.stdin.write('resume\n');
      await client.line(/^SESSION/);
      await ask(client, 'third');
      assert.deepEqual(
        opened.map(({ isResumed }) => isResumed),
        [false, true],
      );
    });
  }

  for (const connectionIdLength of [4, 0, false] as const) {
    test(`our client speaks to mbedTLS 3's server with ${one.suite}, ${named(connectionIdLength)}`, async (t) => {
      const port = await freeUdpPort();
      const server = mbedtls3(t, 'server', port, one, 8);
      await server.line(/^READY/);
      const client = await openClient(t, credentialsFor(one), [one.suite], { connectionIdLength });
      let heard: (text: string) => void = () => {};
      client.listen({ onDatagram: (datagram) => heard(decodeUtf8(datagram)!) });
      for (const text of ['first', 'second']) {
        const answer = new Promise<string>((resolve) => {
          heard = resolve;
        });
        client.send(encodeUtf8(text), socketAddress('127.0.0.1', port));
        assert.equal(await answer, text);
      }
      const isUsed = connectionIdLength !== false;
      await server.line(isUsed ? new RegExp(`^CID in use, the peer's has ${connectionIdLength} bytes`) : /^CID unused/);
    });
  }
}
