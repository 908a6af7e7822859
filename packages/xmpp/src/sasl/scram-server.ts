import { concatBytes, decodeUtf8, encodeBase64, encodeUtf8 } from '@yaolian/kernel';
import { prepareLocal } from '../jid/preparation.ts';
import type { SaslCrypto, ScramHash } from './crypto.ts';
import type {
  ChannelBindingType,
  SaslChannel,
  SaslCondition,
  SaslExchange,
  SaslMechanism,
  SaslStep,
} from './mechanism.ts';
import { type CredentialStore, defaultIterations, type ScramKeys } from './scram-keys.ts';
import {
  type ClientFinal,
  type ClientFirst,
  decodeClientFinal,
  decodeClientFirst,
  maxScramMessage,
  offeredText,
} from './scram-messages.ts';

export interface ScramServerOptions {
  readonly crypto: SaslCrypto;
  readonly credentials: CredentialStore;
  /** At least 16 random bytes, the same over restarts: the salts of names without an account come from it. */
  readonly fakeSaltKey: Uint8Array;
  /** What names without an account show: what new passwords get. Default {@link defaultIterations}. */
  readonly iterations?: number;
  /** XEP-0474: the first message tells what was offered. Default true. */
  readonly downgradeProtection?: boolean;
  /** Default: 144 random bits. */
  readonly nonce?: () => string;
}

/** SCRAM (RFC 5802, RFC 7677) with XEP-0474, in the order of preference: SHA-256 first, with channel binding first. */
export function scramMechanisms(options: ScramServerOptions): readonly SaslMechanism[] {
  return (['SHA-256', 'SHA-1'] as const).flatMap((hash) => {
    const offers = new OfferHashes(hash, options);
    return [true, false].map((binds) => new ScramMechanism(hash, binds, options, offers));
  });
}

/** Offers that are remembered: streams are offered one of a few. */
const maximumOffers = 64;

/** XEP-0474: what first messages tell of what was offered, made once for each offer. */
class OfferHashes {
  readonly #hash: ScramHash;
  readonly #options: ScramServerOptions;
  readonly #known = new Map<string, string>();

  constructor(hash: ScramHash, options: ScramServerOptions) {
    this.#hash = hash;
    this.#options = options;
  }

  /** The attribute `h` with the comma before it; empty where nothing is told. */
  async of({ offeredMechanisms, channelBindingTypes }: SaslChannel): Promise<string> {
    const { crypto, downgradeProtection = true } = this.#options;
    if (!downgradeProtection) return '';
    const offer = `${offeredMechanisms};${channelBindingTypes}`;
    const known = this.#known.get(offer);
    if (known !== undefined) return known;
    const text = offeredText(offeredMechanisms, channelBindingTypes);
    const told = `,h=${encodeBase64(await crypto.hash(this.#hash, encodeUtf8(text)))}`;
    if (this.#known.size >= maximumOffers) this.#known.clear();
    this.#known.set(offer, told);
    return told;
  }
}

class ScramMechanism implements SaslMechanism {
  readonly name: string;
  readonly #hash: ScramHash;
  readonly #binds: boolean;
  readonly #options: ScramServerOptions;

  readonly #offers: OfferHashes;

  constructor(hash: ScramHash, binds: boolean, options: ScramServerOptions, offers: OfferHashes) {
    this.#offers = offers;
    this.name = `SCRAM-${hash}${binds ? '-PLUS' : ''}`;
    this.#hash = hash;
    this.#binds = binds;
    this.#options = options;
  }

  isOffered(channel: SaslChannel): boolean {
    return !this.#binds || channel.channelBindingTypes.length > 0;
  }

  begin(channel: SaslChannel): SaslExchange {
    return new ScramServerExchange(this.#hash, this.#binds, channel, this.#options, this.#offers);
  }
}

/** One attempt to log in by SCRAM, as the server sees it. */
class ScramServerExchange implements SaslExchange {
  readonly #hash: ScramHash;
  readonly #binds: boolean;
  readonly #channel: SaslChannel;
  readonly #options: ScramServerOptions;
  readonly #offers: OfferHashes;
  #waitingForFirst = true;
  #first: ClientFirst | undefined;
  #username = '';
  #keys: ScramKeys | undefined;
  #known = false;
  #serverFirst = '';
  #nonce = '';

  constructor(hash: ScramHash, binds: boolean, channel: SaslChannel, options: ScramServerOptions, offers: OfferHashes) {
    this.#offers = offers;
    this.#hash = hash;
    this.#binds = binds;
    this.#channel = channel;
    this.#options = options;
  }

  async start(initial: Uint8Array | undefined): Promise<SaslStep> {
    if (initial === undefined) return { kind: 'challenge', data: new Uint8Array(0) };
    return this.next(initial);
  }

  async next(response: Uint8Array): Promise<SaslStep> {
    const text = response.length > maxScramMessage ? undefined : decodeUtf8(response);
    if (text === undefined) return this.#refuse('malformed-request');
    if (this.#waitingForFirst) {
      this.#waitingForFirst = false;
      const first = decodeClientFirst(text);
      return first === undefined ? this.#refuse('malformed-request') : this.#takeFirst(first);
    }
    const final = decodeClientFinal(text);
    if (final === undefined || this.#first === undefined) return this.#refuse('malformed-request');
    return this.#takeFinal(final, this.#first);
  }

  async #takeFirst(first: ClientFirst): Promise<SaslStep> {
    if (!this.#bindingFits(first)) return this.#refuse('not-authorized');
    const username = prepareLocal(first.username);
    if (username === undefined) return this.#refuse('not-authorized');
    this.#username = username;
    if (!ownAuthorization(first.authorizationId, username, this.#channel.domain))
      return this.#refuse('invalid-authzid');
    const keys = (await this.#options.credentials.keys(username))?.find(({ hash }) => hash === this.#hash);
    this.#known = keys !== undefined;
    this.#keys = keys ?? (await this.#fakeKeys(username));
    this.#first = first;
    const { salt, iterations } = this.#keys;
    this.#nonce = first.nonce + (this.#options.nonce?.() ?? encodeBase64(this.#options.crypto.random(18)));
    this.#serverFirst = `r=${this.#nonce},s=${encodeBase64(salt)},i=${iterations}${await this.#offers.of(this.#channel)}`;
    return { kind: 'challenge', data: encodeUtf8(this.#serverFirst) };
  }

  /** RFC 5802 §6: who binds must have chosen a -PLUS, and `y` is a lie on a stream that offers them (a downgrade). */
  #bindingFits({ binding }: ClientFirst): boolean {
    if (typeof binding === 'object') {
      return this.#binds && this.#channel.channelBindingTypes.some((type) => type === binding.type);
    }
    return !this.#binds && (binding === 'n' || this.#channel.channelBindingTypes.length === 0);
  }

  /** RFC 5802 §9 would tell names with an account from others, if these had no salt, or a new one each time. */
  async #fakeKeys(username: string): Promise<ScramKeys> {
    const { crypto, fakeSaltKey, iterations = defaultIterations } = this.#options;
    const made = await crypto.hmac('SHA-256', fakeSaltKey, encodeUtf8(`${this.#hash} ${username}`));
    const key = new Uint8Array(this.#hash === 'SHA-1' ? 20 : 32);
    return { hash: this.#hash, salt: made.slice(0, 16), iterations, storedKey: key, serverKey: key };
  }

  async #takeFinal(final: ClientFinal, first: ClientFirst): Promise<SaslStep> {
    const { crypto } = this.#options;
    const { storedKey, serverKey } = this.#keys!;
    const expected = this.#expectedBinding(first);
    if (final.nonce !== this.#nonce || expected === undefined) return this.#refuse('not-authorized');
    if (final.binding.length !== expected.length || !crypto.equal(final.binding, expected)) {
      return this.#refuse('not-authorized');
    }
    if (final.proof.length !== storedKey.length) return this.#refuse('not-authorized');
    const signed = encodeUtf8(`${first.bare},${this.#serverFirst},${final.withoutProof}`);
    const signature = await crypto.hmac(this.#hash, storedKey, signed);
    const clientKey = final.proof.map((byte, index) => byte ^ signature[index]!);
    const proven = crypto.equal(await crypto.hash(this.#hash, clientKey), storedKey);
    const serverSignature = await crypto.hmac(this.#hash, serverKey, signed);
    if (!proven || !this.#known) return this.#refuse('not-authorized');
    return { kind: 'success', username: this.#username, data: encodeUtf8(`v=${encodeBase64(serverSignature)}`) };
  }

  #expectedBinding({ binding, header }: ClientFirst): Uint8Array | undefined {
    if (typeof binding !== 'object') return encodeUtf8(header);
    const data = this.#channel.channelBinding(binding.type as ChannelBindingType);
    return data && concatBytes([encodeUtf8(header), data]);
  }

  #refuse(condition: SaslCondition): SaslStep {
    this.#first = undefined;
    return this.#username === ''
      ? { kind: 'failure', condition }
      : { kind: 'failure', condition, username: this.#username };
  }
}

/** RFC 6120 §6.3.8: an account may act as itself only, by its bare JID. */
export function ownAuthorization(authorizationId: string | undefined, username: string, domain: string): boolean {
  if (authorizationId === undefined || authorizationId === '') return true;
  const at = authorizationId.lastIndexOf('@');
  return at > 0 && authorizationId.slice(at + 1) === domain && prepareLocal(authorizationId.slice(0, at)) === username;
}
