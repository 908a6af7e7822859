import { decodeUtf8 } from './bytes.ts';

/** Longer texts are seldom the same twice. */
const longest = 32;

/**
 * Reads short texts that come again and again, such as names of resources, without making a string each time. It holds one
 * text in each of its slots: a new one takes the place of what was there, so that no sender can make it grow.
 */
export class KnownTexts {
  readonly #slots: (string | undefined)[];
  readonly #mask: number;

  /** @param slots how many texts are kept at most: a power of two */
  constructor(slots = 2_048) {
    if (!(slots >= 1) || (slots & (slots - 1)) !== 0) throw new RangeError(`slots are a power of two, not ${slots}`);
    this.#slots = new Array<string | undefined>(slots).fill(undefined);
    this.#mask = slots - 1;
  }

  /** The text of `bytes` from `start` to `end`, or undefined when they are not well-formed UTF-8. */
  decode(bytes: Uint8Array, start: number, end: number): string | undefined {
    if (end - start > longest) return decodeUtf8(bytes.subarray(start, end));
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
    const slot = (hash ^ (hash >>> 11)) & this.#mask;
    const known = this.#slots[slot];
    if (known !== undefined && isAt(known, bytes, start, end)) return known;
    const text = decodeUtf8(bytes.subarray(start, end));
    // Only where a character is a byte can the two be compared.
    if (text?.length === end - start) this.#slots[slot] = text;
    return text;
  }
}

function isAt(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = start; i < end; i++) if (text.charCodeAt(i - start) !== bytes[i]) return false;
  return true;
}
