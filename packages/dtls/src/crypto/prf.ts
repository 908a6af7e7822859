import { concatBytes, encodeUtf8 } from '@yaolian/kernel';
import type { CryptoPort, HashAlgorithm } from './crypto-port.ts';

/** The PRF of TLS 1.2: P_hash(secret, label + seed), `length` bytes of it (RFC 5246 §5). */
function prf(
  crypto: CryptoPort,
  hash: HashAlgorithm,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const hmac = crypto.hmac(hash, secret);
  const labelled = concatBytes([encodeUtf8(label), seed]);
  const output = new Uint8Array(length);
  let a = labelled;
  for (let at = 0; at < length; ) {
    a = hmac.sign(a);
    const block = hmac.sign(concatBytes([a, labelled]));
    output.set(at + block.length > length ? block.subarray(0, length - at) : block, at);
    at += block.length;
  }
  return output;
}

const masterSecretLength = 48;
const verifyDataLength = 12;

/** RFC 7627 §4: bound to all messages up to ClientKeyExchange. */
export function extendedMasterSecret(
  crypto: CryptoPort,
  hash: HashAlgorithm,
  premasterSecret: Uint8Array,
  sessionHash: Uint8Array,
): Uint8Array {
  return prf(crypto, hash, premasterSecret, 'extended master secret', sessionHash, masterSecretLength);
}

/** RFC 5246 §8.1. */
export function masterSecret(
  crypto: CryptoPort,
  hash: HashAlgorithm,
  premasterSecret: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): Uint8Array {
  const seed = concatBytes([clientRandom, serverRandom]);
  return prf(crypto, hash, premasterSecret, 'master secret', seed, masterSecretLength);
}

/** RFC 5246 §6.3. */
export function keyBlock(
  crypto: CryptoPort,
  hash: HashAlgorithm,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
  length: number,
): Uint8Array {
  return prf(crypto, hash, master, 'key expansion', concatBytes([serverRandom, clientRandom]), length);
}

/** RFC 5246 §7.4.9: the content of the Finished of `sender`. */
export function verifyData(
  crypto: CryptoPort,
  hash: HashAlgorithm,
  master: Uint8Array,
  sender: 'client' | 'server',
  transcriptHash: Uint8Array,
): Uint8Array {
  return prf(crypto, hash, master, `${sender} finished`, transcriptHash, verifyDataLength);
}

/** RFC 4279 §2 and RFC 5489 §2: zeros as long as the key stand for the other secret where there is no ECDH. */
export function pskPremasterSecret(psk: Uint8Array, ecdhSecret?: Uint8Array): Uint8Array {
  const other = ecdhSecret ?? new Uint8Array(psk.length);
  const secret = new Uint8Array(4 + other.length + psk.length);
  secret[0] = other.length >> 8;
  secret[1] = other.length;
  secret.set(other, 2);
  const at = 2 + other.length;
  secret[at] = psk.length >> 8;
  secret[at + 1] = psk.length;
  secret.set(psk, at + 2);
  return secret;
}
