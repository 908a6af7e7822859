import { type HistoryPoint, type HistorySpan, type HistoryValue, isCut } from '@yaolian/directory';
import type { ByteSink } from './byte-sink.ts';

/*
 * A point is
 *
 *   tag | varint: zigzag of the milliseconds since the point before | what the tag says
 *
 * so that points are appended to a run by appending their bytes.
 */
const Tag = {
  Float64: 0,
  Float32: 1,
  /** Zigzag varint of a safe integer. */
  NonNegative: 2,
  Negative: 3,
  False: 4,
  True: 5,
  Text: 6,
  Bytes: 7,
  /** Float64 of milliseconds since the epoch. */
  Time: 8,
  Signed64: 9,
  Unsigned64: 10,
  /** Varint of the size that it had, then as `Text` and `Bytes`. */
  CutText: 11,
  CutBytes: 12,
  /** Varints of its length and count, and of how many numbers; of these min, max and sum, each as tag and number; tag and value of the last. */
  Span: 13,
} as const;

/** A whole number of a point's time: what `from` and steps are must be safe integers. */
export function encodePoint(
  sink: ByteSink,
  time: number,
  value: HistoryValue,
  span: HistorySpan | undefined,
  previousTime: number,
): void {
  const step = time - previousTime;
  const tag = tagOf(value);
  sink.byte(span ? Tag.Span : tag);
  sink.varint(step < 0 ? -step * 2 - 1 : step * 2);
  if (span) {
    encodeSpan(sink, span);
    sink.byte(tag);
  }
  encodeValue(sink, tag, value);
}

function encodeSpan(sink: ByteSink, { length, count, numbers }: HistorySpan): void {
  sink.varint(length);
  sink.varint(count);
  sink.varint(numbers?.count ?? 0);
  if (!numbers) return;
  for (const number of [numbers.min, numbers.max, numbers.sum]) {
    const tag = tagOf(number);
    sink.byte(tag);
    encodeValue(sink, tag, number);
  }
}

function tagOf(value: HistoryValue): number {
  switch (typeof value) {
    case 'number':
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value < 0 ? Tag.Negative : Tag.NonNegative;
      return Object.is(Math.fround(value), value) ? Tag.Float32 : Tag.Float64;
    case 'bigint':
      return value < 0n ? Tag.Signed64 : Tag.Unsigned64;
    case 'boolean':
      return value ? Tag.True : Tag.False;
    case 'string':
      return Tag.Text;
    default:
      if (value instanceof Uint8Array) return Tag.Bytes;
      if (!isCut(value)) return Tag.Time;
      return typeof value.kept === 'string' ? Tag.CutText : Tag.CutBytes;
  }
}

function encodeValue(sink: ByteSink, tag: number, value: HistoryValue): void {
  if (typeof value === 'number') {
    if (tag === Tag.Float64) sink.float64(value);
    else if (tag === Tag.Float32) sink.float32(value);
    else sink.varint(Math.abs(value));
  } else if (typeof value === 'bigint') sink.bigint64(value);
  else if (typeof value === 'string') sink.text(value);
  else if (value instanceof Uint8Array) sink.bytes(value);
  else if (value instanceof Date) sink.float64(value.getTime());
  else if (typeof value === 'object') {
    sink.varint(value.size);
    encodeValue(sink, tag, value.kept);
  }
}

/** Reads what {@link ByteSink} wrote and our own disk kept, so there is no mistake to find in it. */
export class PointReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.#bytes[this.#offset++]!;
      if (byte < 128) return value + byte * factor;
      value += (byte - 128) * factor;
      factor *= 128;
    }
  }

  point(previousTime: number): HistoryPoint {
    const tag = this.#bytes[this.#offset++]!;
    const zigzag = this.varint();
    const step = zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
    const time = previousTime + step;
    if (tag !== Tag.Span) return { time, value: this.#value(tag) };
    const span = this.#span();
    return { time, value: this.#tagged(), span };
  }

  #span(): HistorySpan {
    const length = this.varint();
    const count = this.varint();
    const numbers = this.varint();
    if (numbers === 0) return { length, count };
    const [min, max, sum] = [this.#tagged(), this.#tagged(), this.#tagged()] as [number, number, number];
    return { length, count, numbers: { count: numbers, min, max, sum } };
  }

  #tagged(): HistoryValue {
    return this.#value(this.#bytes[this.#offset++]!);
  }

  #value(tag: number): HistoryValue {
    switch (tag) {
      case Tag.Float64:
        return this.#float64();
      case Tag.Float32:
        this.#offset += 4;
        return this.#view.getFloat32(this.#offset - 4, true);
      case Tag.NonNegative:
        return this.varint();
      case Tag.Negative:
        return -this.varint();
      case Tag.False:
      case Tag.True:
        return tag === Tag.True;
      case Tag.Text:
        return this.#text();
      case Tag.Bytes:
        return this.#run().slice();
      case Tag.Time:
        return new Date(this.#float64());
      case Tag.Signed64:
        return BigInt.asIntN(64, this.#bigint());
      case Tag.Unsigned64:
        return this.#bigint();
      default: {
        const size = this.varint();
        return { kept: tag === Tag.CutText ? this.#text() : this.#run().slice(), size };
      }
    }
  }

  #float64(): number {
    this.#offset += 8;
    return this.#view.getFloat64(this.#offset - 8, true);
  }

  #bigint(): bigint {
    this.#offset += 8;
    return this.#view.getBigUint64(this.#offset - 8, true);
  }

  #run(): Uint8Array {
    const length = this.varint();
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  #text(): string {
    const run = this.#run();
    return Buffer.from(run.buffer, run.byteOffset, run.byteLength).toString('utf8');
  }
}

/** The points of a run whose first step is from `start`. */
export function decodePoints(bytes: Uint8Array, start: number): HistoryPoint[] {
  const reader = new PointReader(bytes);
  const points: HistoryPoint[] = [];
  let time = start;
  while (!reader.atEnd) {
    const point = reader.point(time);
    time = point.time;
    points.push(point);
  }
  return points;
}
