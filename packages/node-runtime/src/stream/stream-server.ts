import type { Server } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { type ByteStream, type SocketAddress, type StreamListener, socketAddress } from '@yaolian/kernel';
import { tcpOpenError } from '../errors.ts';
import type { BelievedAuthorities } from '../tls/believed-authorities.ts';
import { addressOf } from './socket-stream.ts';
import { serverTlsOptions, type TlsCredentials, type TlsServerOptions } from './tls-options.ts';

export interface ListenOptions {
  /** An address of this machine; `::` takes IPv4 too, where the system has IPv6. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Connections that the system may keep until we take them. */
const backlog = 1024;

/** Binds a server. @throws YaolianError TCP_… */
export async function bind(server: Server, { host, port }: ListenOptions): Promise<SocketAddress> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: Error) => reject(tcpOpenError(socketAddress(host, port).key, error));
    server.once('error', onError);
    server.listen({ host, port, backlog }, () => {
      server.off('error', onError);
      resolve();
    });
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('a TCP server has an address');
  return addressOf(bound.address, bound.port)!;
}

/** A listener of streams with TLS. */
export interface TlsListener extends StreamListener {
  /**
   * Takes another certificate for new connections; those that are open stay.
   * @throws YaolianError TLS_CREDENTIALS_BAD
   */
  setCredentials(credentials: TlsCredentials): void;
  /**
   * Believes other authorities of clients (PEM; undefined: none) in new handshakes; connections that came in by those that are gone end.
   * @throws YaolianError TLS_CREDENTIALS_BAD
   */
  setClientAuthorities(authorities: string | Uint8Array | undefined): void;
}

/** How a server with TLS was opened. */
export interface SecureServer {
  readonly server: TlsServer;
  readonly options: TlsServerOptions;
  readonly believed: BelievedAuthorities;
}

/** A server that hands out streams. */
export class ServerListener implements TlsListener {
  readonly localAddress: SocketAddress;
  readonly #server: Server;
  #onStream: ((stream: ByteStream) => void) | undefined;
  #secure: SecureServer | undefined;
  #closed: Promise<void> | undefined;

  /** @param secure absent: there is no TLS */
  constructor(server: Server, localAddress: SocketAddress, secure?: SecureServer) {
    this.#server = server;
    this.#secure = secure;
    this.localAddress = localAddress;
    // A connection that failed before we had it: nobody is told.
    server.on('error', () => {});
  }

  accept(onStream: (stream: ByteStream) => void): void {
    this.#onStream = onStream;
  }

  setCredentials(credentials: TlsCredentials): void {
    this.#change({ credentials });
  }

  setClientAuthorities(authorities: string | Uint8Array | undefined): void {
    this.#change({ clientAuthorities: authorities });
    this.#secure!.believed.set(authorities);
  }

  /** Another context has other keys of tickets: nothing that was judged before is resumed. */
  #change(
    change: Pick<TlsServerOptions, 'credentials'> | { readonly clientAuthorities: string | Uint8Array | undefined },
  ) {
    if (this.#secure === undefined) throw new TypeError('a listener without TLS shows no certificate');
    const { clientAuthorities, ...others } = { ...this.#secure.options, ...change };
    const options = { ...others, ...(clientAuthorities !== undefined && { clientAuthorities }) };
    this.#secure.server.setSecureContext(serverTlsOptions(options));
    this.#secure = { ...this.#secure, options };
  }

  /** Gives a stream to who accepts them, or ends it. */
  offer(stream: ByteStream): void {
    if (this.#onStream === undefined) stream.abort();
    else this.#onStream(stream);
  }

  close(): Promise<void> {
    this.#onStream = undefined;
    // Streams that are open live on: what is awaited is that the address is free, not that they end.
    this.#closed ??= new Promise((resolve) => {
      this.#server.close();
      setImmediate(resolve);
    });
    return this.#closed;
  }
}

let connections = 0;

/** A number for {@link StreamPeer} unlike that of any other connection of this process. */
export function nextConnection(): number {
  connections = (connections + 1) % Number.MAX_SAFE_INTEGER;
  return connections;
}
