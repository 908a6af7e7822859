/** The hash functions of the suites and of the PRF (RFC 5246 §5). */
export type HashAlgorithm = 'sha256' | 'sha384';

/** AEAD ciphers; `aes-128-ccm-8` has a tag of 8 bytes (RFC 6655), the others of 16. All take nonces of 12 bytes. */
export type AeadAlgorithm = 'aes-128-ccm-8' | 'aes-128-ccm' | 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';

/** The elliptic curves of RFC 8422 that are in use. */
export type GroupName = 'x25519' | 'secp256r1' | 'secp384r1';

/** How messages and certificates are signed. RSA is for certificates of authorities alone. */
export type SignatureAlgorithm =
  | 'ecdsa-sha256'
  | 'ecdsa-sha384'
  | 'ecdsa-sha512'
  | 'ed25519'
  | 'rsa-pkcs1-sha256'
  | 'rsa-pkcs1-sha384'
  | 'rsa-pkcs1-sha512';

/** The kinds of keys that sign handshakes. */
export type KeyKind = 'P-256' | 'P-384' | 'Ed25519';

/** A keyed HMAC. */
export interface Hmac {
  sign(data: Uint8Array): Uint8Array;
  /** Writes the first `count` bytes of the MAC of the first `length` bytes of `data` into `out` at `at`. */
  signInto(data: Uint8Array, length: number, out: Uint8Array, at: number, count: number): void;
}

/** One AEAD cipher. It holds no key: keys lie in the sessions. */
export interface Aead {
  readonly keyLength: number;
  readonly tagLength: number;
  /** Writes the ciphertext and, behind it, the tag into `out` at `at`. `plaintext` may lie in `out` elsewhere, not there. */
  seal(
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: Uint8Array,
    plaintext: Uint8Array,
    out: Uint8Array,
    at: number,
  ): void;
  /** The plaintext in memory of its own, or undefined when the tag does not match. */
  open(key: Uint8Array, nonce: Uint8Array, additionalData: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

/** AES in CBC mode without padding: lengths are multiples of 16. */
export interface BlockCipher {
  encrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array;
  decrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array;
}

/** Our half of an ephemeral Diffie-Hellman agreement. */
export interface KeyShare {
  /** As on the wire: an uncompressed point, or the 32 bytes of x25519. */
  readonly publicKey: Uint8Array;
  /** The shared secret, or undefined when the peer's value is no public key, or of low order (RFC 7748 §6.1). */
  agree(peerPublicKey: Uint8Array): Uint8Array | undefined;
}

export interface PrivateKey {
  readonly kind: KeyKind;
  /** The SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** ECDSA signatures are DER (RFC 8422 §5.4). */
  sign(algorithm: SignatureAlgorithm, data: Uint8Array): Uint8Array;
}

/**
 * Every cryptographic primitive that DTLS needs. Adapters: `nodeCrypto` of `@yaolian/node-runtime`, and one that reaches
 * the libcrypto inside Node's executable directly. Both pass `cryptoPortContract`.
 */
export interface CryptoPort {
  /** For logs and benches. */
  readonly name: string;
  /** Of cryptographic quality, for keys and IVs that the simulated world need not choose. */
  randomBytes(count: number): Uint8Array;
  hash(algorithm: HashAlgorithm, data: Uint8Array): Uint8Array;
  hmac(algorithm: HashAlgorithm, key: Uint8Array): Hmac;
  aead(algorithm: AeadAlgorithm): Aead;
  readonly aes128Cbc: BlockCipher;
  generateKeyShare(group: GroupName): KeyShare;
  /**
   * @param key PKCS #8 (or SEC 1), DER or PEM
   * @throws TypeError when it is none, or of a kind that cannot sign handshakes
   */
  importPrivateKey(key: Uint8Array | string): PrivateKey;
  /** The kind of a SubjectPublicKeyInfo; undefined when it cannot sign handshakes, or is none. */
  publicKeyKind(publicKey: Uint8Array): KeyKind | undefined;
  /** @param publicKey a SubjectPublicKeyInfo, DER. False also when the key does not fit the algorithm. Never throws. */
  verify(algorithm: SignatureAlgorithm, publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean;
  /** Compares in time that depends on the lengths alone. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
}
