import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8, failure, type Result, success } from '@yaolian/kernel';

/** The primitives behind `ENC`, given by the runtime. */
export interface CipherPrimitives {
  /** 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
  /** AES-256-CBC with PKCS#7 padding. */
  encryptAes256Cbc(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** The inverse; undefined when length or padding are wrong. */
  decryptAes256Cbc(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
}

/** What counts as the password of a vendor that has none. */
const absentPassword = '0'.repeat(32);
const zeroIv = new Uint8Array(16);

/**
 * `ENC` of profiles B and C: Base64(AES-256-CBC(SHA-256(password), IV of zeros, PKCS#7)). The IV makes equal texts equal
 * ciphertexts, and nothing is authenticated: it hides values from a glance, not from an adversary.
 */
export class ValueCipher {
  readonly #primitives: CipherPrimitives;
  readonly #key: Uint8Array;

  /** @param password 32 characters that the platform issued to the vendor; empty where it issued none */
  constructor(primitives: CipherPrimitives, password: string) {
    this.#primitives = primitives;
    this.#key = primitives.sha256(encodeUtf8(password === '' ? absentPassword : password));
  }

  encrypt(text: string): string {
    return encodeBase64(this.#primitives.encryptAes256Cbc(this.#key, zeroIv, encodeUtf8(text)));
  }

  /** A failure is a sentence; a wrong password is mostly, but not always, noticed by the padding. */
  decrypt(text: string): Result<string, string> {
    const ciphertext = decodeBase64(text);
    if (ciphertext === undefined) return failure('it is not Base64');
    if (ciphertext.length === 0 || ciphertext.length % 16 !== 0) {
      return failure(`it has ${ciphertext.length} bytes, not a multiple of 16`);
    }
    const plaintext = this.#primitives.decryptAes256Cbc(this.#key, zeroIv, ciphertext);
    const decoded = plaintext && decodeUtf8(plaintext);
    return decoded === undefined ? failure('it was not encrypted with this password') : success(decoded);
  }
}
