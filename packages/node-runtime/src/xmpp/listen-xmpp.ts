import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type SocketAddress, StreamPeer } from '@yaolian/kernel';
import type { TransportListener, XmppTransport } from '@yaolian/xmpp';
import { addressOf } from '../stream/socket-stream.ts';
import { bind, type ListenOptions, nextConnection } from '../stream/stream-server.ts';
import type { TlsCredentials, TlsServerOptions } from '../stream/tls-options.ts';
import { SecureServers } from './secure-servers.ts';
import { NodeSecureSocket, type SecureSocket } from './secure-socket.ts';
import { SocketTransport, type TlsStart } from './socket-transport.ts';
import { TlsAcceptor } from './tls-acceptor.ts';

export interface XmppListenOptions extends ListenOptions {
  readonly tls?: TlsServerOptions;
  /**
   * Certificates of single domains, in place of that of `tls`: shown to clients that name the domain by SNI or, before STARTTLS, in the
   * header of their stream.
   */
  readonly domains?: ReadonlyMap<string, TlsCredentials>;
  /** TLS from the first byte (XEP-0368); otherwise by STARTTLS. Default false. */
  readonly direct?: boolean;
  /** With `direct`: connections whose TLS handshake goes on; one more is ended at once. Default 10,000. */
  readonly maximumHandshakes?: number;
  /** The same, from one address. Default 1000. */
  readonly maximumHandshakesPerHost?: number;
}

/** A listener whose certificates can be changed. */
export interface XmppListener extends TransportListener {
  /**
   * Takes another certificate for new connections; those that are open stay.
   * @param domain of whom; absent: of all that have none of their own
   * @throws YaolianError TLS_CREDENTIALS_BAD
   */
  setCredentials(credentials: TlsCredentials, domain?: string): void;
}

/** Listens for XMPP on TCP. @throws YaolianError TCP_…, TLS_CREDENTIALS_BAD */
export async function listenXmpp(options: XmppListenOptions): Promise<XmppListener> {
  const { tls, domains, direct = false, ...where } = options;
  if (direct && tls === undefined) throw new TypeError('TLS needs its options');
  const secure = tls && new SecureServers(tls, domains, await TlsAcceptor.open());
  const server = createTcpServer({ pauseOnConnect: true, allowHalfOpen: true });
  const listener = new SocketListener(server, secure, await bind(server, where));
  const { maximumHandshakes = 10_000, maximumHandshakesPerHost = 1000 } = options;
  const shaking = new HandshakeCount(maximumHandshakes, maximumHandshakesPerHost);
  server.on('connection', (socket: Socket) => {
    if (!direct) listener.plain(socket);
    else if (shaking.admits(socket)) void listener.secure(socket).finally(() => shaking.done(socket));
    else socket.resetAndDestroy();
  });
  return listener;
}

/** Connections that are nobody's yet, as the server counts those that it was given. */
class HandshakeCount {
  readonly #maximum: number;
  readonly #maximumPerHost: number;
  readonly #hosts = new Map<string, number>();
  readonly #hostOf = new Map<Socket, string>();

  constructor(maximum: number, maximumPerHost: number) {
    this.#maximum = maximum;
    this.#maximumPerHost = maximumPerHost;
  }

  /** Counts it, if there is room. */
  admits(socket: Socket): boolean {
    const host = socket.remoteAddress ?? '';
    const ofHost = this.#hosts.get(host) ?? 0;
    if (this.#hostOf.size >= this.#maximum || ofHost >= this.#maximumPerHost) return false;
    this.#hosts.set(host, ofHost + 1);
    this.#hostOf.set(socket, host);
    return true;
  }

  done(socket: Socket): void {
    const host = this.#hostOf.get(socket)!;
    this.#hostOf.delete(socket);
    const left = this.#hosts.get(host)! - 1;
    if (left === 0) this.#hosts.delete(host);
    else this.#hosts.set(host, left);
  }
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
      const waiting = this.#handshakes.get(keyOf(socket));
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
    this.#onTransport(new SocketTransport(socket, new StreamPeer(from, nextConnection()), startTls));
  }

  /** Where our own handshake is not for this client the TLS server takes the socket as if it had come in there. */
  async #startTls(raw: Socket, domain: string | undefined): Promise<SecureSocket> {
    const secure = this.#secure!;
    const own = await secure.shakeHands(raw, domain);
    if (own !== undefined) return own;
    const key = keyOf(raw);
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

function keyOf(socket: Socket): string {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
