import type { JsonHistoryPoint, JsonValue } from '@yaolian/contract';
import { type Bucket, type HistoryPoint, type HistoryValue, isCut, type SpanNumbers } from '@yaolian/directory';
import { encodeBase64 } from '@yaolian/kernel';
import { timeToJson } from './times.ts';

export function pointToJson({ time, value, span }: HistoryPoint): JsonHistoryPoint {
  const point = { time: timeToJson(time), ...valueFacts('value', value) };
  if (!span) return point;
  const { length, count, numbers } = span;
  const from = Math.floor(time / length) * length;
  return {
    ...point,
    span: { from: timeToJson(from), to: timeToJson(from + length), count, ...numbersToJson(numbers) },
  };
}

function numbersToJson(numbers: SpanNumbers | undefined) {
  if (!numbers) return {};
  const { count, min, max, sum } = numbers;
  return { min: numberToJson(min), max: numberToJson(max), mean: numberToJson(sum / count) };
}

export function bucketToJson({ time, count, last, numbers }: Bucket) {
  const { min, max, mean } = numbers ?? {};
  return {
    time: timeToJson(time),
    count,
    ...valueFacts('last', last),
    ...(min === undefined ? {} : { min: numberToJson(min), max: numberToJson(max!), mean: numberToJson(mean!) }),
  };
}

function valueFacts<N extends string>(name: N, value: HistoryValue): { [P in N]: JsonValue } & { truncated?: number } {
  const json = isCut(value) ? valueToJson(value.kept) : valueToJson(value);
  const told = { [name]: json } as { [P in N]: JsonValue };
  return isCut(value) ? { ...told, truncated: value.size } : told;
}

function valueToJson(value: HistoryValue): JsonValue {
  if (typeof value === 'number') return numberToJson(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? valueToJson(value.kept) : value;
}

/** JSON has no word for these. */
function numberToJson(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value);
}
