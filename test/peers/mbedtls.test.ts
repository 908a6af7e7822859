/** mbedTLS against our DTLS server, and our client against its. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CipherSuiteName, ClientCredentials } from '@yaolian/dtls';
import { decodeUtf8, encodeUtf8, milliseconds, socketAddress } from '@yaolian/kernel';
import { authorities, folder, key, openClient, openServer, own, withCertificates } from './support/dtls.ts';
import { freeUdpPort, type Peer, start } from './support/processes.ts';
import { UdpRelay, type Weather } from './support/udp-relay.ts';

const program = join(import.meta.dirname, 'mbedtls/target/mbedtls-peer');

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
  return start(t, program, [role, `${port}`, name, `${mtu}`, ...certificates]);
}

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
    const credentials: ClientCredentials = one.suite.includes('ECDSA')
      ? { own: [own('client')], trust: { authorities }, serverName: 'server.example' }
      : { psk: { identity: encodeUtf8('me'), key } };
    const client = await openClient(t, credentials, [one.suite], { mtu: 300 });
    const answer = new Promise<string>((resolve) => {
      client.listen({ onDatagram: (datagram) => resolve(decodeUtf8(datagram)!) });
    });
    client.send(encodeUtf8('hello'), socketAddress('127.0.0.1', port));
    assert.equal(await answer, 'hello');
  });
}
