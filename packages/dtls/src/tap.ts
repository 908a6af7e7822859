import type { Peer } from '@yaolian/kernel';

/**
 * Who watches the datagrams of an endpoint as they are on the wire. It is called on the receive and send paths: it must not throw, and
 * it copies what it keeps of `bytes`. What is decrypted goes to the listener of the endpoint in the same turn.
 */
export interface DtlsTap {
  /** Before anything is made of it. */
  onReceived(bytes: Uint8Array, from: Peer): void;
  /** A record of the datagram that came last was not taken, and why. */
  onJudged(reason: string, from: Peer): void;
  /** A record of the datagram that came last is authentic, and taken only once that is stored ({@link ProgressExport}). */
  onHeld(from: Peer): void;
  /** On the way to the network. */
  onSent(bytes: Uint8Array, to: Peer): void;
  /** A session opened, moved or closed, a handshake failed, a flight is sent again. */
  onEvent(event: string, peer: Peer): void;
}

/** Where a tap is put while somebody watches; undefined costs the paths one comparison. */
export interface DtlsTapSlot {
  current: DtlsTap | undefined;
}
