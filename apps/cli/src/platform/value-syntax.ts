import type { JsonObjectDefinition, JsonValue, JsonWriteBody, resourceTypes } from '@yaolian/contract';
import { decodeHex, decodeUtf8, encodeBase64 } from '@yaolian/kernel';
import { cliErrors } from '../errors.ts';
import { idsIn } from './places.ts';

export type ResourceTypeName = (typeof resourceTypes)[number];
type Values = Readonly<Record<string, JsonValue>>;
type Resources = Readonly<Record<string, JsonValue | Values>>;

/** What is known of the object that is written to. Absent: it is not in the object model. */
export interface KnownObject {
  readonly definition: JsonObjectDefinition | undefined;
  /** `--type`, for a resource that the object model does not know. */
  readonly type: ResourceTypeName | undefined;
}

/**
 * What a write or create of `words` at `path` means: a value for a resource, `id=value` pairs or one JSON object for
 * everything that has parts.
 * @throws CLI_USAGE with a sentence that says what the path takes
 */
export function writeBody(path: string, words: readonly string[], known: KnownObject, now: number): JsonWriteBody {
  const ids = idsIn(path).map(Number);
  if (ids.length === 2) return { resources: resourcesFrom(words, known, now) };
  if (ids.length < 2)
    throw cliErrors.CLI_USAGE(
      `${path} is not written as a whole; write an instance, as in ${path.replace(/\/$/, '')}/0`,
    );
  const resource = known.definition?.resources.find((candidate) => candidate.id === ids[2]);
  const type = resource?.type ?? known.type;
  const extra = resource === undefined && known.type !== undefined ? { type: known.type } : {};
  const isMultiple = ids.length === 3 && (resource?.multiple ?? looksLikeObject(words));
  if (isMultiple && hasParts(words)) {
    return {
      values: partsOf(words, (text) => readValue(type, text, path, now)) as Record<string, JsonValue>,
      ...extra,
    };
  }
  if (words.length !== 1) {
    throw cliErrors.CLI_USAGE(`${path} takes one value, not ${words.length}; put quotes around a value with spaces`);
  }
  return { value: readValue(type, words[0]!, path, now), ...extra };
}

/** A value out of a file: as it is for an opaque resource, as text for any other. */
export function fileBody(path: string, bytes: Uint8Array, known: KnownObject): JsonWriteBody {
  const resourceId = Number(idsIn(path)[2]);
  const resource = known.definition?.resources.find((candidate) => candidate.id === resourceId);
  const type = resource?.type ?? known.type ?? 'opaque';
  const extra = resource === undefined ? { type } : {};
  if (type === 'opaque') return { value: encodeBase64(bytes), ...extra };
  const text = decodeUtf8(bytes);
  if (text === undefined) throw cliErrors.CLI_USAGE(`${path} is ${forms[type]}, and the file is not UTF-8 text`);
  return { value: readValue(type, type === 'string' ? text : text.trim(), path, 0), ...extra };
}

/** The resources of an instance, from `id=value` pairs or one JSON object. */
export function resourcesFrom(
  words: readonly string[],
  known: KnownObject,
  now: number,
): Record<string, JsonValue | Record<string, JsonValue>> {
  const typeOf = (id: string): ResourceTypeName | undefined =>
    known.definition?.resources.find((candidate) => candidate.id === Number(id))?.type;
  if (words.length === 0) return {};
  return partsOf(words, (text, id) => readValue(typeOf(id), text, `resource ${id}`, now)) as Resources as Record<
    string,
    JsonValue | Record<string, JsonValue>
  >;
}

function looksLikeObject(words: readonly string[]): boolean {
  return words.length === 1 && words[0]!.trimStart().startsWith('{');
}

function hasParts(words: readonly string[]): boolean {
  return looksLikeObject(words) || words.every((word) => /^\d{1,5}=/.test(word));
}

/** `1=300`, or of an instance of a resource `6/0=1`. */
const pair = /^(\d{1,5})(?:\/(\d{1,5}))?=(.*)$/s;

function partsOf(words: readonly string[], read: (text: string, id: string) => JsonValue): Resources {
  if (looksLikeObject(words)) return parseObject(words[0]!);
  const parts: Record<string, JsonValue | Record<string, JsonValue>> = {};
  for (const word of words) {
    const match = pair.exec(word);
    if (!match) {
      throw cliErrors.CLI_USAGE(
        `"${word}" is no part; write id=value pairs, as in 1=300 7=U, or one JSON object, as in '{"1":300}'`,
      );
    }
    const [, id, instance, text] = match;
    const value = read(text!, id!);
    const before = parts[id!];
    if (instance === undefined && before === undefined) parts[id!] = value;
    else if (instance !== undefined && !isScalar(before)) parts[id!] = { ...before, [instance]: value };
    else
      throw cliErrors.CLI_USAGE(
        `"${word}": resource ${id} has a value already; instances of one are ${id}/0=… ${id}/1=…`,
      );
  }
  return parts;
}

function parseObject(text: string): Resources {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw cliErrors.CLI_USAGE(`that is not JSON: ${(error as SyntaxError).message}`, error);
  }
  if (
    isPlainObject(parsed) &&
    Object.values(parsed).every(
      (item) => isScalar(item) || (isPlainObject(item) && Object.values(item).every(isScalar)),
    )
  ) {
    return parsed as Resources;
  }
  throw cliErrors.CLI_USAGE(
    `the JSON is an object of values by id, as in '{"1":300,"7":"U"}', instances as in '{"6":{"0":1,"1":2}}'`,
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is JsonValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A value as people type it, as the API takes it. Without a type it is what it looks like. */
export function readValue(type: ResourceTypeName | undefined, text: string, what: string, now: number): JsonValue {
  if (type === undefined) return guess(text);
  const value = readers[type](text, now);
  if (value !== undefined) return value;
  throw cliErrors.CLI_USAGE(`${what} is ${forms[type]}, not "${text}"`);
}

function guess(text: string): JsonValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+$/.test(text)) return wholeNumber(text) ?? text;
  return /^-?\d+\.\d+(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

const readers: Readonly<Record<ResourceTypeName, (text: string, now: number) => JsonValue | undefined>> = {
  string: (text) => text,
  corelnk: (text) => text,
  integer: (text) => (/^[+-]?\d{1,20}$/.test(text) ? wholeNumber(text) : undefined),
  unsigned: (text) => (/^\+?\d{1,20}$/.test(text) ? wholeNumber(text) : undefined),
  float: readFloat,
  boolean: (text) => (/^(?:true|1|on)$/i.test(text) ? true : /^(?:false|0|off)$/i.test(text) ? false : undefined),
  opaque: readOpaque,
  time: readTime,
  objlnk: (text) => (/^\d{1,5}:\d{1,5}$/.test(text) ? text : undefined),
  none: () => undefined,
};

const forms: Readonly<Record<ResourceTypeName, string>> = {
  string: 'a text',
  corelnk: 'a list of links, as in </3/0>',
  integer: 'a whole number',
  unsigned: 'a whole number from 0 up',
  float: 'a number',
  boolean: 'true or false',
  opaque: 'bytes: write 0x and hexadecimal digits, or base64: and base64, or use --file',
  time: 'a time: write it as in 2026-01-31T08:15:30Z, as seconds since 1970, or now',
  objlnk: 'a link to an object instance, as in 3:0',
  none: 'executable and has no value; use "yaolian execute"',
};

function wholeNumber(text: string): JsonValue {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text.replace(/^\+/, '')).toString();
}

function readFloat(text: string): JsonValue | undefined {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return text;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function readOpaque(text: string): JsonValue | undefined {
  if (text.startsWith('base64:')) return text.slice(7);
  const bytes = text.startsWith('0x') ? decodeHex(text.slice(2)) : undefined;
  return bytes && encodeBase64(bytes);
}

function readTime(text: string, now: number): JsonValue | undefined {
  if (text === 'now') return new Date(Math.floor(now / 1000) * 1000).toISOString();
  const isSeconds = /^-?\d{1,12}$/.test(text);
  if (!isSeconds && !/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const time = new Date(isSeconds ? Number(text) * 1000 : text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
