import { type CipherGCMTypes, createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { OscoreCrypto } from '@yaolian/oscore';

/** The cryptography of OSCORE over `node:crypto`. */
export const oscoreCrypto: OscoreCrypto = {
  hkdf: (hash, secret, salt, info, length) => new Uint8Array(hkdfSync(hash, secret, salt, info, length)),
  seal({ cipher: name, tagLength }, key, nonce, additionalData, plaintext) {
    // All of these take the options of GCM.
    const cipher = createCipheriv(name as CipherGCMTypes, key, nonce, { authTagLength: tagLength });
    cipher.setAAD(additionalData, { plaintextLength: plaintext.length });
    const sealed = new Uint8Array(plaintext.length + tagLength);
    sealed.set(cipher.update(plaintext));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  },
  open({ cipher: name, tagLength }, key, nonce, additionalData, sealed) {
    const end = sealed.length - tagLength;
    if (end < 0) return undefined;
    try {
      const decipher = createDecipheriv(name as CipherGCMTypes, key, nonce, { authTagLength: tagLength });
      decipher.setAuthTag(sealed.subarray(end));
      decipher.setAAD(additionalData, { plaintextLength: end });
      const plaintext = decipher.update(sealed.subarray(0, end));
      decipher.final();
      return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
    } catch {
      return undefined; // update (CCM) and final (others) throw for one thing: the tag does not match
    }
  },
};
