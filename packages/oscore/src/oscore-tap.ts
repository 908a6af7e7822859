import type { OscoreCrypto } from './crypto-port.ts';
import type { SecurityContext } from './security-context.ts';

/**
 * Who watches what is inside protected messages: code, Class E options and payload (RFC 8613 §5.3). It is called on the receive and
 * send paths: it must not throw, and it copies what it keeps. `sealed` is the ciphertext with its tag, which tells messages apart;
 * where a proxy cut the message into Outer blocks it begins with the payload of the first.
 */
export interface OscoreTap {
  /** On the way out. @param peerKey that of the {@link OscorePeer} */
  onSealed(sealed: Uint8Array, plaintext: Uint8Array, peerKey: string): void;
  /** What came is authentic, which does not say that it is new. */
  onOpened(sealed: Uint8Array, plaintext: Uint8Array, peerKey: string): void;
  /** Credentials are looked for; either {@link onOpened} or {@link onRefused} follows, unless the endpoint closes. */
  onLookUp(sealed: Uint8Array): void;
  /** A request could not be opened, or is a replay. */
  onRefused(sealed: Uint8Array): void;
}

/** Where a tap is put while somebody watches; undefined costs the paths one comparison. */
export interface OscoreTapSlot {
  current: OscoreTap | undefined;
}

/** The cryptography for a message of a context: while somebody watches, it tells what it seals and opens. */
export function watched(
  crypto: OscoreCrypto,
  { holder }: Pick<SecurityContext, 'holder'>,
  slot: OscoreTapSlot | undefined,
): OscoreCrypto {
  const tap = slot?.current;
  if (tap === undefined) return crypto;
  const peerKey = peerKeyOf(holder);
  return {
    hkdf: (...parameters) => crypto.hkdf(...parameters),
    seal(aead, key, nonce, additionalData, plaintext) {
      const sealed = crypto.seal(aead, key, nonce, additionalData, plaintext);
      tap.onSealed(sealed, plaintext, peerKey);
      return sealed;
    },
    open(aead, key, nonce, additionalData, sealed) {
      const plaintext = crypto.open(aead, key, nonce, additionalData, sealed);
      if (plaintext !== undefined) tap.onOpened(sealed, plaintext, peerKey);
      return plaintext;
    },
  };
}

/** The key of the peer that holds the context with this ID, or contexts made from it (Appendix B.2). */
export function peerKeyOf(id: string): string {
  return `oscore:${id}`;
}
