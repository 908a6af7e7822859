import { decodeUtf8, emptyBytes, encodeUtf8 } from '@yaolian/kernel';
import type { Option } from './options.ts';

const smallValues = Array.from({ length: 256 }, (_, value) => (value === 0 ? emptyBytes : Uint8Array.of(value)));

/**
 * An option value of format `uint` (RFC 7252 §3.2): network byte order, as few bytes as possible, none for 0.
 * Do not change the result: it may be shared.
 */
export function encodeUint(value: number): Uint8Array {
  if (!(Number.isInteger(value) && value >= 0 && value <= 0xffffffff)) {
    throw new RangeError(`an option value is a whole number from 0 to 4294967295, not ${value}`);
  }
  if (value < 256) return smallValues[value]!;
  if (value < 0x1_0000) return Uint8Array.of(value >> 8, value & 255);
  if (value < 0x100_0000) return Uint8Array.of(value >> 16, (value >> 8) & 255, value & 255);
  return Uint8Array.of(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);
}

/** Reads a `uint` of up to 4 bytes; leading zeros are accepted (RFC 7252 §3.2). */
export function decodeUint(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 256 + bytes[i]!;
  return value;
}

export function uintOption(number: number, value: number): Option {
  return { number, value: encodeUint(value) };
}

export function textOption(number: number, text: string): Option {
  return { number, value: encodeText(text) };
}

/** The UTF-8 of a text; short ASCII, which is what paths and queries are, without the fixed cost of an encoder. */
export function encodeText(text: string): Uint8Array {
  const { length } = text;
  if (length > 48) return encodeUtf8(text);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return encodeUtf8(text);
    bytes[i] = unit;
  }
  return bytes;
}

/** The first option with `number`, or undefined. */
export function findOption(options: readonly Option[], number: number): Option | undefined {
  for (const option of options) if (option.number === number) return option;
  return undefined;
}

/** The value of the first option with `number` as a `uint`, or undefined when there is none or it is longer than 4 bytes. */
export function findUint(options: readonly Option[], number: number): number | undefined {
  const value = findOption(options, number)?.value;
  return value === undefined || value.length > 4 ? undefined : decodeUint(value);
}

/** Every value of the options with `number`. */
export function findAll(options: readonly Option[], number: number): Uint8Array[] {
  return options.filter((option) => option.number === number).map((option) => option.value);
}

/** The same as text; what is not UTF-8 is left out. */
export function findTexts(options: readonly Option[], number: number): string[] {
  return findAll(options, number)
    .map(decodeUtf8)
    .filter((text) => text !== undefined);
}

// Paths and queries repeat endlessly (`rd`, `3`, `lt=86400`). A text that was decoded before is found again by its bytes.
const rememberedTexts: string[] = new Array<string>(1024).fill('');

/** Decodes UTF-8 without allocating for short ASCII texts that were seen lately. Undefined when the bytes are ill-formed. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length > 48) return decodeUtf8(bytes.subarray(start, end));
  let hash = length;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80) return decodeUtf8(bytes.subarray(start, end));
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const slot = (hash ^ (hash >>> 10)) & 1023;
  const remembered = rememberedTexts[slot]!;
  if (remembered.length === length && isText(remembered, bytes, start)) return remembered;
  const text = decodeAscii(bytes, start, end);
  rememberedTexts[slot] = text;
  return text;
}

function isText(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

function decodeAscii(b: Uint8Array, start: number, end: number): string {
  let text = '';
  let i = start;
  // Eight at a time make an eighth of the intermediate strings.
  for (; i + 8 <= end; i += 8) {
    text += String.fromCharCode(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!);
  }
  for (; i < end; i++) text += String.fromCharCode(b[i]!);
  return text;
}
