import {
  type Clock,
  type Duration,
  decodeBase64,
  encodeBase64,
  encodeHex,
  encodeUtf8,
  failure,
  type Random,
  type Result,
  success,
} from '@yaolian/kernel';
import { AttemptLimiter, type AttemptLimits, defaultAccountLimits } from './attempt-limiter.ts';
import type { Sealer } from './sealer.ts';
import type { SecretDigest } from './secrets.ts';
import type { JsonValue, SettingsStore } from './settings.ts';

/** HMAC-SHA-1, which RFC 6238 has by default and every authenticator app knows. */
export type HmacSha1 = (key: Uint8Array, message: Uint8Array) => Uint8Array;

export interface SecondFactorsOptions {
  readonly settings: SettingsStore;
  readonly sealer: Sealer;
  readonly digest: SecretDigest;
  readonly hmacSha1: HmacSha1;
  readonly random: Random;
  readonly clock: Clock;
  /** Wrong codes of one operator. */
  readonly limits?: AttemptLimits;
}

export interface SecondFactorState {
  /** Milliseconds since the epoch; undefined: there is none. */
  readonly since: number | undefined;
  /** How many recovery codes are left. */
  readonly recoveryCodes: number;
}

/** Why a code was not taken. */
export type CodeRefusal =
  | { readonly reason: 'wrong-code' }
  | { readonly reason: 'too-many-attempts'; readonly retryAfter: Duration };

interface Kept {
  /** Sealed, in base64. */
  readonly secret: string;
  /** Undefined: not confirmed, so not asked for yet. */
  readonly since?: number;
  /** The last time step of which a code was taken. */
  readonly lastStep: number;
  /** SHA-256 in hexadecimal. */
  readonly recovery: readonly string[];
}

const stepSeconds = 30;
const digits = 6;
/** Steps that a clock may be behind or ahead (RFC 6238 §5.2). */
const tolerance = 1;
/** RFC 4226 §4: 160 bits. */
const secretBytes = 20;
const recoveryCodes = 10;

/** Second factors of operators: codes that change with time (TOTP, RFC 6238), and recovery codes that work once. */
export class SecondFactors {
  readonly #options: SecondFactorsOptions;
  readonly #limiter: AttemptLimiter;
  /** What is done last with the factor of an operator. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: SecondFactorsOptions) {
    this.#options = options;
    this.#limiter = new AttemptLimiter(options.clock, options.limits ?? defaultAccountLimits);
  }

  async state(operator: string): Promise<SecondFactorState> {
    const kept = await this.#kept(operator);
    return kept?.since === undefined
      ? { since: undefined, recoveryCodes: 0 }
      : { since: kept.since, recoveryCodes: kept.recovery.length };
  }

  /** Whether a code is asked for. */
  async isOn(operator: string): Promise<boolean> {
    return (await this.#kept(operator))?.since !== undefined;
  }

  /** Makes a new secret, which counts once {@link confirm}ed. Base32, as apps take it. Undefined when there is one that counts. */
  begin(operator: string): Promise<string | undefined> {
    return this.#inTurn(operator, async () => {
      if (await this.isOn(operator)) return undefined;
      const secret = this.#options.random.bytes(secretBytes);
      const sealed = encodeBase64(this.#options.sealer.seal(secret, contextOf(operator)));
      await this.#keep(operator, { secret: sealed, lastStep: 0, recovery: [] });
      return encodeBase32(secret);
    });
  }

  /** The app shows the right code: from now on it is asked for. Answers the recovery codes, which exist only here. */
  async confirm(operator: string, code: string): Promise<Result<readonly string[], CodeRefusal>> {
    let made: readonly string[] = [];
    const refusal = await this.#attempt(operator, async () => {
      const kept = await this.#kept(operator);
      if (kept === undefined || kept.since !== undefined) return false;
      const step = this.#stepOf(operator, kept, code);
      if (step === undefined) return false;
      const codes = Array.from({ length: recoveryCodes }, () => this.#newRecoveryCode());
      const recovery = codes.map((one) => this.#digest(one));
      await this.#keep(operator, { ...kept, since: this.#options.clock.epoch(), lastStep: step, recovery });
      made = codes;
      return true;
    });
    return refusal === undefined ? success(made) : failure(refusal);
  }

  /** Takes a code of the app, or a recovery code, each once. Undefined when it is right. */
  async check(operator: string, code: string): Promise<CodeRefusal | undefined> {
    return this.#attempt(operator, async () => {
      const kept = await this.#kept(operator);
      if (kept?.since === undefined) return false;
      const step = this.#stepOf(operator, kept, code);
      if (step !== undefined) {
        await this.#keep(operator, { ...kept, lastStep: step });
        return true;
      }
      const digest = this.#digest(code);
      if (!kept.recovery.includes(digest)) return false;
      await this.#keep(operator, { ...kept, recovery: kept.recovery.filter((one) => one !== digest) });
      return true;
    });
  }

  /** True when there was one. */
  remove(operator: string): Promise<boolean> {
    return this.#inTurn(operator, () => this.#options.settings.removeSetting(settingOf(operator)));
  }

  /** One after the other: a code that comes twice at a time is taken once, and what was removed is not kept again. */
  #inTurn<T>(operator: string, work: () => Promise<T>): Promise<T> {
    const done = (this.#turns.get(operator) ?? Promise.resolve()).then(work);
    const turn = done.then(noop, noop).then(() => {
      if (this.#turns.get(operator) === turn) this.#turns.delete(operator);
    });
    this.#turns.set(operator, turn);
    return done;
  }

  async #attempt(operator: string, isRight: () => Promise<boolean>): Promise<CodeRefusal | undefined> {
    const retryAfter = this.#limiter.wait(operator);
    if (retryAfter > 0) return { reason: 'too-many-attempts', retryAfter };
    this.#limiter.began(operator);
    if (!(await this.#inTurn(operator, isRight))) return { reason: 'wrong-code' };
    this.#limiter.succeeded(operator);
    return undefined;
  }

  /**
   * The time step whose code this is, with the space that apps show in its middle or without. RFC 6238 §5.2: a code is taken once, and
   * none before it either.
   */
  #stepOf(operator: string, kept: Kept, typed: string): number | undefined {
    const code = typed.replaceAll(/\s/g, '');
    if (!/^\d{6}$/.test(code)) return undefined;
    const sealed = decodeBase64(kept.secret);
    const secret = sealed && this.#options.sealer.open(sealed, contextOf(operator));
    if (secret === undefined) return undefined;
    const now = Math.floor(this.#options.clock.epoch() / 1000 / stepSeconds);
    for (let step = now - tolerance; step <= now + tolerance; step++) {
      if (step > kept.lastStep && totp(secret, step, this.#options.hmacSha1) === code) return step;
    }
    return undefined;
  }

  /** `k3f9-x2mq-7tbd`: 60 bits. */
  #newRecoveryCode(): string {
    const text = encodeBase32(this.#options.random.bytes(8)).slice(0, 12).toLowerCase();
    return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
  }

  #digest(code: string): string {
    const plain = code.toLowerCase().replaceAll(/[\s-]/g, '').slice(0, 64);
    return encodeHex(this.#options.digest.sha256(encodeUtf8(plain)));
  }

  async #kept(operator: string): Promise<Kept | undefined> {
    return (await this.#options.settings.setting(settingOf(operator))) as unknown as Kept | undefined;
  }

  #keep(operator: string, kept: Kept): Promise<void> {
    return this.#options.settings.setSetting(settingOf(operator), kept as unknown as JsonValue);
  }
}

const noop = (): void => {};

const settingOf = (operator: string): string => `second-factor/${operator}`;
const contextOf = settingOf;

/** The code of a time step (RFC 6238 §4, RFC 4226 §5.3). */
export function totp(secret: Uint8Array, step: number, hmacSha1: HmacSha1): string {
  const counter = new Uint8Array(8);
  new DataView(counter.buffer).setBigUint64(0, BigInt(step));
  const hash = hmacSha1(secret, counter);
  const offset = hash[hash.length - 1]! & 15;
  const number = new DataView(hash.buffer, hash.byteOffset).getUint32(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6, without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31];
  }
  return bits === 0 ? text : text + alphabet[(held << (5 - bits)) & 31];
}

/** What the QR code of an authenticator app says. */
export function otpauthUri(issuer: string, operator: string, secret: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(operator)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&digits=${digits}&period=${stepSeconds}`;
}
