import type { Peer } from '@yaolian/kernel';

/** Why a message goes out: for the first time, again because nobody acknowledged it, or again because its question came again. */
export type SendCause = 'first' | 'retransmission' | 'repeated answer';

/**
 * Who watches the messages of an endpoint. It is called on the receive and send paths: it must not throw, and it copies what it
 * keeps of `bytes`. Over DTLS it sees what was decrypted; over streams a message has the framing of RFC 8323.
 */
export interface MessageTap {
  /** Before anything is made of it. */
  onReceived(bytes: Uint8Array, from: Peer, multicast: boolean): void;
  /**
   * What became of the message that came last, where it was not simply taken.
   * @param verdict `duplicate`, or why it was dropped
   */
  onJudged(verdict: string, from: Peer): void;
  /** On the way to the network. */
  onSent(bytes: Uint8Array, to: Peer, cause: SendCause): void;
  /** Something that is no message: a connection opened or ended, a message was given up. */
  onEvent(event: string, peer: Peer): void;
}

/** Where a tap is put while somebody watches; undefined costs the paths one comparison. */
export interface TapSlot {
  current: MessageTap | undefined;
}
