import { concatBytes, encodeUtf8 } from '@yaolian/kernel';

/** The little of CBOR (RFC 8949 §3) that key derivation and additional data are made of, in its preferred serialization. */

function head(major: number, value: number): Uint8Array {
  const type = major << 5;
  if (value < 24) return Uint8Array.of(type | value);
  if (value < 0x100) return Uint8Array.of(type | 24, value);
  if (value < 0x1_0000) return Uint8Array.of(type | 25, value >> 8, value & 255);
  return Uint8Array.of(type | 26, value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);
}

/** A whole number of less than 32 bits. */
export function cborInteger(value: number): Uint8Array {
  return value < 0 ? head(1, -1 - value) : head(0, value);
}

export function cborBytes(value: Uint8Array): Uint8Array {
  return concatBytes([head(2, value.length), value]);
}

/** What a byte string of up to 255 bytes holds; undefined when `value` is not one, whole and in its shortest form. */
export function decodeCborBytes(value: Uint8Array): Uint8Array | undefined {
  const first = value[0] ?? 0;
  if (first >= 0x40 && first < 0x58) return value.length === 1 + first - 0x40 ? value.subarray(1) : undefined;
  return first === 0x58 && value[1]! >= 24 && value.length === 2 + value[1]! ? value.subarray(2) : undefined;
}

export function cborText(value: string): Uint8Array {
  const bytes = encodeUtf8(value);
  return concatBytes([head(3, bytes.length), bytes]);
}

export function cborArray(items: readonly Uint8Array[]): Uint8Array {
  return concatBytes([head(4, items.length), ...items]);
}

export const cborNull = Uint8Array.of(0xf6);
