import { encodeUtf8 } from '@yaolian/kernel';

/** Where every writer starts: writing is synchronous, and what is finished is a copy, so one at a time has the use of it. */
const sharedBuffer = new Uint8Array(4096);

/**
 * Writes from the end of a buffer towards its start, so that a length is known when the header before it is written.
 * Use one to its end before the next is made.
 */
export class BackwardWriter {
  #buffer: Uint8Array = sharedBuffer;
  #start = sharedBuffer.length;

  /** How many bytes are written: differences of it are lengths. */
  get length(): number {
    return this.#buffer.length - this.#start;
  }

  byte(value: number): void {
    if (this.#start === 0) this.#grow(1);
    this.#buffer[--this.#start] = value;
  }

  /** The low `count` bytes (at most 4) of `value`, big-endian. */
  bigEndian(value: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.byte(value & 0xff);
      value >>>= 8;
    }
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length > this.#start) this.#grow(bytes.length);
    this.#start -= bytes.length;
    this.#buffer.set(bytes, this.#start);
  }

  /** UTF-8. */
  text(text: string): void {
    const { length } = text;
    if (length > this.#start) this.#grow(length);
    // Most texts are short and ASCII: a loop beats TextEncoder's fixed cost.
    for (let i = length - 1, at = this.#start; i >= 0; i--) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.bytes(encodeUtf8(text));
        return;
      }
      this.#buffer[--at] = code;
    }
    this.#start -= length;
  }

  /** A copy of what is written. */
  finish(): Uint8Array {
    return this.#buffer.slice(this.#start);
  }

  #grow(needed: number): void {
    const written = this.length;
    const grown = new Uint8Array(2 * (written + needed));
    grown.set(this.#buffer.subarray(this.#start), grown.length - written);
    this.#start = grown.length - written;
    this.#buffer = grown;
  }
}
