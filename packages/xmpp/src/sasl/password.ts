import { encodeUtf8 } from '@yaolian/kernel';

const mappedToNothing = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200b-\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;
const otherSpace = /\p{Zs}/gu;
const prohibited =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u200e\u200f\u2028-\u202e\u206a-\u206f\ufff9-\ufffd]/u;

/** Bytes of a password at most. */
const maxPassword = 1024;

/**
 * A password as bytes that are the same wherever it is typed: SASLprep (RFC 4013), which RFC 5802 §2.2 asks for. Undefined when it
 * is empty, too long or holds what no password holds.
 */
export function preparePassword(text: string): Uint8Array | undefined {
  if (text.length > maxPassword) return undefined;
  const prepared = text.replaceAll(mappedToNothing, '').replaceAll(otherSpace, ' ').normalize('NFKC');
  if (prepared === '' || prohibited.test(prepared)) return undefined;
  const bytes = encodeUtf8(prepared);
  return bytes.length <= maxPassword ? bytes : undefined;
}
