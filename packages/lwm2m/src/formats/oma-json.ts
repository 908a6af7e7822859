import { ContentFormat } from '@yaolian/coap';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8, type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import { type Lwm2mNode, type NodeValue, nodeLevel, nodeValues } from '../node.ts';
import { formatPath, type Lwm2mPath, PathLevel, parentPath, pathLevel } from '../path.ts';
import { checkValue, maximumTimeSeconds, type ResourceType, timeToSeconds } from '../value.ts';
import { formatObjectLink, parseObjectLink } from '../value-text.ts';
import type { ContentCodec, ContentError, ContentTime, DecodeOptions, TimedNode } from './content.ts';
import { Json, JsonReader, jsonOffset, notText } from './json-reader.ts';
import type { StrictJson } from './json-value.ts';
import { recordCodec } from './record-codec.ts';
import { type Refused, refuse, refuseCount } from './refusal.ts';
import { shapeAt } from './shape.ts';
import { numberValue, type RecordValue, recordPath, type ValueRecord } from './value-records.ts';

/*
 * OMA-TS-LightweightM2M 1.0 §6.4.4:
 *
 *   { "bn": "/3/0/", "bt": 25462634, "e": [ { "n": "0", "sv": "Open Mobile Alliance" }, { "n": "9", "v": 100, "t": -5 } ] }
 */

function readRecords(
  path: Lwm2mPath,
  bytes: Uint8Array,
  model: ObjectModel,
  { maximumEntries, create }: Required<DecodeOptions>,
): Result<readonly ValueRecord[], ContentError> {
  const text = decodeUtf8(bytes);
  if (text === undefined) return refuse(notText.reason, notText.message, notText.offset);
  // An entry is an object with up to three members in it.
  const json = new JsonReader(text, { maximumDepth: 4, maximumValues: 8 + 8 * maximumEntries });
  const reader = new ContentReader(json, maximumEntries);
  const refused = reader.read();
  if (json.error) {
    const { reason, message, offset } = jsonOffset(text, json.error);
    return refuse(reason, message, offset);
  }
  return refused ?? resolve(reader, path, model, create);
}

/** An entry as it is written: the base may come after it. */
interface Entry {
  readonly name: string;
  /** Seconds. */
  readonly time: number | undefined;
  readonly kind: ValueName;
  readonly value: StrictJson;
}

type ValueName = 'v' | 'sv' | 'bv' | 'ov';

/** Reads the content entry by entry, straight from the text. */
class ContentReader {
  readonly entries: Entry[] = [];
  baseName: string | undefined;
  /** Seconds; undefined: times count from the reception. */
  baseTime: number | undefined;
  readonly #json: JsonReader;
  readonly #maximumEntries: number;
  #hasEntries = false;

  constructor(json: JsonReader, maximumEntries: number) {
    this.#json = json;
    this.#maximumEntries = maximumEntries;
  }

  /** What is wrong with content that is JSON; of one that is none the reader has the error. */
  read(): Refused | undefined {
    const json = this.#json;
    if (json.peek() !== Json.Object) return this.#refuseForm('the content is an object with "e" in it');
    let more: boolean | undefined = json.enter() && json.first(Json.ObjectEnd);
    for (; more; more = json.next(Json.ObjectEnd)) {
      const refused = this.#member();
      if (refused || json.error) return refused;
    }
    if (!json.error) json.atEnd();
    return this.#hasEntries ? undefined : refuse('malformed', '"e" is the array of values');
  }

  #member(): Refused | undefined {
    const json = this.#json;
    json.peek();
    const { position } = json;
    const name = json.name();
    if (name === undefined) return undefined;
    const isSecond =
      (name === 'bn' && this.baseName !== undefined) ||
      (name === 'bt' && this.baseTime !== undefined) ||
      (name === 'e' && this.#hasEntries);
    if (isSecond) return json.refuseTwice(name, position);
    if (name === 'e') return this.#array();
    if (name !== 'bn' && name !== 'bt') return refuseName(name);
    const value = json.value();
    if (value === undefined) return undefined;
    if (name === 'bn') {
      if (typeof value !== 'string') return refuse('malformed', '"bn" is a string, the path that names start with');
      this.baseName = value;
    } else {
      if (!isNumber(value)) return refuse('malformed', '"bt" is a number, of seconds');
      this.baseTime = Number(value);
    }
    return undefined;
  }

  #array(): Refused | undefined {
    const json = this.#json;
    this.#hasEntries = true;
    if (json.peek() !== Json.Array) return this.#refuseForm('"e" is the array of values');
    let more: boolean | undefined = json.enter() && json.first(Json.ArrayEnd);
    for (; more; more = json.next(Json.ArrayEnd)) {
      if (this.entries.length === this.#maximumEntries) return refuseCount(this.#maximumEntries);
      const refused = this.#entry();
      if (refused || json.error) return refused;
    }
    return undefined;
  }

  #entry(): Refused | undefined {
    const json = this.#json;
    if (json.peek() !== Json.Object) return this.#refuseForm('each element of "e" is an object');
    let name: string | undefined;
    let time: number | undefined;
    let kind: ValueName | undefined;
    let value: StrictJson | undefined;
    let more: boolean | undefined = json.enter() && json.first(Json.ObjectEnd);
    for (; more; more = json.next(Json.ObjectEnd)) {
      json.peek();
      const { position } = json;
      const label = json.name();
      const member = label === undefined ? undefined : json.value();
      if (label === undefined || member === undefined) return undefined;
      switch (label) {
        case 'n':
          if (name !== undefined) return json.refuseTwice(label, position);
          if (typeof member !== 'string') return refuse('malformed', '"n" is a string, the rest of the path');
          name = member;
          break;
        case 't':
          if (time !== undefined) return json.refuseTwice(label, position);
          if (!isNumber(member)) return refuse('malformed', '"t" is a number, of seconds');
          time = Number(member);
          break;
        case 'v':
        case 'sv':
        case 'bv':
        case 'ov':
          if (kind === label) return json.refuseTwice(label, position);
          if (kind !== undefined) return refuseValues(name);
          kind = label;
          value = member;
          break;
        default:
          return refuseName(label);
      }
    }
    if (json.error) return undefined;
    if (kind === undefined) return refuseValues(name);
    this.entries.push({ name: name ?? '', time, kind, value: value! });
    return undefined;
  }

  /** The next value is not what it should be: it may be no JSON either. */
  #refuseForm(message: string): Refused {
    const { position } = this.#json;
    this.#json.value();
    return refuse('malformed', message, position);
  }
}

/** The records that the entries are, once the base is known. */
function resolve(
  { entries, baseName, baseTime }: ContentReader,
  path: Lwm2mPath,
  model: ObjectModel,
  create: boolean,
): Result<readonly ValueRecord[], ContentError> {
  const base = baseName ?? formatPath(path);
  const records: ValueRecord[] = [];
  for (const { name, time, kind, value } of entries) {
    const at = recordPath(joinNames(base, name), create);
    if (!at.ok) return at;
    const type = kind === 'sv' ? shapeAt(model, at.value).type : undefined;
    const read = readKind(kind, value, type);
    if (!read) return refuse('malformed', `"${kind}" of ${formatPath(at.value)} is ${valueForms[kind]}`);
    const when = readTime(time, baseTime);
    if (!when.ok) return when;
    records.push({ path: at.value, value: read, time: when.value });
  }
  return success(records);
}

/** The specification concatenates; the slash between the two is left out by some, and written twice by others. */
function joinNames(base: string, name: string): string {
  if (name === '') return base;
  if (base.endsWith('/')) return base + (name.startsWith('/') ? name.slice(1) : name);
  return name.startsWith('/') ? base + name : `${base}/${name}`;
}

function readTime(time: number | undefined, base: number | undefined): Result<ContentTime | undefined, ContentError> {
  if (time === undefined && base === undefined) return success(undefined);
  const seconds = (base ?? 0) + (time ?? 0);
  if (Math.abs(seconds) > maximumTimeSeconds) return refuse('malformed', 'a time is beyond all calendars');
  // Without a base, times are relative to now; but some terminals write seconds since 1970 into "t" all the same.
  return success({ milliseconds: Math.round(seconds * 1000), isRelative: base === undefined && seconds < 2 ** 28 });
}

const valueForms = {
  v: 'a number',
  sv: 'a string (base64 for an opaque resource)',
  bv: 'true or false',
  ov: 'a string such as "3:0"',
} as const;

function readKind(kind: ValueName, json: StrictJson, type: ResourceType | undefined): RecordValue | undefined {
  if (kind === 'v') return isNumber(json) ? numberValue(json) : undefined;
  if (kind === 'bv') return typeof json === 'boolean' ? { kind: 'boolean', value: json } : undefined;
  if (typeof json !== 'string') return undefined;
  if (kind === 'ov') {
    const link = parseObjectLink(json);
    return link && { kind: 'link', value: link };
  }
  // OMA-TS-LightweightM2M 1.0 §6.4.4: opaque values are strings of base64; nothing but the model tells them from text.
  if (type !== 'opaque') return { kind: 'text', value: json };
  const bytes = decodeBase64(json);
  return bytes && { kind: 'bytes', value: bytes };
}

function isNumber(json: StrictJson): json is number | bigint {
  return typeof json === 'number' || typeof json === 'bigint';
}

function refuseValues(name = ''): Refused {
  return refuse('malformed', `entry "${name.slice(0, 40)}" has not exactly one of "v", "sv", "bv" and "ov"`);
}

function refuseName(name: string): Refused {
  return refuse('malformed', `"${name.slice(0, 40)}" is not a name that OMA JSON has`);
}

/** Times since 1970 are written from the newest of them, as "bt"; relative ones have no base. */
function write(path: Lwm2mPath, nodes: readonly TimedNode[]): Result<Uint8Array, ContentError> {
  const absolute = nodes.flatMap(({ time }) => (time && !time.isRelative ? [time.milliseconds] : []));
  if (absolute.length > 0 && absolute.length < nodes.length) {
    return refuse('unsupported-format', 'OMA JSON counts all times from one base: either all since 1970 or none');
  }
  const baseTime = absolute.reduce((newest, milliseconds) => Math.max(newest, milliseconds), absolute[0] ?? 0);
  const base = pathLevel(path) < PathLevel.Resource ? path : parentPath(path);
  const entries: string[] = [];
  for (const { time, node } of nodes) {
    const offset = (time?.milliseconds ?? baseTime) - baseTime;
    const written = writeEntries(path, base, node, offset === 0 ? '' : `,"t":${offset / 1000}`);
    if (!written.ok) return written;
    entries.push(...written.value);
  }
  const when = absolute.length > 0 ? `,"bt":${baseTime / 1000}` : '';
  return success(encodeUtf8(`{"bn":"${formatPath(base)}/"${when},"e":[${entries.join(',')}]}`));
}

function writeEntries(path: Lwm2mPath, base: Lwm2mPath, node: Lwm2mNode, when: string): Result<string[], ContentError> {
  if (nodeLevel(node) !== pathLevel(path)) {
    return refuse('wrong-path', `${formatPath(path)} is not the path of a node of kind ${node.kind}`);
  }
  const prefix = formatPath(base).length + 1;
  const entries: string[] = [];
  for (const value of nodeValues(path, node)) {
    const written = writeValue(value);
    if (!written.ok) return written;
    entries.push(`{"n":"${formatPath(value.path).slice(prefix)}",${written.value}${when}}`);
  }
  return success(entries);
}

function writeValue({ path, type, value: given }: NodeValue): Result<string, ContentError> {
  const checked = checkValue(type === 'none' ? 'opaque' : type, given);
  if (!checked.ok) return refuse('wrong-type', `${formatPath(path)}: ${checked.error.message}`);
  const { value } = checked;
  if (typeof value === 'string') return success(`"sv":${JSON.stringify(value)}`);
  if (typeof value === 'boolean') return success(`"bv":${value}`);
  if (typeof value === 'bigint') return success(`"v":${value}`);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return success(`"v":${Object.is(value, -0) ? '-0.0' : value}`);
    return refuse('wrong-type', `${formatPath(path)} is ${value}, which JSON cannot say`);
  }
  if (value instanceof Uint8Array) return success(`"sv":"${encodeBase64(value)}"`);
  if (value instanceof Date) return success(`"v":${timeToSeconds(value)}`);
  return success(`"ov":"${formatObjectLink(value)}"`);
}

/** application/vnd.oma.lwm2m+json: the JSON of LwM2M 1.0. */
export const omaJsonCodec: ContentCodec = recordCodec({
  contentFormat: ContentFormat.Lwm2mJson,
  name: 'OMA JSON',
  readRecords,
  write,
});
