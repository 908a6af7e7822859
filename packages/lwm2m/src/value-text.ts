import { decodeBase64, decodeHex, encodeBase64, encodeUtf8, failure, type Result } from '@yaolian/kernel';
import {
  checkValue,
  type ObjectLink,
  type ResourceType,
  type ResourceValue,
  secondsToTime,
  type ValueError,
} from './value.ts';

/** integer = [ "+" / "-" ] 1*19DIGIT, exact; undefined when the text is anything else or beyond 64 bits */
export function parseInteger(text: string): number | bigint | undefined {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
  const value = checkValue('integer', BigInt(text.replace('+', '')));
  return value.ok ? (value.value as number | bigint) : undefined;
}

/** unsigned = 1*20DIGIT, exact; undefined when the text is anything else or beyond 64 bits */
export function parseUnsigned(text: string): number | bigint | undefined {
  if (!/^\+?\d{1,20}$/.test(text)) return undefined;
  const value = checkValue('unsigned', BigInt(text.replace('+', '')));
  return value.ok ? (value.value as number | bigint) : undefined;
}

/** A decimal number with or without fraction and exponent. */
export function parseFloatText(text: string): number | undefined {
  if (text.length > 400 || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** objlnk = id ":" id, each 0 to 65535 */
export function parseObjectLink(text: string): ObjectLink | undefined {
  const match = /^(\d{1,5}):(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const link = { objectId: Number(match[1]), instanceId: Number(match[2]) };
  return link.objectId <= 65_535 && link.instanceId <= 65_535 ? link : undefined;
}

/** `3:0` */
export function formatObjectLink(link: ObjectLink): string {
  return `${link.objectId}:${link.instanceId}`;
}

/** Digits of a whole number; decimal digits of a float, which parse back to the same number. */
export function formatNumber(value: number | bigint): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** RFC 3339 with seconds, and milliseconds where there are any: `2026-03-01T08:00:00Z`. */
export function formatTime(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

const timeText = /^[+-]?\d{4,6}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** ISO 8601 with a time zone, or a date alone, which is its first moment in UTC. */
export function parseTime(text: string): Date | undefined {
  if (!timeText.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** Unix seconds as a time. */
export function parseUnixTime(text: string): Date | undefined {
  const seconds = parseInteger(text);
  return seconds === undefined ? undefined : secondsToTime(seconds);
}

/** What the command line takes for a type, for help and error messages. */
export const textForms: Readonly<Record<ResourceType, string>> = {
  string: 'any text',
  corelnk: 'links such as </3/0>,</1/0>',
  integer: 'a whole number from -9223372036854775808 to 9223372036854775807, such as -5',
  unsigned: 'a whole number from 0 to 18446744073709551615, such as 42',
  float: 'a decimal number such as 21.5 or 1e-3',
  boolean: 'true or false (or 1 or 0)',
  opaque: 'base64 such as AQID, or hex:010203, or text:hello',
  time: 'a time such as 2026-03-01T08:00:00Z, or seconds since 1970 such as 1772352000',
  objlnk: 'an object and an instance such as 3:0',
  none: 'nothing: execute the resource instead',
};

export function malformed(type: ResourceType, shown: string, forms: Readonly<Record<ResourceType, string>>) {
  const cut = shown.length > 40 ? `${shown.slice(0, 40)}…` : shown;
  const error: ValueError = { code: 'malformed', message: `${type} is ${forms[type]}, not ${cut}` };
  return failure(error);
}

/** Takes what a person types for a value; see {@link textForms}. The inverse of {@link valueToText}. */
export function valueFromText(type: ResourceType, text: string): Result<ResourceValue, ValueError> {
  const value = readText(type, text);
  return value === undefined ? malformed(type, `"${text}"`, textForms) : checkValue(type, value);
}

function readText(type: ResourceType, text: string): ResourceValue | undefined {
  switch (type) {
    case 'string':
    case 'corelnk':
      return text;
    case 'integer':
      return parseInteger(text.trim());
    case 'unsigned':
      return parseUnsigned(text.trim());
    case 'float':
      return parseFloatText(text.trim()) ?? specialFloats.get(text.trim());
    case 'boolean':
      return booleans.get(text.trim().toLowerCase());
    case 'opaque':
      return parseOpaqueText(text);
    case 'time':
      return parseTime(text.trim()) ?? parseUnixTime(text.trim());
    case 'objlnk':
      return parseObjectLink(text.trim());
    default:
      return undefined;
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

export const specialFloats: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function parseOpaqueText(text: string): Uint8Array | undefined {
  if (text.startsWith('hex:')) return decodeHex(text.slice(4));
  if (text.startsWith('text:')) return encodeUtf8(text.slice(5));
  return decodeBase64(text.trim());
}

/** What a person reads, and {@link valueFromText} takes back: times in ISO 8601, bytes in base64. */
export function valueToText(type: ResourceType, value: ResourceValue): string {
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof Date) return formatTime(value);
  if (typeof value === 'object') return formatObjectLink(value);
  if (typeof value === 'number' || typeof value === 'bigint') return formatNumber(value);
  return type === 'boolean' ? (value === true ? 'true' : 'false') : String(value);
}
