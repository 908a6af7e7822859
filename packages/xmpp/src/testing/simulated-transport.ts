import type {
  ByteStream,
  ByteStreamListener,
  Peer,
  PeerIdentity,
  SocketAddress,
  StreamListener,
} from '@yaolian/kernel';
import type { ChannelBindingType } from '../sasl/mechanism.ts';
import type { TransportListener, XmppTransport } from '../stream/transport.ts';

/** A simulated stream that says it is TLS once that was started; nothing is encrypted. */
export class SimulatedTransport implements XmppTransport {
  readonly #stream: ByteStream;
  readonly #hasTls: boolean;
  isSecure: boolean;

  constructor(stream: ByteStream, options: { readonly hasTls?: boolean; readonly isSecure?: boolean } = {}) {
    this.#stream = stream;
    this.#hasTls = options.hasTls ?? true;
    this.isSecure = options.isSecure ?? false;
  }

  get peer(): Peer {
    return this.#stream.peer;
  }
  get localAddress(): SocketAddress {
    return this.#stream.localAddress;
  }
  get keepsBoundaries(): boolean {
    return this.#stream.keepsBoundaries;
  }
  get queuedBytes(): number {
    return this.#stream.queuedBytes;
  }
  get canStartTls(): boolean {
    return this.#hasTls && !this.isSecure;
  }
  get identity(): PeerIdentity | undefined {
    return this.#stream.peer.identity;
  }
  get channelBindingTypes(): readonly ChannelBindingType[] {
    return this.isSecure ? ['tls-exporter'] : [];
  }
  channelBinding(type: ChannelBindingType): Uint8Array | undefined {
    return this.isSecure && type === 'tls-exporter' ? new Uint8Array(32).fill(7) : undefined;
  }
  startTls(): Promise<void> {
    this.isSecure = true;
    return Promise.resolve();
  }
  listen(listener: ByteStreamListener): void {
    this.#stream.listen(listener);
  }
  write(bytes: Uint8Array): boolean {
    return this.#stream.write(bytes);
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

/** Simulated streams that come in as transports. */
export function transportListener(
  listener: StreamListener,
  options: { readonly hasTls?: boolean; readonly isSecure?: boolean } = {},
): TransportListener {
  return {
    localAddress: listener.localAddress,
    accept: (onTransport) => listener.accept((stream) => onTransport(new SimulatedTransport(stream, options))),
    close: () => listener.close(),
  };
}
