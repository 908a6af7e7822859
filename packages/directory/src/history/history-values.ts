import { equalBytes } from '@yaolian/kernel';
import type { CutValue, HistoryPoint, HistoryValue } from './value-history.ts';

export function isCut(value: HistoryValue): value is CutValue {
  return typeof value === 'object' && 'kept' in value;
}

/** The value, or its beginning when it is longer than `size`. */
export function cutTo(size: number, value: HistoryValue): HistoryValue {
  if (typeof value === 'string') {
    if (value.length <= size) return value;
    // Not in the middle of a surrogate pair.
    const end = /[\uD800-\uDBFF]/.test(value[size - 1] ?? '') ? size - 1 : size;
    return { kept: value.slice(0, end), size: value.length };
  }
  if (!(value instanceof Uint8Array) || value.length <= size) return value;
  return { kept: value.slice(0, size), size: value.length };
}

/** A value as spans count it; undefined when it is no number. */
export function numberOf(value: HistoryValue): number | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'boolean' ? Number(value) : undefined;
}

export function equalValues(a: HistoryValue, b: HistoryValue): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && equalBytes(a, b);
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  return isCut(b) && !(b instanceof Uint8Array) && a.size === b.size && equalValues(a.kept, b.kept);
}

/** Two runs in order of time as one, each in its order; equal values of one moment once. */
export function mergePoints(a: readonly HistoryPoint[], b: readonly HistoryPoint[]): HistoryPoint[] {
  const merged: HistoryPoint[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const takeA = j >= b.length || (i < a.length && a[i]!.time <= b[j]!.time);
    const point = takeA ? a[i++]! : b[j++]!;
    if (!hasAtEnd(merged, point)) merged.push(point);
  }
  return merged;
}

/** The points in order of time, equal values of one moment once. Those that are so already, as most are, are given back. */
export function sortedPoints(points: readonly HistoryPoint[]): readonly HistoryPoint[] {
  if (isAscending(points)) return points;
  return mergePoints(
    points.toSorted((a, b) => a.time - b.time),
    [],
  ); // the sort is stable
}

/** Whether each point is later than the one before it. */
function isAscending(points: readonly HistoryPoint[]): boolean {
  for (let i = 1; i < points.length; i++) if (points[i - 1]!.time >= points[i]!.time) return false;
  return true;
}

function hasAtEnd(points: readonly HistoryPoint[], { time, value, span }: HistoryPoint): boolean {
  // A value may be the last of a span that has it already; a span is never said twice.
  if (span) return false;
  for (let i = points.length - 1; i >= 0 && points[i]!.time === time; i--) {
    if (equalValues(points[i]!.value, value)) return true;
  }
  return false;
}
