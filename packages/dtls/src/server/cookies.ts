import { type Clock, concatBytes, type Duration, encodeUtf8, type Peer } from '@yaolian/kernel';
import type { CryptoPort, Hmac } from '../crypto/crypto-port.ts';
import type { ClientHelloStart } from '../messages/client-hello.ts';

const tagLength = 15;

/**
 * Cookies that need no memory (RFC 6347 §4.2.1): a MAC of the client's address and of what its hello starts with, under a
 * secret that changes. The secret before the present one is good too, so that a change is not noticed.
 */
export class Cookies {
  readonly #crypto: CryptoPort;
  readonly #clock: Clock;
  readonly #lifetime: number;
  #generation = 0;
  #since: number;
  #present: Hmac;
  #previous: Hmac | undefined;

  /** @param lifetime of a secret */
  constructor(crypto: CryptoPort, clock: Clock, lifetime: Duration) {
    this.#crypto = crypto;
    this.#clock = clock;
    this.#lifetime = lifetime;
    this.#since = clock.monotonic();
    this.#present = this.#newSecret();
  }

  make(hello: ClientHelloStart, from: Peer): Uint8Array {
    this.#rotate();
    return this.#cookie(this.#present, this.#generation, hello, from);
  }

  isValid(hello: ClientHelloStart, from: Peer): boolean {
    if (hello.cookie.length !== 1 + tagLength) return false;
    this.#rotate();
    const age = (this.#generation - hello.cookie[0]!) & 0xff;
    const secret = age === 0 ? this.#present : age === 1 ? this.#previous : undefined;
    if (secret === undefined) return false;
    return this.#crypto.equal(hello.cookie, this.#cookie(secret, hello.cookie[0]!, hello, from));
  }

  #cookie(secret: Hmac, generation: number, hello: ClientHelloStart, from: Peer): Uint8Array {
    const address = encodeUtf8(from.address.key);
    const lengths = Uint8Array.of(hello.version >> 8, hello.version, address.length, hello.sessionId.length);
    const mac = secret.sign(concatBytes([lengths, address, hello.random, hello.sessionId]));
    const cookie = new Uint8Array(1 + tagLength);
    cookie[0] = generation;
    cookie.set(mac.subarray(0, tagLength), 1);
    return cookie;
  }

  #rotate(): void {
    const elapsed = this.#clock.monotonic() - this.#since;
    if (elapsed < this.#lifetime) return;
    this.#previous = elapsed < 2 * this.#lifetime ? this.#present : undefined;
    this.#present = this.#newSecret();
    this.#generation = (this.#generation + 1) & 0xff;
    this.#since = this.#clock.monotonic();
  }

  #newSecret(): Hmac {
    return this.#crypto.hmac('sha256', this.#crypto.randomBytes(32));
  }
}
