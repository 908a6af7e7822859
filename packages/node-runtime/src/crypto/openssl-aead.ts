import type { Aead } from '@yaolian/dtls';
import type { CipherCalls } from './openssl-calls.ts';

/** EVP_CTRL_AEAD_* of <openssl/evp.h>; EVP_CTRL_CCM_SET_L needs no call: it follows from the length of nonces. */
const Control = { SetIvLength: 0x9, GetTag: 0x10, SetTag: 0x11 } as const;

/** A cipher by its name in OpenSSL; lengths in bytes. */
export interface CipherShape {
  readonly cipher: string;
  readonly keyLength: number;
  /** At most 16. */
  readonly nonceLength: number;
  readonly tagLength: number;
}

/** The largest record, its tag, and room to spare. */
const dataBytes = 20_480;
const At = { key: 0, nonce: 32, length: 48, tag: 64, additional: 96, input: 512, output: 512 + dataBytes } as const;
const memoryBytes = At.output + dataBytes;

/**
 * One AEAD cipher on two contexts that live as long as the process, one for each direction. The key is set for each record:
 * that costs a tenth of a microsecond and spares each session a kilobyte of native memory.
 */
export class OpensslAead implements Aead {
  readonly keyLength: number;
  readonly tagLength: number;
  readonly #nonceLength: number;
  readonly #calls: CipherCalls;
  readonly #isCcm: boolean;
  readonly #memory: Uint8Array;
  readonly #base: number;
  readonly #sealing: number;
  readonly #opening: number;
  readonly #fallback: Aead;

  /**
   * @param fallback the same cipher, for what has no room here
   * @throws Error when this OpenSSL does not have it
   */
  constructor({ cipher: name, keyLength, nonceLength, tagLength }: CipherShape, calls: CipherCalls, fallback: Aead) {
    this.#nonceLength = nonceLength;
    this.keyLength = keyLength;
    this.tagLength = tagLength;
    this.#calls = calls;
    this.#isCcm = name.endsWith('ccm');
    this.#fallback = fallback;
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
    for (let i = 0; i < this.#nonceLength; i++) memory[At.nonce + i] = nonce[i]!;
    for (let i = 0; i < additionalData.length; i++) memory[At.additional + i] = additionalData[i]!;
    if (length < 64) for (let i = 0; i < length; i++) memory[At.input + i] = input[i]!;
    else memory.set(input, At.input);
  }

  #context(name: string, encrypts: 0 | 1): number {
    const { calls, tagLength } = { calls: this.#calls, tagLength: this.tagLength };
    const cipher = calls.fetch(0, name, 0);
    const context = calls.newContext();
    let done = cipher === 0 || context === 0 ? 0 : calls.init(context, cipher, 0, 0, 0, encrypts);
    done &= calls.control(context, Control.SetIvLength, this.#nonceLength, 0);
    if (this.#isCcm) done &= calls.control(context, Control.SetTag, tagLength, 0);
    if (done !== 1) throw new Error(`this OpenSSL has no ${name}`);
    return context;
  }
}
