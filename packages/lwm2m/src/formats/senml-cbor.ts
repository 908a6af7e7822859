import { ContentFormat } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mPath } from '../path.ts';
import { formatObjectLink, parseObjectLink } from '../value-text.ts';
import { CborWriter } from './cbor-writer.ts';
import type { ContentCodec, ContentError, DecodeOptions, TimedNode } from './content.ts';
import { recordCodec } from './record-codec.ts';
import { refuse, refuseCount } from './refusal.ts';
import { resolveSenml, type SenmlRecord, type SenmlValue, senmlValues } from './senml.ts';
import { CborArray, CborFloat, type CborItem, type CborKey, CborMap, CborTag, readStrictCbor } from './strict-cbor.ts';
import { floatValue, numberValue, type RecordValue, type ValueRecord } from './value-records.ts';

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** RFC 8428 §6, table 4. */
const Label = {
  BaseVersion: -1,
  BaseName: -2,
  BaseTime: -3,
  BaseValue: -5,
  BaseSum: -6,
  Name: 0,
  Value: 2,
  StringValue: 3,
  BooleanValue: 4,
  Sum: 5,
  Time: 6,
  DataValue: 8,
} as const;

/** OMA-TS-LightweightM2M_Core 1.1 §7.4.5: the label of object links, a text as it has no number. */
const objectLinkLabel = 'vlo';

/**
 * Reads a pack as it is written.
 * @param removals whether null may stand in place of a number (SenML-ETCH, RFC 8790 §3.2)
 */
export function readSenmlCbor(
  bytes: Uint8Array,
  { maximumEntries }: Required<DecodeOptions>,
  removals: boolean,
): Result<readonly SenmlRecord[], ContentError> {
  // Fields that we do not know may be anything, but not without end.
  const item = readStrictCbor(bytes, { maximumDepth: 8, maximumItems: 32 + 32 * maximumEntries });
  if (!item.ok) return refuse(item.error.reason, `this is not CBOR: ${item.error.message}`, item.error.offset);
  if (!(item.value instanceof CborArray)) return refuse('malformed', 'a SenML pack is an array of records', 0);
  const { items } = item.value;
  if (items.length > maximumEntries) return refuseCount(maximumEntries);
  const pack: SenmlRecord[] = [];
  for (const element of items) {
    const record = readRecord(element, removals);
    if (!record.ok) return record;
    pack.push(record.value);
  }
  return success(pack);
}

function readRecord(element: CborItem, removals: boolean): Result<SenmlRecord, ContentError> {
  if (!(element instanceof CborMap)) return refuse('malformed', 'a SenML record is a map');
  const record: Writable<SenmlRecord> = {};
  for (const [label, item] of element.entries) {
    if (removals && label === Label.Value && item === null) {
      record.removed = true;
      continue;
    }
    const wrong = readField(record, label, item);
    if (wrong !== undefined) return refuse('malformed', `${String(label).slice(0, 40)} of a SenML record ${wrong}`);
  }
  return success(record);
}

/** Puts a field into the record. Gives what is wrong with it, if something is. */
function readField(record: Writable<SenmlRecord>, label: CborKey, item: CborItem): string | undefined {
  switch (label) {
    case Label.BaseName:
    case Label.Name:
      if (typeof item !== 'string') return 'is a text';
      record[label === Label.Name ? 'name' : 'baseName'] = item;
      return undefined;
    case Label.BaseTime:
    case Label.Time:
    case Label.BaseVersion:
    case Label.BaseValue:
      return readNumberField(record, label, item);
    case Label.Value:
    case Label.StringValue:
    case Label.BooleanValue:
    case Label.DataValue:
    case objectLinkLabel:
      return readValueField(record, label, item);
    case Label.Sum:
    case Label.BaseSum:
      return 'is a sum, which LwM2M has no use for';
    default:
      // RFC 8428 §4.4: unknown labels are ignored, but for those that end in "_", which must be understood.
      return typeof label === 'string' && label.endsWith('_') ? 'must be understood, and is not' : undefined;
  }
}

type NumberLabel = typeof Label.BaseTime | typeof Label.Time | typeof Label.BaseVersion | typeof Label.BaseValue;

function readNumberField(record: Writable<SenmlRecord>, label: NumberLabel, item: CborItem): string | undefined {
  const number = readNumber(item);
  if (number === undefined) return 'is a number';
  if (label === Label.BaseValue) record.baseValue = number;
  else if (label === Label.BaseTime) record.baseTime = Number(number);
  else if (label === Label.Time) record.time = Number(number);
  else record.baseVersion = Number(number);
  return undefined;
}

/** RFC 8428 §6: a number is an integer, a float, or a decimal fraction (tag 4, RFC 8949 §3.4.4). */
function readNumber(item: CborItem): number | bigint | undefined {
  if (typeof item === 'number' || typeof item === 'bigint') return item;
  if (item instanceof CborFloat) return item.value;
  if (!(item instanceof CborTag) || item.tag !== 4 || !(item.item instanceof CborArray)) return undefined;
  const [exponent, mantissa, ...more] = item.item.items;
  if (typeof exponent !== 'number' || more.length > 0) return undefined;
  if (typeof mantissa !== 'number' && typeof mantissa !== 'bigint') return undefined;
  // As a text, so that the nearest double comes out: 2732e-2 is 27.32, which 2732 * 0.01 is not.
  const value = Number(`${mantissa}e${exponent}`);
  return Number.isFinite(value) ? value : undefined;
}

type ValueLabel =
  | typeof Label.Value
  | typeof Label.StringValue
  | typeof Label.BooleanValue
  | typeof Label.DataValue
  | typeof objectLinkLabel;

function readValueField(record: Writable<SenmlRecord>, label: ValueLabel, item: CborItem): string | undefined {
  if (record.value !== undefined) return 'is a second value';
  const value = readValue(label, item);
  if (value === undefined) return `is ${valueForms[label]}`;
  record.value = value;
  return undefined;
}

const valueForms: Readonly<Record<ValueLabel, string>> = {
  [Label.Value]: 'a number',
  [Label.StringValue]: 'a text',
  [Label.BooleanValue]: 'true or false',
  [Label.DataValue]: 'a byte string',
  [objectLinkLabel]: 'a text such as "3:0"',
};

function readValue(label: ValueLabel, item: CborItem): RecordValue | undefined {
  switch (label) {
    case Label.Value: {
      if (item instanceof CborFloat) return floatValue(item.value);
      const number = readNumber(item);
      return number === undefined ? undefined : numberValue(number);
    }
    case Label.StringValue:
      return typeof item === 'string' ? { kind: 'text', value: item } : undefined;
    case Label.BooleanValue:
      return typeof item === 'boolean' ? { kind: 'boolean', value: item } : undefined;
    case Label.DataValue:
      return item instanceof Uint8Array ? { kind: 'bytes', value: item } : undefined;
    default: {
      const link = typeof item === 'string' ? parseObjectLink(item) : undefined;
      return link && { kind: 'link', value: link };
    }
  }
}

function readRecords(
  path: Lwm2mPath,
  bytes: Uint8Array,
  _model: ObjectModel,
  options: Required<DecodeOptions>,
): Result<readonly ValueRecord[], ContentError> {
  const pack = readSenmlCbor(bytes, options, false);
  return pack.ok ? resolveSenml(path, pack.value) : pack;
}

function write(path: Lwm2mPath, nodes: readonly TimedNode[]): Result<Uint8Array, ContentError> {
  const values = senmlValues(path, nodes);
  return values.ok ? success(writeSenmlCbor(values.value)) : values;
}

/** Writes the names alone, as one asks for their values. */
export function writeSenmlCborNames(names: readonly string[]): Uint8Array {
  const out = new CborWriter();
  out.array(names.length);
  for (const name of names) {
    out.map(1);
    out.integer(Label.Name);
    out.text(name);
  }
  return out.finish();
}

export function writeSenmlCbor(values: readonly SenmlValue[]): Uint8Array {
  const out = new CborWriter();
  out.array(values.length);
  for (const value of values) writeRecord(out, value);
  return out.finish();
}

function writeRecord(out: CborWriter, { baseName, baseTime, name, time, value, type }: SenmlValue): void {
  out.map(2 + countOf(baseName) + countOf(baseTime) + countOf(time));
  if (baseName !== undefined) {
    out.integer(Label.BaseName);
    out.text(baseName);
  }
  if (baseTime !== undefined) {
    out.integer(Label.BaseTime);
    writeNumber(out, baseTime, false);
  }
  out.integer(Label.Name);
  out.text(name);
  writeValue(out, value, type === 'float');
  if (time !== undefined) {
    out.integer(Label.Time);
    writeNumber(out, time, false);
  }
}

function countOf(field: unknown): number {
  return field === undefined ? 0 : 1;
}

function writeValue(out: CborWriter, value: RecordValue, isFloat: boolean): void {
  switch (value.kind) {
    case 'number':
      out.integer(Label.Value);
      writeNumber(out, value.value, isFloat);
      return;
    case 'text':
      out.integer(Label.StringValue);
      out.text(value.value);
      return;
    case 'boolean':
      out.integer(Label.BooleanValue);
      out.boolean(value.value);
      return;
    case 'bytes':
      out.integer(Label.DataValue);
      out.bytes(value.value);
      return;
    case 'link':
      out.text(objectLinkLabel);
      out.text(formatObjectLink(value.value));
      return;
    default:
      out.integer(Label.Value);
      out.null();
  }
}

function writeNumber(out: CborWriter, value: number | bigint, isFloat: boolean): void {
  if (typeof value === 'bigint' || (!isFloat && Number.isInteger(value))) out.integer(value);
  else out.float(value);
}

/** application/senml+cbor */
export const senmlCborCodec: ContentCodec = recordCodec({
  contentFormat: ContentFormat.SenmlCbor,
  name: 'SenML CBOR',
  readRecords,
  write,
});
