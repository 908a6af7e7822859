import { decodeBase64, failure, type Result } from '@yaolian/kernel';
import { checkValue, type ResourceType, type ResourceValue, wholeNumber } from '../value.ts';
import type { JsonValue } from './config.ts';

/** The value that data stands for, by its type. A failure is a sentence that says what is right. */
export function valueFromJson(type: ResourceType, json: JsonValue): Result<ResourceValue, string> {
  const value = readers[type](json);
  if (value === undefined) return failure(`${type} is written as ${forms[type]}`);
  const checked = checkValue(type, value);
  return checked.ok ? checked : failure(checked.error.message);
}

/** The type of a value that neither the object model nor the configuration tells. */
export function guessType(json: JsonValue): ResourceType {
  if (typeof json === 'boolean') return 'boolean';
  if (typeof json === 'string') return 'string';
  return Number.isSafeInteger(json) ? 'integer' : 'float';
}

const readers: Readonly<Record<ResourceType, (json: JsonValue) => ResourceValue | undefined>> = {
  string: readText,
  corelnk: readText,
  integer: readWhole,
  unsigned: readWhole,
  float: readFloat,
  boolean: (json) => (typeof json === 'boolean' ? json : undefined),
  opaque: (json) => (typeof json === 'string' ? decodeBase64(json) : undefined),
  time: readTime,
  objlnk: readObjectLink,
  none: () => undefined,
};

const forms: Readonly<Record<ResourceType, string>> = {
  string: 'a string',
  corelnk: 'a string of links such as "</3/0>"',
  integer: 'a whole number, or a string of digits',
  unsigned: 'a whole number from 0 up, or a string of digits',
  float: 'a number, or "NaN", "Infinity", "-Infinity"',
  boolean: 'true or false',
  opaque: 'a string in base64',
  time: 'an RFC 3339 time such as "2026-01-31T08:15:30Z"',
  objlnk: 'a string "object:instance" such as "3:0"',
  none: 'nothing: it is executable and has no value',
};

function readText(json: JsonValue): string | undefined {
  return typeof json === 'string' ? json : undefined;
}

function readWhole(json: JsonValue): number | bigint | undefined {
  if (typeof json === 'number') return json;
  return typeof json === 'string' && /^-?\d{1,20}$/.test(json) ? wholeNumber(BigInt(json)) : undefined;
}

function readFloat(json: JsonValue): number | undefined {
  if (typeof json === 'number') return json;
  return json === 'NaN' || json === 'Infinity' || json === '-Infinity' ? Number(json) : undefined;
}

/** RFC 3339 §5.6: a date-time, whose offset is not optional. */
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

function readTime(json: JsonValue): Date | undefined {
  if (typeof json !== 'string' || !rfc3339.test(json)) return undefined;
  const time = new Date(json.toUpperCase());
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function readObjectLink(json: JsonValue): ResourceValue | undefined {
  const match = typeof json === 'string' ? /^(\d{1,5}):(\d{1,5})$/.exec(json) : null;
  return match ? { objectId: Number(match[1]), instanceId: Number(match[2]) } : undefined;
}
