import type { Aead, AeadAlgorithm, CryptoPort, HashAlgorithm, Hmac } from '@yaolian/dtls';
import { failure, type Result, success } from '@yaolian/kernel';
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

class OpensslHmac implements Hmac {
  readonly #calls: CipherCalls;
  readonly #digest: number;
  readonly #length: number;
  readonly #memory: Uint8Array;
  readonly #base: number;
  readonly #key: Uint8Array;
  readonly #fallback: () => Hmac;

  constructor(algorithm: HashAlgorithm, key: Uint8Array, calls: CipherCalls, scratch: ArrayBuffer, base: number) {
    this.#calls = calls;
    this.#digest = algorithm === 'sha256' ? calls.sha256 : calls.sha384;
    this.#length = algorithm === 'sha256' ? 32 : 48;
    this.#memory = new Uint8Array(scratch);
    this.#base = base;
    this.#key = key.slice();
    this.#fallback = () => nodeCrypto.hmac(algorithm, this.#key);
  }

  sign(data: Uint8Array): Uint8Array {
    const keyLength = this.#key.length;
    if (keyLength > 512 || data.length > hmacBytes - 1024) return this.#fallback().sign(data);
    this.#memory.set(this.#key, 0);
    this.#memory.set(data, 1024);
    const base = this.#base;
    if (this.#calls.hmac(this.#digest, base, keyLength, base + 1024, data.length, base + 512, 0) === 0) {
      throw new Error('OpenSSL does not compute an HMAC');
    }
    this.#memory.fill(0, 0, keyLength);
    return this.#memory.slice(512, 512 + this.#length);
  }
}

const hmacBytes = 32_768;
let loaded: CryptoPort | undefined;

/** The cryptography of DTLS with AEAD and HMAC straight from Node's own libcrypto, or why that is impossible here. */
export async function loadOpensslCrypto(): Promise<Result<CryptoPort, string>> {
  if (loaded !== undefined) return success(loaded);
  const calls = await loadCipherCalls();
  if (!calls.ok) return calls;
  try {
    const crypto = overCalls(calls.value);
    for (const algorithm of ['aes-128-ccm-8', 'aes-128-gcm', 'chacha20-poly1305'] as const)
      proveRight(crypto, algorithm);
    loaded = crypto;
    return success(crypto);
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error));
  }
}

function overCalls(calls: CipherCalls): CryptoPort {
  const ciphers = new Map<AeadAlgorithm, Aead>();
  const scratch = new ArrayBuffer(hmacBytes);
  const base = calls.addressOf(scratch);
  return {
    ...nodeCrypto,
    name: 'libcrypto',
    hmac: (algorithm, key) => new OpensslHmac(algorithm, key, calls, scratch, base),
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
