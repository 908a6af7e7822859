/** The hashes of SCRAM mechanisms. */
export const scramHashes = ['SHA-1', 'SHA-256'] as const;

export type ScramHash = (typeof scramHashes)[number];

/** The cryptography that SASL needs, of platforms that compute at once (Node) or later (browsers). */
export interface SaslCrypto {
  hash(hash: ScramHash, data: Uint8Array): Uint8Array | Promise<Uint8Array>;
  hmac(hash: ScramHash, key: Uint8Array, data: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Hi() of RFC 5802 §2.2: PBKDF2 with as many bytes as the hash has. */
  pbkdf2(hash: ScramHash, password: Uint8Array, salt: Uint8Array, iterations: number): Promise<Uint8Array>;
  /** Takes the same time wherever two of the same length differ; false when the lengths do. Throws never: peers choose what is compared. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
  /** As many bytes of cryptographic quality. */
  random(count: number): Uint8Array;
}
