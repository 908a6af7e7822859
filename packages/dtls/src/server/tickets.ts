import { type Clock, type Duration, encodeUtf8, equalBytes } from '@yaolian/kernel';
import type { Aead, CryptoPort } from '../crypto/crypto-port.ts';

const idLength = 4;
const nonceLength = 12;
const headLength = idLength + nonceLength;

/** Secrets that are made here, a new one each period; tickets of the one before are good too. */
export interface OwnSecrets {
  readonly clock: Clock;
  readonly period: Duration;
}

interface TicketKey {
  /** Says which key a ticket is sealed with. */
  readonly id: Uint8Array;
  readonly key: Uint8Array;
}

/** Seals what a ticket carries (RFC 5077 §4). */
export class TicketKeys {
  readonly #crypto: CryptoPort;
  readonly #aead: Aead;
  readonly #own: OwnSecrets | undefined;
  /** The newest first. */
  #keys: readonly TicketKey[] = [];
  #since = 0;

  /** @param secrets of 32 bytes or more, the newest first */
  constructor(crypto: CryptoPort, secrets: readonly Uint8Array[] | OwnSecrets) {
    this.#crypto = crypto;
    this.#aead = crypto.aead('aes-256-gcm');
    this.#own = 'clock' in secrets ? secrets : undefined;
    if ('clock' in secrets) this.#rotate(secrets);
    else this.use(secrets);
  }

  /** @throws RangeError when there is none, or one is too short */
  use(secrets: readonly Uint8Array[]): void {
    if (secrets.length === 0) throw new RangeError('tickets need a secret');
    const keys = secrets.map((secret) => this.#keyOf(secret));
    for (const { key } of this.#keys) key.fill(0);
    this.#keys = keys;
  }

  seal(content: Uint8Array): Uint8Array {
    if (this.#own !== undefined) this.#rotate(this.#own);
    const { id, key } = this.#keys[0]!;
    const nonce = this.#crypto.randomBytes(nonceLength);
    const ticket = new Uint8Array(headLength + content.length + this.#aead.tagLength);
    ticket.set(id);
    ticket.set(nonce, idLength);
    this.#aead.seal(key, nonce, id, content, ticket, headLength);
    return ticket;
  }

  /** Undefined when the ticket is not ours, was changed, or is too old. */
  open(ticket: Uint8Array): Uint8Array | undefined {
    if (ticket.length < headLength + this.#aead.tagLength) return undefined;
    if (this.#own !== undefined) this.#rotate(this.#own);
    const id = ticket.subarray(0, idLength);
    const found = this.#keys.find((one) => equalBytes(one.id, id));
    return found && this.#aead.open(found.key, ticket.subarray(idLength, headLength), id, ticket.subarray(headLength));
  }

  #rotate({ clock, period }: OwnSecrets): void {
    const elapsed = clock.monotonic() - this.#since;
    if (this.#keys.length > 0 && elapsed < period) return;
    const [previous] = this.#keys;
    const fresh = this.#keyOf(this.#crypto.randomBytes(32));
    for (const { key } of this.#keys.slice(1)) key.fill(0);
    this.#keys = previous !== undefined && elapsed < 2 * period ? [fresh, previous] : [fresh];
    this.#since = clock.monotonic();
  }

  #keyOf(secret: Uint8Array): TicketKey {
    if (secret.length < 32) throw new RangeError(`a ticket secret has at least 32 bytes, not ${secret.length}`);
    const hmac = this.#crypto.hmac('sha256', secret);
    const id = hmac.sign(encodeUtf8('dtls ticket id')).slice(0, idLength);
    return { id, key: hmac.sign(encodeUtf8('dtls ticket key')) };
  }
}
