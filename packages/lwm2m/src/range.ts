import { encodeUtf8, failure, type Result, success } from '@yaolian/kernel';
import type { ResourceDefinition } from '@yaolian/lwm2m-objects';
import { checkValue, type ResourceValue, type ValueError } from './value.ts';

/**
 * What a range text of the registry allows: numbers in one of the intervals, texts in the list. The registry writes ranges by
 * hand (`0..100`, `1-65534`, `0..3, 99`, `0: OFF 1: ON`, `16,32,48`, `64 bytes`, `ON;OFF`); what is not understood allows all.
 */
interface ValueRange {
  /** Ascending pairs; of values for numbers, of lengths for texts and bytes. */
  readonly intervals: readonly (readonly [number, number])[];
  readonly texts: readonly string[];
  /** The range says that it is about bytes. */
  readonly isLength: boolean;
}

const parsedRanges = new Map<string, ValueRange | undefined>();

/** Whether a value of the right type is in a resource's range. A resource instance's value is checked like a single one. */
export function checkRange(
  definition: Pick<ResourceDefinition, 'type' | 'range'>,
  value: ResourceValue,
): Result<ResourceValue, ValueError> {
  if (definition.range === '') return success(value);
  const range = rangeOf(definition.range);
  if (range === undefined || isInRange(range, value)) return success(value);
  const what = describe(range, value);
  return failure({ code: 'out-of-range', message: `${what} is not in the resource's range, ${definition.range}` });
}

function describe({ texts }: ValueRange, value: ResourceValue): string {
  if (typeof value === 'string') return texts.length > 0 ? `"${value}"` : `its length, ${encodeUtf8(value).length},`;
  return value instanceof Uint8Array ? `its length, ${value.length},` : String(value);
}

/** Whether a value is right for a resource, in type and range: what to do before writing it. */
export function checkResourceValue(
  definition: Pick<ResourceDefinition, 'type' | 'range'>,
  value: unknown,
): Result<ResourceValue, ValueError> {
  const checked = checkValue(definition.type, value);
  return checked.ok ? checkRange(definition, checked.value) : checked;
}

/** Ranges come from definitions, of which there are few: each is parsed once. */
function rangeOf(text: string): ValueRange | undefined {
  if (parsedRanges.has(text)) return parsedRanges.get(text);
  const range = parseRange(text);
  if (parsedRanges.size < 4_096) parsedRanges.set(text, range);
  return range;
}

// range     = ( intervals / names / labels ) [ "bytes" ]
// intervals = interval *( ( "," / ";" / "or" / "-" ) interval )
const number = String.raw`-?\d+(?:\.\d+)?`;
const intervalText = new RegExp(String.raw`^(${number})(?:\s*(?:\.{2,3}|-|:)\s*(${number}))?$`);
const labelsText = /^(?:\d+: [^\s:]+(?: |$)){2,}$/;
const nameText = /^[A-Za-z][\w ./+-]*$/;

function parseRange(text: string): ValueRange | undefined {
  const isLength = /bytes$/i.test(text);
  const body = (isLength ? text.slice(0, -'bytes'.length).trimEnd() : text).replace(/^\[(.*)\]$/, '$1');
  if (labelsText.test(body)) {
    const numbers = [...body.matchAll(/(\d+):/g)].map(([, digits]) => Number(digits));
    return { intervals: numbers.map((value) => [value, value] as const), texts: [], isLength };
  }
  // `16-32-48 bytes` is a list; `0-255` is an interval.
  const separator = /^\d+(?:-\d+){2,}$/.test(body) ? /-/ : /[,;]|\bor\b/;
  const parts = body.split(separator).map((part) => part.trim());
  if (parts.length > 1 && parts.every((part) => nameText.test(part))) return { intervals: [], texts: parts, isLength };
  const intervals = parts.map(parseInterval);
  if (!intervals.every((interval) => interval !== undefined)) return undefined;
  return { intervals, texts: [], isLength };
}

function parseInterval(text: string): readonly [number, number] | undefined {
  const match = intervalText.exec(text);
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  return first <= last ? [first, last] : [last, first];
}

function isInRange(range: ValueRange, value: ResourceValue): boolean {
  if (typeof value === 'string') {
    return range.texts.length > 0 ? range.texts.includes(value) : isLengthIn(range, encodeUtf8(value).length);
  }
  if (value instanceof Uint8Array) return range.texts.length > 0 || isLengthIn(range, value.length);
  if (typeof value !== 'number' && typeof value !== 'bigint') return true;
  // A length is nothing for numbers, and a lone number (`255`) is sometimes their largest and sometimes their only value.
  if (range.isLength || range.texts.length > 0 || isLoneNumber(range)) return true;
  return range.intervals.some((interval) => isInInterval(interval, value));
}

/** A lone number is the most bytes that a text may have; several are all that it may have. */
function isLengthIn(range: ValueRange, length: number): boolean {
  if (isLoneNumber(range)) return length <= range.intervals[0]![1];
  return range.intervals.some(([first, last]) => length >= first && length <= last);
}

function isLoneNumber({ intervals }: ValueRange): boolean {
  return intervals.length === 1 && intervals[0]![0] === intervals[0]![1];
}

/** Values that came as 32-bit floats are a little off: 0.1 is in 0.1..1 however it was written. */
function isInInterval([first, last]: readonly [number, number], value: number | bigint): boolean {
  if (value >= first && value <= last) return true;
  return typeof value === 'number' && (Math.fround(first) === value || Math.fround(last) === value);
}
