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
