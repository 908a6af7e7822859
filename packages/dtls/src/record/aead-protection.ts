import type { Aead } from '../crypto/crypto-port.ts';
import { additionalData } from './additional-data.ts';
import type { Protection, Sender } from './protection.ts';
import type { RecordView } from './record-header.ts';

const explicitNonceLength = 8;
const nonce = new Uint8Array(12);

/**
 * AEAD ciphers (RFC 5246 §6.2.3.3). GCM and CCM send 8 bytes of the nonce with each record, and ours are epoch and sequence
 * number (RFC 5288 §3, RFC 6655 §3: unique under a key as they are); ChaCha20-Poly1305 derives all of it (RFC 7905 §2).
 */
export class AeadProtection implements Protection {
  readonly keyBlockLength: number;
  readonly overhead: number;
  readonly #aead: Aead;
  readonly #derivedNonce: boolean;
  readonly #ivLength: number;
  readonly #explicit: number;

  constructor(aead: Aead, derivedNonce: boolean) {
    this.#aead = aead;
    this.#derivedNonce = derivedNonce;
    this.#ivLength = derivedNonce ? 12 : 4;
    this.#explicit = derivedNonce ? 0 : explicitNonceLength;
    this.keyBlockLength = 2 * (aead.keyLength + this.#ivLength);
    this.overhead = this.#explicit + aead.tagLength;
  }

  seal(
    keys: Uint8Array,
    sender: Sender,
    out: Uint8Array,
    header: number,
    fragment: number,
    cidLength: number,
    content: Uint8Array,
  ): number {
    const length = this.#explicit + content.length + this.#aead.tagLength;
    out[fragment - 2] = length >> 8;
    out[fragment - 1] = length;
    for (let i = 0; i < this.#explicit; i++) out[fragment + i] = out[header + 3 + i]!;
    this.#writeNonce(keys, sender, out, header + 3);
    const additional = additionalData(out, header, cidLength, content.length);
    this.#aead.seal(this.#key(keys, sender), nonce, additional, content, out, fragment + this.#explicit);
    return fragment + length;
  }

  open(
    keys: Uint8Array,
    sender: Sender,
    datagram: Uint8Array,
    header: number,
    record: RecordView,
  ): Uint8Array | undefined {
    const start = record.fragmentStart + this.#explicit;
    const contentLength = record.fragmentEnd - start - this.#aead.tagLength;
    if (contentLength < 0) return undefined;
    this.#writeNonce(keys, sender, datagram, this.#derivedNonce ? header + 3 : record.fragmentStart);
    const additional = additionalData(datagram, header, record.cidLength, contentLength);
    return this.#aead.open(this.#key(keys, sender), nonce, additional, datagram.subarray(start, record.fragmentEnd));
  }

  #key(keys: Uint8Array, sender: Sender): Uint8Array {
    const length = this.#aead.keyLength;
    return keys.subarray(sender * length, sender * length + length);
  }

  /** @param from where the 8 bytes that vary start in `bytes` */
  #writeNonce(keys: Uint8Array, sender: Sender, bytes: Uint8Array, from: number): void {
    const iv = 2 * this.#aead.keyLength + sender * this.#ivLength;
    for (let i = 0; i < this.#ivLength; i++) nonce[i] = keys[iv + i]!;
    if (this.#derivedNonce) for (let i = 0; i < 8; i++) nonce[4 + i]! ^= bytes[from + i]!;
    else for (let i = 0; i < 8; i++) nonce[4 + i] = bytes[from + i]!;
  }
}
