import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** SHA-256 and AES-256-CBC with PKCS#7 padding, as China Mobile's encrypted values (`ENC`) take them. */
export const cbcCrypto = {
  sha256: (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest()),

  encryptAes256Cbc(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final()]));
  },

  /** Undefined when length or padding are wrong. */
  decryptAes256Cbc(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
    const decipher = createDecipheriv('aes-256-cbc', key, iv);
    try {
      return new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
    } catch {
      return undefined; // the padding does not fit: that is the answer
    }
  },
};
