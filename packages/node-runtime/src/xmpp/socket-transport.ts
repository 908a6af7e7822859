import type { Socket } from 'node:net';
import type { ByteStream, ByteStreamListener, Peer, PeerIdentity, SocketAddress } from '@yaolian/kernel';
import type { ChannelBindingType, XmppTransport } from '@yaolian/xmpp';
import { SocketStream } from '../stream/socket-stream.ts';
import type { SecureSocket } from './secure-socket.ts';

/**
 * Puts TLS on a socket of which nothing is read and everything is written. Rejects when the handshake fails.
 * @param domain of a server: whose certificate to show when the client names none
 */
export type TlsStart = (socket: Socket, domain?: string) => Promise<SecureSocket>;

/** A TCP or TLS socket that carries XMPP. Takes the socket over. */
export class SocketTransport implements XmppTransport, ByteStreamListener {
  readonly peer: Peer;
  readonly keepsBoundaries = false;
  readonly #start: TlsStart | undefined;
  /** The socket as long as there is no TLS on it. */
  #raw: Socket | undefined;
  #stream: ByteStream;
  #secure: SecureSocket | undefined;
  #listener: ByteStreamListener | undefined;
  #isOver = false;

  /** @param startTls of a plain socket */
  constructor(socket: Socket | SecureSocket, peer: Peer, startTls?: TlsStart) {
    this.peer = peer;
    this.#start = startTls;
    if ('stream' in socket) {
      this.#secure = socket;
      this.#stream = socket.stream(peer);
    } else {
      this.#raw = socket;
      this.#stream = new SocketStream(socket, peer);
    }
  }

  get localAddress(): SocketAddress {
    return this.#stream.localAddress;
  }

  get isSecure(): boolean {
    return this.#secure !== undefined;
  }

  get canStartTls(): boolean {
    return this.#raw !== undefined && this.#start !== undefined;
  }

  get identity(): PeerIdentity | undefined {
    return this.#secure?.identity;
  }

  get channelBindingTypes(): readonly ChannelBindingType[] {
    return this.#secure?.channelBindingTypes ?? [];
  }

  channelBinding(type: ChannelBindingType): Uint8Array | undefined {
    return this.#secure?.channelBinding(type);
  }

  async startTls(domain?: string): Promise<void> {
    const raw = this.#raw;
    if (this.#start === undefined || raw === undefined) throw new TypeError('TLS cannot be started here');
    this.#raw = undefined;
    raw.pause();
    // What was written leaves before TLS takes the socket.
    if (this.#stream instanceof SocketStream) this.#stream.flush();
    // The stream below hears nothing any more but its end, which it passes on should there be no TLS.
    for (const event of ['data', 'drain', 'end']) raw.removeAllListeners(event);
    const secure = await this.#start(raw, domain);
    raw.removeAllListeners('close');
    this.#secure = secure;
    this.#stream = secure.stream(this.peer);
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
