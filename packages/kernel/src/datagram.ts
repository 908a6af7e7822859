import type { Peer, SocketAddress } from './socket-address.ts';

export interface DatagramListener {
  /**
   * @param datagram the payload; the listener may keep it, and nobody will change it
   * @param from the peer that sent it, good for {@link DatagramPort.send}
   * @param multicast true when it was sent to a group, not to us alone
   */
  onDatagram(datagram: Uint8Array, from: Peer, multicast: boolean): void;
  /** The network refused a datagram to `to` (ICMP unreachable, no route): a hint, not a verdict. */
  onSendError?(error: Error, to: Peer): void;
}

/**
 * Where datagrams come from and go to: a UDP socket, a DTLS layer above one, a simulated network.
 * Datagrams may be lost, doubled and reordered. Every adapter passes `datagramPortContract` of the test kit.
 */
export interface DatagramPort {
  /** Where peers reach this port. */
  readonly localAddress: SocketAddress;
  /** Sets the one listener. Datagrams that arrive while there is none are dropped. */
  listen(listener: DatagramListener): void;
  /** Never throws and never blocks. The caller does not change `datagram` afterwards. */
  send(datagram: Uint8Array, to: Peer): void;
  /** Resolves when the port is free again. Harmless when called twice. */
  close(): Promise<void>;
}
