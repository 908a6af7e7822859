import { decodeUtf8, failure, type Result, success } from '@yaolian/kernel';
import { wholeNumber } from '../value.ts';

/**
 * A CBOR data item (RFC 8949). Whole numbers are numbers while those are exact, bigints beyond; a float is told from a whole
 * number by {@link CborFloat}.
 */
export type CborItem =
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | Uint8Array
  | CborFloat
  | CborArray
  | CborMap
  | CborTag;

export class CborFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export class CborArray {
  readonly items: readonly CborItem[];

  constructor(items: readonly CborItem[]) {
    this.items = items;
  }
}

/** Arrays are keys only where {@link StrictCborLimits.arrayKeys} lets them. */
export type CborKey = number | bigint | string | CborArray;

/** Keys are whole numbers or texts; another key is refused, as is one that comes twice. */
export class CborMap {
  readonly entries: ReadonlyMap<CborKey, CborItem>;

  constructor(entries: ReadonlyMap<CborKey, CborItem>) {
    this.entries = entries;
  }
}

export class CborTag {
  readonly tag: number | bigint;
  readonly item: CborItem;

  constructor(tag: number | bigint, item: CborItem) {
    this.tag = tag;
    this.item = item;
  }
}

export interface StrictCborError {
  readonly reason: 'malformed' | 'too-large';
  /** What is wrong and what was expected. */
  readonly message: string;
  /** In bytes. */
  readonly offset: number;
}

export interface StrictCborLimits {
  /** Of arrays, maps and tags. */
  readonly maximumDepth: number;
  /** Items on all levels together. */
  readonly maximumItems: number;
  /** Arrays may be keys of maps; two with the same items are two keys, and left to whoever knows what they mean. Default false. */
  readonly arrayKeys?: boolean;
}

/**
 * Reads one data item that is all of `bytes`. Lengths may be indefinite and longer than they need be (RFC 8949 §4.1 makes the
 * shortest form a matter of preference); what is not well-formed or not valid is refused: reserved codes, texts that are no
 * UTF-8, keys twice, bytes after the item. Byte strings of definite length share the bytes.
 */
export function readStrictCbor(bytes: Uint8Array, limits: StrictCborLimits): Result<CborItem, StrictCborError> {
  const reader = new StrictCborReader(bytes, limits);
  const item = reader.read();
  return item === failed ? failure(reader.error!) : success(item);
}

/** What readers give after they set `error`: undefined is a data item. */
const failed = Symbol('failed');
type Failed = typeof failed;

const breakCode = 0xff;
const indefinite = -1;

const scratch = new DataView(new ArrayBuffer(8));

class StrictCborReader {
  readonly #bytes: Uint8Array;
  readonly #maximumDepth: number;
  readonly #arrayKeys: boolean;
  #itemsLeft: number;
  #position = 0;
  #depth = 0;
  error: StrictCborError | undefined;

  constructor(bytes: Uint8Array, limits: StrictCborLimits) {
    this.#bytes = bytes;
    this.#maximumDepth = limits.maximumDepth;
    this.#arrayKeys = limits.arrayKeys ?? false;
    this.#itemsLeft = limits.maximumItems;
  }

  read(): CborItem | Failed {
    const item = this.#item();
    if (item === failed || this.#position === this.#bytes.length) return item;
    return this.#refuse('nothing comes after the data item');
  }

  #item(): CborItem | Failed {
    if (--this.#itemsLeft < 0) return this.#refuse('there are more items than allowed', 'too-large');
    const start = this.#position;
    const first = this.#bytes[this.#position];
    if (first === undefined) return this.#refuse('a data item is missing');
    this.#position++;
    const major = first >> 5;
    if (major === 7) return this.#simple(first & 31, start);
    const argument = this.#argument(first & 31, major >= 2 && major <= 5, start);
    if (argument === failed) return failed;
    switch (major) {
      case 0:
        return argument;
      case 1:
        return typeof argument === 'number' && argument < Number.MAX_SAFE_INTEGER
          ? -1 - argument
          : wholeNumber(-1n - BigInt(argument));
      case 2:
        return this.#byteString(argument, start);
      case 3:
        return this.#textString(argument, start);
      case 4:
        return this.#nested(start, () => this.#array(argument));
      case 5:
        return this.#nested(start, () => this.#map(argument));
      default:
        return this.#nested(start, () => this.#tagged(argument));
    }
  }

  // RFC 8949 §3: the five low bits are the argument up to 23; 24 to 27 say how many bytes of it follow; 31 is indefinite.
  #argument(information: number, mayBeIndefinite: boolean, start: number): number | bigint | Failed {
    if (information < 24) return information;
    if (information === 31 && mayBeIndefinite) return indefinite;
    if (information > 27) return this.#refuse('28 to 31 are reserved here', 'malformed', start);
    const length = 1 << (information - 24);
    if (this.#position + length > this.#bytes.length) return this.#truncated(start);
    let high = 0;
    let low = 0;
    for (let i = 0; i < length; i++) {
      high = (high << 8) | (low >>> 24);
      low = ((low << 8) | this.#bytes[this.#position++]!) >>> 0;
    }
    high >>>= 0;
    const value = high * 0x1_0000_0000 + low;
    return Number.isSafeInteger(value) ? value : BigInt(high) * 0x1_0000_0000n + BigInt(low);
  }

  #byteString(length: number | bigint, start: number): Uint8Array | Failed {
    if (length !== indefinite) return this.#definiteBytes(length, start);
    const chunks: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const chunk = this.#chunk(2);
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

  #textString(length: number | bigint, start: number): string | Failed {
    if (length !== indefinite) return this.#text(this.#definiteBytes(length, start), start);
    let whole = '';
    for (;;) {
      const at = this.#position;
      const chunk = this.#chunk(3);
      if (chunk === failed) return failed;
      if (chunk === undefined) return whole;
      // RFC 8949 §3.2.3: each chunk of a text is UTF-8 by itself.
      const text = this.#text(chunk, at);
      if (text === failed) return failed;
      whole += text;
    }
  }

  /** A chunk of a string of indefinite length: a string of definite length of the same major type. Undefined: the break. */
  #chunk(major: number): Uint8Array | undefined | Failed {
    const start = this.#position;
    const first = this.#bytes[this.#position++];
    if (first === breakCode) return undefined;
    if (--this.#itemsLeft < 0) return this.#refuse('there are more items than allowed', 'too-large');
    if (first === undefined) return this.#truncated(start);
    if (first >> 5 !== major)
      return this.#refuse('a string of indefinite length holds strings of its kind', 'malformed', start);
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

  #text(bytes: Uint8Array | Failed, start: number): string | Failed {
    if (bytes === failed) return failed;
    return decodeUtf8(bytes) ?? this.#refuse('a text string is UTF-8, and this is not', 'malformed', start);
  }

  #nested(start: number, read: () => CborItem | Failed): CborItem | Failed {
    if (this.#depth === this.#maximumDepth) {
      return this.#refuse(`items lie more than ${this.#maximumDepth} deep`, 'too-large', start);
    }
    this.#depth++;
    const item = read();
    this.#depth--;
    return item;
  }

  #array(length: number | bigint): CborArray | Failed {
    const items: CborItem[] = [];
    for (let i = 0; length === indefinite ? !this.#atBreak() : i < length; i++) {
      const item = this.#item();
      if (item === failed) return failed;
      items.push(item);
    }
    return new CborArray(items);
  }

  #map(length: number | bigint): CborMap | Failed {
    const entries = new Map<CborKey, CborItem>();
    for (let i = 0; length === indefinite ? !this.#atBreak() : i < length; i++) {
      const at = this.#position;
      const key = this.#item();
      if (key === failed) return failed;
      if (!this.#isKey(key)) return this.#refuse('a key is a whole number or a text', 'malformed', at);
      if (entries.has(key)) return this.#refuse(`key ${String(key)} is there twice in one map`, 'malformed', at);
      const item = this.#item();
      if (item === failed) return failed;
      entries.set(key, item);
    }
    return new CborMap(entries);
  }

  #isKey(item: CborItem): item is CborKey {
    if (typeof item === 'number' || typeof item === 'bigint' || typeof item === 'string') return true;
    return this.#arrayKeys && item instanceof CborArray;
  }

  #tagged(tag: number | bigint): CborTag | Failed {
    const item = this.#item();
    return item === failed ? failed : new CborTag(tag, item);
  }

  #atBreak(): boolean {
    if (this.#bytes[this.#position] !== breakCode) return false;
    this.#position++;
    return true;
  }

  // RFC 8949 §3.3: 20 to 23 are false, true, null, undefined; 25 to 27 are floats of 16, 32 and 64 bits.
  #simple(information: number, start: number): CborItem | Failed {
    switch (information) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 23:
        return undefined;
      case 25:
      case 26:
      case 27:
        return this.#float(1 << (information - 24), start);
      case 31:
        return this.#refuse('a break is not in a string, array or map of indefinite length', 'malformed', start);
      default:
        return this.#refuse('simple values but false, true, null and undefined mean nothing here', 'malformed', start);
    }
  }

  #float(length: number, start: number): CborFloat | Failed {
    if (this.#position + length > this.#bytes.length) return this.#truncated(start);
    for (let i = 0; i < length; i++) scratch.setUint8(i, this.#bytes[this.#position++]!);
    if (length === 2) return new CborFloat(halfToNumber(scratch.getUint16(0)));
    return new CborFloat(length === 4 ? scratch.getFloat32(0) : scratch.getFloat64(0));
  }

  #truncated(start: number): Failed {
    return this.#refuse('a data item goes beyond the end', 'malformed', start);
  }

  #refuse(message: string, reason: StrictCborError['reason'] = 'malformed', offset = this.#position): Failed {
    this.error = { reason, message, offset };
    return failed;
  }
}

/** IEEE 754 binary16 (RFC 8949 appendix D). */
function halfToNumber(half: number): number {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const magnitude =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (fraction + 1024) * 2 ** (exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}
