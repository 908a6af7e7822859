/** The AEAD algorithms of COSE (RFC 9053 §4) that OSCORE can use, by their numbers in the registry. */
export const OscoreAead = {
  A128GCM: 1,
  A192GCM: 2,
  A256GCM: 3,
  /** Mandatory to implement, and the default (RFC 8613 §3.2). */
  AesCcm16_64_128: 10,
  AesCcm16_64_256: 11,
  AesCcm64_64_128: 12,
  AesCcm64_64_256: 13,
  ChaCha20Poly1305: 24,
  AesCcm16_128_128: 30,
  AesCcm16_128_256: 31,
  AesCcm64_128_128: 32,
  AesCcm64_128_256: 33,
} as const;
export type OscoreAead = (typeof OscoreAead)[keyof typeof OscoreAead];

/** The key derivation functions (RFC 8613 §3.2), by the numbers of `direct+HKDF-…` in COSE's registry (RFC 9053 §6.1.2). */
export const OscoreKdf = { HkdfSha256: -10, HkdfSha512: -11 } as const;
export type OscoreKdf = (typeof OscoreKdf)[keyof typeof OscoreKdf];

export type CipherName =
  | 'aes-128-gcm'
  | 'aes-192-gcm'
  | 'aes-256-gcm'
  | 'aes-128-ccm'
  | 'aes-256-ccm'
  | 'chacha20-poly1305';

/** An AEAD as cryptography knows it; lengths in bytes. */
export interface AeadShape {
  readonly cipher: CipherName;
  readonly keyLength: number;
  readonly nonceLength: number;
  readonly tagLength: number;
  /** What CCM leaves of a block for the length bounds the plaintext (RFC 3610 §2.1); others have no bound that matters. */
  readonly maximumPlaintext: number;
}

function shape(cipher: CipherName, keyLength: number, nonceLength: number, tagLength: number): AeadShape {
  const maximumPlaintext = cipher.endsWith('ccm') ? 2 ** (8 * Math.min(4, 15 - nonceLength)) - 1 : 2 ** 32;
  return { cipher, keyLength, nonceLength, tagLength, maximumPlaintext };
}

const shapes: ReadonlyMap<number, AeadShape> = new Map([
  [OscoreAead.A128GCM, shape('aes-128-gcm', 16, 12, 16)],
  [OscoreAead.A192GCM, shape('aes-192-gcm', 24, 12, 16)],
  [OscoreAead.A256GCM, shape('aes-256-gcm', 32, 12, 16)],
  [OscoreAead.AesCcm16_64_128, shape('aes-128-ccm', 16, 13, 8)],
  [OscoreAead.AesCcm16_64_256, shape('aes-256-ccm', 32, 13, 8)],
  [OscoreAead.AesCcm64_64_128, shape('aes-128-ccm', 16, 7, 8)],
  [OscoreAead.AesCcm64_64_256, shape('aes-256-ccm', 32, 7, 8)],
  [OscoreAead.ChaCha20Poly1305, shape('chacha20-poly1305', 32, 12, 16)],
  [OscoreAead.AesCcm16_128_128, shape('aes-128-ccm', 16, 13, 16)],
  [OscoreAead.AesCcm16_128_256, shape('aes-256-ccm', 32, 13, 16)],
  [OscoreAead.AesCcm64_128_128, shape('aes-128-ccm', 16, 7, 16)],
  [OscoreAead.AesCcm64_128_256, shape('aes-256-ccm', 32, 7, 16)],
]);

/** @throws RangeError when OSCORE has no such AEAD here */
export function aeadShape(algorithm: number): AeadShape {
  const found = shapes.get(algorithm);
  if (found === undefined) {
    throw new RangeError(`${algorithm} is no AEAD of COSE that is known here; one of ${[...shapes.keys()].join(', ')}`);
  }
  return found;
}

export type HkdfHash = 'sha256' | 'sha512';

/** @throws RangeError when there is no such key derivation function here */
export function kdfHash(kdf: number): HkdfHash {
  if (kdf === OscoreKdf.HkdfSha256) return 'sha256';
  if (kdf === OscoreKdf.HkdfSha512) return 'sha512';
  throw new RangeError(`${kdf} is no key derivation of COSE that is known here; -10 is HKDF-SHA-256, -11 HKDF-SHA-512`);
}
