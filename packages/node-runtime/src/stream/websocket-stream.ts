import { type ByteStream, type ByteStreamListener, emptyBytes, type Peer, type SocketAddress } from '@yaolian/kernel';
import type { WebSocket } from 'ws';

/** From so many bytes on a writer is told to wait. */
const highWaterMark = 65_536;

/** Close codes that say that all is well: normal closure, going away, no code at all (RFC 6455 §7.4.1). */
const orderly = [1000, 1001, 1005];

/** A WebSocket as a stream that keeps boundaries: every message is one piece. Takes the socket over. */
export class WebSocketStream implements ByteStream {
  readonly peer: Peer;
  readonly localAddress: SocketAddress;
  readonly keepsBoundaries = true;
  readonly #socket: WebSocket;
  readonly #isBinary: boolean;
  #listener: ByteStreamListener | undefined;
  #error: Error | undefined;
  #over = false;
  #blocked = false;

  /** @param isBinary whether messages are binary, as those of CoAP, or text, as those of XMPP; others end the stream */
  constructor(socket: WebSocket, peer: Peer, localAddress: SocketAddress, isBinary = true) {
    this.#socket = socket;
    this.#isBinary = isBinary;
    this.peer = peer;
    this.localAddress = localAddress;
    socket.pause();
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', (code) => {
      if (this.#over) return;
      this.#over = true;
      if (!orderly.includes(code)) this.#error ??= new Error(`the WebSocket was closed with code ${code}`);
      this.#listener?.onClosed(this.#error);
    });
  }

  get queuedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  listen(listener: ByteStreamListener): void {
    this.#listener = listener;
    if (this.#over) {
      listener.onClosed(this.#error);
      return;
    }
    this.#socket.on('message', (data, isBinary) => {
      if (this.#over) return;
      const bytes = data as Buffer;
      // RFC 8323 §4.2: CoAP goes in binary messages; RFC 7395 §3.2: XMPP in text messages.
      if (isBinary === this.#isBinary && bytes.length > 0) listener.onBytes(bytes);
      else this.#socket.close(1003, `messages are ${this.#isBinary ? 'binary' : 'text'} here`);
    });
    this.#socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    if (this.#over || socket.readyState !== socket.OPEN) return true;
    socket.send(bytes, { binary: this.#isBinary }, this.#onSent);
    this.#blocked ||= socket.bufferedAmount >= highWaterMark;
    return !this.#blocked;
  }

  readonly #onSent = (error?: Error | null): void => {
    if (error || !this.#blocked || this.#over || this.#socket.bufferedAmount > 0) return;
    this.#blocked = false;
    this.#listener?.onDrain();
  };

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.close(1000, emptyBytes as Buffer);
    // The peer's part of the closing handshake is seen only by who reads.
    this.#socket.resume();
  }

  abort(): void {
    this.#socket.terminate();
  }
}
