import type { JsonValue } from '@yaolian/contract';
import { type Bucket, type HistoryPoint, type HistoryValue, isCut } from '@yaolian/directory';
import { encodeBase64 } from '@yaolian/kernel';
import { timeToJson } from './times.ts';

export function pointToJson({ time, value }: HistoryPoint) {
  return { time: timeToJson(time), ...valueFacts('value', value) };
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
