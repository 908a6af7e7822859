import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { socketAddress } from '@yaolian/kernel';
import { byteStreamContract, StreamInbox, until } from '@yaolian/testkit';
import type { XmppTransport } from '@yaolian/xmpp';
import { nodeClock } from '../clock.ts';
import { SocketStream } from '../stream/socket-stream.ts';
import { type OwnCertificate, ownCertificate } from '../tls/own-certificate.ts';
import { listenXmpp, type XmppListener } from './listen-xmpp.ts';
import { TlsAcceptor } from './tls-acceptor.ts';

const hello = new TextEncoder().encode('hello');
let folder: string;
let own: OwnCertificate;
let listener: XmppListener;
let accepted: { transport: XmppTransport; inbox: StreamInbox }[];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yaolian-acceptor-'));
  own = await ownCertificate({ folder, clock: nodeClock });
  accepted = [];
  listener = await listenXmpp({ host: '127.0.0.1', port: 0, tls: { credentials: own }, direct: true });
  listener.accept((transport) => accepted.push({ transport, inbox: new StreamInbox(transport) }));
});

after(async () => {
  for (const { transport } of accepted) transport.abort();
  await listener.close();
  await rm(folder, { recursive: true });
});

const port = () => listener.localAddress.port;

/** A client of Node that is through, and the transport that the server has of it. */
async function meet(options: ConnectionOptions = {}) {
  const count = accepted.length;
  const client = connect({ host: '127.0.0.1', port: port(), ca: own.certificate, servername: 'localhost', ...options });
  let session: Buffer | undefined;
  client.on('session', (ticket) => {
    session = ticket;
  });
  await once(client, 'secureConnect');
  await until(() => accepted.length > count, 'the server has the connection');
  return { client, far: accepted[count]!, session: () => session };
}

async function echoed(
  client: TLSSocket,
  { inbox, transport }: (typeof accepted)[number],
  much: Uint8Array,
): Promise<void> {
  client.write(much);
  await until(() => inbox.bytes >= much.length, 'all of it arrived');
  assert.deepEqual(inbox.content, much);
  const back: Uint8Array[] = [];
  client.on('data', (bytes: Uint8Array) => back.push(bytes));
  transport.write(much);
  await until(() => back.reduce((sum, { length }) => sum + length, 0) >= much.length, 'all of it came back');
  assert.deepEqual(new Uint8Array(Buffer.concat(back)), much);
}

it('connections whose handshake is over keep the stream contract', async (t) => {
  await byteStreamContract(t, async () => ({
    listener: await listenXmpp({ host: '127.0.0.1', port: 0, tls: { credentials: own }, direct: true }),
    connector: {
      async connect(to, signal) {
        signal.throwIfAborted();
        const { host, port } = to.address;
        const socket = connect({
          host,
          port,
          ca: own.certificate,
          servername: 'localhost',
          signal,
        } as ConnectionOptions);
        await once(socket, 'secureConnect').catch((error: unknown) => {
          signal.throwIfAborted();
          throw error;
        });
        return new SocketStream(socket, to);
      },
    },
    nobody: socketAddress('127.0.0.1', 1),
  }));
});

describe('handshakes by OpenSSL, records by us', () => {
  for (const [name, suites] of Object.entries({
    'AES-128': 'TLS_AES_128_GCM_SHA256',
    'AES-256': 'TLS_AES_256_GCM_SHA384',
    ChaCha20: 'TLS_CHACHA20_POLY1305_SHA256',
  })) {
    it(`${name}: content both ways, larger than a record`, async () => {
      const { client, far } = await meet({ ciphers: suites, minVersion: 'TLSv1.3' });
      assert.equal(client.getCipher().name, suites);
      assert.equal(client.authorized, true);
      await echoed(
        client,
        far,
        new Uint8Array(50_000).map((_, i) => i),
      );
      client.destroy();
    });
  }

  it('channel bindings are those of the client', async () => {
    const { client, far } = await meet();
    const exporter = client.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
    assert.deepEqual(far.transport.channelBinding('tls-exporter'), new Uint8Array(exporter));
    assert.deepEqual(far.transport.channelBindingTypes, ['tls-exporter', 'tls-server-end-point']);
    client.destroy();
  });

  it('RFC 7301: xmpp-client is chosen; who offers other protocols alone is refused', async () => {
    const { client } = await meet({ ALPNProtocols: ['h2', 'xmpp-client'] });
    assert.equal(client.alpnProtocol, 'xmpp-client');
    client.destroy();
    await assert.rejects(meet({ ALPNProtocols: ['h2'] }), /no application protocol|alert number 120/i);
  });

  it('a session is resumed by its ticket', async () => {
    const { client, session } = await meet();
    client.on('data', () => {});
    await until(() => session() !== undefined, 'there is a ticket');
    client.destroy();
    const again = await meet({ session: session()! });
    assert.equal(again.client.isSessionReused(), true);
    await echoed(again.client, again.far, hello);
    again.client.destroy();
  });

  it('a client without a key share that we take is asked for another', async () => {
    const { client, far } = await meet({ ecdhCurve: 'P-521:P-256' });
    await echoed(client, far, hello);
    client.destroy();
  });

  it('TLS 1.2, and suites that we have no records for, are Node’s', async () => {
    for (const options of [{ maxVersion: 'TLSv1.2' }, { ciphers: 'TLS_AES_128_CCM_SHA256' }] as const) {
      const { client, far } = await meet(options);
      await echoed(client, far, hello);
      client.destroy();
    }
  });

  it('another certificate is for new connections, and those that are open stay', async () => {
    const { client, far } = await meet();
    const other = await mkdtemp(join(tmpdir(), 'yaolian-acceptor-'));
    const next = await ownCertificate({ folder: other, clock: nodeClock });
    listener.setCredentials(next);
    await assert.rejects(meet(), /self.signed|certificate/i);
    const newer = await meet({ ca: next.certificate });
    await echoed(newer.client, newer.far, hello);
    await echoed(client, far, hello);
    listener.setCredentials(own);
    client.destroy();
    newer.client.destroy();
    await rm(other, { recursive: true });
  });
});

it('of clients of TLS 1.2 that finish the handshake and reset the connection nothing is left', async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  for (const { transport } of accepted) transport.abort();
  await until(() => sockets() === 0, 'those of other tests are gone');
  for (let i = 0; i < 5; i++) {
    const { wire, held } = await heldClient({ maxVersion: 'TLSv1.2' });
    await until(() => held().length > 0, 'the key exchange and Finished are written');
    wire.write(held());
    wire.resetAndDestroy();
  }
  await until(() => sockets() === 0, 'all are ended');
});

/** A TLS client whose bytes, from the second write on, wait in our hands. Of TLS 1.3 its handshake is over on its side. */
async function heldClient(
  options: ConnectionOptions = {},
): Promise<{ client: TLSSocket; wire: Socket; held: () => Uint8Array }> {
  const wire = connectTcp({ host: '127.0.0.1', port: port(), noDelay: true });
  await once(wire, 'connect');
  const held: Uint8Array[] = [];
  let isFirst = true;
  const pipe = new Duplex({
    read() {},
    write(chunk: Uint8Array, _encoding, done) {
      if (isFirst) wire.write(chunk);
      else held.push(chunk);
      isFirst = false;
      done();
    },
  });
  wire.on('data', (bytes) => pipe.push(bytes));
  wire.on('error', () => {});
  const client = connect({ socket: pipe, ca: own.certificate, servername: 'localhost', ...options });
  client.on('error', () => {});
  if (options.maxVersion === undefined) await once(client, 'secureConnect');
  return { client, wire, held: () => new Uint8Array(Buffer.concat(held)) };
}

async function send(wire: Socket, bytes: Uint8Array): Promise<void> {
  await new Promise((resolve) => wire.write(bytes, resolve));
  await new Promise(setImmediate);
}

describe('certificates', () => {
  it('are taken as texts and as bytes, which stay as they are', async () => {
    const acceptor = await TlsAcceptor.open();
    // Parts of something larger, as Node makes Buffers.
    const [certificate, key] = [own.certificate, own.key].map((pem) => Buffer.from(`....${pem}`).subarray(4));
    const shown = acceptor?.certificateOf({ credentials: { certificate: certificate!, key: key! } }, 'xmpp-client');
    assert.equal(shown === undefined, acceptor === undefined);
    assert.equal(certificate!.toString(), own.certificate);
    assert.equal(key!.toString(), own.key);
    shown?.context.free();
  });

  it('of others, or that do not go with the key, are left to Node to judge', async () => {
    const acceptor = await TlsAcceptor.open();
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const tried = [
      { certificate: own.certificate, key },
      { certificate: 'no PEM', key },
    ];
    for (const credentials of tried) assert.equal(acceptor?.certificateOf({ credentials }, 'xmpp-client'), undefined);
  });

  it('a connection that was open when the listener closed still starts TLS', async () => {
    const closing = await listenXmpp({ host: '127.0.0.1', port: 0, tls: { credentials: own } });
    const arrived = new Promise<XmppTransport>((resolve) => closing.accept(resolve));
    const wire = connectTcp({ host: '127.0.0.1', port: closing.localAddress.port });
    const transport = await arrived;
    await closing.close();
    const started = transport.startTls();
    const client = connect({ socket: wire, ca: own.certificate, servername: 'localhost' });
    await once(client, 'secureConnect');
    await started;
    const inbox = new StreamInbox(transport);
    await echoed(client, { transport, inbox }, hello);
    client.destroy();
  });
});

describe('the boundary between handshake and records', () => {
  it('content in the segment of the Finished is heard, whole or byte by byte', async () => {
    for (const size of [10_000, 1, 7, 50]) {
      const count = accepted.length;
      const { client, wire, held } = await heldClient();
      client.write(hello);
      client.write(hello);
      await until(() => held().length >= 118, 'Finished and content are written');
      const whole = held();
      for (let at = 0; at < whole.length; at += size) await send(wire, whole.subarray(at, at + size));
      await until(() => accepted[count]?.inbox.bytes === 10, `all is heard in pieces of ${size}`);
      assert.deepEqual(accepted[count]!.inbox.content, Uint8Array.of(...hello, ...hello));
      client.destroy();
      wire.destroy();
    }
  });

  it('a Finished that was changed is answered by an alert, and nobody hears of the connection', async () => {
    const count = accepted.length;
    const { wire, held } = await heldClient();
    await until(() => held().length > 0, 'the Finished is written');
    const changed = held();
    changed[changed.length - 1]! ^= 1;
    const closed = new Promise((resolve) => wire.once('close', resolve));
    await send(wire, changed);
    await closed;
    assert.equal(accepted.length, count);
  });

  it('who leaves in the middle, sends without end, or too much at once ends alone', async () => {
    const count = accepted.length;
    const leaving = await heldClient();
    leaving.wire.destroy();
    for (const bytes of [
      // ChangeCipherSpecs are allowed in a handshake, some of them.
      new Uint8Array(120_000).map((_, i) => [20, 3, 3, 0, 1, 1][i % 6]!),
      Uint8Array.of(23, 3, 3, 0xff, 0xff),
      Uint8Array.of(22, 3, 3, 0, 4, 1, 2, 3, 4),
    ]) {
      const { wire } = await heldClient();
      const closed = new Promise((resolve) => wire.once('close', resolve));
      wire.resume();
      await send(wire, bytes);
      await closed;
    }
    assert.equal(accepted.length, count);
    const { client, far } = await meet();
    await echoed(client, far, hello);
    client.destroy();
  });

  it('so many may shake hands at a time, of all and of one address', async () => {
    for (const bound of [{ maximumHandshakes: 2 }, { maximumHandshakesPerHost: 2 }]) {
      const where = { host: '127.0.0.1', port: 0, direct: true, tls: { credentials: own } };
      const bounded = await listenXmpp({ ...where, ...bound });
      const through: XmppTransport[] = [];
      bounded.accept((transport) => through.push(transport));
      const reach = { host: '127.0.0.1', port: bounded.localAddress.port };
      const idle = [connectTcp(reach), connectTcp(reach)];
      await Promise.all(idle.map((wire) => once(wire, 'connect')));
      const third = connectTcp(reach).on('error', () => {});
      await new Promise((resolve) => third.once('close', resolve));
      assert.deepEqual(
        idle.map(({ closed }) => closed),
        [false, false],
      );
      // Who is through, and who has left, makes room.
      const [first] = idle;
      const client = connect({ socket: first!, ca: own.certificate, servername: 'localhost' });
      await once(client, 'secureConnect');
      await until(() => through.length === 1, 'it is through');
      const next = connect({ ...reach, ca: own.certificate, servername: 'localhost' });
      await once(next, 'secureConnect');
      for (const socket of [client, next, ...idle]) socket.destroy();
      await bounded.close();
    }
  });

  it('who takes too long to shake hands is let go', async () => {
    const quick = await listenXmpp({
      ...{ host: '127.0.0.1', port: 0, direct: true },
      tls: { credentials: own, handshakeTimeout: 50 },
    });
    for (const bytes of [new Uint8Array(0), Uint8Array.of(22, 3, 1)]) {
      const wire = connectTcp({ host: '127.0.0.1', port: quick.localAddress.port });
      wire.write(bytes);
      await new Promise((resolve) => wire.resume().once('close', resolve));
    }
    await quick.close();
  });
});
