import { decodeBase64, encodeBase64, type Result } from '@yaolian/kernel';
import { checkValue, isObjectLink, type ResourceType, type ResourceValue, type ValueError } from './value.ts';
import {
  formatObjectLink,
  formatTime,
  malformed,
  parseInteger,
  parseObjectLink,
  parseTime,
  parseUnsigned,
  specialFloats,
} from './value-text.ts';

/**
 * A value as JSON has it, in REST and in what the command line prints:
 *
 * - integer and unsigned: a number, a string of digits when it is beyond 2^53 - 1
 * - float: a number, the strings `NaN`, `Infinity`, `-Infinity`
 * - opaque: base64; time: ISO 8601; objlnk: `3:0`
 */
export type JsonResourceValue = string | number | boolean;

export function valueToJson(type: ResourceType, value: ResourceValue): JsonResourceValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof Date) return formatTime(value);
  if (typeof value === 'object') return formatObjectLink(value);
  return type === 'boolean' ? value === true : value;
}

const jsonForms: Readonly<Record<ResourceType, string>> = {
  string: 'a string',
  corelnk: 'a string of links such as "</3/0>,</1/0>"',
  integer: 'a whole number, as a string of digits when it is beyond 9007199254740991',
  unsigned: 'a whole number from 0 up, as a string of digits when it is beyond 9007199254740991',
  float: 'a number, or "NaN", "Infinity", "-Infinity"',
  boolean: 'true or false',
  opaque: 'a string of base64 such as "AQID"',
  time: 'a string such as "2026-03-01T08:00:00Z"',
  objlnk: 'a string such as "3:0"',
  none: 'nothing: execute the resource instead',
};

/** The inverse of {@link valueToJson}, for anything that `JSON.parse` may give. */
export function valueFromJson(type: ResourceType, json: unknown): Result<ResourceValue, ValueError> {
  const value = readJson(type, json);
  return value === undefined
    ? malformed(type, JSON.stringify(json) ?? 'undefined', jsonForms)
    : checkValue(type, value);
}

/** The type that a value has when neither the object model nor the caller tells. */
export function guessType(json: JsonResourceValue): ResourceType {
  if (typeof json === 'boolean') return 'boolean';
  if (typeof json === 'string') return 'string';
  return Number.isSafeInteger(json) ? 'integer' : 'float';
}

function readJson(type: ResourceType, json: unknown): ResourceValue | undefined {
  switch (type) {
    case 'string':
    case 'corelnk':
      return typeof json === 'string' ? json : undefined;
    case 'integer':
      return typeof json === 'string' ? parseInteger(json) : safeInteger(json);
    case 'unsigned':
      return typeof json === 'string' ? parseUnsigned(json) : safeInteger(json);
    case 'float':
      return typeof json === 'string' ? specialFloats.get(json) : typeof json === 'number' ? json : undefined;
    case 'boolean':
      return typeof json === 'boolean' ? json : undefined;
    case 'opaque':
      return typeof json === 'string' ? decodeBase64(json) : undefined;
    case 'time':
      return typeof json === 'string' ? parseTime(json) : undefined;
    case 'objlnk':
      return typeof json === 'string' ? parseObjectLink(json) : isObjectLink(json) ? json : undefined;
    default:
      return undefined;
  }
}

/** A number that JSON.parse cannot have rounded; -0 is 0. */
function safeInteger(json: unknown): number | undefined {
  return typeof json === 'number' && Number.isSafeInteger(json) ? json + 0 : undefined;
}
