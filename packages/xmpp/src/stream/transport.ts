import type { ByteStream, PeerIdentity, SocketAddress } from '@yaolian/kernel';
import type { ChannelBindingType } from '../sasl/mechanism.ts';

/** A connection that carries XMPP: TCP, TLS, or a WebSocket (one that keeps boundaries; its messages are text). */
export interface XmppTransport extends ByteStream {
  /** TLS is below it. */
  readonly isSecure: boolean;
  /** Whether {@link startTls} may be called: there is no TLS yet, and there are credentials for it. */
  readonly canStartTls: boolean;
  /** What the other side proved by TLS. */
  readonly identity: PeerIdentity | undefined;
  readonly channelBindingTypes: readonly ChannelBindingType[];
  /** RFC 5929, RFC 9266: what this TLS connection has and no other. */
  channelBinding(type: ChannelBindingType): Uint8Array | undefined;
  /**
   * The next bytes of both sides are TLS. The listener stays, and hears what is inside.
   * @param domain of a server: whose certificate to show who names none by TLS (SNI)
   * Resolves after the handshake; rejects when it failed, and then the stream ends.
   */
  startTls(domain?: string): Promise<void>;
}

/** Where XMPP comes in. */
export interface TransportListener {
  readonly localAddress: SocketAddress;
  /** Sets who gets new connections. */
  accept(onTransport: (transport: XmppTransport) => void): void;
  /** Takes no more connections; those that are open live on. */
  close(): Promise<void>;
}

/** Opens connections for a client. */
export interface TransportConnector {
  /** @throws whatever keeps it from connecting; the reason of `signal` when that is aborted */
  connect(signal: AbortSignal): Promise<XmppTransport>;
}
