import { encodeUtf8 } from '@yaolian/kernel';
import type { ResourceDefinition } from '@yaolian/lwm2m-objects';
import type { ResourceValue } from '../value.ts';

type Interval = readonly [minimum: number, maximum: number];

/**
 * What is wrong with a value by the "Range or Enumeration" of its definition; undefined when nothing is, or when the text of
 * the range is not one of the forms that leave no doubt: `0..255`, `0-255`, `5, 10, 15`, `0..3, 99`; for texts, and for bytes
 * when it says so, the length: `0..64 bytes`. The registry is written for people, and a doubt must not stop a write.
 */
export function rangeViolation(definition: ResourceDefinition, value: ResourceValue): string | undefined {
  if (definition.range === '') return undefined;
  const isLength = /bytes?$/i.test(definition.range.trim());
  const measured = measure(definition, value, isLength);
  if (measured === undefined) return undefined;
  const intervals = parseRange(definition.range);
  if (!intervals || intervals.some(([minimum, maximum]) => measured >= minimum && measured <= maximum))
    return undefined;
  const what = typeof value === 'string' || value instanceof Uint8Array ? `its length, ${measured},` : `${measured}`;
  return `${what} is not in the range ${definition.range}`;
}

function measure(definition: ResourceDefinition, value: ResourceValue, isLength: boolean): number | undefined {
  switch (definition.type) {
    case 'string':
      return typeof value === 'string' ? encodeUtf8(value).length : undefined;
    case 'opaque':
      return isLength && value instanceof Uint8Array ? value.length : undefined;
    case 'integer':
    case 'unsigned':
    case 'float':
      return !isLength && (typeof value === 'number' || typeof value === 'bigint') ? Number(value) : undefined;
    default:
      return undefined;
  }
}

const numberText = String.raw`-?\d+(?:\.\d+)?`;
const intervalText = new RegExp(`^(${numberText})(?:\\s*(?:\\.\\.\\.?|(?<=\\d)-)\\s*(${numberText}))?$`);

/** Undefined when the text leaves a doubt: a single number may be the only value, the largest one, or a count of bits. */
function parseRange(text: string): readonly Interval[] | undefined {
  const parts = text.replace(/\s*bytes?$/i, '').split(/[,;]/);
  const intervals: Interval[] = [];
  for (const part of parts) {
    const match = intervalText.exec(part.trim());
    if (!match) return undefined;
    const one = Number(match[1]);
    const other = match[2] === undefined ? one : Number(match[2]);
    if (match[2] === undefined && parts.length === 1) return undefined;
    intervals.push([Math.min(one, other), Math.max(one, other)]);
  }
  return intervals;
}
