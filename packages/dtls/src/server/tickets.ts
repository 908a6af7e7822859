import { type Clock, type Duration, encodeUtf8 } from '@yaolian/kernel';
import type { Aead, CryptoPort } from '../crypto/crypto-port.ts';
import { Reader, Writer } from '../wire.ts';

const nonceLength = 12;
const headLength = 4 + nonceLength;

/**
 * Seals what a ticket carries (RFC 5077 §4). The keys follow from one secret and the time, a new one each period, so tickets
 * outlive a restart, and a server that shares the secret takes them too. Tickets of the present period and of the one
 * before are good.
 */
export class TicketKeys {
  readonly #crypto: CryptoPort;
  readonly #clock: Clock;
  readonly #period: number;
  readonly #secret: Uint8Array;
  readonly #aead: Aead;

  /** @param secret 32 bytes or more */
  constructor(crypto: CryptoPort, clock: Clock, period: Duration, secret: Uint8Array) {
    if (secret.length < 32) throw new RangeError(`a ticket secret has at least 32 bytes, not ${secret.length}`);
    this.#crypto = crypto;
    this.#clock = clock;
    this.#period = period;
    this.#secret = secret.slice();
    this.#aead = crypto.aead('aes-256-gcm');
  }

  seal(content: Uint8Array): Uint8Array {
    const period = this.#now();
    const head = new Writer(headLength).uint32(period).bytes(this.#crypto.randomBytes(nonceLength)).finish();
    const ticket = new Uint8Array(headLength + content.length + this.#aead.tagLength);
    ticket.set(head);
    const key = this.#key(period);
    this.#aead.seal(key, head.subarray(4), head.subarray(0, 4), content, ticket, headLength);
    key.fill(0);
    return ticket;
  }

  /** Undefined when the ticket is not ours, was changed, or is too old. */
  open(ticket: Uint8Array): Uint8Array | undefined {
    if (ticket.length < headLength + this.#aead.tagLength) return undefined;
    const period = new Reader(ticket).uint32();
    const age = this.#now() - period;
    if (age !== 0 && age !== 1) return undefined;
    const key = this.#key(period);
    const content = this.#aead.open(
      key,
      ticket.subarray(4, headLength),
      ticket.subarray(0, 4),
      ticket.subarray(headLength),
    );
    key.fill(0);
    return content;
  }

  #now(): number {
    return Math.floor(this.#clock.epoch() / this.#period);
  }

  #key(period: number): Uint8Array {
    const label = new Writer(32).bytes(encodeUtf8('dtls ticket')).uint32(period).finish();
    return this.#crypto.hmac('sha256', this.#secret).sign(label);
  }
}
