import { decodeBase64Url, decodeUtf8, encodeBase64Url, encodeUtf8 } from '@yaolian/kernel';
import { Refusal } from './refusal.ts';

/** An opaque text for the last key of a page. */
export function encodeCursor(key: string): string {
  return encodeBase64Url(encodeUtf8(key));
}

/** @throws Refusal `invalid-cursor` */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const bytes = decodeBase64Url(cursor);
  const key = bytes && decodeUtf8(bytes);
  if (key === undefined || key === '') throw new Refusal('invalid-cursor');
  return key;
}

/** A page from `limit + 1` items that were asked for: one too many tells that there are more. */
export function pageFrom<T, J>(found: readonly T[], limit: number, keyOf: (item: T) => string, show: (item: T) => J) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const next = found.length > limit && last !== undefined ? { next: encodeCursor(keyOf(last)) } : {};
  return { items: items.map(show), ...next };
}
