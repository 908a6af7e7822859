const text = new TextEncoder();

/** Bytes that are written one after the other into memory that grows. */
export class ByteSink {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written since {@link reset}, as a view that the next write may change. */
  written(from = 0): Uint8Array {
    return this.#bytes.subarray(from, this.#length);
  }

  reset(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53: seven bits a byte, the least first, the high bit set on all but the last (LEB128). */
  varint(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest > 0x7fff_ffff) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  float32(value: number): void {
    this.#room(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  float64(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  bigint64(value: bigint): void {
    this.#room(8);
    this.#view.setBigUint64(this.#length, BigInt.asUintN(64, value), true);
    this.#length += 8;
  }

  /** Bytes with their number before them. */
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** UTF-8 with the number of bytes before it. */
  text(value: string): void {
    this.bytes(text.encode(value));
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.written());
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
