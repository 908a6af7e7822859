import type { JsonValue } from '@yaolian/contract';
import { decodeBase64, encodeBase64, failure, type Result } from '@yaolian/kernel';
import { checkValue, isObjectLink, type ResourceType, type ResourceValue, wholeNumber } from '@yaolian/lwm2m';

/** A value as the API writes it: see `ValueSchema` of the contract. */
export function valueToJson(value: ResourceValue): JsonValue {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof Date) return value.toISOString();
  return isObjectLink(value) ? `${value.objectId}:${value.instanceId}` : value;
}

/** The inverse, for a value of a known type. A failure is a sentence that says what is right. */
export function valueFromJson(type: ResourceType, json: JsonValue): Result<ResourceValue, string> {
  const read = readers[type](json);
  if (read === undefined)
    return failure(`${type} is written as ${forms[type]}, not ${JSON.stringify(json).slice(0, 60)}`);
  const checked = checkValue(type, read);
  return checked.ok ? checked : failure(checked.error.message);
}

/** The type that a value has when neither the object model nor the caller tells. */
export function guessType(json: JsonValue): ResourceType {
  if (typeof json === 'boolean') return 'boolean';
  if (typeof json === 'number') return Number.isSafeInteger(json) ? 'integer' : 'float';
  return 'string';
}

type Reader = (json: JsonValue) => unknown;

const readers: Readonly<Record<ResourceType, Reader>> = {
  string: onlyText,
  corelnk: onlyText,
  integer: readWhole,
  unsigned: readWhole,
  float: (json) => (typeof json === 'number' ? json : specialNumbers.get(json)),
  boolean: (json) => (typeof json === 'boolean' ? json : undefined),
  opaque: (json) => (typeof json === 'string' ? decodeBase64(json) : undefined),
  time: readTime,
  objlnk: readObjectLink,
  none: () => undefined,
};

const forms: Readonly<Record<ResourceType, string>> = {
  string: 'a string',
  corelnk: 'a string of links such as "</3/0>"',
  integer: 'a whole number, or a string of digits beyond 2^53',
  unsigned: 'a whole number from 0 up, or a string of digits beyond 2^53',
  float: 'a number, or "NaN", "Infinity", "-Infinity"',
  boolean: 'true or false',
  opaque: 'a string in base64',
  time: 'an RFC 3339 time such as "2026-01-31T08:15:30Z"',
  objlnk: 'a string "object:instance" such as "3:0"',
  none: 'nothing: it is executable and has no value',
};

const specialNumbers = new Map<JsonValue, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function onlyText(json: JsonValue): string | undefined {
  return typeof json === 'string' ? json : undefined;
}

function readWhole(json: JsonValue): number | bigint | undefined {
  if (typeof json === 'number') return Number.isSafeInteger(json) ? json : undefined;
  return typeof json === 'string' && /^-?\d{1,20}$/.test(json) ? wholeNumber(BigInt(json)) : undefined;
}

// RFC 3339 §5.6: date-time, whose offset is not optional.
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

function readTime(json: JsonValue): Date | undefined {
  if (typeof json !== 'string' || !rfc3339.test(json)) return undefined;
  const time = new Date(json.toUpperCase());
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function readObjectLink(json: JsonValue) {
  const match = typeof json === 'string' ? /^(\d{1,5}):(\d{1,5})$/.exec(json) : null;
  return match ? { objectId: Number(match[1]), instanceId: Number(match[2]) } : undefined;
}
