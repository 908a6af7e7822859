import type { Aead, AeadAlgorithm, CryptoPort, HashAlgorithm } from '@yaolian/dtls';
import { encodeUtf8 } from '@yaolian/kernel';

/** A cipher suite of TLS 1.3 (RFC 8446 appendix B.4) with what encrypts and derives. */
export interface RecordSuite {
  /** IANA's number. */
  readonly id: number;
  readonly aead: Aead;
  readonly hash: HashAlgorithm;
  readonly crypto: CryptoPort;
}

const suites: ReadonlyMap<number, readonly [AeadAlgorithm, HashAlgorithm]> = new Map([
  [0x1301, ['aes-128-gcm', 'sha256']],
  [0x1302, ['aes-256-gcm', 'sha384']],
  [0x1303, ['chacha20-poly1305', 'sha256']],
]);

/** Whether records of a suite, by IANA's number, can be kept. */
export function isRecordSuite(id: number): boolean {
  return suites.has(id);
}

/** The suites that {@link isRecordSuite} knows, over one cryptography: one of each for all sessions. */
export class RecordSuites {
  readonly #crypto: CryptoPort;
  readonly #suites = new Map<number, RecordSuite>();

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto;
  }

  of(id: number): RecordSuite | undefined {
    const known = suites.get(id);
    let suite = this.#suites.get(id);
    if (suite === undefined && known !== undefined) {
      suite = { id, aead: this.#crypto.aead(known[0]), hash: known[1], crypto: this.#crypto };
      this.#suites.set(id, suite);
    }
    return suite;
  }
}

const ivLength = 12;
// One record at a time is sealed or opened, so all sessions share what its key and nonce are put into.
const keys = new Map<number, Uint8Array>([16, 32].map((length) => [length, new Uint8Array(length)]));
const nonce = new Uint8Array(ivLength);

/** The keys of one direction, with the number of its next record. */
export class TrafficKeys {
  readonly suite: RecordSuite;
  #secret: Uint8Array;
  /** The key, and the IV behind it. */
  #material: Uint8Array;
  #sequence = 0;

  /** @param secret application_traffic_secret_N of the side that sends (RFC 8446 §7.1); taken over, and wiped */
  constructor(suite: RecordSuite, secret: Uint8Array) {
    this.suite = suite;
    this.#secret = secret;
    this.#material = this.#derive();
  }

  /** The number of the next record. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Appends one record's ciphertext to `out` at `at`. @param plaintext with its content type behind it (RFC 8446 §5.2) */
  seal(header: Uint8Array, plaintext: Uint8Array, out: Uint8Array, at: number): void {
    this.suite.aead.seal(this.#prepare(), nonce, header, plaintext, out, at);
    this.#sequence++;
  }

  /** The plaintext of the next record, or undefined when it is not authentic. */
  open(header: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const plaintext = this.suite.aead.open(this.#prepare(), nonce, header, sealed);
    if (plaintext !== undefined) this.#sequence++;
    return plaintext;
  }

  /** RFC 8446 §7.2: the next generation of keys. */
  update(): void {
    const next = expandLabel(this.suite, this.#secret, 'traffic upd', this.#secret.length);
    this.wipe();
    this.#secret = next;
    this.#material = this.#derive();
    this.#sequence = 0;
  }

  /** Nothing can be sealed or opened any more. */
  wipe(): void {
    this.#secret.fill(0);
    this.#material.fill(0);
  }

  /** RFC 8446 §7.3. */
  #derive(): Uint8Array {
    const { keyLength } = this.suite.aead;
    const material = new Uint8Array(keyLength + ivLength);
    material.set(expandLabel(this.suite, this.#secret, 'key', keyLength));
    material.set(expandLabel(this.suite, this.#secret, 'iv', ivLength), keyLength);
    return material;
  }

  /** Puts the nonce of the next record together (RFC 8446 §5.3). @returns the key */
  #prepare(): Uint8Array {
    const material = this.#material;
    const length = material.length - ivLength;
    const key = keys.get(length)!;
    for (let i = 0; i < length; i++) key[i] = material[i]!;
    for (let i = 0; i < ivLength; i++) nonce[i] = material[length + i]!;
    // Numbers stay far below 2^48: see the bound on records of one key.
    let rest = this.#sequence;
    for (let i = ivLength - 1; rest > 0; i--) {
      nonce[i]! ^= rest & 0xff;
      rest = Math.floor(rest / 256);
    }
    return key;
  }
}

/** HKDF-Expand-Label without context (RFC 8446 §7.1), of at most one block of the hash. */
function expandLabel({ crypto, hash }: RecordSuite, secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = encodeUtf8(`tls13 ${label}`);
  const info = new Uint8Array(name.length + 5);
  info.set([length >> 8, length & 0xff, name.length]);
  info.set(name, 3);
  info[info.length - 1] = 1; // behind the empty context: the number of HKDF's block
  return crypto.hmac(hash, secret).sign(info).slice(0, length);
}
