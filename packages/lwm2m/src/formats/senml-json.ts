import { ContentFormat } from '@yaolian/coap';
import { decodeBase64Url, decodeUtf8, encodeBase64Url, encodeUtf8, type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mPath } from '../path.ts';
import { formatObjectLink, parseObjectLink } from '../value-text.ts';
import type { ContentCodec, ContentError, DecodeOptions, TimedNode } from './content.ts';
import { Json, JsonReader, jsonOffset, notText } from './json-reader.ts';
import type { StrictJson } from './json-value.ts';
import { recordCodec } from './record-codec.ts';
import { type Refused, refuse, refuseCount } from './refusal.ts';
import { SenmlRecord, SenmlResolver, type SenmlSink, type SenmlValue, senmlValues } from './senml.ts';
import { numberValue, type RecordValue, type ValueRecord, ValueRecords } from './value-records.ts';

/**
 * Reads a pack record by record, straight from the text.
 * @param removals whether null may stand in place of a number (SenML-ETCH, RFC 8790 §3.2)
 */
export function readSenmlJson(
  bytes: Uint8Array,
  { maximumEntries }: Required<DecodeOptions>,
  removals: boolean,
  sink: SenmlSink,
): Refused | undefined {
  const text = decodeUtf8(bytes);
  if (text === undefined) return refuse(notText.reason, notText.message, notText.offset);
  // Fields that we do not know may be anything, but not without end.
  const json = new JsonReader(text, { maximumDepth: 8, maximumValues: 16 + 16 * maximumEntries });
  const refused = readPack(json, maximumEntries, new RecordReader(json, removals), sink);
  if (!json.error) return refused;
  const { reason, message, offset } = jsonOffset(text, json.error);
  return refuse(reason, message, offset);
}

/** What is wrong with a pack that is JSON; of one that is none the reader has the error. */
function readPack(
  json: JsonReader,
  maximumEntries: number,
  reader: RecordReader,
  sink: SenmlSink,
): Refused | undefined {
  if (json.peek() !== Json.Array) return refuseForm(json, 'a SenML pack is an array of records');
  json.enter();
  let count = 0;
  for (let more: boolean | undefined = json.first(Json.ArrayEnd); more; more = json.next(Json.ArrayEnd)) {
    if (++count > maximumEntries) return refuseCount(maximumEntries);
    const refused = reader.read() ?? sink.take(reader.record);
    if (refused) return refused;
  }
  if (!json.error) json.atEnd();
  return undefined;
}

/** The next value is not what it should be: it may be no JSON either. */
function refuseForm(json: JsonReader, message: string): Refused {
  const { position } = json;
  json.value();
  return refuse('malformed', message, position);
}

/** Reads records into one that it fills again and again. */
class RecordReader {
  readonly record = new SenmlRecord();
  readonly #json: JsonReader;
  readonly #removals: boolean;
  readonly #labels = new Set<string>();

  constructor(json: JsonReader, removals: boolean) {
    this.#json = json;
    this.#removals = removals;
  }

  read(): Refused | undefined {
    const json = this.#json;
    if (json.peek() !== Json.Object) return refuseForm(json, 'a SenML record is an object');
    this.record.clear();
    this.record.start = json.position;
    this.#labels.clear();
    let more: boolean | undefined = json.enter() && json.first(Json.ObjectEnd);
    for (; more; more = json.next(Json.ObjectEnd)) {
      const refused = this.#member();
      if (refused) return refused;
    }
    this.record.end = json.position;
    return json.error ? notRead : undefined;
  }

  #member(): Refused | undefined {
    const json = this.#json;
    json.peek();
    const { position } = json;
    const label = json.name();
    if (label === undefined) return notRead;
    if (this.#labels.has(label)) {
      json.refuseTwice(label, position);
      return notRead;
    }
    this.#labels.add(label);
    const value = json.value();
    if (value === undefined) return notRead;
    const wrong = this.#field(label, value);
    return wrong === undefined
      ? undefined
      : refuse('malformed', `"${label.slice(0, 40)}" of a SenML record ${wrong}`, position);
  }

  /** Puts a field into the record. Gives what is wrong with it, if something is. */
  #field(label: string, json: StrictJson): string | undefined {
    const { record } = this;
    switch (label) {
      case 'bn':
      case 'n':
        if (typeof json !== 'string') return 'is a string';
        if (label === 'n') record.name = json;
        else record.baseName = json;
        return undefined;
      case 'bt':
      case 't':
      case 'bver':
      case 'bv':
        return isNumber(json) ? this.#number(label, json) : 'is a number';
      case 'v':
      case 'vs':
      case 'vb':
      case 'vd':
      case 'vlo':
        return this.#value(label, json);
      case 's':
      case 'bs':
        return 'is a sum, which LwM2M has no use for';
      default:
        // RFC 8428 §4.4: unknown labels are ignored, but for those that end in "_", which must be understood.
        return label.endsWith('_') ? 'must be understood, and is not' : undefined;
    }
  }

  #number(label: 'bt' | 't' | 'bver' | 'bv', json: number | bigint): undefined {
    const { record } = this;
    if (label === 'bv') record.baseValue = json;
    else if (label === 'bt') record.baseTime = Number(json);
    else if (label === 't') record.time = Number(json);
    else record.baseVersion = Number(json);
  }

  #value(label: string, json: StrictJson): string | undefined {
    const { record } = this;
    if (label === 'v' && json === null && this.#removals) {
      record.removed = true;
      return undefined;
    }
    if (record.value !== undefined) return 'is a second value';
    const value = readValue(label, json);
    if (value === undefined) return `is ${valueForms[label]}`;
    record.value = value;
    return undefined;
  }
}

/** Says no more than that the reader's error says it all. */
const notRead = refuse('malformed', 'this is not JSON');

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
  const into = new ValueRecords();
  const resolver = new SenmlResolver(path, into, options.create);
  return readSenmlJson(bytes, options, false, resolver) ?? success(into.records);
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
