import { type FieldMistake, mistakeAt } from './reason.ts';

/** AEAD algorithms that OSCORE can use: COSE's names (RFC 9053 §4) and numbers. */
export const oscoreAeads = {
  'AES-CCM-16-64-128': 10,
  'AES-CCM-16-64-256': 11,
  'AES-CCM-64-64-128': 12,
  'AES-CCM-64-64-256': 13,
  'AES-CCM-16-128-128': 30,
  'AES-CCM-16-128-256': 31,
  'AES-CCM-64-128-128': 32,
  'AES-CCM-64-128-256': 33,
  A128GCM: 1,
  A192GCM: 2,
  A256GCM: 3,
  'ChaCha20/Poly1305': 24,
} as const;

export type OscoreAeadName = keyof typeof oscoreAeads;
export const oscoreAeadNames = Object.keys(oscoreAeads) as OscoreAeadName[];

/** Key derivation functions, by the hash that they are with, and COSE's numbers of `direct+HKDF-…` (RFC 9053 §6.1.2). */
export const oscoreHkdfs = { 'HKDF-SHA-256': -10, 'HKDF-SHA-512': -11 } as const;

export type OscoreHkdfName = keyof typeof oscoreHkdfs;
export const oscoreHkdfNames = Object.keys(oscoreHkdfs) as OscoreHkdfName[];

/** What both ends use unless they agreed otherwise (RFC 8613 §3.2). */
export const defaultOscoreAead = 'AES-CCM-16-64-128' satisfies OscoreAeadName;
export const defaultOscoreHkdf = 'HKDF-SHA-256' satisfies OscoreHkdfName;

/** RFC 8613 §3.3: an ID is at most as long as the nonce less 6; in bytes. */
export function longestOscoreId(aead: OscoreAeadName): number {
  if (aead.startsWith('AES-CCM-16')) return 7;
  return aead.startsWith('AES-CCM-64') ? 1 : 6;
}

export interface OscoreIds {
  /** Hexadecimal. */
  readonly senderId?: string | undefined;
  /** Hexadecimal. */
  readonly recipientId?: string | undefined;
  readonly aead?: OscoreAeadName | undefined;
}

/** Why no security context has these IDs; undefined: they are right. An ID of no bytes is one, but it is to be said. */
export function oscoreIdMistake({
  senderId,
  recipientId,
  aead = defaultOscoreAead,
}: OscoreIds): FieldMistake | undefined {
  const limit = longestOscoreId(aead);
  for (const [where, id] of [
    ['senderId', senderId],
    ['recipientId', recipientId],
  ] as const) {
    if (id === undefined) return mistakeAt(where, 'is missing', 'missing');
    if (id.length / 2 > limit) {
      return mistakeAt(where, `has at most ${limit} bytes with ${aead}`, 'oscore-id-long', { aead, limit });
    }
  }
  if (senderId!.toLowerCase() !== recipientId!.toLowerCase()) return undefined;
  const message = 'and senderId are the same: both sides would encrypt with one key';
  return mistakeAt('recipientId', message, 'oscore-ids-same');
}
