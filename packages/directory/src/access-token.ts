import { decodeHex, encodeHex, equalBytes, type Random } from '@yaolian/kernel';
import type { SecretDigest } from './secrets.ts';

const idBytes = 8;
const secretBytes = 24;
const tokenText = /^yl_([0-9a-f]{16})_([0-9a-f]{48})$/;

/** A token as its bearer has it: `yl_<id>_<secret>`, 64 bits of id and 192 bits of secret in lower-case hex. */
export interface AccessToken {
  readonly id: string;
  readonly secret: Uint8Array;
}

export function createAccessToken(random: Random): AccessToken {
  return { id: encodeHex(random.bytes(idBytes)), secret: random.bytes(secretBytes) };
}

export function formatAccessToken(token: AccessToken): string {
  return `yl_${token.id}_${encodeHex(token.secret)}`;
}

/** Undefined when `text` is not of the form of a token. */
export function parseAccessToken(text: string): AccessToken | undefined {
  const match = tokenText.exec(text);
  if (!match) return undefined;
  return { id: match[1]!, secret: decodeHex(match[2]!)! };
}

/** True when `token` has the secret that was digested. Digests are compared, so the time taken tells nothing of use. */
export function matchesDigest(token: AccessToken, secretDigest: Uint8Array, digest: SecretDigest): boolean {
  return equalBytes(digest.sha256(token.secret), secretDigest);
}

// Crockford's base 32 without letters that are mistaken for digits.
const passwordAlphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A password of 100 random bits that can be read out aloud: `xxxxx-xxxxx-xxxxx-xxxxx`. */
export function createPassword(random: Random): string {
  const characters = Array.from(random.bytes(20), (byte) => passwordAlphabet[byte & 31]!);
  return [0, 5, 10, 15].map((start) => characters.slice(start, start + 5).join('')).join('-');
}
