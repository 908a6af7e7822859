import type { Clock, Duration, Peer } from '@yaolian/kernel';
import type { CryptoPort, Hmac } from '../crypto/crypto-port.ts';
import type { ClientHelloStart } from '../messages/client-hello.ts';

const tagLength = 15;
const addressEnd = 3 + 128;
/** Room for an address and the 32 bytes of a random. */
const inputLength = addressEnd + 32;

/**
 * Cookies that need no memory (RFC 6347 §4.2.1): a MAC of the client's address and of the version and random of its hello, under a
 * secret that changes. Not of the session ID: mbedTLS chooses another for its second hello when it resumes by a ticket. The secret before the present one is good too, so that a change is not noticed.
 */
export class Cookies {
  readonly #crypto: CryptoPort;
  readonly #clock: Clock;
  readonly #lifetime: number;
  readonly #input = new Uint8Array(inputLength);
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
    const { version, random } = hello;
    const address = from.address.key;
    const input = this.#input;
    input[0] = version >> 8;
    input[1] = version;
    input[2] = address.length;
    let at = 3;
    // A byte each: addresses are ASCII (a zone may not be, and is no proof anyway).
    for (let i = 0; i < address.length && at < addressEnd; i++) input[at++] = address.charCodeAt(i);
    for (let i = 0; i < random.length; i++) input[at++] = random[i]!;
    const mac = secret.sign(input.subarray(0, at));
    const cookie = new Uint8Array(1 + tagLength);
    cookie[0] = generation;
    for (let i = 0; i < tagLength; i++) cookie[1 + i] = mac[i]!;
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
