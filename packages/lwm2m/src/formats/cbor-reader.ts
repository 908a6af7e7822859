import { decodeUtf8, KnownTexts } from '@yaolian/kernel';
import { wholeNumber } from '../value.ts';
import {
  CborArray,
  CborFloat,
  type CborItem,
  type CborKey,
  CborMap,
  CborTag,
  type StrictCborError,
  type StrictCborLimits,
} from './cbor-item.ts';

/** What readers give after they set `error`: undefined is a data item. */
export const failed = Symbol('failed');
export type Failed = typeof failed;

/** The three high bits of a data item (RFC 8949 §3.1). */
export const Major = { Unsigned: 0, Negative: 1, Bytes: 2, Text: 3, Array: 4, Map: 5, Tag: 6, Simple: 7 } as const;

/** How many items an array or a map of indefinite length has. */
const indefinite = -1;

const breakCode = 0xff;

/** Names of records and short values, which are the same again and again. */
const texts = new KnownTexts();

/**
 * Reads data items (RFC 8949) one after the other: whole, or an array or map step by step, for those who make something else of
 * it than a tree. Lengths may be indefinite and longer than they need be (§4.1 makes the shortest form a matter of preference);
 * what is not well-formed or not valid is refused: reserved codes, texts that are no UTF-8, keys twice. Byte strings of definite
 * length share the bytes. After `failed` a reader is done: `error` says why.
 */
export class CborReader {
  readonly #bytes: Uint8Array;
  readonly #maximumDepth: number;
  readonly #arrayKeys: boolean;
  #itemsLeft: number;
  #position = 0;
  #depth = 0;
  /** Of `#bytes`, made with the first float. */
  #view: DataView | undefined;
  error: StrictCborError | undefined;

  constructor(bytes: Uint8Array, limits: StrictCborLimits) {
    this.#bytes = bytes;
    this.#maximumDepth = limits.maximumDepth;
    this.#arrayKeys = limits.arrayKeys ?? false;
    this.#itemsLeft = limits.maximumItems;
  }

  /** In bytes: where the next item begins. */
  get position(): number {
    return this.#position;
  }

  /** True when nothing comes after what was read; `error` is set otherwise. */
  atEnd(): boolean {
    if (this.#position === this.#bytes.length) return true;
    this.refuse('nothing comes after the data item');
    return false;
  }

  /** Which {@link Major} type the next item has; -1 when there is none. */
  major(): number {
    return this.#position < this.#bytes.length ? this.#bytes[this.#position]! >> 5 : -1;
  }

  /** A whole item. */
  item(): CborItem | Failed {
    const start = this.#position;
    switch (this.major()) {
      case Major.Unsigned:
      case Major.Negative:
        return this.#integer();
      case Major.Bytes:
        return this.#byteString();
      case Major.Text:
        return this.text();
      case Major.Array:
        return this.#array();
      case Major.Map:
        return this.#map();
      case Major.Tag:
        return this.#tagged();
      case Major.Simple:
        return this.#simple(start);
      default:
        return this.#begin();
    }
  }

  /** True when the next item is a float: {@link float} reads it without a {@link CborFloat}. */
  isFloat(): boolean {
    const first = this.#bytes[this.#position];
    return first !== undefined && first >= 0xf9 && first <= 0xfb;
  }

  float(): number | Failed {
    const start = this.#position;
    const first = this.#begin();
    if (first === failed) return failed;
    const at = this.#position;
    const length = 1 << ((first & 31) - 24);
    if (at + length > this.#bytes.length) return this.#truncated(start);
    this.#position = at + length;
    const bytes = this.#bytes;
    this.#view ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (length === 8) return this.#view.getFloat64(at);
    return length === 4 ? this.#view.getFloat32(at) : this.#view.getFloat16(at);
  }

  /** The whole number that the next item is, when a byte says it all: -24 to 23. Undefined, and nothing is read, when not. */
  smallInteger(): number | undefined {
    const first = this.#bytes[this.#position];
    if (first === undefined || first > 0x37 || (first & 31) > 23 || this.#itemsLeft === 0) return undefined;
    this.#itemsLeft--;
    this.#position++;
    return first < 0x20 ? first : 0x1f - first;
  }

  /** A text; only where {@link major} says so. */
  text(): string | Failed {
    const start = this.#position;
    const length = this.#head(true);
    if (length === failed) return failed;
    if (length === indefinite) return this.#textInChunks();
    return this.#definiteText(length, start);
  }

  /**
   * Goes into an array or a map; only where {@link major} says so. Then: {@link more} before each element or key, {@link leave}
   * after the last.
   * @returns how many elements or keys there are; {@link indefinite}: that is not said
   */
  enter(): number | bigint | Failed {
    const start = this.#position;
    const length = this.#head(true);
    if (length === failed || this.#descend(start)) return length;
    return failed;
  }

  leave(): void {
    this.#depth--;
  }

  /** True when an array or map of this `length` has more than the `count` elements or keys that were read. */
  more(length: number | bigint, count: number): boolean {
    if (length !== indefinite) return count < length;
    if (this.#bytes[this.#position] !== breakCode) return true;
    this.#position++;
    return false;
  }

  refuse(message: string, reason: StrictCborError['reason'] = 'malformed', offset = this.#position): Failed {
    this.error = { reason, message, offset };
    return failed;
  }

  /** Counts an item and takes its first byte. */
  #begin(): number | Failed {
    if (--this.#itemsLeft < 0) return this.refuse('there are more items than allowed', 'too-large');
    const first = this.#bytes[this.#position];
    if (first === undefined) return this.refuse('a data item is missing');
    this.#position++;
    return first;
  }

  #head(mayBeIndefinite: boolean): number | bigint | Failed {
    const start = this.#position;
    const first = this.#begin();
    return first === failed ? failed : this.#argument(first & 31, mayBeIndefinite, start);
  }

  // RFC 8949 §3: the five low bits are the argument up to 23; 24 to 27 say how many bytes of it follow; 31 is indefinite.
  #argument(information: number, mayBeIndefinite: boolean, start: number): number | bigint | Failed {
    if (information < 24) return information;
    if (information === 31 && mayBeIndefinite) return indefinite;
    if (information > 27) return this.refuse('28 to 31 are reserved here', 'malformed', start);
    const at = this.#position;
    const bytes = this.#bytes;
    const length = 1 << (information - 24);
    if (at + length > bytes.length) return this.#truncated(start);
    this.#position = at + length;
    if (length === 1) return bytes[at]!;
    if (length === 2) return (bytes[at]! << 8) | bytes[at + 1]!;
    if (length === 4) return uint32(bytes, at);
    const high = uint32(bytes, at);
    const low = uint32(bytes, at + 4);
    const value = high * 0x1_0000_0000 + low;
    return Number.isSafeInteger(value) ? value : BigInt(high) * 0x1_0000_0000n + BigInt(low);
  }

  #integer(): number | bigint | Failed {
    const isNegative = this.major() === Major.Negative;
    const argument = this.#head(false);
    if (argument === failed || !isNegative) return argument;
    return typeof argument === 'number' && argument < Number.MAX_SAFE_INTEGER
      ? -1 - argument
      : wholeNumber(-1n - BigInt(argument));
  }

  #byteString(): Uint8Array | Failed {
    const start = this.#position;
    const length = this.#head(true);
    if (length === failed) return failed;
    if (length !== indefinite) return this.#definiteBytes(length, start);
    const chunks: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const chunk = this.#chunk(Major.Bytes);
      if (chunk === failed) return failed;
      if (chunk === undefined) break;
      chunks.push(chunk);
      total += chunk.length;
    }
    const whole = new Uint8Array(total);
    let offset = 0;
    for (const chunk of chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }

  #definiteText(length: number | bigint, start: number): string | Failed {
    const from = this.#position;
    if (length > this.#bytes.length - from) return this.#truncated(start);
    this.#position = from + Number(length);
    const text = texts.decode(this.#bytes, from, this.#position);
    return text ?? this.refuse('a text string is UTF-8, and this is not', 'malformed', start);
  }

  #textInChunks(): string | Failed {
    let whole = '';
    for (;;) {
      const at = this.#position;
      const chunk = this.#chunk(Major.Text);
      if (chunk === failed) return failed;
      if (chunk === undefined) return whole;
      // RFC 8949 §3.2.3: each chunk of a text is UTF-8 by itself.
      const text = decodeUtf8(chunk);
      if (text === undefined) return this.refuse('a text string is UTF-8, and this is not', 'malformed', at);
      whole += text;
    }
  }

  /** A chunk of a string of indefinite length: a string of definite length of the same major type. Undefined: the break. */
  #chunk(major: number): Uint8Array | undefined | Failed {
    const start = this.#position;
    const first = this.#bytes[this.#position++];
    if (first === breakCode) return undefined;
    if (--this.#itemsLeft < 0) return this.refuse('there are more items than allowed', 'too-large');
    if (first === undefined) return this.#truncated(start);
    if (first >> 5 !== major)
      return this.refuse('a string of indefinite length holds strings of its kind', 'malformed', start);
    const length = this.#argument(first & 31, false, start);
    return length === failed ? failed : this.#definiteBytes(length, start);
  }

  #definiteBytes(length: number | bigint, start: number): Uint8Array | Failed {
    if (length > this.#bytes.length - this.#position) return this.#truncated(start);
    const end = this.#position + Number(length);
    const bytes = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return bytes;
  }

  #descend(start: number): boolean {
    if (this.#depth === this.#maximumDepth) {
      this.refuse(`items lie more than ${this.#maximumDepth} deep`, 'too-large', start);
      return false;
    }
    this.#depth++;
    return true;
  }

  #array(): CborArray | Failed {
    const length = this.enter();
    if (length === failed) return failed;
    const items: CborItem[] = [];
    while (this.more(length, items.length)) {
      const item = this.item();
      if (item === failed) return failed;
      items.push(item);
    }
    this.leave();
    return new CborArray(items);
  }

  #map(): CborMap | Failed {
    const length = this.enter();
    if (length === failed) return failed;
    const entries = new Map<CborKey, CborItem>();
    while (this.more(length, entries.size)) {
      const at = this.#position;
      const key = this.item();
      if (key === failed) return failed;
      if (!this.#isKey(key)) return this.refuse('a key is a whole number or a text', 'malformed', at);
      if (entries.has(key)) return this.refuse(keyTwice(key), 'malformed', at);
      const item = this.item();
      if (item === failed) return failed;
      entries.set(key, item);
    }
    this.leave();
    return new CborMap(entries);
  }

  #isKey(item: CborItem): item is CborKey {
    if (typeof item === 'number' || typeof item === 'bigint' || typeof item === 'string') return true;
    return this.#arrayKeys && item instanceof CborArray;
  }

  #tagged(): CborTag | Failed {
    const start = this.#position;
    const tag = this.#head(false);
    if (tag === failed || !this.#descend(start)) return failed;
    const item = this.item();
    if (item === failed) return failed;
    this.leave();
    return new CborTag(tag, item);
  }

  // RFC 8949 §3.3: 20 to 23 are false, true, null, undefined; 25 to 27 are floats of 16, 32 and 64 bits.
  #simple(start: number): CborItem | Failed {
    if (this.isFloat()) {
      const value = this.float();
      return value === failed ? failed : new CborFloat(value);
    }
    const first = this.#begin();
    switch (first === failed ? failed : first & 31) {
      case failed:
        return failed;
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 23:
        return undefined;
      case 31:
        return this.refuse('a break is not in a string, array or map of indefinite length', 'malformed', start);
      default:
        return this.refuse('simple values but false, true, null and undefined mean nothing here', 'malformed', start);
    }
  }

  #truncated(start: number): Failed {
    return this.refuse('a data item goes beyond the end', 'malformed', start);
  }
}

/** Why a map is refused that has a key twice. */
export function keyTwice(key: CborKey): string {
  return `key ${String(key)} is there twice in one map`;
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
