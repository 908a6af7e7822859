import { randomBytes, randomFillSync } from 'node:crypto';
import type { Random } from '@yaolian/kernel';

const poolBytes = 4096;
/** Longer requests go to the generator directly: one call costs little then. */
const pooledUpTo = 256;

/**
 * Randomness from OpenSSL's generator, drawn in large pieces because a call costs a microsecond. What was handed out is
 * wiped from the pool.
 */
class PooledRandom implements Random {
  readonly #pool = new Uint8Array(poolBytes);
  readonly #words = new Uint32Array(poolBytes / 4);
  #poolUsed = poolBytes;
  #wordsUsed = poolBytes / 4;

  bytes(count: number): Uint8Array {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`a count of bytes is a whole number >= 0, not ${count}`);
    if (count > pooledUpTo) return new Uint8Array(randomBytes(count).buffer);
    if (this.#poolUsed + count > poolBytes) {
      randomFillSync(this.#pool);
      this.#poolUsed = 0;
    }
    const start = this.#poolUsed;
    this.#poolUsed += count;
    const bytes = this.#pool.slice(start, start + count);
    this.#pool.fill(0, start, start + count);
    return bytes;
  }

  uint32(): number {
    if (this.#wordsUsed === this.#words.length) {
      randomFillSync(this.#words);
      this.#wordsUsed = 0;
    }
    const word = this.#words[this.#wordsUsed]!;
    this.#words[this.#wordsUsed++] = 0;
    return word;
  }

  fraction(): number {
    return this.uint32() / 2 ** 32;
  }
}

export const nodeRandom: Random = new PooledRandom();
