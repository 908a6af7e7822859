import type { AeadShape, HkdfHash } from './algorithms.ts';

/** The cryptographic primitives of OSCORE. Adapters: `openOscoreCrypto` and `oscoreCrypto` of `@yaolian/node-runtime`. */
export interface OscoreCrypto {
  /** RFC 5869. */
  hkdf(hash: HkdfHash, secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  /** The ciphertext and, behind it, the tag. */
  seal(
    aead: AeadShape,
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: Uint8Array,
    plaintext: Uint8Array,
  ): Uint8Array;
  /** The plaintext, or undefined when the tag does not match or there is no room for one. Never throws. */
  open(
    aead: AeadShape,
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: Uint8Array,
    sealed: Uint8Array,
  ): Uint8Array | undefined;
}
