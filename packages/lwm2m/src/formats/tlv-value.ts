import { decodeUtf8 } from '@yaolian/kernel';
import { isObjectLink, type ResourceType, type ResourceValue, secondsToTime, timeToSeconds } from '../value.ts';
import type { BackwardWriter } from './backward-writer.ts';

const scratch = new DataView(new ArrayBuffer(8));

/**
 * Reads a value's bytes as TLV has them (OMA-TS-LightweightM2M_Core 1.1 appendix C, table C.1-1): big-endian integers (of any
 * length from 1 to 8 bytes; writers use 1, 2, 4 and 8), IEEE 754 floats of 4 or 8 bytes, booleans of 1, object links of 4,
 * text in UTF-8. Undefined when the bytes do not fit the type. Opaque values share the bytes.
 */
export function readTlvValue(
  type: ResourceType,
  bytes: Uint8Array,
  start: number,
  end: number,
): ResourceValue | undefined {
  switch (type) {
    case 'string':
    case 'corelnk':
      return readText(bytes, start, end);
    case 'integer':
      return readSigned(bytes, start, end);
    case 'unsigned':
      return readUnsigned(bytes, start, end);
    case 'float':
      return readFloat(bytes, start, end);
    case 'boolean':
      return end - start === 1 && bytes[start]! <= 1 ? bytes[start] === 1 : undefined;
    case 'time': {
      const seconds = readSigned(bytes, start, end);
      return seconds === undefined ? undefined : secondsToTime(seconds);
    }
    case 'objlnk':
      if (end - start !== 4) return undefined;
      return {
        objectId: bytes[start]! * 256 + bytes[start + 1]!,
        instanceId: bytes[start + 2]! * 256 + bytes[start + 3]!,
      };
    default:
      return bytes.subarray(start, end);
  }
}

/** What a type's value is on the wire, for error messages. */
export const tlvForms: Readonly<Record<ResourceType, string>> = {
  string: 'UTF-8 text',
  corelnk: 'UTF-8 text',
  integer: '1, 2, 4 or 8 bytes',
  unsigned: '1, 2, 4 or 8 bytes',
  float: '4 or 8 bytes',
  boolean: 'one byte, 0 or 1',
  time: '1, 2, 4 or 8 bytes of seconds from 1970',
  objlnk: '4 bytes',
  opaque: 'any bytes',
  none: 'any bytes',
};

function readText(bytes: Uint8Array, start: number, end: number): string | undefined {
  return start === end ? '' : decodeUtf8(bytes.subarray(start, end));
}

function readSigned(bytes: Uint8Array, start: number, end: number): number | bigint | undefined {
  const length = end - start;
  if (length < 1 || length > 8) return undefined;
  if (length > 4) {
    const high = (readBigEndian(bytes, start, end - 4) << (64 - 8 * length)) >> (64 - 8 * length);
    return joinHalves(high, readBigEndian(bytes, end - 4, end) >>> 0);
  }
  return (readBigEndian(bytes, start, end) << (32 - 8 * length)) >> (32 - 8 * length);
}

function readUnsigned(bytes: Uint8Array, start: number, end: number): number | bigint | undefined {
  const length = end - start;
  if (length < 1 || length > 8) return undefined;
  if (length > 4)
    return joinHalves(readBigEndian(bytes, start, end - 4) >>> 0, readBigEndian(bytes, end - 4, end) >>> 0);
  return readBigEndian(bytes, start, end) >>> 0;
}

/** At most four bytes, as 32 bits of either sign. */
function readBigEndian(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = (value << 8) | bytes[i]!;
  return value;
}

/** high * 2^32 + low: a number while that is a safe integer. */
function joinHalves(high: number, low: number): number | bigint {
  const sum = high * 0x1_0000_0000 + low;
  return Number.isSafeInteger(sum) ? sum : BigInt(high) * 0x1_0000_0000n + BigInt(low);
}

function readFloat(bytes: Uint8Array, start: number, end: number): number | undefined {
  const length = end - start;
  if (length !== 4 && length !== 8) return undefined;
  for (let i = 0; i < length; i++) scratch.setUint8(i, bytes[start + i]!);
  return length === 4 ? scratch.getFloat32(0) : scratch.getFloat64(0);
}

/** Writes a value's bytes in their shortest form. False when the value does not fit the type. */
export function writeTlvValue(out: BackwardWriter, type: ResourceType, value: ResourceValue): boolean {
  switch (type) {
    case 'string':
    case 'corelnk':
      return typeof value === 'string' && writeText(out, value);
    case 'integer':
      return (typeof value === 'number' || typeof value === 'bigint') && writeSigned(out, value);
    case 'unsigned':
      return (typeof value === 'number' || typeof value === 'bigint') && writeUnsigned(out, value);
    case 'float':
      return (typeof value === 'number' || typeof value === 'bigint') && writeFloat(out, Number(value));
    case 'boolean':
      if (typeof value !== 'boolean') return false;
      out.byte(value ? 1 : 0);
      return true;
    case 'time':
      return value instanceof Date && writeSigned(out, timeToSeconds(value));
    case 'objlnk':
      if (!isObjectLink(value)) return false;
      out.bigEndian(value.instanceId, 2);
      out.bigEndian(value.objectId, 2);
      return true;
    default:
      if (!(value instanceof Uint8Array)) return false;
      out.bytes(value);
      return true;
  }
}

function writeText(out: BackwardWriter, text: string): boolean {
  if (!text.isWellFormed()) return false;
  out.text(text);
  return true;
}

function writeSigned(out: BackwardWriter, value: number | bigint): boolean {
  if (typeof value === 'number' && !Number.isInteger(value)) return false;
  if (value >= -0x80 && value < 0x80) out.byte(Number(value) & 0xff);
  else if (value >= -0x8000 && value < 0x8000) out.bigEndian(Number(value), 2);
  else if (value >= -0x8000_0000 && value < 0x8000_0000) out.bigEndian(Number(value), 4);
  else if (value >= -(2n ** 63n) && value < 2n ** 63n) writeLong(out, BigInt(value));
  else return false;
  return true;
}

function writeUnsigned(out: BackwardWriter, value: number | bigint): boolean {
  if (typeof value === 'number' && !Number.isInteger(value)) return false;
  if (value < 0) return false;
  if (value < 0x100) out.byte(Number(value));
  else if (value < 0x1_0000) out.bigEndian(Number(value), 2);
  else if (value < 0x1_0000_0000) out.bigEndian(Number(value), 4);
  else if (value < 2n ** 64n) writeLong(out, BigInt(value));
  else return false;
  return true;
}

function writeLong(out: BackwardWriter, value: bigint): void {
  out.bigEndian(Number(value & 0xffff_ffffn), 4);
  out.bigEndian(Number((value >> 32n) & 0xffff_ffffn), 4);
}

function writeFloat(out: BackwardWriter, value: number): boolean {
  const isShort = Object.is(Math.fround(value), value);
  if (isShort) scratch.setFloat32(0, value);
  else scratch.setFloat64(0, value);
  for (let i = isShort ? 3 : 7; i >= 0; i--) out.byte(scratch.getUint8(i));
  return true;
}
