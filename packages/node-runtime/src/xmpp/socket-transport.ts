import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ByteStreamListener, Peer, PeerIdentity, SocketAddress } from '@yaolian/kernel';
import type { ChannelBindingType, XmppTransport } from '@yaolian/xmpp';
import { SocketStream } from '../stream/socket-stream.ts';
import { clientIdentity } from '../stream/tls-options.ts';
import { channelBindingData, channelBindingTypesOf } from './channel-binding.ts';

/**
 * Puts TLS on a socket of which nothing is read and everything is written. Rejects when the handshake fails.
 * @param domain of a server: whose certificate to show when the client names none
 */
export type TlsStart = (socket: Socket, domain?: string) => Promise<TLSSocket>;

/** A TCP or TLS socket that carries XMPP. Takes the socket over. */
export class SocketTransport implements XmppTransport, ByteStreamListener {
  readonly peer: Peer;
  readonly keepsBoundaries = false;
  readonly #isServer: boolean;
  readonly #start: TlsStart | undefined;
  #socket: Socket;
  #stream: SocketStream;
  #listener: ByteStreamListener | undefined;
  #isOver = false;

  constructor(
    socket: Socket,
    peer: Peer,
    options: { readonly isServer: boolean; readonly startTls?: TlsStart | undefined },
  ) {
    this.peer = peer;
    this.#isServer = options.isServer;
    this.#start = options.startTls;
    this.#socket = socket;
    this.#stream = new SocketStream(socket, peer);
  }

  get localAddress(): SocketAddress {
    return this.#stream.localAddress;
  }

  get isSecure(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  get canStartTls(): boolean {
    return !this.isSecure && this.#start !== undefined;
  }

  get identity(): PeerIdentity | undefined {
    return this.#isServer && this.#socket instanceof TLSSocket ? clientIdentity(this.#socket) : undefined;
  }

  get channelBindingTypes(): readonly ChannelBindingType[] {
    return this.#socket instanceof TLSSocket ? channelBindingTypesOf(this.#socket) : [];
  }

  channelBinding(type: ChannelBindingType): Uint8Array | undefined {
    return this.#socket instanceof TLSSocket ? channelBindingData(this.#socket, type, this.#isServer) : undefined;
  }

  async startTls(domain?: string): Promise<void> {
    if (this.#start === undefined || this.isSecure) throw new TypeError('TLS cannot be started here');
    const raw = this.#socket;
    raw.pause();
    // What was written leaves before TLS takes the socket.
    this.#stream.flush();
    // The stream below hears nothing any more but its end, which it passes on should there be no TLS.
    for (const event of ['data', 'drain', 'end']) raw.removeAllListeners(event);
    const socket = await this.#start(raw, domain);
    raw.removeAllListeners('close');
    this.#socket = socket;
    this.#stream = new SocketStream(socket, this.peer);
    if (this.#listener !== undefined) this.#stream.listen(this);
  }

  listen(listener: ByteStreamListener): void {
    this.#listener = listener;
    this.#stream.listen(this);
  }

  onBytes(bytes: Uint8Array): void {
    this.#listener?.onBytes(bytes);
  }

  onDrain(): void {
    this.#listener?.onDrain();
  }

  /** The socket below TLS ends too. */
  onClosed(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener?.onClosed(error);
  }

  write(bytes: Uint8Array): boolean {
    return this.#stream.write(bytes);
  }

  get queuedBytes(): number {
    return this.#stream.queuedBytes;
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): void {
    this.#stream.close();
  }

  abort(): void {
    this.#stream.abort();
  }
}
