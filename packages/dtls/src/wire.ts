import { emptyBytes } from '@yaolian/kernel';

/**
 * Reads big-endian fields and vectors (RFC 5246 §4) off untrusted bytes. Reading behind the end gives zeros and marks the
 * reader as failed: decode everything, then ask {@link isComplete}.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  #at: number;
  #failed = false;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Everything was there and nothing is left over. */
  get isComplete(): boolean {
    return !this.#failed && this.#at === this.#bytes.length;
  }

  get failed(): boolean {
    return this.#failed;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  get offset(): number {
    return this.#at;
  }

  /** Marks what was read as malformed. */
  fail(): void {
    this.#failed = true;
    this.#at = this.#bytes.length;
  }

  uint8(): number {
    return this.#unsigned(1);
  }

  uint16(): number {
    return this.#unsigned(2);
  }

  uint24(): number {
    return this.#unsigned(3);
  }

  uint32(): number {
    return this.#unsigned(4);
  }

  uint48(): number {
    return this.#unsigned(6);
  }

  /** A view, not a copy. */
  bytes(count: number): Uint8Array {
    if (count > this.remaining) {
      this.fail();
      return emptyBytes;
    }
    const start = this.#at;
    this.#at += count;
    return this.#bytes.subarray(start, this.#at);
  }

  /** `opaque x<minimum..maximum>` with a length of one byte. */
  vector8(minimum = 0, maximum = 0xff): Uint8Array {
    return this.#vector(this.uint8(), minimum, maximum);
  }

  /** `opaque x<minimum..maximum>` with a length of two bytes. */
  vector16(minimum = 0, maximum = 0xffff): Uint8Array {
    return this.#vector(this.uint16(), minimum, maximum);
  }

  /** `opaque x<minimum..maximum>` with a length of three bytes. */
  vector24(minimum = 0, maximum = 0xffffff): Uint8Array {
    return this.#vector(this.uint24(), minimum, maximum);
  }

  /** `uint16 x<2..maximum>` with a length of two bytes. */
  uint16List(maximum: number): number[] {
    const bytes = this.vector16(2, maximum);
    if (bytes.length % 2 !== 0) this.fail();
    const list: number[] = [];
    for (let i = 0; i + 1 < bytes.length; i += 2) list.push((bytes[i]! << 8) | bytes[i + 1]!);
    return list;
  }

  #vector(length: number, minimum: number, maximum: number): Uint8Array {
    if (length < minimum || length > maximum) {
      this.fail();
      return emptyBytes;
    }
    return this.bytes(length);
  }

  #unsigned(width: number): number {
    if (width > this.remaining) {
      this.fail();
      return 0;
    }
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + this.#bytes[this.#at++]!;
    return value;
  }
}

/** Writes big-endian fields and vectors into a buffer that grows. */
export class Writer {
  #bytes: Uint8Array;
  #at = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#at;
  }

  uint8(value: number): this {
    return this.#unsigned(value, 1);
  }

  uint16(value: number): this {
    return this.#unsigned(value, 2);
  }

  uint24(value: number): this {
    return this.#unsigned(value, 3);
  }

  uint32(value: number): this {
    return this.#unsigned(value, 4);
  }

  uint48(value: number): this {
    return this.#unsigned(value, 6);
  }

  bytes(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  vector8(bytes: Uint8Array): this {
    return this.uint8(bytes.length).bytes(bytes);
  }

  vector16(bytes: Uint8Array): this {
    return this.uint16(bytes.length).bytes(bytes);
  }

  vector24(bytes: Uint8Array): this {
    return this.uint24(bytes.length).bytes(bytes);
  }

  uint16List(values: readonly number[]): this {
    this.uint16(2 * values.length);
    for (const value of values) this.uint16(value);
    return this;
  }

  /** What was written: a view of the buffer, good until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** What was written, on its own. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  #unsigned(value: number, width: number): this {
    this.#reserve(width);
    let rest = value;
    for (let i = width - 1; i >= 0; i--) {
      this.#bytes[this.#at + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.#at += width;
    return this;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + count));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}
