import { createHmac, createSecretKey, hash as digest, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SaslCrypto, ScramHash } from '@yaolian/xmpp';

const names: Readonly<Record<ScramHash, string>> = { 'SHA-1': 'sha1', 'SHA-256': 'sha256' };

/** The cryptography of SASL by OpenSSL; PBKDF2 in threads of Node's pool. */
export const saslCrypto: SaslCrypto = {
  hash: (hash, data) => digest(names[hash], data, 'buffer'),
  // A key object makes an HMAC in a sixth of the time that a key of bytes takes.
  hmac: (hash, key, data) => createHmac(names[hash], createSecretKey(key)).update(data).digest(),
  pbkdf2: (hash, password, salt, iterations) =>
    new Promise((resolve, reject) => {
      const length = hash === 'SHA-1' ? 20 : 32;
      pbkdf2(password, salt, iterations, length, names[hash], (error, key) => (error ? reject(error) : resolve(key)));
    }),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  random: (count) => randomBytes(count),
};
