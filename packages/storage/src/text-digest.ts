/**
 * A digest of 53 bits that tells whether texts changed. Not for secrets: whoever looks for two texts with the same digest
 * finds them.
 */
export class TextDigest {
  #a = 0xdeadbeef;
  #b = 0x41c6ce57;

  add(text: string): this {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x9e3779b1);
      b = Math.imul(b ^ unit, 0x5f356495);
    }
    // The end of a text counts, so that "ab", "c" differs from "a", "bc"; no code unit is 0x10000.
    this.#a = Math.imul(a ^ 0x10000, 0x9e3779b1);
    this.#b = Math.imul(b ^ 0x10000, 0x5f356495);
    return this;
  }

  /** A whole number, 0 <= n < 2^53. */
  value(): number {
    let a = Math.imul(this.#a ^ (this.#a >>> 16), 0x85ebca6b) ^ Math.imul(this.#b ^ (this.#b >>> 13), 0xc2b2ae35);
    const b = Math.imul(this.#b ^ (this.#b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
    a ^= b >>> 15;
    return 4_294_967_296 * (b & 0x1fffff) + (a >>> 0);
  }
}
