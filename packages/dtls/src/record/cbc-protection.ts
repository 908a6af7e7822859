import { concatBytes } from '@yaolian/kernel';
import type { CryptoPort } from '../crypto/crypto-port.ts';
import { additionalData } from './additional-data.ts';
import type { Protection, Sender } from './protection.ts';
import type { RecordView } from './record-header.ts';

const macLength = 32;
const keyLength = 16;
const blockLength = 16;

/**
 * AES-128-CBC with HMAC-SHA256 over the ciphertext (RFC 7366, and RFC 9146 §5.2 with a Connection ID). The MAC is checked,
 * in constant time, before anything is decrypted, so no padding oracle can exist.
 *
 * DEVIATION: MAC-then-encrypt (RFC 5246 §6.2.3.2) is not there: a CBC suite is taken only with encrypt_then_mac.
 */
export class CbcProtection implements Protection {
  readonly keyBlockLength = 2 * (macLength + keyLength);
  readonly overhead = blockLength + blockLength + macLength;
  readonly #crypto: CryptoPort;
  /** IVs must be unpredictable (RFC 5246 §6.2.3.2): blocks of a counter under a key of their own. */
  readonly #ivKey: Uint8Array;
  #ivCount = 0;

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto;
    this.#ivKey = crypto.randomBytes(keyLength);
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
    const padding = blockLength - (content.length % blockLength);
    const padded = new Uint8Array(content.length + padding);
    padded.set(content);
    padded.fill(padding - 1, content.length);
    const iv = this.#nextIv();
    out.set(iv, fragment);
    out.set(this.#crypto.aes128Cbc.encrypt(cipherKey(keys, sender), iv, padded), fragment + blockLength);
    const macAt = fragment + blockLength + padded.length;
    out.set(this.#mac(keys, sender, out, header, cidLength, fragment, macAt), macAt);
    const length = macAt + macLength - fragment;
    out[fragment - 2] = length >> 8;
    out[fragment - 1] = length;
    return macAt + macLength;
  }

  open(
    keys: Uint8Array,
    sender: Sender,
    datagram: Uint8Array,
    header: number,
    record: RecordView,
  ): Uint8Array | undefined {
    const start = record.fragmentStart;
    const macAt = record.fragmentEnd - macLength;
    const encrypted = macAt - start - blockLength;
    if (encrypted < blockLength || encrypted % blockLength !== 0) return undefined;
    const mac = this.#mac(keys, sender, datagram, header, record.cidLength, start, macAt);
    if (!this.#crypto.equal(mac, datagram.subarray(macAt, record.fragmentEnd))) return undefined;
    const iv = datagram.subarray(start, start + blockLength);
    const padded = this.#crypto.aes128Cbc.decrypt(
      cipherKey(keys, sender),
      iv,
      datagram.subarray(start + blockLength, macAt),
    );
    return withoutPadding(padded);
  }

  #mac(
    keys: Uint8Array,
    sender: Sender,
    bytes: Uint8Array,
    header: number,
    cidLength: number,
    start: number,
    end: number,
  ): Uint8Array {
    const key = keys.subarray(sender * macLength, (sender + 1) * macLength);
    const additional = additionalData(bytes, header, cidLength, end - start);
    return this.#crypto.hmac('sha256', key).sign(concatBytes([additional, bytes.subarray(start, end)]));
  }

  #nextIv(): Uint8Array {
    const counter = new Uint8Array(blockLength);
    new DataView(counter.buffer).setFloat64(0, ++this.#ivCount);
    return this.#crypto.aes128Cbc.encrypt(this.#ivKey, new Uint8Array(blockLength), counter);
  }
}

function cipherKey(keys: Uint8Array, sender: Sender): Uint8Array {
  const start = 2 * macLength + sender * keyLength;
  return keys.subarray(start, start + keyLength);
}

/** The record is authentic: what is wrong with its padding is the sender's fault, not an attacker's question. */
function withoutPadding(padded: Uint8Array): Uint8Array | undefined {
  const padding = padded[padded.length - 1]!;
  const length = padded.length - 1 - padding;
  if (length < 0) return undefined;
  for (let i = length; i < padded.length; i++) if (padded[i] !== padding) return undefined;
  return padded.subarray(0, length);
}
