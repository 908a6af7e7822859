import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import type { ByteStream, SocketAddress, StreamConnector, StreamListener } from '@yaolian/kernel';
import { StreamInbox, until } from '@yaolian/testkit';
import { nodeClock } from '../clock.ts';
import { type OwnCertificate, ownCertificate } from '../tls/own-certificate.ts';
import type { HandshakeBounds } from './handshake-count.ts';
import { listenTls, tlsConnector } from './tls.ts';
import { listenWebSocket, webSocketConnector } from './websocket.ts';

const here = { host: '127.0.0.1', port: 0 };
const never = new AbortController().signal;
let folder: string;
let own: OwnCertificate;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yaolian-handshakes-'));
  own = await ownCertificate({ folder, clock: nodeClock });
});

after(() => rm(folder, { recursive: true }));

interface Transport {
  readonly name: string;
  readonly listen: (bounds: HandshakeBounds) => Promise<StreamListener>;
  readonly connector: () => StreamConnector;
  /** Bytes of a handshake that does not go on. */
  readonly half: Uint8Array;
}

const clientHelloBegins = Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 0xfc);
const transports: readonly Transport[] = [
  {
    name: 'TLS',
    listen: (bounds) => listenTls({ ...here, credentials: own, ...bounds }),
    connector: () => tlsConnector({ authorities: own.certificate }),
    half: clientHelloBegins,
  },
  {
    name: 'WebSockets over TLS',
    listen: (bounds) => listenWebSocket({ ...here, tls: { credentials: own }, ...bounds }),
    connector: () => webSocketConnector({ tls: { authorities: own.certificate } }),
    half: clientHelloBegins,
  },
  {
    name: 'WebSockets',
    listen: (bounds) => listenWebSocket({ ...here, ...bounds }),
    connector: () => webSocketConnector(),
    half: Buffer.from('GET /.well-known/coap HTTP/1.1\r\nHost: here\r\n'),
  },
];

async function idler({ port }: SocketAddress, bytes: Uint8Array): Promise<Socket> {
  const socket = connectTcp({ host: here.host, port }).on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

async function closed(socket: Socket): Promise<void> {
  await new Promise((resolve) => socket.resume().once('close', resolve));
}

for (const { name, listen, connector, half } of transports) {
  describe(`handshakes of ${name}`, () => {
    it('so many go on at a time, of all and of one address; who is through, and who left, makes room', async () => {
      for (const bounds of [{ maximumHandshakes: 2 }, { maximumHandshakesPerHost: 2 }]) {
        const listener = await listen(bounds);
        const through: ByteStream[] = [];
        listener.accept((stream) => through.push(stream));
        const held = [await idler(listener.localAddress, half), await idler(listener.localAddress, half)];
        await assert.rejects(connector().connect(listener.localAddress, never));
        assert.deepEqual(
          held.map((socket) => socket.closed),
          [false, false],
        );
        held[0]!.destroy();
        await closed(held[0]!);
        const open: ByteStream[] = [];
        // Many more than may shake hands: each is through before the next one comes.
        while (open.length < 5) {
          const stream = await connector()
            .connect(listener.localAddress, never)
            .catch(() => undefined);
          if (stream === undefined) continue; // the one that left has not been seen to leave
          open.push(stream);
          await until(() => through.length === open.length, 'it is through');
        }
        for (const stream of open) stream.abort();
        held[1]!.destroy();
        await listener.close();
      }
    });

    it('those that fail are not counted on', async () => {
      const listener = await listen({ maximumHandshakes: 1 });
      listener.accept(() => {});
      for (let i = 0; i < 3; i++) {
        const nonsense = await idler(listener.localAddress, Buffer.from('no such thing\r\n\r\n'));
        await closed(nonsense);
      }
      for (;;) {
        const stream = await connector()
          .connect(listener.localAddress, never)
          .catch(() => undefined);
        if (stream === undefined) continue;
        stream.abort();
        break;
      }
      await listener.close();
    });
  });
}

it('who takes too long to ask for a WebSocket is let go, whatever it said', async () => {
  const plain = await listenWebSocket({ ...here, upgradeTimeout: 50 });
  for (const bytes of [new Uint8Array(0), Buffer.from('GET /.well-known/coap HTTP/1.1\r\nHost: here\r\n')])
    await closed(await idler(plain.localAddress, bytes));
  await plain.close();
  const tls = { credentials: own, handshakeTimeout: 50 };
  const secure = await listenWebSocket({ ...here, tls, upgradeTimeout: 50 });
  const { port } = secure.localAddress;
  await closed(await idler(secure.localAddress, clientHelloBegins));
  const shaken = connectTls({ ...here, port, ca: own.certificate, servername: 'localhost' });
  await once(shaken, 'secureConnect');
  await closed(shaken);
  await secure.close();
});

it('a WebSocket that is open is not let go for having asked long ago', async () => {
  const listener = await listenWebSocket({ ...here, upgradeTimeout: 50, maximumHandshakes: 1 });
  const accepted: StreamInbox[] = [];
  listener.accept((stream) => accepted.push(new StreamInbox(stream)));
  const old = await webSocketConnector().connect(listener.localAddress, never);
  // The next one is let go after as long as the first one has been there.
  await closed(await idler(listener.localAddress, new Uint8Array(0)));
  old.write(Uint8Array.of(1));
  await accepted[0]!.when(({ bytes }) => bytes === 1);
  old.abort();
  await listener.close();
});
