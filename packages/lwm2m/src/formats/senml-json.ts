import { ContentFormat } from '@yaolian/coap';
import { decodeBase64Url, encodeBase64Url, encodeUtf8, type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mPath } from '../path.ts';
import { formatObjectLink, parseObjectLink } from '../value-text.ts';
import type { ContentCodec, ContentError, DecodeOptions, TimedNode } from './content.ts';
import { recordCodec } from './record-codec.ts';
import { refuse, refuseCount } from './refusal.ts';
import { resolveSenml, type SenmlRecord, type SenmlValue, senmlValues } from './senml.ts';
import { isJsonArray, isJsonObject, readStrictJson, type StrictJson } from './strict-json.ts';
import { numberValue, type RecordValue, type ValueRecord } from './value-records.ts';

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/**
 * Reads a pack as it is written.
 * @param removals whether null may stand in place of a number (SenML-ETCH, RFC 8790 §3.2)
 */
export function readSenmlJson(
  bytes: Uint8Array,
  { maximumEntries }: Required<DecodeOptions>,
  removals: boolean,
): Result<readonly SenmlRecord[], ContentError> {
  // Fields that we do not know may be anything, but not without end.
  const json = readStrictJson(bytes, { maximumDepth: 8, maximumValues: 16 + 16 * maximumEntries });
  if (!json.ok) return refuse(json.error.reason, json.error.message, json.error.offset);
  if (!isJsonArray(json.value)) return refuse('malformed', 'a SenML pack is an array of records', 0);
  if (json.value.length > maximumEntries) return refuseCount(maximumEntries);
  const pack: SenmlRecord[] = [];
  for (const element of json.value) {
    const record = readRecord(element, removals);
    if (!record.ok) return record;
    pack.push(record.value);
  }
  return success(pack);
}

function readRecord(element: StrictJson, removals: boolean): Result<SenmlRecord, ContentError> {
  if (!isJsonObject(element)) return refuse('malformed', 'a SenML record is an object');
  const record: Writable<SenmlRecord> = {};
  for (const [label, json] of element) {
    if (removals && label === 'v' && json === null) {
      record.removed = true;
      continue;
    }
    const wrong = readField(record, label, json);
    if (wrong !== undefined) return refuse('malformed', `"${label.slice(0, 40)}" of a SenML record ${wrong}`);
  }
  return success(record);
}

/** Puts a field into the record. Gives what is wrong with it, if something is. */
function readField(record: Writable<SenmlRecord>, label: string, json: StrictJson): string | undefined {
  switch (label) {
    case 'bn':
    case 'n':
      if (typeof json !== 'string') return 'is a string';
      record[label === 'n' ? 'name' : 'baseName'] = json;
      return undefined;
    case 'bt':
    case 't':
    case 'bver':
    case 'bv':
      return isNumber(json) ? readNumberField(record, label, json) : 'is a number';
    case 'v':
    case 'vs':
    case 'vb':
    case 'vd':
    case 'vlo':
      return readValueField(record, label, json);
    case 's':
    case 'bs':
      return 'is a sum, which LwM2M has no use for';
    default:
      // RFC 8428 §4.4: unknown labels are ignored, but for those that end in "_", which must be understood.
      return label.endsWith('_') ? 'must be understood, and is not' : undefined;
  }
}

const numberFields = { bt: 'baseTime', t: 'time', bver: 'baseVersion' } as const;

function readNumberField(
  record: Writable<SenmlRecord>,
  label: 'bt' | 't' | 'bver' | 'bv',
  json: number | bigint,
): undefined {
  if (label === 'bv') record.baseValue = json;
  else record[numberFields[label]] = Number(json);
}

function readValueField(record: Writable<SenmlRecord>, label: string, json: StrictJson): string | undefined {
  if (record.value !== undefined) return 'is a second value';
  const value = readValue(label, json);
  if (value === undefined) return `is ${valueForms[label]}`;
  record.value = value;
  return undefined;
}

const valueForms: Readonly<Record<string, string>> = {
  v: 'a number',
  vs: 'a string',
  vb: 'true or false',
  vd: 'a string of base64url',
  vlo: 'a string such as "3:0"',
};

function readValue(label: string, json: StrictJson): RecordValue | undefined {
  if (label === 'v') return isNumber(json) ? numberValue(json) : undefined;
  if (label === 'vb') return typeof json === 'boolean' ? { kind: 'boolean', value: json } : undefined;
  if (typeof json !== 'string') return undefined;
  if (label === 'vs') return { kind: 'text', value: json };
  if (label === 'vd') {
    const bytes = decodeBase64Url(json);
    return bytes && { kind: 'bytes', value: bytes };
  }
  const link = parseObjectLink(json);
  return link && { kind: 'link', value: link };
}

function isNumber(json: StrictJson): json is number | bigint {
  return typeof json === 'number' || typeof json === 'bigint';
}

function readRecords(
  path: Lwm2mPath,
  bytes: Uint8Array,
  _model: ObjectModel,
  options: Required<DecodeOptions>,
): Result<readonly ValueRecord[], ContentError> {
  const pack = readSenmlJson(bytes, options, false);
  return pack.ok ? resolveSenml(path, pack.value) : pack;
}

function write(path: Lwm2mPath, nodes: readonly TimedNode[]): Result<Uint8Array, ContentError> {
  const values = senmlValues(path, nodes);
  return values.ok ? writeSenmlJson(values.value) : values;
}

/** Writes the names alone, as one asks for their values. */
export function writeSenmlJsonNames(names: readonly string[]): Uint8Array {
  return encodeUtf8(`[${names.map((name) => `{"n":"${name}"}`).join(',')}]`);
}

export function writeSenmlJson(values: readonly SenmlValue[]): Result<Uint8Array, ContentError> {
  const records: string[] = [];
  for (const value of values) {
    const written = writeValue(value.value);
    if (written === undefined) return refuse('wrong-type', `${value.name} is a number that JSON cannot say`);
    records.push(`{${writeBase(value)}"n":"${value.name}",${written}${member(',"t":', value.time)}}`);
  }
  return success(encodeUtf8(`[${records.join(',')}]`));
}

function writeBase({ baseName, baseTime }: SenmlValue): string {
  const time = baseTime === undefined ? '' : `"bt":${baseTime},`;
  return baseName === undefined ? time : `"bn":"${baseName}",${time}`;
}

function member(prefix: string, value: number | undefined): string {
  return value === undefined ? '' : prefix + value;
}

function writeValue(value: RecordValue): string | undefined {
  switch (value.kind) {
    case 'number':
      if (typeof value.value === 'number' && !Number.isFinite(value.value)) return undefined;
      return `"v":${Object.is(value.value, -0) ? '-0.0' : value.value}`;
    case 'text':
      return `"vs":${JSON.stringify(value.value)}`;
    case 'boolean':
      return `"vb":${value.value}`;
    case 'bytes':
      return `"vd":"${encodeBase64Url(value.value)}"`;
    case 'link':
      return `"vlo":"${formatObjectLink(value.value)}"`;
    default:
      return '"v":null';
  }
}

/** application/senml+json */
export const senmlJsonCodec: ContentCodec = recordCodec({
  contentFormat: ContentFormat.SenmlJson,
  name: 'SenML JSON',
  readRecords,
  write,
});
