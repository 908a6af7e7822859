import { type Result, success } from '@yaolian/kernel';
import { type Lwm2mNode, nodeLevel, nodeValues } from '../node.ts';
import { formatPath, type Lwm2mPath, PathLevel, parentPath, parsePath, pathLevel } from '../path.ts';
import {
  checkValue,
  maximumTimeSeconds,
  type ResourceType,
  type ResourceValue,
  timeToSeconds,
  wholeNumber,
} from '../value.ts';
import type { ContentError, ContentTime, TimedNode } from './content.ts';
import { type Refused, refuse } from './refusal.ts';
import { numberValue, type RecordSink, type RecordValue, recordPath, removal } from './value-records.ts';

/*
 * SenML (RFC 8428) as LwM2M uses it (OMA-TS-LightweightM2M_Core 1.1 §7.4.5), whatever it is written in: a pack of records;
 * base values hold from the record they are in to the end.
 */

/** A record as it is written, before base values are resolved. Readers fill one again and again. */
export class SenmlRecord {
  baseName: string | undefined;
  /** Seconds. */
  baseTime: number | undefined;
  baseValue: number | bigint | undefined;
  baseVersion: number | undefined;
  name: string | undefined;
  /** Seconds. */
  time: number | undefined;
  value: RecordValue | undefined;
  /** A null in place of the value, which SenML-ETCH takes for a removal (RFC 8790 §3.2). */
  removed = false;
  /** Where it stands in what is read: bytes, or the characters of a text. */
  start = 0;
  end = 0;

  clear(): void {
    this.baseName = undefined;
    this.baseTime = undefined;
    this.baseValue = undefined;
    this.baseVersion = undefined;
    this.name = undefined;
    this.time = undefined;
    this.value = undefined;
    this.removed = false;
  }
}

/** Where the records of a pack go, one by one in their order. Gives what is wrong with one, if something is. */
export interface SenmlSink {
  take(record: SenmlRecord): Refused | undefined;
}

/** Resolves a pack (RFC 8428 §4.6). Names that do not start with a slash are below the path that was asked for. */
export class SenmlResolver implements SenmlSink {
  readonly #asked: Lwm2mPath;
  readonly #into: RecordSink;
  readonly #create: boolean;
  #baseName = '';
  #baseTime = 0;
  #baseValue: number | bigint | undefined;
  #seconds = 0;
  /** Of `#seconds`: records of one moment share it. */
  #time: ContentTime | undefined;

  /** @param create an instance may be without an id: see {@link recordPath} */
  constructor(asked: Lwm2mPath, into: RecordSink, create = false) {
    this.#asked = asked;
    this.#into = into;
    this.#create = create;
  }

  take(record: SenmlRecord): Refused | undefined {
    if (record.baseVersion !== undefined && record.baseVersion > 10) return refuseVersion(record.baseVersion);
    this.#baseName = record.baseName ?? this.#baseName;
    this.#baseTime = record.baseTime ?? this.#baseTime;
    this.#baseValue = record.baseValue ?? this.#baseValue;
    if (this.#isBaseAlone(record)) return undefined;
    const value = record.removed ? removal : addBase(record.value, this.#baseValue);
    return this.#resolve(this.#baseName + (record.name ?? ''), value, this.#baseTime + (record.time ?? 0));
  }

  /** A record may be there for its base values alone: then it has no name, and not all that makes a value. */
  #isBaseAlone(record: SenmlRecord): boolean {
    if (record.value !== undefined || record.name !== undefined || record.removed) return false;
    return this.#baseValue === undefined ? record.baseName !== undefined : !recordPath(this.#baseName).ok;
  }

  #resolve(name: string, value: RecordValue | undefined, seconds: number): Refused | undefined {
    const path = recordPath(name.charCodeAt(0) === slash ? name : below(this.#asked, name), this.#create);
    if (!path.ok) return path;
    if (value === undefined) return refuse('malformed', `${formatPath(path.value)} has no value that can be told`);
    if (!(Math.abs(seconds) <= maximumTimeSeconds)) return refuse('malformed', 'a time is beyond all calendars');
    if (seconds !== this.#seconds) {
      this.#seconds = seconds;
      this.#time = senmlTime(seconds);
    }
    return this.#into.put(path.value, value, this.#time);
  }
}

const slash = 0x2f;

/** The paths that the records of a pack without values name (RFC 8790 §3.1): what is asked for, of any level. */
export class SenmlPaths implements SenmlSink {
  readonly paths: Lwm2mPath[] = [];
  #base = '';

  take({ baseName, baseVersion, name, value }: SenmlRecord): Refused | undefined {
    if (baseVersion !== undefined && baseVersion > 10) return refuseVersion(baseVersion);
    this.#base = baseName ?? this.#base;
    const text = this.#base + (name ?? '');
    if (value !== undefined) return refuse('malformed', `a record that asks for "${shorten(text)}" has no value`);
    const path = parsePath(text);
    if (!path.ok) return refuse('malformed', path.error.message);
    this.paths.push(path.value);
    return undefined;
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function below(path: Lwm2mPath, name: string): string {
  if (pathLevel(path) === PathLevel.Root) return `/${name}`;
  return name === '' ? formatPath(path) : `${formatPath(path)}/${name}`;
}

// RFC 8428 §4.5.3: below 2^28 a time is relative to now.
function senmlTime(seconds: number): ContentTime | undefined {
  if (seconds === 0) return undefined;
  return { milliseconds: Math.round(seconds * 1000), isRelative: seconds < 2 ** 28 };
}

/**
 * RFC 8428 §4.6: the base value is added to a number; a number that is not there is the base value alone. Undefined: there is
 * no value, or the sum is beyond all numbers.
 */
function addBase(value: RecordValue | undefined, base: number | bigint | undefined): RecordValue | undefined {
  if (base === undefined) return value;
  if (value === undefined) return numberValue(base);
  if (value.kind !== 'number') return value;
  const sum = Number(value.value) + Number(base);
  if (!Number.isFinite(sum) && Number.isFinite(Number(value.value))) return undefined;
  if (Number.isSafeInteger(sum) || !isWhole(value.value) || !isWhole(base)) return numberValue(sum);
  return numberValue(wholeNumber(BigInt(value.value) + BigInt(base)));
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

function refuseVersion(version: number): Refused {
  return refuse('malformed', `SenML version ${version} is not known; it is 10 and below`);
}

/** A value to be written. */
export interface SenmlValue {
  readonly name: string;
  /** Only in the first record. */
  readonly baseName: string | undefined;
  readonly baseTime: number | undefined;
  readonly time: number | undefined;
  readonly value: RecordValue;
  readonly type: ResourceType;
}

/**
 * The records that say what `nodes` hold: the base name is the path down to what all have in common, times since 1970 count
 * from the newest as base time, relative ones have none.
 */
export function senmlValues(path: Lwm2mPath, nodes: readonly TimedNode[]): Result<readonly SenmlValue[], ContentError> {
  const isDeep = pathLevel(path) >= PathLevel.Resource;
  const baseName = isDeep ? formatPath(parentPath(path)) : formatPath(path);
  const baseTime = commonBaseTime(nodes);
  const values: SenmlValue[] = [];
  for (const { time, node } of nodes) {
    const when = writtenTime(time, baseTime);
    if (!when.ok) return when;
    const written = writeNode(path, node, baseName.length + 1);
    if (!written.ok) return written;
    for (const { name, value, type } of written.value) {
      const isFirst = values.length === 0;
      values.push({
        name,
        value,
        type,
        time: when.value,
        baseName: isFirst ? `${baseName}/` : undefined,
        baseTime: isFirst ? baseTime : undefined,
      });
    }
  }
  return success(values);
}

/** The newest time since 1970, when all are such. */
export function commonBaseTime(nodes: readonly { readonly time: ContentTime | undefined }[]): number | undefined {
  if (nodes.length === 0 || nodes.some(({ time }) => time === undefined || time.isRelative)) return undefined;
  return nodes.reduce((newest, { time }) => Math.max(newest, time!.milliseconds), Number.NEGATIVE_INFINITY) / 1000;
}

/** Undefined: nothing needs to be written. */
export function writtenTime(
  time: ContentTime | undefined,
  baseTime: number | undefined,
): Result<number | undefined, ContentError> {
  if (time === undefined) return success(undefined);
  const seconds = time.milliseconds / 1000;
  if (seconds < 2 ** 28 !== time.isRelative) {
    return refuse(
      'unsupported-format',
      'SenML takes times before 1978 for times from now, and later ones the other way about',
    );
  }
  const offset = baseTime === undefined ? seconds : Math.round((seconds - baseTime) * 1000) / 1000;
  return success(offset === 0 ? undefined : offset);
}

type WrittenValue = Pick<SenmlValue, 'name' | 'value' | 'type'>;

function writeNode(path: Lwm2mPath, node: Lwm2mNode, prefixLength: number): Result<WrittenValue[], ContentError> {
  if (nodeLevel(node) !== pathLevel(path)) {
    return refuse('wrong-path', `${formatPath(path)} is not the path of a node of kind ${node.kind}`);
  }
  const written: WrittenValue[] = [];
  for (const { path: at, type, value } of nodeValues(path, node)) {
    const checked = checkValue(type === 'none' ? 'opaque' : type, value);
    if (!checked.ok) return refuse('wrong-type', `${formatPath(at)}: ${checked.error.message}`);
    written.push({ name: formatPath(at).slice(prefixLength), value: recordValue(checked.value), type });
  }
  return success(written);
}

/** A value as records carry it. */
export function recordValue(value: ResourceValue): RecordValue {
  if (typeof value === 'string') return { kind: 'text', value };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'number' || typeof value === 'bigint') return { kind: 'number', value };
  if (value instanceof Uint8Array) return { kind: 'bytes', value };
  if (value instanceof Date) return { kind: 'number', value: timeToSeconds(value) };
  return { kind: 'link', value };
}
