import type { Peer, PeerIdentity, SocketAddress } from './socket-address.ts';

/** What a {@link ByteStream} tells. Nothing comes before {@link ByteStream.listen} and nothing after `onClosed`. */
export interface ByteStreamListener {
  /** @param bytes at least one; the listener may keep and change them */
  onBytes(bytes: Uint8Array): void;
  /** After {@link ByteStream.write} returned false: there is room again. */
  onDrain(): void;
  /** The stream is over, once, for whatever reason. @param error absent when both sides ended it in order */
  onClosed(error: Error | undefined): void;
}

/**
 * One connection: a TCP socket, TLS above one, a WebSocket, a simulated one. Bytes arrive once, complete and in order, or the
 * stream is closed. Every adapter passes `byteStreamContract` of the test kit.
 */
export interface ByteStream {
  /** Who is at the other end. Of a stream that was accepted no other has the same key as long as the process lives. */
  readonly peer: Peer;
  readonly localAddress: SocketAddress;
  /**
   * True on WebSockets: each {@link write} is one message, and arrives as one `onBytes`. False: bytes may be cut and joined
   * anywhere on the way.
   */
  readonly keepsBoundaries: boolean;
  /** Sets the one listener and starts the flow. */
  listen(listener: ByteStreamListener): void;
  /**
   * Queues bytes, which the caller does not change afterwards. Never throws; after the end of the stream it does nothing.
   * @returns false when more waits than is good: the caller had better wait for `onDrain`
   */
  write(bytes: Uint8Array): boolean;
  /** Bytes that were written and have not left. */
  readonly queuedBytes: number;
  /** Nothing more is read until {@link resume}: the peer feels it when its buffers are full. */
  pause(): void;
  resume(): void;
  /** Sends what is queued and ends the stream in order. A peer that does not read can hold that up: see {@link abort}. */
  close(): void;
  /** Ends it at once, without sending what is queued. */
  abort(): void;
}

/** Where streams come in: a listening socket. */
export interface StreamListener {
  /** Where peers reach it. */
  readonly localAddress: SocketAddress;
  /** Sets who gets new streams. Streams that come while there is nobody are aborted. */
  accept(onStream: (stream: ByteStream) => void): void;
  /** Takes no more streams; those that are open live on. Resolves when the address is free again. */
  close(): Promise<void>;
}

/** Opens streams. What it needs besides the address (names, keys, trust) it was made with. */
export interface StreamConnector {
  /**
   * @param to the stream's {@link ByteStream.peer} is this object
   * @throws whatever keeps it from connecting; the reason of `signal` when that is aborted
   */
  connect(to: Peer, signal: AbortSignal): Promise<ByteStream>;
}

/** What a stream is carried by. */
export type StreamCarrier = 'tcp' | 'tls' | 'ws' | 'wss';

/** A peer that is one connection: its key is unlike that of any other connection, from the same address or not. */
export class StreamPeer implements Peer {
  readonly address: SocketAddress;
  readonly identity?: PeerIdentity;
  readonly carrier: StreamCarrier;
  readonly #number: number;
  #key: string | undefined;

  /** Whether a key is that of a connection from this address, of this process or an earlier one. */
  static isKey(key: string, from: SocketAddress): boolean {
    return key.startsWith(`${from.key}#`);
  }

  /** @param number unlike that of any other connection of the listener */
  constructor(address: SocketAddress, number: number, carrier: StreamCarrier, identity?: PeerIdentity) {
    this.#number = number;
    this.address = address;
    this.carrier = carrier;
    if (identity !== undefined) this.identity = identity;
  }

  /** Made when somebody asks: many connections are never looked up. */
  get key(): string {
    this.#key ??= `${this.address.key}#${this.#number}`;
    return this.#key;
  }

  get hash(): number {
    return (this.address.hash ^ Math.imul(this.#number, 0x9e3779b1)) >>> 0;
  }
}
