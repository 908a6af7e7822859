import type { CipherSuite } from '../cipher-suites.ts';
import type { CryptoPort } from '../crypto/crypto-port.ts';
import { AeadProtection } from './aead-protection.ts';
import { CbcProtection } from './cbc-protection.ts';
import type { RecordView } from './record-header.ts';

/** Who wrote a record: 0 the client, 1 the server. It chooses the half of the key block. */
export type Sender = 0 | 1;

/**
 * How the records of a suite are protected. It holds no session's keys: they come as the session's key block (RFC 5246 §6.3),
 * so that an idle session costs these bytes and nothing more.
 */
export interface Protection {
  readonly keyBlockLength: number;
  /** The most bytes by which the protected fragment is longer than the content. */
  readonly overhead: number;
  /**
   * Protects the `content` into a fragment behind the finished header (all but its length) at `header` in `out`.
   * @param fragment where the fragment starts; its length field are the two bytes in front of it
   * @returns the end of the record
   */
  seal(
    keys: Uint8Array,
    sender: Sender,
    out: Uint8Array,
    header: number,
    fragment: number,
    cidLength: number,
    content: Uint8Array,
  ): number;
  /** The content, or undefined when it is not authentic. */
  open(
    keys: Uint8Array,
    sender: Sender,
    datagram: Uint8Array,
    header: number,
    record: RecordView,
  ): Uint8Array | undefined;
}

/** The protections of all suites over one crypto port, made when first asked for. */
export class Protections {
  readonly #crypto: CryptoPort;
  readonly #byCipher = new Map<CipherSuite['cipher'], Protection>();

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto;
  }

  of(suite: CipherSuite): Protection {
    let protection = this.#byCipher.get(suite.cipher);
    if (protection === undefined) {
      protection =
        suite.cipher === 'aes-128-cbc'
          ? new CbcProtection(this.#crypto)
          : new AeadProtection(this.#crypto.aead(suite.cipher), suite.cipher === 'chacha20-poly1305');
      this.#byCipher.set(suite.cipher, protection);
    }
    return protection;
  }
}
