import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import {
  type ByteStream,
  type ByteStreamListener,
  type Peer,
  type SocketAddress,
  socketAddress,
} from '@yaolian/kernel';

const owner = Symbol('stream');

/** A socket that a stream took over: what it tells goes there, by listeners that all sockets share. */
type OwnedSocket = Socket & { [owner]: SocketStream };

function onError(this: Socket, error: Error): void {
  (this as OwnedSocket)[owner].failed(error);
}

function onClose(this: Socket): void {
  (this as OwnedSocket)[owner].closed();
}

function onDrain(this: Socket): void {
  (this as OwnedSocket)[owner].drained();
}

/** Whoever is done sending is done: half a connection is of no use to CoAP. */
function onEnd(this: Socket): void {
  (this as OwnedSocket)[owner].flush();
  this.end();
}

function onData(this: Socket, bytes: Uint8Array): void {
  (this as OwnedSocket)[owner].received(bytes);
}

/** Streams to which something was written and has not been passed on. */
let dirty: SocketStream[] = [];

function flushDirty(): void {
  const streams = dirty;
  dirty = [];
  for (const stream of streams) stream.flush();
}

/** A TCP or TLS socket as a byte stream. Takes the socket over. */
export class SocketStream implements ByteStream {
  readonly peer: Peer;
  readonly keepsBoundaries = false;
  readonly #socket: Socket;
  #listener: ByteStreamListener | undefined;
  #localAddress: SocketAddress | undefined;
  #error: Error | undefined;
  #over = false;
  /** What one turn writes leaves with one system call. */
  #pending: Uint8Array[] | undefined;
  #pendingBytes = 0;
  /** The writer waits for `onDrain`. */
  #isBlocked = false;

  constructor(socket: Socket, peer: Peer) {
    this.#socket = socket;
    this.peer = peer;
    (socket as OwnedSocket)[owner] = this;
    socket.setNoDelay(true);
    socket.pause();
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.on('drain', onDrain);
    socket.on('end', onEnd);
  }

  get localAddress(): SocketAddress {
    this.#localAddress ??= addressOf(this.#socket.localAddress, this.#socket.localPort);
    return this.#localAddress ?? this.peer.address;
  }

  get queuedBytes(): number {
    return this.#socket.writableLength + this.#pendingBytes;
  }

  listen(listener: ByteStreamListener): void {
    this.#listener = listener;
    if (this.#over) {
      listener.onClosed(this.#error);
      return;
    }
    this.#socket.on('data', onData);
    this.#socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    if (this.#over || socket.writableEnded || socket.destroyed) return true;
    if (this.#pending === undefined) {
      this.#pending = [bytes];
      if (dirty.push(this) === 1) process.nextTick(flushDirty);
    } else this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#isBlocked ||= this.queuedBytes >= socket.writableHighWaterMark;
    return !this.#isBlocked;
  }

  /** Passes on what was written. @internal */
  flush(): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    const length = this.#pendingBytes;
    this.#pending = undefined;
    this.#pendingBytes = 0;
    const socket = this.#socket;
    if (this.#over || socket.writableEnded || socket.destroyed) return;
    let isTaken: boolean;
    if (pending.length === 1) isTaken = socket.write(pending[0]!);
    else if (length <= joined) isTaken = socket.write(Buffer.concat(pending, length));
    else isTaken = writeTogether(socket, pending);
    if (isTaken) this.drained();
  }

  /** @internal */
  drained(): void {
    if (!this.#isBlocked || this.#pending !== undefined) return;
    this.#isBlocked = false;
    this.#listener?.onDrain();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.flush();
    this.#socket.end();
    // The end of the peer is seen only by who reads.
    this.#socket.resume();
  }

  abort(): void {
    this.#pending = undefined;
    this.#pendingBytes = 0;
    const { writableEnded, writableFinished } = this.#socket;
    // TLS has no way to reset the connection below it. While our end is under way libuv refuses to reset (EINVAL), and Node
    // then forgets to close the descriptor.
    const isEnding = writableEnded && !writableFinished;
    if (this.#socket instanceof TLSSocket || isEnding) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  /** @internal */
  received(bytes: Uint8Array): void {
    if (bytes.length > 0 && !this.#over) this.#listener?.onBytes(bytes);
  }

  /** @internal */
  failed(error: Error): void {
    this.#error = error;
  }

  /** @internal */
  closed(): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener?.onClosed(this.#error);
  }
}

/** So many bytes of several pieces are copied into one: that costs less than a list of them. */
const joined = 65_536;

function writeTogether(socket: Socket, pieces: readonly Uint8Array[]): boolean {
  let isTaken = true;
  socket.cork();
  for (const piece of pieces) isTaken = socket.write(piece);
  socket.uncork();
  return isTaken;
}

/** An address as sockets give it: IPv4 in IPv6 is IPv4, zones stay. */
export function addressOf(host: string | undefined, port: number | undefined): SocketAddress | undefined {
  if (host === undefined || port === undefined) return undefined;
  const plain = host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
  return socketAddress(plain, port);
}
