import { ContentFormat } from '@yaolian/coap';
import { failure, type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import { type Lwm2mNode, type NodeValue, nodeValues } from '../node.ts';
import { coversPath, formatPath, type Lwm2mPath, PathLevel, pathLevel, rootPath, truncatePath } from '../path.ts';
import { checkValue } from '../value.ts';
import type { ContentError, ContentTime, DecodeOptions, TimedNode } from './content.ts';
import { readLwm2mCbor, readLwm2mCborPaths, writeLwm2mCbor, writeLwm2mCborPaths } from './lwm2m-cbor.ts';
import { nodeOfRecords, PlainValues, type TimedValue, timedNodesOfRecords, valuesOfRecords } from './record-nodes.ts';
import { type Refused, refuse } from './refusal.ts';
import { withDefaults } from './registry.ts';
import { commonBaseTime, recordValue, SenmlPaths, SenmlResolver, type SenmlValue, writtenTime } from './senml.ts';
import { writeSenmlCbor, writeSenmlCborNames } from './senml-cbor.ts';
import { readSenmlCbor } from './senml-cbor-reader.ts';
import { readSenmlJson, writeSenmlJson, writeSenmlJsonNames } from './senml-json.ts';
import { type RecordValue, type ValueRecord, ValueRecords } from './value-records.ts';

/*
 * Packs: content that is about several paths at once, which the composite operations and Send carry
 * (OMA-TS-LightweightM2M_Core 1.1 §6.3.8 to §6.4.6). SenML in both forms, SenML-ETCH (RFC 8790), LwM2M CBOR.
 */

export { type TimedValue, timedValues } from './record-nodes.ts';

/** A value of a pack: what a path has at a time. */
export interface PackValue extends NodeValue {
  /** Absent: now. */
  readonly time?: ContentTime | undefined;
}

/** A resource instance that is to be removed; SenML-ETCH alone can say that (RFC 8790 §3.2). */
export interface PackRemoval {
  readonly path: Lwm2mPath;
  readonly removed: true;
}

/** Reads and writes the packs of one format. */
interface PackFormat {
  records(
    bytes: Uint8Array,
    model: ObjectModel,
    options: Required<DecodeOptions>,
  ): Result<readonly ValueRecord[], ContentError>;
  /** Where values can be made without records of them. */
  readonly plain?:
    | ((bytes: Uint8Array, options: Required<DecodeOptions>, into: PlainValues) => Refused | undefined)
    | undefined;
  paths(bytes: Uint8Array, options: Required<DecodeOptions>): Result<readonly Lwm2mPath[], ContentError>;
  write(values: readonly (PackValue | PackRemoval)[]): Result<Uint8Array, ContentError>;
  writePaths(paths: readonly Lwm2mPath[]): Result<Uint8Array, ContentError>;
}

function senmlPack(
  read: typeof readSenmlCbor,
  write: (values: readonly SenmlValue[]) => Result<Uint8Array, ContentError>,
  writeNames: (names: readonly string[]) => Uint8Array,
  removals: boolean,
): PackFormat {
  return {
    records(bytes, _model, options) {
      const into = new ValueRecords();
      return read(bytes, options, removals, new SenmlResolver(rootPath, into)) ?? success(into.records);
    },
    plain: removals
      ? undefined
      : (bytes, options, into) => read(bytes, options, false, new SenmlResolver(rootPath, into)),
    paths(bytes, options) {
      const paths = new SenmlPaths();
      return read(bytes, options, removals, paths) ?? success(paths.paths);
    },
    write(values) {
      const written = senmlPackValues(values, removals);
      return written.ok ? write(written.value) : written;
    },
    writePaths: (paths) => success(writeNames(paths.map(formatPath))),
  };
}

const cborWriter = (values: readonly SenmlValue[]) => success(writeSenmlCbor(values));

const packFormats: ReadonlyMap<number, PackFormat> = new Map([
  [ContentFormat.SenmlJson, senmlPack(readSenmlJson, writeSenmlJson, writeSenmlJsonNames, false)],
  [ContentFormat.SenmlCbor, senmlPack(readSenmlCbor, cborWriter, writeSenmlCborNames, false)],
  [ContentFormat.SenmlEtchJson, senmlPack(readSenmlJson, writeSenmlJson, writeSenmlJsonNames, true)],
  [ContentFormat.SenmlEtchCbor, senmlPack(readSenmlCbor, cborWriter, writeSenmlCborNames, true)],
  [
    ContentFormat.Lwm2mCbor,
    { records: readLwm2mCbor, paths: readLwm2mCborPaths, write: writeTimeless, writePaths: writeLwm2mCborPaths },
  ],
]);

/** The Content-Formats that packs come in. */
export const packContentFormats: readonly number[] = [...packFormats.keys()];

export function isPackFormat(contentFormat: number): boolean {
  return packFormats.has(contentFormat);
}

/**
 * Whether it is a pack of values that are there. SenML-ETCH is for FETCH, PATCH and iPATCH alone (RFC 8790 §3): its records ask and
 * remove, and mean nothing in what reports or answers.
 */
export function isValuePackFormat(contentFormat: number): boolean {
  return packFormats.has(contentFormat) && !etchFormats.has(contentFormat);
}

const etchFormats: ReadonlySet<number> = new Set([ContentFormat.SenmlEtchJson, ContentFormat.SenmlEtchCbor]);

/** Where a pack with removals is read, they come apart from the values. */
export interface DecodedPack {
  readonly records: readonly ValueRecord[];
  /** Paths that null stands behind: of resource instances to be removed. */
  readonly removals: readonly Lwm2mPath[];
}

/** Reads a pack of values. Which nodes they make, {@link packNode} and {@link packTimeline} tell. */
export function decodePack(
  contentFormat: number,
  bytes: Uint8Array,
  model: ObjectModel,
  options: DecodeOptions = {},
): Result<DecodedPack, ContentError> {
  const format = formatOf(contentFormat, bytes, options);
  if (!format.ok) return format;
  const records = format.value.records(bytes, model, withDefaults(options));
  if (!records.ok) return records;
  const removals = records.value.filter(({ value }) => value.kind === 'removal').map(({ path }) => path);
  if (removals.length === 0) return success({ records: records.value, removals });
  return success({ records: records.value.filter(({ value }) => value.kind !== 'removal'), removals });
}

/** What a pack holds of `path`, the newest where it speaks of several times; undefined when it holds nothing of it. */
export function packNode(
  pack: DecodedPack,
  path: Lwm2mPath,
  model: ObjectModel,
): Result<Lwm2mNode | undefined, ContentError> {
  const records = pack.records.filter((record) => coversPath(path, record.path));
  return records.length === 0 ? success(undefined) : nodeOfRecords(path, records, model, { exact: true });
}

/** The same with every moment that the pack speaks of, oldest first; nothing when it holds nothing of it. */
export function packTimeline(
  pack: DecodedPack,
  path: Lwm2mPath,
  model: ObjectModel,
): Result<readonly TimedNode[], ContentError> {
  const records = pack.records.filter((record) => coversPath(path, record.path));
  return records.length === 0 ? success([]) : timedNodesOfRecords(path, records, model, { exact: true });
}

/**
 * Reads a pack of values, each in the form of its resource's type: the same as those of the nodes that it makes, and refused when
 * those are. Most are made straight from the bytes.
 */
export function decodePackValues(
  contentFormat: number,
  bytes: Uint8Array,
  model: ObjectModel,
  options: DecodeOptions = {},
): Result<readonly TimedValue[], ContentError> {
  const format = formatOf(contentFormat, bytes, options);
  if (!format.ok) return format;
  const plain = new PlainValues(model);
  const refused = format.value.plain?.(bytes, withDefaults(options), plain);
  if (refused) return refused;
  if (format.value.plain && plain.values) return success(plain.values);
  const pack = decodePack(contentFormat, bytes, model, options);
  return pack.ok ? valuesOfRecords(pack.value.records, model) : pack;
}

/** Reads a pack that asks for values: paths of any level, the root included where the format can say it. */
export function decodePackPaths(
  contentFormat: number,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Result<readonly Lwm2mPath[], ContentError> {
  const format = formatOf(contentFormat, bytes, options);
  return format.ok ? format.value.paths(bytes, withDefaults(options)) : format;
}

/** Writes values of any paths. Times are for SenML alone, removals for SenML-ETCH. */
export function encodePack(
  contentFormat: number,
  values: readonly (PackValue | PackRemoval)[],
): Result<Uint8Array, ContentError> {
  return packFormats.get(contentFormat)?.write(values) ?? unsupported(contentFormat);
}

/** Writes the values of nodes, each at its path. */
export function encodePackOfNodes(
  contentFormat: number,
  nodes: readonly (TimedNode & { readonly path: Lwm2mPath })[],
): Result<Uint8Array, ContentError> {
  const values: PackValue[] = [];
  for (const { path, node, time } of nodes) {
    for (const value of nodeValues(path, node)) values.push(time === undefined ? value : { ...value, time });
  }
  return encodePack(contentFormat, values);
}

/** Writes a pack that asks for the values of paths. */
export function encodePackPaths(contentFormat: number, paths: readonly Lwm2mPath[]): Result<Uint8Array, ContentError> {
  return packFormats.get(contentFormat)?.writePaths(paths) ?? unsupported(contentFormat);
}

function formatOf(contentFormat: number, bytes: Uint8Array, options: DecodeOptions): Result<PackFormat, ContentError> {
  const format = packFormats.get(contentFormat);
  if (!format) return unsupported(contentFormat);
  const { maximumBytes } = withDefaults(options);
  if (bytes.length <= maximumBytes) return success(format);
  return refuse('too-large', `${bytes.length} bytes of content, and ${maximumBytes} is the most we take`);
}

function unsupported(contentFormat: number): { ok: false; error: ContentError } {
  const message = `Content-Format ${contentFormat} carries no values of several paths; those that do are ${packContentFormats.join(', ')}`;
  return failure({ code: 'unsupported-format', message, offset: undefined });
}

function writeTimeless(values: readonly (PackValue | PackRemoval)[]): Result<Uint8Array, ContentError> {
  const given: PackValue[] = [];
  for (const value of values) {
    if ('removed' in value) return refuseRemoval(value.path);
    if (value.time !== undefined) {
      return refuse('unsupported-format', 'LwM2M CBOR carries the values of one moment, without its time');
    }
    given.push(value);
  }
  return writeLwm2mCbor(given);
}

function refuseRemoval(path: Lwm2mPath) {
  return refuse('unsupported-format', `only SenML-ETCH (320, 322) can say that ${formatPath(path)} is removed`);
}

/**
 * Records with whole paths as names: what they have in common is worth a base name where all are of one instance. Times
 * since 1970 count from the newest as base time.
 */
function senmlPackValues(
  values: readonly (PackValue | PackRemoval)[],
  removals: boolean,
): Result<readonly SenmlValue[], ContentError> {
  const baseTime = commonBaseTime(values.map((value) => ({ time: timeOf(value) })));
  const baseName = commonBaseName(values);
  const written: SenmlValue[] = [];
  for (const value of values) {
    const { path } = value;
    if (pathLevel(path) < PathLevel.Resource) {
      return refuse('wrong-path', `${formatPath(path)} is not the path of a resource or resource instance`);
    }
    if ('removed' in value && !removals) return refuseRemoval(path);
    const carried = carriedValue(value);
    if (!carried.ok) return carried;
    const when = writtenTime(timeOf(value), baseTime);
    if (!when.ok) return when;
    const isFirst = written.length === 0;
    written.push({
      name: formatPath(path).slice(baseName?.length ?? 0),
      value: carried.value,
      type: 'removed' in value ? 'none' : value.type,
      time: when.value,
      baseName: isFirst ? baseName : undefined,
      baseTime: isFirst ? baseTime : undefined,
    });
  }
  return success(written);
}

function timeOf(value: PackValue | PackRemoval): ContentTime | undefined {
  return 'removed' in value ? undefined : value.time;
}

function carriedValue(value: PackValue | PackRemoval): Result<RecordValue, ContentError> {
  if ('removed' in value) return success({ kind: 'removal' });
  const checked = checkValue(value.type === 'none' ? 'opaque' : value.type, value.value);
  if (checked.ok) return success(recordValue(checked.value));
  return refuse('wrong-type', `${formatPath(value.path)}: ${checked.error.message}`);
}

function commonBaseName(values: readonly { readonly path: Lwm2mPath }[]): string | undefined {
  const [first, ...rest] = values;
  if (!first || rest.length === 0) return undefined;
  const instance = truncatePath(first.path, PathLevel.ObjectInstance);
  return rest.every(({ path }) => coversPath(instance, path)) ? `${formatPath(instance)}/` : undefined;
}
