import {
  concatBytes,
  decodeBase64,
  decodeUtf8,
  emptyBytes,
  encodeBase64,
  encodeUtf8,
  errorCatalogue,
} from '@yaolian/kernel';
import type { SaslCrypto, ScramHash } from './crypto.ts';
import type { ChannelBindingType, SaslChannel, SaslClientExchange, SaslClientMechanism } from './mechanism.ts';
import { preparePassword } from './password.ts';
import { keysOfSaltedPassword } from './scram-keys.ts';
import { decodeServerFirst, escapeName, maxScramMessage, offeredText, type ServerFirst } from './scram-messages.ts';

/** Why a client does not go on with a server. */
export const scramErrors = errorCatalogue({
  SERVER_UNPROVEN: () => 'the server did not prove that it knows the account',
  SERVER_MALFORMED: (what: string) => `the server sent ${what} that is none`,
  SERVER_REFUSED: (why: string) => `the server refused: ${why}`,
  ITERATIONS_OUT_OF_BOUNDS: (count: number) => `${count} iterations are too few or too many`,
  DOWNGRADED: () => 'somebody between us and the server changed what it offers',
});

export interface ScramClientOptions {
  readonly crypto: SaslCrypto;
  /** The local part of the account. */
  readonly username: string;
  readonly password: string;
  /** RFC 7677 §4. Default 4,096. */
  readonly minIterations?: number;
  /** So much work a server may ask for. Default 1,000,000. */
  readonly maxIterations?: number;
  /** Default: 144 random bits. */
  readonly nonce?: () => string;
}

/**
 * SCRAM of a client, in the order of preference. The salted password is kept in memory for the next log-in with the same salt.
 * @throws RangeError when it cannot be a password
 */
export function scramClients(options: ScramClientOptions): readonly SaslClientMechanism[] {
  const password = preparePassword(options.password);
  if (password === undefined) throw new RangeError('this cannot be a password');
  const salted = new SaltedPassword(options.crypto, password);
  const mechanism = (hash: ScramHash, binds: boolean): SaslClientMechanism => ({
    name: `SCRAM-${hash}${binds ? '-PLUS' : ''}`,
    isUsable: (channel) => !binds || channel.channelBindingTypes.length > 0,
    begin: (channel) => new ScramClientExchange(hash, binds, channel, options, salted),
  });
  return [mechanism('SHA-256', true), mechanism('SHA-256', false), mechanism('SHA-1', true), mechanism('SHA-1', false)];
}

class SaltedPassword {
  readonly #crypto: SaslCrypto;
  readonly #password: Uint8Array;
  #key = '';
  #value: Promise<Uint8Array> | undefined;

  constructor(crypto: SaslCrypto, password: Uint8Array) {
    this.#crypto = crypto;
    this.#password = password;
  }

  get(hash: ScramHash, salt: Uint8Array, iterations: number): Promise<Uint8Array> {
    const key = `${hash} ${encodeBase64(salt)} ${iterations}`;
    if (this.#value === undefined || this.#key !== key) {
      this.#key = key;
      this.#value = this.#crypto.pbkdf2(hash, this.#password, salt, iterations);
    }
    return this.#value;
  }
}

class ScramClientExchange implements SaslClientExchange {
  readonly #hash: ScramHash;
  readonly #channel: SaslChannel;
  readonly #options: ScramClientOptions;
  readonly #salted: SaltedPassword;
  readonly #nonce: string;
  readonly #bare: string;
  readonly #header: string;
  readonly #bindingType: ChannelBindingType | undefined;
  #signature: Uint8Array | undefined;
  #proven = false;

  constructor(
    hash: ScramHash,
    binds: boolean,
    channel: SaslChannel,
    options: ScramClientOptions,
    salted: SaltedPassword,
  ) {
    this.#hash = hash;
    this.#channel = channel;
    this.#options = options;
    this.#salted = salted;
    this.#nonce = options.nonce?.() ?? encodeBase64(options.crypto.random(18));
    this.#bare = `n=${escapeName(options.username)},r=${this.#nonce}`;
    this.#bindingType = binds ? channel.channelBindingTypes[0] : undefined;
    // RFC 5802 §6: `y` says that we would bind and were not offered it.
    const unbound = channel.channelBindingTypes.length > 0 ? 'y' : 'n';
    this.#header = this.#bindingType === undefined ? `${unbound},,` : `p=${this.#bindingType},,`;
  }

  start(): Uint8Array {
    return encodeUtf8(this.#header + this.#bare);
  }

  async next(challenge: Uint8Array): Promise<Uint8Array> {
    const text = challenge.length > maxScramMessage ? undefined : decodeUtf8(challenge);
    if (this.#signature !== undefined) {
      // RFC 6120 §6.3.10 lets servers send what goes with success in a challenge of its own.
      this.#verify(text);
      return emptyBytes;
    }
    const first = text === undefined ? undefined : decodeServerFirst(text);
    if (first === undefined) throw scramErrors.SERVER_MALFORMED('a first message');
    await this.#check(first);
    const channelData = this.#bindingType && this.#channel.channelBinding(this.#bindingType);
    const binding = concatBytes([encodeUtf8(this.#header), channelData ?? emptyBytes]);
    const withoutProof = `c=${encodeBase64(binding)},r=${first.nonce}`;
    return this.#prove(`${this.#bare},${text},${withoutProof}`, withoutProof, first);
  }

  finish(data: Uint8Array | undefined): void {
    if (data !== undefined && data.length > 0) this.#verify(decodeUtf8(data));
    if (!this.#proven) throw scramErrors.SERVER_UNPROVEN();
  }

  async #check({ nonce, iterations, offered }: ServerFirst): Promise<void> {
    const { minIterations = 4096, maxIterations = 1_000_000, crypto } = this.#options;
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length) throw scramErrors.SERVER_UNPROVEN();
    if (iterations < minIterations || iterations > maxIterations)
      throw scramErrors.ITERATIONS_OUT_OF_BOUNDS(iterations);
    if (offered === undefined) return;
    const { offeredMechanisms, channelBindingTypes, offeredChannelBindingTypes } = this.#channel;
    const text = offeredText(offeredMechanisms, offeredChannelBindingTypes ?? channelBindingTypes);
    const seen = await crypto.hash(this.#hash, encodeUtf8(text));
    if (seen.length !== offered.length || !crypto.equal(seen, offered)) throw scramErrors.DOWNGRADED();
  }

  async #prove(signed: string, withoutProof: string, { salt, iterations }: ServerFirst): Promise<Uint8Array> {
    const { crypto } = this.#options;
    const salted = await this.#salted.get(this.#hash, salt, iterations);
    const { clientKey, storedKey, serverKey } = await keysOfSaltedPassword(crypto, this.#hash, salted);
    const signature = await crypto.hmac(this.#hash, storedKey, encodeUtf8(signed));
    this.#signature = await crypto.hmac(this.#hash, serverKey, encodeUtf8(signed));
    const proof = clientKey.map((byte, index) => byte ^ signature[index]!);
    return encodeUtf8(`${withoutProof},p=${encodeBase64(proof)}`);
  }

  #verify(text: string | undefined): void {
    const error = /^e=([^,]*)/.exec(text ?? '')?.[1];
    if (error !== undefined) throw scramErrors.SERVER_REFUSED(error);
    const value = /^v=([^,]+)/.exec(text ?? '')?.[1];
    const given = value === undefined ? undefined : decodeBase64(value);
    const expected = this.#signature;
    if (given === undefined || expected === undefined || given.length !== expected.length) {
      throw scramErrors.SERVER_UNPROVEN();
    }
    if (!this.#options.crypto.equal(given, expected)) throw scramErrors.SERVER_UNPROVEN();
    this.#proven = true;
  }
}
