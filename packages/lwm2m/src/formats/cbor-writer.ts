import { encodeUtf8 } from '@yaolian/kernel';

const scratch = new DataView(new ArrayBuffer(8));

/** Where every writer starts: writing is synchronous, and what is finished is a copy, so one at a time has the use of it. */
const sharedBuffer = new Uint8Array(4096);

/**
 * Writes CBOR data items one after the other, each in its shortest form (RFC 8949 §4.1) but for floats, which take 32 or
 * 64 bits and never 16: readers on small devices often have no half-precision floats. Use one to its
 * end before the next is made.
 */
export class CborWriter {
  #buffer: Uint8Array = sharedBuffer;
  #length = 0;

  integer(value: number | bigint): void {
    if (value >= 0) this.#head(0, value);
    else this.#head(1, typeof value === 'bigint' ? -1n - value : -1 - value);
  }

  float(value: number): void {
    const isShort = Object.is(Math.fround(value), value);
    if (isShort) scratch.setFloat32(0, value);
    else scratch.setFloat64(0, value);
    this.#byte(isShort ? 0xfa : 0xfb);
    for (let i = 0; i < (isShort ? 4 : 8); i++) this.#byte(scratch.getUint8(i));
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xf5 : 0xf4);
  }

  null(): void {
    this.#byte(0xf6);
  }

  bytes(bytes: Uint8Array): void {
    this.#head(2, bytes.length);
    this.#append(bytes);
  }

  text(text: string): void {
    if (isAscii(text)) {
      this.#head(3, text.length);
      if (this.#length + text.length > this.#buffer.length) this.#grow(text.length);
      for (let i = 0; i < text.length; i++) this.#buffer[this.#length++] = text.charCodeAt(i);
    } else {
      const bytes = encodeUtf8(text);
      this.#head(3, bytes.length);
      this.#append(bytes);
    }
  }

  /** The `length` items that follow are the array's. */
  array(length: number): void {
    this.#head(4, length);
  }

  /** The `length` pairs of a key and an item that follow are the map's. */
  map(length: number): void {
    this.#head(5, length);
  }

  /** The item that follows is tagged. */
  tag(tag: number): void {
    this.#head(6, tag);
  }

  /** A copy of what is written. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #head(major: number, argument: number | bigint): void {
    const type = major << 5;
    if (argument < 24) this.#byte(type | Number(argument));
    else if (argument < 0x100) this.#headOf(type | 24, 1, argument);
    else if (argument < 0x1_0000) this.#headOf(type | 25, 2, argument);
    else if (argument < 0x1_0000_0000) this.#headOf(type | 26, 4, argument);
    else this.#headOf(type | 27, 8, argument);
  }

  #headOf(first: number, length: number, argument: number | bigint): void {
    this.#byte(first);
    if (length === 8) {
      scratch.setBigUint64(0, BigInt(argument));
      for (let i = 0; i < 8; i++) this.#byte(scratch.getUint8(i));
    } else {
      const value = Number(argument);
      for (let shift = 8 * (length - 1); shift >= 0; shift -= 8) this.#byte((value >>> shift) & 0xff);
    }
  }

  #byte(value: number): void {
    if (this.#length === this.#buffer.length) this.#grow(1);
    this.#buffer[this.#length++] = value;
  }

  #append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#buffer.length) this.#grow(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(2 * (this.#length + needed));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}

/** Most texts are short and ASCII: writing them byte by byte beats TextEncoder's fixed cost. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}
