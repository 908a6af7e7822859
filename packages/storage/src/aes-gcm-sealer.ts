import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Sealer } from '@yaolian/directory';

/** Length of the key, in bytes. */
export const sealingKeyBytes = 32;

const version = 1;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + saltBytes + nonceBytes;

/**
 * AES-256-GCM (NIST SP 800-38D), with a key derived for each secret (HKDF-SHA-256, RFC 5869), so that random nonces never
 * meet under one key however many secrets are sealed.
 *
 * ```text
 *  0        1             17            29
 * +--------+-------------+-------------+--------------------+-----------+
 * | 0x01   | salt (16)   | nonce (12)  | encrypted secret   | tag (16)  |
 * +--------+-------------+-------------+--------------------+-----------+
 * ```
 * Additional data: the version byte and the context, in UTF-8.
 */
export class AesGcmSealer implements Sealer {
  readonly #key: Uint8Array;

  /** @throws RangeError when the key has not 32 bytes */
  constructor(key: Uint8Array) {
    if (key.length !== sealingKeyBytes) throw new RangeError(`a sealing key has ${sealingKeyBytes} bytes`);
    this.#key = Uint8Array.from(key);
  }

  seal(secret: Uint8Array, context: string): Uint8Array {
    const salt = randomBytes(saltBytes);
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(salt), nonce);
    cipher.setAAD(additionalData(context));
    const encrypted = [cipher.update(secret), cipher.final()];
    const sealed = Buffer.concat([Uint8Array.of(version), salt, nonce, ...encrypted, cipher.getAuthTag()]);
    return new Uint8Array(sealed);
  }

  open(sealed: Uint8Array, context: string): Uint8Array | undefined {
    if (sealed.length < headBytes + tagBytes || sealed[0] !== version) return undefined;
    const salt = sealed.subarray(1, 1 + saltBytes);
    const nonce = sealed.subarray(1 + saltBytes, headBytes);
    const decipher = createDecipheriv('aes-256-gcm', this.#keyOf(salt), nonce, { authTagLength: tagBytes });
    decipher.setAAD(additionalData(context));
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const secret = decipher.update(sealed.subarray(headBytes, sealed.length - tagBytes));
    try {
      decipher.final();
    } catch {
      return undefined; // the tag does not fit: that is the answer
    }
    return new Uint8Array(secret);
  }

  #keyOf(salt: Uint8Array): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#key, salt, 'yaolian sealed secret', sealingKeyBytes));
  }
}

function additionalData(context: string): Buffer {
  return Buffer.concat([Uint8Array.of(version), Buffer.from(context, 'utf8')]);
}
