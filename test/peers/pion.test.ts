/** pion's DTLS with Connection IDs, through a NAT and bad weather, in both directions; and a capture that tshark deciphers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CipherSuiteName, ClientCredentials } from '@yaolian/dtls';
import { decodeUtf8, encodeUtf8, milliseconds, socketAddress } from '@yaolian/kernel';
import { authorities, folder, key, openClient, openServer, own, withCertificates } from './support/dtls.ts';
import { freeUdpPort, type Peer, run, start } from './support/processes.ts';
import { UdpRelay, type Weather } from './support/udp-relay.ts';

const program = join(import.meta.dirname, 'pion/target/pion-peer');
const ccm: CipherSuiteName = 'TLS_PSK_WITH_AES_128_CCM_8';
const x509: CipherSuiteName = 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8';

interface Pion {
  readonly suite: CipherSuiteName;
  /** Bytes of its own Connection ID; 0: it uses ours alone, -1: it knows no such thing. */
  readonly cid: number;
  readonly mtu?: number;
}

function pion(t: TestContext, role: 'client' | 'server', port: number, { suite, cid, mtu = 1200 }: Pion): Peer {
  const certificates = suite.includes('ECDSA') ? [folder] : [];
  return start(t, program, [role, `${port}`, suite, `${cid}`, `${mtu}`, ...certificates]);
}

const serverOptions = (suite: CipherSuiteName) => (suite.includes('ECDSA') ? withCertificates : {});
const clientCredentials = (suite: CipherSuiteName): ClientCredentials =>
  suite.includes('ECDSA')
    ? { own: [own('client')], trust: { authorities }, serverName: 'server.example' }
    : { psk: { identity: encodeUtf8('me'), key } };

async function ask(client: Peer, question: string): Promise<void> {
  client.process.stdin.write(`${question}\n`);
  await client.line(new RegExp(`^ANSWER echo ${question}`));
}

for (const suite of [
  ccm,
  'TLS_PSK_WITH_AES_128_GCM_SHA256',
  x509,
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
] as const) {
  for (const cid of [8, 0, -1]) {
    test(`pion's client: ${suite}, Connection ID of ${cid} bytes`, async (t) => {
      const { port, opened } = await openServer(t, serverOptions(suite));
      const relay = await UdpRelay.open(t, port);
      const client = pion(t, 'client', relay.port, { suite, cid });
      await client.line(/^SESSION/);
      await ask(client, 'one');
      if (cid < 0) return;
      await relay.rebind();
      await ask(client, 'two');
      assert.equal(opened.length, 1, 'the session goes on from another address');
    });
  }

  test(`our client speaks to pion's server: ${suite}, with Connection IDs, from another address`, async (t) => {
    const port = await freeUdpPort();
    const server = pion(t, 'server', port, { suite, cid: 8 });
    await server.line(/^READY/);
    const relay = await UdpRelay.open(t, port);
    const client = await openClient(t, clientCredentials(suite), [suite], { connectionIdLength: 4 });
    const peer = socketAddress('127.0.0.1', relay.port);
    let heard: (text: string) => void = () => {};
    client.listen({ onDatagram: (datagram) => heard(decodeUtf8(datagram)!) });
    const say = (text: string) =>
      new Promise<string>((resolve) => {
        heard = resolve;
        client.send(encodeUtf8(text), peer);
      });
    assert.match(await say('first'), / first$/);
    const session = client.session(peer);
    await relay.rebind();
    assert.match(await say('second'), / second$/);
    assert.equal(client.session(peer), session);
  });
}

const weathers: readonly Weather[] = [
  {},
  { loss: 0.1, duplication: 0.2, reordering: 0.3 },
  { loss: 0.2 },
  { loss: 0.5 },
];
const retransmission = { initialTimeout: milliseconds(200), maximumTimeout: milliseconds(400) };
for (const weather of weathers) {
  test(`with certificates, in datagrams of 300 bytes, through ${JSON.stringify(weather)}, both directions`, async (t) => {
    const { port } = await openServer(t, { ...withCertificates, mtu: 300, retransmission });
    const relay = await UdpRelay.open(t, port, weather);
    const theirs = pion(t, 'client', relay.port, { suite: x509, cid: 8, mtu: 300 });
    await theirs.line(/^SESSION/);
    const theirPort = await freeUdpPort();
    await pion(t, 'server', theirPort, { suite: x509, cid: 8, mtu: 300 }).line(/^READY/);
    const back = await UdpRelay.open(t, theirPort, weather);
    const client = await openClient(t, clientCredentials(x509), [x509], { mtu: 300, retransmission });
    assert.ok((await client.connect(socketAddress('127.0.0.1', back.port))).isOpen);
  });
}

test('tshark deciphers a capture with the key log', async (t) => {
  const temporary = mkdtempSync(join(tmpdir(), 'yaolian-dtls-'));
  t.after(() => rmSync(temporary, { recursive: true }));
  const lines: string[] = [];
  const { port } = await openServer(t, { keyLog: (line) => void lines.push(line) });
  const capture = await UdpRelay.open(t, port);
  const client = pion(t, 'client', capture.port, { suite: ccm, cid: -1 });
  await client.line(/^SESSION/);
  await ask(client, 'a secret question');
  const [pcap, keys] = [join(temporary, 'session.pcap'), join(temporary, 'keys')];
  writeFileSync(pcap, capture.pcap());
  writeFileSync(keys, `${lines.join('\n')}\n`);
  const parameters = ['-r', pcap, '-d', `udp.port==${capture.port},dtls`, '-o', `tls.keylog_file:${keys}`, '-x'];
  const { output, errors } = await run('tshark', parameters, 30);
  assert.match(output.replaceAll(/^.{54,57} {1,2}(.*)$/gm, '$1').replaceAll('\n', ''), /a secret question/, errors);
});
