import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import {
  type ByteStream,
  type ByteStreamListener,
  type Peer,
  type SocketAddress,
  socketAddress,
} from '@yaolian/kernel';

/** A TCP or TLS socket as a byte stream. Takes the socket over. */
export class SocketStream implements ByteStream {
  readonly peer: Peer;
  readonly localAddress: SocketAddress;
  readonly keepsBoundaries = false;
  readonly #socket: Socket;
  #listener: ByteStreamListener | undefined;
  #error: Error | undefined;
  #over = false;
  #corked = false;

  constructor(socket: Socket, peer: Peer) {
    this.#socket = socket;
    this.peer = peer;
    this.localAddress = addressOf(socket.localAddress, socket.localPort) ?? peer.address;
    socket.setNoDelay(true);
    socket.pause();
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => this.#onClose());
    socket.on('drain', () => this.#listener?.onDrain());
    // Whoever is done sending is done: half a connection is of no use to CoAP.
    socket.on('end', () => socket.end());
  }

  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  listen(listener: ByteStreamListener): void {
    this.#listener = listener;
    if (this.#over) {
      listener.onClosed(this.#error);
      return;
    }
    this.#socket.on('data', (bytes: Uint8Array) => {
      if (bytes.length > 0 && !this.#over) listener.onBytes(bytes);
    });
    this.#socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    if (this.#over || socket.writableEnded || socket.destroyed) return true;
    // What one turn writes leaves with one system call.
    if (!this.#corked) {
      this.#corked = true;
      socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        socket.uncork();
      });
    }
    return socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.end();
    // The end of the peer is seen only by who reads.
    this.#socket.resume();
  }

  abort(): void {
    // TLS has no way to reset the connection below it.
    if (this.#socket instanceof TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  #onClose(): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener?.onClosed(this.#error);
  }
}

/** An address as sockets give it: IPv4 in IPv6 is IPv4, zones stay. */
export function addressOf(host: string | undefined, port: number | undefined): SocketAddress | undefined {
  if (host === undefined || port === undefined) return undefined;
  const plain = host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
  return socketAddress(plain, port);
}
