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

/** A place in a list with the newest in front. */
export interface TimePlace {
  readonly createdAt: number;
  readonly id: string;
}

/** The key of a place, for {@link pageFrom}. */
export function placeKey({ createdAt, id }: TimePlace): string {
  return `${createdAt} ${id}`;
}

/** @throws Refusal `invalid-cursor` */
export function decodePlace(cursor: string | undefined): TimePlace | undefined {
  const text = decodeCursor(cursor);
  if (text === undefined) return undefined;
  const [, createdAt, id] = /^(\d{1,15}) (.+)$/.exec(text) ?? [];
  if (id === undefined) throw new Refusal('invalid-cursor');
  return { createdAt: Number(createdAt), id };
}

interface PageWish {
  readonly cursor?: string;
  readonly limit?: number;
}

/** A page of a list that is there as a whole, in the order of its keys. @throws Refusal `invalid-cursor` */
export function pageOfAll<T, J>(
  all: readonly T[],
  { cursor, limit = 1000 }: PageWish,
  keyOf: (item: T) => string,
  show: (item: T) => J,
) {
  const after = decodeCursor(cursor);
  const ordered = all.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = after === undefined ? ordered : ordered.filter((item) => keyOf(item) > after);
  return pageFrom(rest, limit, keyOf, show);
}

/** A page from `limit + 1` items that were asked for: one too many tells that there are more. */
export function pageFrom<T, J>(found: readonly T[], limit: number, keyOf: (item: T) => string, show: (item: T) => J) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const next = found.length > limit && last !== undefined ? { next: encodeCursor(keyOf(last)) } : {};
  return { items: items.map(show), ...next };
}
