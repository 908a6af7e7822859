import { equalBytes, failure, type Result, success } from '@yaolian/kernel';

/** The data types of OMA-TS-LightweightM2M_Core 1.2 appendix C. `none` is an executable resource's. */
export type ResourceType =
  | 'string'
  | 'integer'
  | 'unsigned'
  | 'float'
  | 'boolean'
  | 'opaque'
  | 'time'
  | 'objlnk'
  | 'corelnk'
  | 'none';

/** Every type there is. */
export const resourceTypes: readonly ResourceType[] = [
  'string',
  'integer',
  'unsigned',
  'float',
  'boolean',
  'opaque',
  'time',
  'objlnk',
  'corelnk',
  'none',
];

export function isResourceType(text: string): text is ResourceType {
  return (resourceTypes as readonly string[]).includes(text);
}

/** A reference to an object instance; 65535 in either field means "none". */
export interface ObjectLink {
  readonly objectId: number;
  readonly instanceId: number;
}

/**
 * A resource's value by type: string and corelnk are strings; integer and unsigned are numbers while those are safe
 * integers and bigints beyond; float is a number; boolean; opaque is bytes; time is a Date; objlnk is an ObjectLink.
 */
export type ResourceValue = string | number | bigint | boolean | Uint8Array | Date | ObjectLink;

/** The form of a value by its type: `ValueOf<'float'>` is number. */
export type ValueOf<Type extends ResourceType> = {
  readonly string: string;
  readonly integer: number | bigint;
  readonly unsigned: number | bigint;
  readonly float: number;
  readonly boolean: boolean;
  readonly opaque: Uint8Array;
  readonly time: Date;
  readonly objlnk: ObjectLink;
  readonly corelnk: string;
  readonly none: never;
}[Type];

/** Why a value is refused. */
export interface ValueError {
  readonly code: 'wrong-type' | 'out-of-range' | 'malformed';
  /** A sentence that says what is wrong and what is right. */
  readonly message: string;
}

export const minimumInteger = -(2n ** 63n);
export const maximumInteger = 2n ** 63n - 1n;
export const maximumUnsigned = 2n ** 64n - 1n;

/** The seconds from 1970 that a Date can hold, both ways. */
export const maximumTimeSeconds = 8_640_000_000_000;

/** A whole number in the form values have: a number while that is exact, a bigint beyond. */
export function wholeNumber(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Unix seconds of a time value: LwM2M times are whole seconds, so the rest of a second is cut off. */
export function timeToSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

/** The time value of Unix seconds; undefined when a Date cannot hold it. */
export function secondsToTime(seconds: number | bigint): Date | undefined {
  const count = Number(seconds);
  return Math.abs(count) <= maximumTimeSeconds ? new Date(Math.round(count * 1000)) : undefined;
}

/**
 * Whether a value is right for a type. Hands it back in normal form: bigints that are safe integers become numbers, so that
 * equal values are the same value.
 */
export function checkValue(type: ResourceType, value: unknown): Result<ResourceValue, ValueError> {
  switch (type) {
    case 'string':
    case 'corelnk':
      return typeof value === 'string' ? checkText(value) : wrongType(type, value);
    case 'integer':
      return checkWhole(type, value, minimumInteger, maximumInteger);
    case 'unsigned':
      return checkWhole(type, value, 0n, maximumUnsigned);
    case 'float':
      if (typeof value === 'bigint') return success(Number(value));
      return typeof value === 'number' ? success(value) : wrongType(type, value);
    case 'boolean':
      return typeof value === 'boolean' ? success(value) : wrongType(type, value);
    case 'opaque':
      return value instanceof Uint8Array ? success(value) : wrongType(type, value);
    case 'time':
      return value instanceof Date && !Number.isNaN(value.getTime()) ? success(value) : wrongType(type, value);
    case 'objlnk':
      return isObjectLink(value) ? success(value) : wrongType(type, value);
    default:
      return failure({ code: 'wrong-type', message: 'an executable resource has no value; execute it instead' });
  }
}

function checkText(text: string): Result<string, ValueError> {
  if (text.isWellFormed()) return success(text);
  return failure({ code: 'malformed', message: 'the text holds half of a surrogate pair, which UTF-8 cannot carry' });
}

function checkWhole(
  type: 'integer' | 'unsigned',
  value: unknown,
  minimum: bigint,
  maximum: bigint,
): Result<number | bigint, ValueError> {
  if (typeof value === 'number' && Number.isSafeInteger(value) && (type === 'integer' || value >= 0)) {
    return success(value === 0 ? 0 : value); // -0 is 0
  }
  if (typeof value === 'number' && !Number.isInteger(value)) return wrongType(type, value);
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    const message = `${value} is beyond the whole numbers that a number holds exactly; use a bigint`;
    return failure({ code: 'out-of-range', message });
  }
  if (typeof value !== 'bigint' && typeof value !== 'number') return wrongType(type, value);
  if (value >= minimum && value <= maximum) return success(wholeNumber(BigInt(value)));
  return failure({ code: 'out-of-range', message: `${value} is not in ${minimum}..${maximum}` });
}

export function isObjectLink(value: unknown): value is ObjectLink {
  if (typeof value !== 'object' || value === null) return false;
  const link = value as Partial<ObjectLink>;
  return isLinkId(link.objectId) && isLinkId(link.instanceId);
}

function isLinkId(id: unknown): boolean {
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= 65_535;
}

/** What a value of a type looks like in this program, for error messages. */
const wanted: Readonly<Record<ResourceType, string>> = {
  string: 'a string',
  corelnk: 'a string of links such as </3/0>',
  integer: 'a whole number (number or bigint)',
  unsigned: 'a whole number from 0 up (number or bigint)',
  float: 'a number',
  boolean: 'true or false',
  opaque: 'bytes (Uint8Array)',
  time: 'a Date',
  objlnk: 'an object link { objectId, instanceId } with ids from 0 to 65535',
  none: 'nothing',
};

function wrongType(type: ResourceType, value: unknown): { ok: false; error: ValueError } {
  return failure({ code: 'wrong-type', message: `${type} takes ${wanted[type]}, not ${describe(value)}` });
}

function describe(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Date) return 'a Date';
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  return typeof value === 'object' ? 'an object' : String(value);
}

/** Equal in type and value: bytes by content, times by instant, NaN equal to itself. */
export function equalValues(a: ResourceValue, b: ResourceValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b) || a === b;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && equalBytes(a, b);
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  return isObjectLink(b) && isObjectLink(a) && a.objectId === b.objectId && a.instanceId === b.instanceId;
}
