import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ByteStream, type PeerIdentity, type StreamConnector, socketAddress } from '@yaolian/kernel';
import { byteStreamContract, StreamInbox } from '@yaolian/testkit';
import { nodeClock } from '../clock.ts';
import { type OwnCertificate, ownCertificate } from '../tls/own-certificate.ts';
import { certificatesOfPem } from '../tls/pem.ts';
import { listenTls, tlsConnector } from './tls.ts';
import type { TlsServerOptions } from './tls-options.ts';
import { listenWebSocket, webSocketConnector } from './websocket.ts';

const here = { host: '127.0.0.1', port: 0 };
const nobody = socketAddress('127.0.0.1', 1);
const key = new Uint8Array(16).fill(7);
const psk = (identity: string) => (identity === 'terminal-1' ? key : undefined);
const never = new AbortController().signal;
let folder: string;
let own: OwnCertificate;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yaolian-tls-'));
  own = await ownCertificate({ folder, clock: nodeClock });
});

after(() => rm(folder, { recursive: true }));

/** What the server learns of a client, or why the client does not get in. */
async function meet(server: TlsServerOptions, connector: StreamConnector): Promise<PeerIdentity | undefined> {
  const listener = await listenTls({ ...here, ...server });
  try {
    const accepted = new Promise<ByteStream>((resolve) => listener.accept(resolve));
    const near = new StreamInbox(await connector.connect(listener.localAddress, never));
    near.stream.write(Uint8Array.of(1));
    const won = await Promise.race([accepted, near.when(({ closed }) => closed !== undefined)]);
    if (won === undefined) throw near.closed!.error ?? new Error('closed');
    const far = new StreamInbox(won);
    await far.when(({ bytes }) => bytes === 1);
    near.stream.abort();
    await far.when(({ closed }) => closed !== undefined);
    return won.peer.identity;
  } finally {
    await listener.close();
  }
}

it('TLS keeps the stream contract', async (t) => {
  await byteStreamContract(t, async () => ({
    listener: await listenTls({ ...here, credentials: own }),
    connector: tlsConnector({ authorities: own.certificate }),
    nobody,
  }));
});

it('who takes too long to shake hands is let go', async () => {
  const listener = await listenTls({ ...here, credentials: own, handshakeTimeout: 50 });
  const socket = connectTcp({ host: '127.0.0.1', port: listener.localAddress.port });
  socket.write(Uint8Array.of(22, 3, 1));
  await new Promise((resolve) => socket.resume().once('close', resolve));
  await listener.close();
});

it('WebSockets keep the stream contract', async (t) => {
  const open = async () => ({ listener: await listenWebSocket(here), connector: webSocketConnector(), nobody });
  await byteStreamContract(t, open, { keepsBoundaries: true });
});

it('WebSockets over TLS keep the stream contract', async (t) => {
  const open = async () => ({
    listener: await listenWebSocket({ ...here, tls: { credentials: own } }),
    connector: webSocketConnector({ tls: { authorities: own.certificate } }),
    nobody,
  });
  await byteStreamContract(t, open, { keepsBoundaries: true });
});

for (const maximumVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  describe(maximumVersion, () => {
    const server = () => ({ credentials: own, psk, maximumVersion });

    it('a certificate that is not trusted ends the connection; explicit trust or carelessness takes it', async () => {
      await assert.rejects(meet(server(), tlsConnector()), /self-signed|certificate/);
      assert.equal(await meet(server(), tlsConnector({ authorities: own.certificate })), undefined);
      assert.equal(await meet(server(), tlsConnector({ insecure: true })), undefined);
      const elsewhere = tlsConnector({ authorities: own.certificate, serverName: 'elsewhere.example' });
      await assert.rejects(meet(server(), elsewhere), /does not match|altnames/);
    });

    it('a pre-shared key proves both sides; the server knows whose it was', async () => {
      const identity = { kind: 'psk', identity: 'terminal-1' };
      const connector = tlsConnector({ psk: { identity: 'terminal-1', key } });
      assert.deepEqual(await meet(server(), connector), identity);
      assert.deepEqual(await meet({ psk, maximumVersion }, connector), identity);
    });

    it('an unknown identity and a wrong key do not get in', async () => {
      await assert.rejects(meet(server(), tlsConnector({ psk: { identity: 'nobody', key } })));
      const wrong = new Uint8Array(16).fill(8);
      await assert.rejects(meet(server(), tlsConnector({ psk: { identity: 'terminal-1', key: wrong } })));
    });

    it('a client certificate is asked for, checked, and tells who it is', async () => {
      const mutual = { ...server(), clientAuthorities: own.certificate };
      const trusting = { authorities: own.certificate };
      assert.equal(await meet(mutual, tlsConnector(trusting)), undefined);
      const identity = await meet(mutual, tlsConnector({ ...trusting, credentials: own }));
      assert.equal(identity?.kind, 'certificate');
      assert.ok(identity?.kind === 'certificate' && identity.names.includes('Yaolian'));
      assert.ok(identity.names.includes('localhost'));
      const strict = { ...mutual, requireClientCertificate: true };
      await assert.rejects(meet(strict, tlsConnector(trusting)));
    });

    it('a client certificate that is stored tells who it is, whoever issued it', async () => {
      const [raw] = certificatesOfPem(own.certificate, 'the test');
      const connector = tlsConnector({ authorities: own.certificate, credentials: own });
      for (const isStored of [true, false]) {
        const asked: Uint8Array[] = [];
        const storedCertificate = async (der: Uint8Array) => asked.push(der) > 0 && isStored;
        const identity = await meet({ ...server(), storedCertificate }, connector);
        assert.deepEqual(asked, [raw]);
        assert.equal(identity?.kind, isStored ? 'certificate' : undefined);
      }
      const isStored = () => assert.fail('nothing was shown');
      const silent = tlsConnector({ authorities: own.certificate });
      assert.equal(await meet({ ...server(), storedCertificate: isStored }, silent), undefined);
      const failing = () => Promise.reject(new Error('the store is away'));
      await assert.rejects(meet({ ...server(), storedCertificate: failing }, connector));
    });

    it('the alert of a server is told to who wants to know', async () => {
      const alerts: number[] = [];
      const onAlert = (description: number) => alerts.push(description);
      const connector = tlsConnector({ insecure: true, signatureAlgorithms: [0x0807, 0x1234], onAlert });
      await assert.rejects(meet(server(), connector), /alert number 40/);
      assert.deepEqual(alerts, [40]);
    });
  });
}

it('credentials that make no sense are refused before anything listens', async () => {
  const bad = { code: 'TLS_CREDENTIALS_BAD' };
  await assert.rejects(listenTls({ ...here, credentials: { certificate: 'nonsense', key: own.key } }), bad);
  assert.throws(() => tlsConnector({ authorities: 'nonsense' }), bad);
  assert.throws(() => tlsConnector({ signatureAlgorithms: [0x1234] }), bad);
  await assert.rejects(listenTls(here), TypeError);
});
