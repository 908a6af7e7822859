import type { Aead, AeadAlgorithm, CryptoPort, HashAlgorithm, Hmac } from '@yaolian/dtls';
import { encodeUtf8, failure, type Result, success } from '@yaolian/kernel';
import { aeadShape, nodeCrypto } from './node-crypto.ts';
import { type CipherCalls, loadCipherCalls } from './openssl-calls.ts';

/** EVP_CTRL_AEAD_* of <openssl/evp.h>; EVP_CTRL_CCM_SET_L needs no call: 12-byte nonces leave 3. */
const Control = { SetIvLength: 0x9, GetTag: 0x10, SetTag: 0x11 } as const;

/** The largest record, its tag, and room to spare. */
const dataBytes = 20_480;
const At = { key: 0, nonce: 32, length: 48, tag: 64, additional: 96, input: 512, output: 512 + dataBytes } as const;
const memoryBytes = At.output + dataBytes;

/**
 * One AEAD cipher on two contexts that live as long as the process, one for each direction. The key is set for each record:
 * that costs a tenth of a microsecond and spares each session a kilobyte of native memory.
 */
class OpensslAead implements Aead {
  readonly keyLength: number;
  readonly tagLength: number;
  readonly #calls: CipherCalls;
  readonly #isCcm: boolean;
  readonly #memory: Uint8Array;
  readonly #base: number;
  readonly #sealing: number;
  readonly #opening: number;
  readonly #fallback: Aead;

  constructor(algorithm: AeadAlgorithm, calls: CipherCalls) {
    const [name, keyLength, tagLength] = aeadShape(algorithm);
    this.keyLength = keyLength;
    this.tagLength = tagLength;
    this.#calls = calls;
    this.#isCcm = name.endsWith('ccm');
    this.#fallback = nodeCrypto.aead(algorithm);
    const memory = new ArrayBuffer(memoryBytes);
    this.#memory = new Uint8Array(memory);
    this.#base = calls.addressOf(memory);
    this.#sealing = this.#context(name, 1);
    this.#opening = this.#context(name, 0);
  }

  seal(
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: Uint8Array,
    plaintext: Uint8Array,
    out: Uint8Array,
    at: number,
  ): void {
    const length = plaintext.length;
    if (!this.#fits(additionalData, length)) {
      this.#fallback.seal(key, nonce, additionalData, plaintext, out, at);
      return;
    }
    const base = this.#base;
    const context = this.#sealing;
    this.#copyIn(key, nonce, additionalData, plaintext, length);
    let done = this.#calls.init(context, 0, 0, base + At.key, base + At.nonce, 1);
    done &= this.#update(context, additionalData.length, length);
    done &= this.#calls.final(context, base + At.output + length, base + At.length);
    done &= this.#calls.control(context, Control.GetTag, this.tagLength, base + At.tag);
    if (done !== 1) throw new Error('OpenSSL does not encrypt');
    out.set(this.#memory.subarray(At.output, At.output + length), at);
    out.set(this.#memory.subarray(At.tag, At.tag + this.tagLength), at + length);
  }

  open(key: Uint8Array, nonce: Uint8Array, additionalData: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const length = sealed.length - this.tagLength;
    if (length < 0) return undefined;
    if (!this.#fits(additionalData, length)) return this.#fallback.open(key, nonce, additionalData, sealed);
    const base = this.#base;
    const context = this.#opening;
    this.#copyIn(key, nonce, additionalData, sealed, sealed.length);
    const tag = base + At.input + length;
    // CCM wants the tag in front of everything, GCM and ChaCha20-Poly1305 at any time.
    let done = this.#calls.init(context, 0, 0, this.#isCcm ? 0 : base + At.key, this.#isCcm ? 0 : base + At.nonce, 0);
    done &= this.#calls.control(context, Control.SetTag, this.tagLength, tag);
    if (this.#isCcm) done &= this.#calls.init(context, 0, 0, base + At.key, base + At.nonce, 0);
    done &= this.#update(context, additionalData.length, length);
    // CCM checks the tag in the update, and has no more to say.
    if (!this.#isCcm) done &= this.#calls.final(context, base + At.output + length, base + At.length);
    if (done !== 1) return undefined;
    return this.#memory.slice(At.output, At.output + length);
  }

  /** Length (CCM wants it first), additional data, content. 1 when all went well. */
  #update(context: number, additionalLength: number, length: number): number {
    const { update } = this.#calls;
    const base = this.#base;
    const outLength = base + At.length;
    if (this.#isCcm && update(context, 0, outLength, 0, length) <= 0) return 0;
    if (update(context, 0, outLength, base + At.additional, additionalLength) <= 0) return 0;
    return update(context, base + At.output, outLength, base + At.input, length) > 0 ? 1 : 0;
  }

  /** CCM without content is rare and odd in OpenSSL's interface: it goes the other way. */
  #fits(additionalData: Uint8Array, length: number): boolean {
    return (
      length > 0 &&
      length <= dataBytes - 64 &&
      additionalData.length > 0 &&
      additionalData.length <= At.input - At.additional
    );
  }

  #copyIn(key: Uint8Array, nonce: Uint8Array, additionalData: Uint8Array, input: Uint8Array, length: number): void {
    const memory = this.#memory;
    for (let i = 0; i < this.keyLength; i++) memory[At.key + i] = key[i]!;
    for (let i = 0; i < 12; i++) memory[At.nonce + i] = nonce[i]!;
    for (let i = 0; i < additionalData.length; i++) memory[At.additional + i] = additionalData[i]!;
    if (length < 64) for (let i = 0; i < length; i++) memory[At.input + i] = input[i]!;
    else memory.set(input, At.input);
  }

  #context(name: string, encrypts: 0 | 1): number {
    const { calls, tagLength } = { calls: this.#calls, tagLength: this.tagLength };
    const cipher = calls.fetch(0, name, 0);
    const context = calls.newContext();
    let done = cipher === 0 || context === 0 ? 0 : calls.init(context, cipher, 0, 0, 0, encrypts);
    done &= calls.control(context, Control.SetIvLength, 12, 0);
    if (this.#isCcm) done &= calls.control(context, Control.SetTag, tagLength, 0);
    if (done !== 1) throw new Error(`this OpenSSL has no ${name}`);
    return context;
  }
}

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

function overCalls(calls: CipherCalls): CryptoPort {
  const ciphers = new Map<AeadAlgorithm, Aead>();
  const macs = { sha256: new HmacContext('sha256', calls), sha384: new HmacContext('sha384', calls) };
  return {
    ...nodeCrypto,
    name: 'libcrypto',
    hmac: (algorithm, key) => new OpensslHmac(algorithm, key, macs[algorithm]),
    aead(algorithm) {
      const cipher = ciphers.get(algorithm) ?? new OpensslAead(algorithm, calls);
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

/** How DTLS gets its cryptography. */
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
