import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type SocketAddress, StreamPeer } from '@yaolian/kernel';
import type { TransportListener, XmppTransport } from '@yaolian/xmpp';
import { type HandshakeBounds, HandshakeCount, socketKey } from '../stream/handshake-count.ts';
import { addressOf } from '../stream/socket-stream.ts';
import { bind, type ListenOptions, nextConnection } from '../stream/stream-server.ts';
import type { TlsCredentials, TlsServerOptions } from '../stream/tls-options.ts';
import { SecureServers } from './secure-servers.ts';
import { NodeSecureSocket, type SecureSocket } from './secure-socket.ts';
import { SocketTransport, type TlsStart } from './socket-transport.ts';
import { TlsAcceptor } from './tls-acceptor.ts';

/** The bounds of handshakes are those of `direct`. */
export interface XmppListenOptions extends ListenOptions, HandshakeBounds {
  readonly tls?: TlsServerOptions;
  /**
   * Certificates of single domains, in place of that of `tls`: shown to clients that name the domain by SNI or, before STARTTLS, in the
   * header of their stream.
   */
  readonly domains?: ReadonlyMap<string, TlsCredentials>;
  /** TLS from the first byte (XEP-0368); otherwise by STARTTLS. Default false. */
  readonly direct?: boolean;
}

/** A listener whose certificates can be changed. */
export interface XmppListener extends TransportListener {
  /**
   * Takes another certificate for new connections; those that are open stay.
   * @param domain of whom; absent: of all that have none of their own
   * @throws YaolianError TLS_CREDENTIALS_BAD
   */
  setCredentials(credentials: TlsCredentials, domain?: string): void;
  /**
   * Believes other authorities of clients (PEM; undefined: clients are not asked) in new handshakes; connections that came in by those
   * that are gone end.
   * @throws YaolianError TLS_CREDENTIALS_BAD
   */
  setClientAuthorities(authorities: string | Uint8Array | undefined): void;
}

/** Listens for XMPP on TCP. @throws YaolianError TCP_…, TLS_CREDENTIALS_BAD */
export async function listenXmpp(options: XmppListenOptions): Promise<XmppListener> {
  const { tls, domains, direct = false, ...where } = options;
  if (direct && tls === undefined) throw new TypeError('TLS needs its options');
  const secure = tls && new SecureServers(tls, domains, await TlsAcceptor.open());
  const server = createTcpServer({ pauseOnConnect: true, allowHalfOpen: true });
  const listener = new SocketListener(server, secure, await bind(server, where));
  const shaking = new HandshakeCount(options);
  server.on('connection', (socket: Socket) => {
    if (!direct) {
      listener.plain(socket);
      return;
    }
    const release = shaking.admit(socket);
    if (release === undefined) socket.resetAndDestroy();
    else void listener.secure(socket).finally(release);
  });
  return listener;
}

class SocketListener implements XmppListener {
  readonly localAddress: SocketAddress;
  readonly #server: Server;
  readonly #secure: SecureServers | undefined;
  /** Who waits for the handshake of a connection, by its addresses. */
  readonly #handshakes = new Map<string, { resolve(socket: TLSSocket): void; reject(error: Error): void }>();
  #onTransport: ((transport: XmppTransport) => void) | undefined;
  #closed: Promise<void> | undefined;

  constructor(server: Server, secure: SecureServers | undefined, localAddress: SocketAddress) {
    this.localAddress = localAddress;
    this.#server = server;
    this.#secure = secure;
    server.on('error', () => {});
    secure?.onSecure((socket) => {
      const waiting = this.#handshakes.get(socketKey(socket));
      if (waiting !== undefined) waiting.resolve(socket);
      // Reset at once: it has no address any more, and nobody would ever end it.
      else socket.destroy();
    });
  }

  accept(onTransport: (transport: XmppTransport) => void): void {
    this.#onTransport = onTransport;
  }

  /** A socket that may start TLS later. */
  plain(socket: Socket): void {
    const startTls = this.#secure && ((raw: Socket, domain?: string) => this.#startTls(raw, domain));
    this.#offer(socket, addressOf(socket.remoteAddress, socket.remotePort), socket, startTls);
  }

  /** A socket on which TLS comes first. Of one that does not shake hands nobody hears. */
  async secure(raw: Socket): Promise<void> {
    const from = addressOf(raw.remoteAddress, raw.remotePort);
    raw.on('error', () => {});
    try {
      this.#offer(raw, from, await this.#startTls(raw, undefined));
    } catch {
      raw.destroy();
    }
  }

  #offer(raw: Socket, from: SocketAddress | undefined, socket: Socket | SecureSocket, startTls?: TlsStart): void {
    if (from === undefined || this.#onTransport === undefined) {
      raw.destroy();
      return;
    }
    this.#onTransport(new SocketTransport(socket, new StreamPeer(from, nextConnection(), 'tcp'), startTls));
  }

  /** Where our own handshake is not for this client the TLS server takes the socket as if it had come in there. */
  async #startTls(raw: Socket, domain: string | undefined): Promise<SecureSocket> {
    const secure = this.#secure!;
    const own = await secure.shakeHands(raw, domain);
    if (own !== undefined) return own;
    const key = socketKey(raw);
    const socket = await new Promise<TLSSocket>((resolve, reject) => {
      this.#handshakes.set(key, { resolve, reject });
      raw.once('close', () => reject(new Error('the TLS handshake failed')));
      secure.of(domain).emit('connection', raw);
    }).finally(() => this.#handshakes.delete(key));
    return new NodeSecureSocket(socket, true);
  }

  setCredentials(credentials: TlsCredentials, domain?: string): void {
    this.#secure?.setCredentials(credentials, domain);
  }

  setClientAuthorities(authorities: string | Uint8Array | undefined): void {
    this.#secure?.setClientAuthorities(authorities);
  }

  close(): Promise<void> {
    this.#onTransport = undefined;
    this.#closed ??= new Promise((resolve) => {
      this.#server.close();
      this.#secure?.close();
      setImmediate(resolve);
    });
    return this.#closed;
  }
}
