import type { Aead, AeadAlgorithm, CryptoPort, HashAlgorithm, Hmac } from '@yaolian/dtls';
import { encodeUtf8, failure, type Result, success } from '@yaolian/kernel';
import { aeadShape, nodeCrypto } from './node-crypto.ts';
import { OpensslAead } from './openssl-aead.ts';
import { type CipherCalls, loadCipherCalls } from './openssl-calls.ts';

/** Where things lie in the memory of an HMAC context. */
const MacAt = { key: 0, output: 512, input: 1024 } as const;
const macBytes = 32_768;

/**
 * HMAC with one hash on a context that lives as long as the process: to make one for each message, as `HMAC()` does, takes twice as long
 * as the message. It remembers the key that came last.
 */
class HmacContext {
  readonly length: number;
  readonly #calls: CipherCalls;
  readonly #memory: Uint8Array;
  readonly #base: number;
  readonly #context: number;
  #last: Uint8Array | undefined;

  constructor(algorithm: HashAlgorithm, calls: CipherCalls) {
    this.length = algorithm === 'sha256' ? 32 : 48;
    this.#calls = calls;
    const memory = new ArrayBuffer(macBytes);
    this.#memory = new Uint8Array(memory);
    this.#base = calls.addressOf(memory);
    const mac = calls.fetchMac(0, 'HMAC', 0);
    this.#context = mac === 0 ? 0 : calls.newMacContext(mac);
    if (this.#context === 0) throw new Error('this OpenSSL has no HMAC');
    this.#setDigest(algorithm === 'sha256' ? 'SHA256' : 'SHA384', memory);
  }

  /** Whether a message and its key have room. */
  fits(keyLength: number, length: number): boolean {
    return keyLength > 0 && keyLength <= MacAt.output && length <= macBytes - MacAt.input;
  }

  sign(key: Uint8Array, data: Uint8Array): Uint8Array {
    this.#memory.set(data, MacAt.input);
    this.#compute(key, data.length);
    return this.#memory.slice(MacAt.output, MacAt.output + this.length);
  }

  /** As {@link Hmac.signInto}: short messages, and nothing is allocated. */
  signInto(key: Uint8Array, data: Uint8Array, length: number, out: Uint8Array, at: number, count: number): void {
    const memory = this.#memory;
    for (let i = 0; i < length; i++) memory[MacAt.input + i] = data[i]!;
    this.#compute(key, length);
    for (let i = 0; i < count; i++) out[at + i] = memory[MacAt.output + i]!;
  }

  #compute(key: Uint8Array, length: number): void {
    const calls = this.#calls;
    const memory = this.#memory;
    const base = this.#base;
    let done: number;
    if (this.#last === key) done = calls.initMac(this.#context, 0, 0, 0);
    else {
      memory.set(key, MacAt.key);
      done = calls.initMac(this.#context, base + MacAt.key, key.length, 0);
      memory.fill(0, MacAt.key, key.length);
      this.#last = key;
    }
    done &= calls.updateMac(this.#context, base + MacAt.input, length);
    done &= calls.finalMac(this.#context, base + MacAt.output, 0, this.length);
    if (done !== 1) throw new Error('OpenSSL does not compute an HMAC');
  }

  /** Two OSSL_PARAMs of <openssl/core.h>: { "digest", OSSL_PARAM_UTF8_STRING, its name, its length, unused }, and the end. */
  #setDigest(name: string, memory: ArrayBuffer): void {
    const [key, value, parameters] = [1024, 1040, 1056] as const;
    this.#memory.set(encodeUtf8('digest'), key);
    this.#memory.set(encodeUtf8(name), value);
    const view = new DataView(memory);
    const word = (at: number, number: bigint) => view.setBigUint64(parameters + at, number, true);
    word(0, BigInt(this.#base + key));
    view.setUint32(parameters + 8, 4, true);
    word(16, BigInt(this.#base + value));
    word(24, BigInt(name.length));
    word(32, 2n ** 64n - 1n);
    const done = this.#calls.initMac(this.#context, this.#base + MacAt.key, 32, this.#base + parameters);
    if (done !== 1) throw new Error(`this OpenSSL has no HMAC with ${name}`);
    this.#memory.fill(0);
  }
}

class OpensslHmac implements Hmac {
  readonly #context: HmacContext;
  readonly #key: Uint8Array;
  readonly #fallback: () => Hmac;

  constructor(algorithm: HashAlgorithm, key: Uint8Array, context: HmacContext) {
    this.#context = context;
    this.#key = key.slice();
    this.#fallback = () => nodeCrypto.hmac(algorithm, this.#key);
  }

  sign(data: Uint8Array): Uint8Array {
    if (!this.#context.fits(this.#key.length, data.length)) return this.#fallback().sign(data);
    return this.#context.sign(this.#key, data);
  }

  signInto(data: Uint8Array, length: number, out: Uint8Array, at: number, count: number): void {
    if (this.#context.fits(this.#key.length, length)) this.#context.signInto(this.#key, data, length, out, at, count);
    else this.#fallback().signInto(data, length, out, at, count);
  }
}

let loaded: CryptoPort | undefined;

/** The cryptography of DTLS with AEAD and HMAC straight from Node's own libcrypto, or why that is impossible here. */
async function loadOpensslCrypto(): Promise<Result<CryptoPort, string>> {
  if (loaded !== undefined) return success(loaded);
  const calls = await loadCipherCalls();
  if (!calls.ok) return calls;
  try {
    const crypto = overCalls(calls.value);
    for (const algorithm of ['aes-128-ccm-8', 'aes-128-gcm', 'chacha20-poly1305'] as const)
      proveRight(crypto, algorithm);
    for (const algorithm of ['sha256', 'sha384'] as const) proveMac(crypto, algorithm);
    loaded = crypto;
    return success(crypto);
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error));
  }
}

function directAead(algorithm: AeadAlgorithm, calls: CipherCalls): Aead {
  const [cipher, keyLength, tagLength] = aeadShape(algorithm);
  return new OpensslAead({ cipher, keyLength, nonceLength: 12, tagLength }, calls, nodeCrypto.aead(algorithm));
}

function overCalls(calls: CipherCalls): CryptoPort {
  const ciphers = new Map<AeadAlgorithm, Aead>();
  const macs = { sha256: new HmacContext('sha256', calls), sha384: new HmacContext('sha384', calls) };
  return {
    ...nodeCrypto,
    name: 'libcrypto',
    hmac: (algorithm, key) => new OpensslHmac(algorithm, key, macs[algorithm]),
    aead(algorithm) {
      const cipher = ciphers.get(algorithm) ?? directAead(algorithm, calls);
      ciphers.set(algorithm, cipher);
      return cipher;
    },
  };
}

/** Before it is believed, it must agree with `node:crypto` and refuse a wrong tag. */
function proveRight(crypto: CryptoPort, algorithm: AeadAlgorithm): void {
  const [direct, other] = [crypto.aead(algorithm), nodeCrypto.aead(algorithm)];
  const key = nodeCrypto.randomBytes(direct.keyLength);
  const [nonce, additional, content] = [12, 13, 40].map((count) => nodeCrypto.randomBytes(count)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const sealed = new Uint8Array(content.length + direct.tagLength);
  direct.seal(key, nonce, additional, content, sealed, 0);
  const opened = other.open(key, nonce, additional, sealed);
  const again = direct.open(key, nonce, additional, sealed);
  sealed[sealed.length - 1]! ^= 1;
  const wrong = direct.open(key, nonce, additional, sealed);
  const isRight =
    opened !== undefined &&
    again !== undefined &&
    nodeCrypto.equal(opened, content) &&
    nodeCrypto.equal(again, content);
  if (!isRight || wrong !== undefined) throw new Error(`the libcrypto of this Node does ${algorithm} differently`);
}

function proveMac(crypto: CryptoPort, algorithm: HashAlgorithm): void {
  const [first, second] = [nodeCrypto.randomBytes(32), nodeCrypto.randomBytes(48)];
  const data = nodeCrypto.randomBytes(100);
  // One key after the other, and one twice.
  const macs = [first, second].map((key) => [crypto.hmac(algorithm, key), nodeCrypto.hmac(algorithm, key)] as const);
  for (const [direct, other] of [...macs, macs[1]!, macs[0]!]) {
    if (nodeCrypto.equal(direct.sign(data), other.sign(data))) continue;
    throw new Error(`the libcrypto of this Node does HMAC with ${algorithm} differently`);
  }
}

/** How DTLS and OSCORE get their cryptography. */
export const CryptoAdapter = { Auto: 'auto', Libcrypto: 'libcrypto', Node: 'node' } as const;
export type CryptoAdapter = (typeof CryptoAdapter)[keyof typeof CryptoAdapter];

/** Names the adapter where the argument does not: `auto`, `libcrypto` or `node`. */
export const cryptoAdapterVariable = 'YAOLIAN_CRYPTO_ADAPTER';

/**
 * The fastest cryptography that works here.
 * @throws RangeError when there is no such adapter, or `libcrypto` was asked for and does not load
 */
export async function openCrypto(adapter?: CryptoAdapter): Promise<CryptoPort> {
  const chosen = adapter ?? process.env[cryptoAdapterVariable] ?? CryptoAdapter.Auto;
  if (!Object.values<string>(CryptoAdapter).includes(chosen)) {
    throw new RangeError(`a crypto adapter is auto, libcrypto or node, not "${chosen}"`);
  }
  if (chosen === CryptoAdapter.Node) return nodeCrypto;
  const direct = await loadOpensslCrypto();
  if (direct.ok) return direct.value;
  if (chosen === CryptoAdapter.Libcrypto)
    throw new RangeError(`the libcrypto adapter does not work here: ${direct.error}`);
  return nodeCrypto;
}
