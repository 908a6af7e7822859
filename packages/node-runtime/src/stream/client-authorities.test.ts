import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { connect, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import type { ByteStream, PeerIdentity, SocketAddress } from '@yaolian/kernel';
import type { XmppTransport } from '@yaolian/xmpp';
import { listenXmpp } from '../xmpp/listen-xmpp.ts';
import { listenTls } from './tls.ts';
import type { TlsServerOptions } from './tls-options.ts';

const file = (name: string) => readFile(new URL(`../../../dtls/test/certificates/${name}`, import.meta.url), 'utf8');
const [ca, other, below, middle] = await Promise.all(['ca', 'server', 'below', 'middle'].map((n) => file(`${n}.pem`)));
const own = { certificate: other!, key: await file('server.key') };
const here = { host: '127.0.0.1', port: 0 };
/** Of the authority, with one between them. */
const shown = { cert: `${below}${middle}`, key: await file('below.key') };

interface Door {
  readonly address: SocketAddress;
  readonly change: (authorities: string | undefined) => void;
  /** Who came in next. */
  readonly next: () => Promise<PeerIdentity | undefined>;
  readonly close: () => Promise<void>;
}

async function openTls(options: Partial<TlsServerOptions>): Promise<Door> {
  const listener = await listenTls({ ...here, credentials: own, storedCertificate: () => false, ...options });
  const next = () => new Promise<ByteStream>((resolve) => listener.accept(resolve)).then(({ peer }) => peer.identity);
  const change = (authorities: string | undefined) => listener.setClientAuthorities(authorities);
  return { address: listener.localAddress, change, next, close: () => listener.close() };
}

async function openXmpp(options: Partial<TlsServerOptions>): Promise<Door> {
  const listener = await listenXmpp({ ...here, tls: { credentials: own, ...options }, direct: true });
  const next = () => new Promise<XmppTransport>((resolve) => listener.accept(resolve)).then(({ identity }) => identity);
  const change = (authorities: string | undefined) => listener.setClientAuthorities(authorities);
  return { address: listener.localAddress, change, next, close: () => listener.close() };
}

/** A client with the certificate, and who the server took it for. */
async function come(door: Door, version: 'TLSv1.2' | 'TLSv1.3', session?: Buffer) {
  const { host, port } = door.address;
  const socket = connect({
    ...{ host, port, ...shown, rejectUnauthorized: false, minVersion: version, maxVersion: version },
    ...(session && { session }),
  });
  const resumable = new Promise<Buffer>((resolve) => socket.once('session', resolve));
  socket.on('error', () => {});
  const [identity] = await Promise.all([door.next(), new Promise((resolve) => socket.once('secureConnect', resolve))]);
  return { socket, identity, resumable };
}

const closed = (socket: TLSSocket) => new Promise((resolve) => socket.resume().once('close', resolve));

for (const [name, open] of [
  ['CoAP', openTls],
  ['XMPP', openXmpp],
] as const) {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    describe(`${name} over ${version}`, () => {
      it('believes an authority from the moment that it is added, and nobody of it once it is gone', async () => {
        const door = await open({});
        const stranger = await come(door, version);
        assert.equal(stranger.identity, undefined);
        door.change(ca);
        const known = await come(door, version);
        assert.equal(known.identity?.kind, 'certificate');
        const session = await known.resumable;
        assert.equal(stranger.socket.destroyed, false);
        const gone = closed(known.socket);
        door.change(undefined);
        await gone;
        assert.equal(stranger.socket.destroyed, false, 'who did not come by it stays');
        const again = await come(door, version, session);
        assert.equal(again.identity, undefined);
        assert.equal(again.socket.isSessionReused(), false);
        for (const { socket } of [stranger, again]) socket.destroy();
        await door.close();
      });
    });
  }
}

it('of the authorities that Node comes with none is believed of clients', async (t) => {
  const before = getCACertificates('default');
  t.after(() => setDefaultCACertificates(before));
  setDefaultCACertificates([ca!]);
  const door = await openTls({});
  const { socket, identity } = await come(door, 'TLSv1.3');
  assert.equal(identity, undefined);
  socket.destroy();
  await door.close();
});
