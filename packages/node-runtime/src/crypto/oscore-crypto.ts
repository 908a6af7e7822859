import { type CipherGCMTypes, createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Aead } from '@yaolian/dtls';
import { equalBytes } from '@yaolian/kernel';
import type { AeadShape, OscoreCrypto } from '@yaolian/oscore';
import { OpensslAead } from './openssl-aead.ts';
import { type CipherCalls, loadCipherCalls } from './openssl-calls.ts';
import { type CryptoAdapter, openCrypto } from './openssl-crypto.ts';

/** The cryptography of OSCORE over `node:crypto`. {@link openOscoreCrypto} is faster where it can. */
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

/**
 * The fastest cryptography for OSCORE that works here; `YAOLIAN_CRYPTO_ADAPTER` decides where the argument does not.
 * @throws RangeError when there is no such adapter, or `libcrypto` was asked for and does not load
 */
export async function openOscoreCrypto(adapter?: CryptoAdapter): Promise<OscoreCrypto> {
  const { name } = await openCrypto(adapter);
  const calls = await loadCipherCalls();
  return name === 'libcrypto' && calls.ok ? overCalls(calls.value) : oscoreCrypto;
}

function overCalls(calls: CipherCalls): OscoreCrypto {
  const ciphers = new Map<AeadShape, Aead>();
  const cipherOf = (shape: AeadShape) => {
    let cipher = ciphers.get(shape);
    if (cipher === undefined) {
      cipher = provenAead(shape, calls);
      ciphers.set(shape, cipher);
    }
    return cipher;
  };
  return {
    hkdf: oscoreCrypto.hkdf,
    seal(shape, key, nonce, additionalData, plaintext) {
      const sealed = new Uint8Array(plaintext.length + shape.tagLength);
      cipherOf(shape).seal(key, nonce, additionalData, plaintext, sealed, 0);
      return sealed;
    },
    open: (shape, key, nonce, additionalData, sealed) => cipherOf(shape).open(key, nonce, additionalData, sealed),
  };
}

/** A cipher of libcrypto, if it is there, agrees with `node:crypto` and refuses a wrong tag; otherwise that of `node:crypto`. */
function provenAead(shape: AeadShape, calls: CipherCalls): Aead {
  const { keyLength, nonceLength, tagLength } = shape;
  const other: Aead = {
    keyLength,
    tagLength,
    seal: (key, nonce, additional, plaintext, out, at) =>
      out.set(oscoreCrypto.seal(shape, key, nonce, additional, plaintext), at),
    open: (key, nonce, additional, sealed) => oscoreCrypto.open(shape, key, nonce, additional, sealed),
  };
  try {
    const direct = new OpensslAead(shape, calls, other);
    const [key, nonce, additional, content] = [
      randomBytes(keyLength),
      randomBytes(nonceLength),
      randomBytes(20),
      randomBytes(40),
    ] as const;
    const sealed = new Uint8Array(content.length + tagLength);
    direct.seal(key, nonce, additional, content, sealed, 0);
    const opened = [direct, other].map((aead) => aead.open(key, nonce, additional, sealed));
    sealed[sealed.length - 1]! ^= 1;
    const agrees = opened.every((plaintext) => plaintext !== undefined && equalBytes(plaintext, content));
    return agrees && direct.open(key, nonce, additional, sealed) === undefined ? direct : other;
  } catch {
    return other; // this libcrypto does not have the cipher
  }
}
