import type { Message } from './message.ts';

/**
 * A number for tables of tokens: equal tokens have equal keys, and tokens of up to 6 bytes with equal keys and lengths are
 * equal. Compare with {@link hasToken} before trusting it.
 */
export function tokenKey(bytes: Uint8Array, start: number, length: number): number {
  let high = 0;
  let low = 0;
  for (let i = 0; i < length && i < 3; i++) high = (high << 8) | bytes[start + i]!;
  for (let i = 3; i < length; i++) low = i < 7 ? (low << 8) | bytes[start + i]! : low ^ bytes[start + i]!;
  return high * 0x1_0000_0000 + (low >>> 0);
}

/** Whether `message` carries exactly `token`. */
export function hasToken(message: Message, token: Uint8Array): boolean {
  if (message.tokenLength !== token.length) return false;
  for (let i = 0; i < token.length; i++) if (message.bytes[4 + i] !== token[i]) return false;
  return true;
}
