import { ContentFormat } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mPath } from '../path.ts';
import { formatObjectLink } from '../value-text.ts';
import { CborWriter } from './cbor-writer.ts';
import type { ContentCodec, ContentError, DecodeOptions, TimedNode } from './content.ts';
import { recordCodec } from './record-codec.ts';
import { SenmlResolver, type SenmlValue, senmlValues } from './senml.ts';
import { Label, objectLinkLabel } from './senml-cbor-labels.ts';
import { readSenmlCbor } from './senml-cbor-reader.ts';
import { type RecordValue, type ValueRecord, ValueRecords } from './value-records.ts';

function readRecords(
  path: Lwm2mPath,
  bytes: Uint8Array,
  _model: ObjectModel,
  options: Required<DecodeOptions>,
): Result<readonly ValueRecord[], ContentError> {
  const into = new ValueRecords();
  const resolver = new SenmlResolver(path, into, options.create);
  return readSenmlCbor(bytes, options, false, resolver) ?? success(into.records);
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
