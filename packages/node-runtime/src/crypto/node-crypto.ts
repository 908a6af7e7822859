import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  hash as digest,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type {
  Aead,
  AeadAlgorithm,
  BlockCipher,
  CryptoPort,
  GroupName,
  HashAlgorithm,
  KeyKind,
  KeyShare,
  PrivateKey,
  SignatureAlgorithm,
} from '@yaolian/dtls';
import { runtimeErrors } from '../errors.ts';

const aeadShapes: Readonly<Record<AeadAlgorithm, readonly [name: string, keyLength: number, tagLength: number]>> = {
  'aes-128-ccm-8': ['aes-128-ccm', 16, 8],
  'aes-128-ccm': ['aes-128-ccm', 16, 16],
  'aes-128-gcm': ['aes-128-gcm', 16, 16],
  'aes-256-gcm': ['aes-256-gcm', 32, 16],
  'chacha20-poly1305': ['chacha20-poly1305', 32, 16],
};

export function aeadShape(algorithm: AeadAlgorithm): readonly [name: string, keyLength: number, tagLength: number] {
  return aeadShapes[algorithm];
}

class NodeAead implements Aead {
  readonly keyLength: number;
  readonly tagLength: number;
  // OpenSSL's name; all of these take the options of GCM.
  readonly #name: CipherGCMTypes;
  readonly #options: { readonly authTagLength: number };

  constructor(algorithm: AeadAlgorithm) {
    const [name, keyLength, tagLength] = aeadShape(algorithm);
    this.#name = name as CipherGCMTypes;
    this.keyLength = keyLength;
    this.tagLength = tagLength;
    this.#options = { authTagLength: tagLength };
  }

  seal(
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: Uint8Array,
    plaintext: Uint8Array,
    out: Uint8Array,
    at: number,
  ): void {
    const cipher = createCipheriv(this.#name, key, nonce, this.#options);
    cipher.setAAD(additionalData, { plaintextLength: plaintext.length });
    out.set(cipher.update(plaintext), at);
    cipher.final();
    out.set(cipher.getAuthTag(), at + plaintext.length);
  }

  open(key: Uint8Array, nonce: Uint8Array, additionalData: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const end = sealed.length - this.tagLength;
    if (end < 0) return undefined;
    try {
      const decipher = createDecipheriv(this.#name, key, nonce, this.#options);
      decipher.setAuthTag(sealed.subarray(end));
      decipher.setAAD(additionalData, { plaintextLength: end });
      const plaintext = decipher.update(sealed.subarray(0, end));
      decipher.final();
      return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
    } catch {
      return undefined; // update (CCM) and final (GCM) throw for one thing: the tag does not match
    }
  }
}

const aes128Cbc: BlockCipher = {
  encrypt(key, iv, plaintext) {
    const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
    return new Uint8Array(cipher.update(plaintext));
  },
  decrypt(key, iv, ciphertext) {
    const decipher = createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
    return new Uint8Array(decipher.update(ciphertext));
  },
};

const x25519Prefix = Buffer.from('302a300506032b656e032100', 'hex');

function x25519Share(): KeyShare {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(spki.subarray(-32)),
    agree(peer) {
      if (peer.length !== 32) return undefined;
      try {
        const key = createPublicKey({ key: Buffer.concat([x25519Prefix, peer]), format: 'der', type: 'spki' });
        return new Uint8Array(diffieHellman({ privateKey, publicKey: key }));
      } catch {
        return undefined; // OpenSSL refuses values of low order (RFC 7748 §6.1)
      }
    },
  };
}

function curveShare(group: 'secp256r1' | 'secp384r1'): KeyShare {
  const ecdh = createECDH(group === 'secp256r1' ? 'prime256v1' : 'secp384r1');
  const publicKey = new Uint8Array(ecdh.generateKeys());
  return {
    publicKey,
    agree(peer) {
      // RFC 8422 §5.1.2: points are uncompressed.
      if (peer.length !== publicKey.length || peer[0] !== 4) return undefined;
      try {
        return new Uint8Array(ecdh.computeSecret(peer));
      } catch {
        return undefined; // the point is not on the curve
      }
    },
  };
}

function kindOf(key: KeyObject): KeyKind | undefined {
  if (key.asymmetricKeyType === 'ed25519') return 'Ed25519';
  if (key.asymmetricKeyType !== 'ec') return undefined;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return curve === 'prime256v1' ? 'P-256' : curve === 'secp384r1' ? 'P-384' : undefined;
}

const signatureTypes: Readonly<Record<SignatureAlgorithm, readonly [type: string, digest: string | null]>> = {
  'ecdsa-sha256': ['ec', 'sha256'],
  'ecdsa-sha384': ['ec', 'sha384'],
  'ecdsa-sha512': ['ec', 'sha512'],
  ed25519: ['ed25519', null],
  'rsa-pkcs1-sha256': ['rsa', 'sha256'],
  'rsa-pkcs1-sha384': ['rsa', 'sha384'],
  'rsa-pkcs1-sha512': ['rsa', 'sha512'],
};

function publicKeyOf(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined; // no public key
  }
}

function importPrivateKey(key: Uint8Array | string): PrivateKey {
  // PEM of a file that was read is bytes too.
  const imported =
    typeof key === 'string' ? privateKeyOf({ key }) : (privateKeyOfDer(key) ?? privateKeyOf({ key: Buffer.from(key) }));
  const kind = imported && kindOf(imported);
  if (!imported || !kind)
    throw new TypeError('a private key is PKCS #8 or SEC 1, DER or PEM, on P-256, P-384 or Ed25519');
  const publicKey = new Uint8Array(createPublicKey(imported).export({ format: 'der', type: 'spki' }));
  return {
    kind,
    publicKey,
    sign: (algorithm, data) => new Uint8Array(sign(signatureTypes[algorithm][1], data, imported)),
  };
}

/**
 * A private key for TLS, in PEM.
 * @param der PKCS #8, or SEC 1 as `openssl ecparam` writes it
 * @throws YaolianError TLS_CREDENTIALS_BAD
 */
export function privateKeyPem(der: Uint8Array): string {
  const key = privateKeyOfDer(der);
  if (key) return key.export({ format: 'pem', type: 'pkcs8' });
  throw runtimeErrors.TLS_CREDENTIALS_BAD('the private key', 'it is neither PKCS #8 nor SEC 1', undefined);
}

function privateKeyOfDer(key: Uint8Array): KeyObject | undefined {
  const der = { key: Buffer.from(key), format: 'der' } as const;
  return privateKeyOf({ ...der, type: 'pkcs8' }) ?? privateKeyOf({ ...der, type: 'sec1' });
}

function privateKeyOf(input: Parameters<typeof createPrivateKey>[0]): KeyObject | undefined {
  try {
    return createPrivateKey(input);
  } catch {
    return undefined; // no private key in this form
  }
}

/** The cryptography of DTLS over `node:crypto`. */
export const nodeCrypto: CryptoPort = {
  name: 'node:crypto',
  randomBytes: (count) => new Uint8Array(randomBytes(count)),
  hash: (algorithm: HashAlgorithm, data) => new Uint8Array(digest(algorithm, data, 'buffer')),
  hmac(algorithm, key) {
    const secret = createSecretKey(key);
    const sign = (data: Uint8Array) => new Uint8Array(createHmac(algorithm, secret).update(data).digest());
    return {
      sign,
      signInto: (data, length, out, at, count) => out.set(sign(data.subarray(0, length)).subarray(0, count), at),
    };
  },
  aead: (algorithm) => new NodeAead(algorithm),
  aes128Cbc,
  generateKeyShare: (group: GroupName) => (group === 'x25519' ? x25519Share() : curveShare(group)),
  importPrivateKey,
  publicKeyKind(spki) {
    const key = publicKeyOf(spki);
    return key && kindOf(key);
  },
  verify(algorithm, spki, data, signature) {
    const key = publicKeyOf(spki);
    const [type, name] = signatureTypes[algorithm];
    return key !== undefined && key.asymmetricKeyType === type && verify(name, data, key, signature);
  },
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
};
