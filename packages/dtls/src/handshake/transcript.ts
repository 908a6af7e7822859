import type { CryptoPort, HashAlgorithm } from '../crypto/crypto-port.ts';
import { encodeHandshakeMessage } from '../messages/handshake-header.ts';
import { Writer } from '../wire.ts';

/** All handshake messages so far, as if none had been fragmented, without the cookie exchange (RFC 6347 §4.2.1, §4.2.6). */
export class Transcript {
  #messages = new Writer(512);

  add(type: number, messageSequence: number, body: Uint8Array): void {
    this.#messages.bytes(encodeHandshakeMessage(type, messageSequence, body));
  }

  /** Forgets all messages: the cookie exchange is no part of the handshake. */
  clear(): void {
    this.#messages = new Writer(512);
  }

  hash(crypto: CryptoPort, algorithm: HashAlgorithm): Uint8Array {
    return crypto.hash(algorithm, this.#messages.view());
  }

  /** The messages themselves: what CertificateVerify signs. A view, good until the next message. */
  view(): Uint8Array {
    return this.#messages.view();
  }
}
