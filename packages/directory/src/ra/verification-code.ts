import { type Clock, type Duration, encodeHex, equalBytes, type Random, toMilliseconds } from '@yaolian/kernel';
import type { SecretDigest } from '../secrets.ts';

/**
 * The current verification code of a device (GB/T 29265.205 §10.5), as it is kept: salted and digested. Times are
 * milliseconds since the epoch.
 */
export interface StoredCode {
  readonly device: string;
  /** Changes with every code: a binding names the one that it was checked against. */
  readonly id: string;
  readonly salt: Uint8Array;
  /** SHA-256 of salt and code. */
  readonly digest: Uint8Array;
  readonly issuedAt: number;
  readonly expiresAt: number | undefined;
}

export const codeLength = { least: 6, most: 64 } as const;

// Crockford's base 32: no letter that is mistaken for a digit.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A code of 50 random bits that is read off a screen and typed: `7KQ2M-0WX9D`. */
export function createVerificationCode(random: Random): string {
  const characters = Array.from(random.bytes(10), (byte) => alphabet[byte & 31]!).join('');
  return `${characters.slice(0, 5)}-${characters.slice(5)}`;
}

/** A code in the one moment in which it is readable. */
export interface IssuedCode {
  readonly device: string;
  readonly code: string;
  readonly expiresAt: number | undefined;
}

export interface CodeMaking {
  readonly random: Random;
  readonly digest: SecretDigest;
  readonly clock: Clock;
  /** How long it is good; undefined: until the next one. */
  readonly lifetime: Duration | undefined;
}

/** Makes a code of a device, to be kept and to be told. @param code the one that the device brings itself */
export function makeCode(
  { random, digest, clock, lifetime }: CodeMaking,
  device: string,
  code: string = createVerificationCode(random),
): { readonly stored: StoredCode; readonly issued: IssuedCode } {
  const salt = random.bytes(16);
  const issuedAt = clock.epoch();
  const expiresAt = lifetime === undefined ? undefined : issuedAt + toMilliseconds(lifetime);
  const id = encodeHex(random.bytes(8));
  const stored = { device, id, salt, digest: digestCode(code, salt, digest), issuedAt, expiresAt };
  return { stored, issued: { device, code, expiresAt } };
}

/** What a typed code means: capitals, no spaces and hyphens, and digits for the letters that look like them. */
export function normalizeCode(code: string): string {
  return code.normalize('NFC').toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}

/** Whether a device may have this code, which it brought itself. */
export function isFitCode(code: string): boolean {
  const { length } = normalizeCode(code);
  return length >= codeLength.least && length <= codeLength.most;
}

export function digestCode(code: string, salt: Uint8Array, digest: SecretDigest): Uint8Array {
  const text = new TextEncoder().encode(normalizeCode(code));
  const input = new Uint8Array(salt.length + text.length);
  input.set(salt);
  input.set(text, salt.length);
  return digest.sha256(input);
}

/** Compares digests in constant time. A device without a code costs the same: {@link decoyCode}. */
export function matchesCode(code: string, stored: StoredCode, digest: SecretDigest): boolean {
  return equalBytes(digestCode(code, stored.salt, digest), stored.digest);
}

/** Matches nothing. */
export const decoyCode: StoredCode = {
  device: '',
  id: '',
  salt: new Uint8Array(16),
  digest: new Uint8Array(32),
  issuedAt: 0,
  expiresAt: 0,
};
