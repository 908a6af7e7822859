import type { Clock, Duration, Peer } from '@yaolian/kernel';
import type { CryptoPort, Hmac } from '../crypto/crypto-port.ts';
import type { ClientHelloStart } from '../messages/client-hello.ts';

const tagLength = 15;
const addressEnd = 3 + 128;
const randomLength = 32;

/** Bytes of a cookie: which secret made it, and the MAC. */
export const cookieLength = 1 + tagLength;

/**
 * Cookies that need no memory (RFC 6347 §4.2.1): a MAC of the client's address and of the version and random of its hello, under a
 * secret that changes. Not of the session ID: mbedTLS chooses another for its second hello when it resumes by a ticket. The secret
 * before the present one is good too, so that a change is not noticed.
 */
export class Cookies {
  readonly #crypto: CryptoPort;
  readonly #clock: Clock;
  readonly #lifetime: number;
  readonly #input = new Uint8Array(addressEnd + randomLength);
  readonly #expected = new Uint8Array(cookieLength);
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

  /**
   * Writes the {@link cookieLength} bytes of the cookie for a hello into `out` at `at`.
   * @param hello where it lies in `datagram`
   */
  write(datagram: Uint8Array, hello: ClientHelloStart, from: Peer, out: Uint8Array, at: number): void {
    this.#rotate();
    this.#write(this.#present, this.#generation, datagram, hello, from, out, at);
  }

  /** Whether a hello brings the cookie that was made for it. */
  isValid(datagram: Uint8Array, hello: ClientHelloStart, from: Peer): boolean {
    const { cookieStart, cookieEnd } = hello;
    if (cookieEnd - cookieStart !== cookieLength) return false;
    this.#rotate();
    const generation = datagram[cookieStart]!;
    const age = (this.#generation - generation) & 0xff;
    const secret = age === 0 ? this.#present : age === 1 ? this.#previous : undefined;
    if (secret === undefined) return false;
    this.#write(secret, generation, datagram, hello, from, this.#expected, 0);
    return this.#crypto.equal(datagram.subarray(cookieStart, cookieEnd), this.#expected);
  }

  #write(
    secret: Hmac,
    generation: number,
    datagram: Uint8Array,
    { version, randomStart }: ClientHelloStart,
    from: Peer,
    out: Uint8Array,
    at: number,
  ): void {
    const address = from.address.key;
    const input = this.#input;
    input[0] = version >> 8;
    input[1] = version;
    input[2] = address.length;
    let length = 3;
    // A byte each: addresses are ASCII (a zone may not be, and is no proof anyway).
    for (let i = 0; i < address.length && length < addressEnd; i++) input[length++] = address.charCodeAt(i);
    for (let i = 0; i < randomLength; i++) input[length++] = datagram[randomStart + i]!;
    out[at] = generation;
    secret.signInto(input, length, out, at + 1, tagLength);
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
