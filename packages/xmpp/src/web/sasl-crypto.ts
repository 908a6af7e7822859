import type { SaslCrypto, ScramHash } from '../sasl/crypto.ts';
import { webRandom } from './machine.ts';

const bits: Readonly<Record<ScramHash, number>> = { 'SHA-1': 160, 'SHA-256': 256 };

/** The cryptography of SASL by that of browsers, which pages have that came over HTTPS or from this machine. */
export const webSaslCrypto: SaslCrypto = {
  hash: async (hash, data) => new Uint8Array(await crypto.subtle.digest(hash, own(data))),
  async hmac(hash, key, data) {
    const algorithm = { name: 'HMAC', hash };
    const imported = await crypto.subtle.importKey('raw', own(key), algorithm, false, ['sign']);
    return new Uint8Array(await crypto.subtle.sign(algorithm, imported, own(data)));
  },
  async pbkdf2(hash, password, salt, iterations) {
    const imported = await crypto.subtle.importKey('raw', own(password), 'PBKDF2', false, ['deriveBits']);
    const algorithm = { name: 'PBKDF2', hash, salt: own(salt), iterations };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, imported, bits[hash]));
  },
  equal(a, b) {
    if (a.length !== b.length) return false;
    let difference = 0;
    for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
    return difference === 0;
  },
  random: (count) => webRandom.bytes(count),
};

/** The types of Web Cryptography do not take memory that could be shared. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
