import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { CipherPrimitives } from '../value-cipher.ts';

/** {@link CipherPrimitives} of OpenSSL, for tests. */
export const nodePrimitives: CipherPrimitives = {
  sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
  encryptAes256Cbc(key, iv, plaintext) {
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final()]));
  },
  decryptAes256Cbc(key, iv, ciphertext) {
    const decipher = createDecipheriv('aes-256-cbc', key, iv);
    try {
      return new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
    } catch {
      return undefined; // the padding is wrong
    }
  },
};
