import { ContentFormat } from '@yaolian/coap';
import { decodeBase64, encodeBase64, encodeUtf8, type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import { type Lwm2mNode, type NodeValue, nodeLevel, nodeValues } from '../node.ts';
import { formatPath, type Lwm2mPath, PathLevel, parentPath, pathLevel } from '../path.ts';
import { checkValue, maximumTimeSeconds, type ResourceType, timeToSeconds } from '../value.ts';
import { formatObjectLink, parseObjectLink } from '../value-text.ts';
import type { ContentCodec, ContentError, ContentTime, DecodeOptions, TimedNode } from './content.ts';
import { recordCodec } from './record-codec.ts';
import { type Refused, refuse, refuseCount } from './refusal.ts';
import { resourceShape } from './shape.ts';
import { isJsonArray, isJsonObject, readStrictJson, type StrictJson, type StrictJsonObject } from './strict-json.ts';
import { numberValue, type RecordValue, recordPath, type ValueRecord } from './value-records.ts';

/*
 * OMA-TS-LightweightM2M 1.0 §6.4.4:
 *
 *   { "bn": "/3/0/", "bt": 25462634, "e": [ { "n": "0", "sv": "Open Mobile Alliance" }, { "n": "9", "v": 100, "t": -5 } ] }
 */

const baseNames: ReadonlySet<string> = new Set(['bn', 'bt', 'e']);
const entryNames: ReadonlySet<string> = new Set(['n', 't', 'v', 'bv', 'sv', 'ov']);
const valueNames = ['v', 'sv', 'bv', 'ov'] as const;

function readRecords(
  path: Lwm2mPath,
  bytes: Uint8Array,
  model: ObjectModel,
  { maximumEntries }: Required<DecodeOptions>,
): Result<readonly ValueRecord[], ContentError> {
  // An entry is an object with up to three members in it.
  const json = readStrictJson(bytes, { maximumDepth: 4, maximumValues: 8 + 8 * maximumEntries });
  if (!json.ok) return refuse(json.error.reason, json.error.message, json.error.offset);
  const root = json.value;
  if (!isJsonObject(root)) return refuse('malformed', 'the content is an object with "e" in it', 0);
  const entries = root.get('e');
  if (!isJsonArray(entries)) return refuse('malformed', '"e" is the array of values');
  if (entries.length > maximumEntries) return refuseCount(maximumEntries);
  const base = readBase(root, path);
  if (!base.ok) return base;
  const records: ValueRecord[] = [];
  for (const entry of entries) {
    const record = readEntry(entry, base.value, model);
    if (!record.ok) return record;
    records.push(record.value);
  }
  return success(records);
}

interface Base {
  readonly name: string;
  /** Seconds; undefined: times count from the reception. */
  readonly time: number | undefined;
}

function readBase(root: StrictJsonObject, path: Lwm2mPath): Result<Base, ContentError> {
  const name = root.get('bn') ?? formatPath(path);
  const time = root.get('bt');
  if (typeof name !== 'string') return refuse('malformed', '"bn" is a string, the path that names start with');
  if (time !== undefined && !isNumber(time)) return refuse('malformed', '"bt" is a number, of seconds');
  const unknown = firstUnknown(root, baseNames);
  if (unknown !== undefined) return refuseName(unknown);
  return success({ name, time: time === undefined ? undefined : Number(time) });
}

function readEntry(entry: StrictJson, base: Base, model: ObjectModel): Result<ValueRecord, ContentError> {
  if (!isJsonObject(entry)) return refuse('malformed', 'each element of "e" is an object');
  const unknown = firstUnknown(entry, entryNames);
  if (unknown !== undefined) return refuseName(unknown);
  const name = entry.get('n') ?? '';
  if (typeof name !== 'string') return refuse('malformed', '"n" is a string, the rest of the path');
  const path = recordPath(joinNames(base.name, name));
  if (!path.ok) return path;
  const value = readValue(entry, path.value, model);
  if (!value.ok) return value;
  const time = readTime(entry.get('t'), base.time);
  return time.ok ? success({ path: path.value, value: value.value, time: time.value }) : time;
}

/** The specification concatenates; the slash between the two is left out by some, and written twice by others. */
function joinNames(base: string, name: string): string {
  if (name === '') return base;
  if (base.endsWith('/')) return base + (name.startsWith('/') ? name.slice(1) : name);
  return name.startsWith('/') ? base + name : `${base}/${name}`;
}

function readTime(
  time: StrictJson | undefined,
  base: number | undefined,
): Result<ContentTime | undefined, ContentError> {
  if (time !== undefined && !isNumber(time)) return refuse('malformed', '"t" is a number, of seconds');
  if (time === undefined && base === undefined) return success(undefined);
  const seconds = (base ?? 0) + Number(time ?? 0);
  if (Math.abs(seconds) > maximumTimeSeconds) return refuse('malformed', 'a time is beyond all calendars');
  // Without a base, times are relative to now; but some terminals write seconds since 1970 into "t" all the same.
  return success({ milliseconds: Math.round(seconds * 1000), isRelative: base === undefined && seconds < 2 ** 28 });
}

function readValue(entry: StrictJsonObject, path: Lwm2mPath, model: ObjectModel): Result<RecordValue, ContentError> {
  const [name, ...others] = valueNames.filter((candidate) => entry.has(candidate));
  if (name === undefined || others.length > 0) {
    return refuse('malformed', `${formatPath(path)} has not exactly one of "v", "sv", "bv" and "ov"`);
  }
  const value = readKind(name, entry.get(name)!, resourceShape(model.object(path.objectId!), path.resourceId!).type);
  if (value) return success(value);
  return refuse('malformed', `"${name}" of ${formatPath(path)} is ${valueForms[name]}`);
}

const valueForms = {
  v: 'a number',
  sv: 'a string (base64 for an opaque resource)',
  bv: 'true or false',
  ov: 'a string such as "3:0"',
} as const;

function readKind(
  name: (typeof valueNames)[number],
  json: StrictJson,
  type: ResourceType | undefined,
): RecordValue | undefined {
  if (name === 'v') return isNumber(json) ? numberValue(json) : undefined;
  if (name === 'bv') return typeof json === 'boolean' ? { kind: 'boolean', value: json } : undefined;
  if (typeof json !== 'string') return undefined;
  if (name === 'ov') {
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

function firstUnknown(object: StrictJsonObject, known: ReadonlySet<string>): string | undefined {
  for (const name of object.keys()) if (!known.has(name)) return name;
  return undefined;
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
