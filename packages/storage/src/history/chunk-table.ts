import type { DatabaseSync } from 'node:sqlite';
import { foldSpans, type HistoryPoint, intervalOf, mergePoints, sortedPoints } from '@yaolian/directory';
import { ByteSink } from './byte-sink.ts';
import { decodePoints, encodePoint, PointReader } from './point-codec.ts';

/** What a chunk holds at most: it fits a page of the database, and goes as a whole when it is too old. */
const maximumPoints = 512;
const maximumBytes = 3_200;
const maximumSpan = 86_400_000;

/** A run of points of a series. Chunks of a series do not overlap, and no moment is in two. */
interface ChunkRow {
  readonly id: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly data: Uint8Array;
}

/** Where a series ends. */
type Tail = Omit<ChunkRow, 'data'> & { readonly size: number; readonly raw: number };

/** A chunk whose values were not put together. */
export interface RawChunk extends ChunkRow {
  readonly series: number;
}

/** The points of all series, in chunks. Call changing methods inside a change of the group commit. */
export class ChunkTable {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #sink = new ByteSink();

  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
  }

  /** Adds points, in any order. @param maximum how many the series keeps at least */
  add(series: number, unsorted: readonly HistoryPoint[], maximum: number): void {
    const points = unsorted.length === 1 ? unsorted : sortedPoints(unsorted);
    const tail = this.#statements.tail.get(series) as unknown as Tail | undefined;
    const late = tail === undefined ? 0 : countUpTo(points, tail.last);
    if (late > 0) this.#insertLate(series, points.slice(0, late));
    const fresh = late === 0 ? points : points.slice(late);
    if (fresh.length === 0) return;
    // What came late may have made another tail.
    const end = late === 0 ? tail : (this.#statements.tail.get(series) as unknown as Tail | undefined);
    const appended = end === undefined ? 0 : this.#append(end, fresh);
    if (appended === fresh.length) return;
    this.#insert(series, fresh.slice(appended));
    if (tail !== undefined || fresh.length > maximum) this.#limit(series, maximum);
  }

  /** A page of chunks that touch the span from `from` to `to`, decoded, each with its points in order of time. */
  page(series: number, from: number, to: number, limit: number): readonly (readonly HistoryPoint[])[] {
    const begin = this.#statements.begin.get(series, from) as { first: number } | undefined;
    return decodeAll(this.#statements.forward.all(series, begin?.first ?? from, to, limit));
  }

  /** The same, the newest first; the points of each chunk are in order of time all the same. */
  pageBack(series: number, from: number, to: number, limit: number): readonly (readonly HistoryPoint[])[] {
    const begin = this.#statements.begin.get(series, from) as { first: number } | undefined;
    return decodeAll(this.#statements.backward.all(series, begin?.first ?? from, to, limit));
  }

  /** The ends of a series. */
  ends(series: number): { readonly firstTime: number; readonly last: HistoryPoint } | undefined {
    const first = this.#statements.first.get(series) as { first: number } | undefined;
    const [newest] = this.pageBack(series, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 1);
    return first && newest && { firstTime: first.first, last: newest.at(-1)! };
  }

  /** Removes chunks that end before `time`, `limit` at most. @returns how many */
  removeBefore(series: number, time: number, limit: number): number {
    return Number(this.#statements.removeBefore.run(series, time, time, limit).changes);
  }

  /** Chunks whose values all are older than `time` and were not put together, the oldest first, from behind another on. */
  rawBefore(time: number, after: Pick<RawChunk, 'first' | 'id'> | undefined, limit: number): readonly RawChunk[] {
    const { first, id } = after ?? { first: Number.MIN_SAFE_INTEGER, id: 0 };
    return this.#statements.raw.all(first, first, id, time - maximumSpan, limit) as unknown as RawChunk[];
  }

  /** Nothing of a chunk is ever to be put together. */
  leave({ id }: RawChunk): void {
    this.#statements.leave.run(id);
  }

  /**
   * A chunk with what is put together along with it: the folded chunk before, so that few chunks hold the spans, and neighbours that
   * have a part of the same span.
   */
  foldOf(chunk: RawChunk, length: number): ChunkFold {
    const points = decodePoints(chunk.data, chunk.first);
    const before = this.#statements.before.get(chunk.series, chunk.first) as unknown as Folded | undefined;
    const after = this.#after(chunk.series, chunk.first);
    const past = before?.raw === 0 ? decodePoints(before.data, before.first) : [];
    const next = after?.raw === 0 ? decodePoints(after.data, after.first) : [];
    const isNear = before !== undefined && chunk.first - before.first <= maximumSpan;
    const takesPast = past.length > 0 && (isNear || isOneSpan(past.at(-1)!, points[0]!, length));
    const takesNext = next.length > 0 && isOneSpan(points.at(-1)!, next[0]!, length);
    return {
      series: chunk.series,
      first: takesPast ? before!.first : chunk.first,
      last: takesNext ? after!.last : chunk.last,
      ids: [chunk.id, ...(takesPast ? [before!.id] : []), ...(takesNext ? [after!.id] : [])],
      points: [...(takesPast ? past : []), ...points, ...(takesNext ? next : [])],
    };
  }

  /**
   * Puts values together, span by span of `length` milliseconds. Nobody may be reading the series: who has read some of a span
   * would count it again with the rest.
   */
  fold({ series, ids, points }: ChunkFold, length: number): void {
    for (const id of ids) this.#statements.remove.run(id);
    this.#insert(series, foldSpans(points, length), 0);
  }

  #append({ id, first, last, count, size, raw }: Tail, points: readonly HistoryPoint[]): number {
    if (raw === 0) return 0;
    const sink = this.#sink;
    sink.reset();
    let previous = last;
    let appended = 0;
    let end = 0;
    for (const point of points) {
      const isSame = point.time === previous && appended > 0;
      const isFull = count + appended >= maximumPoints || size + sink.length >= maximumBytes;
      if (!isSame && (isFull || point.time - first > maximumSpan)) break;
      encodePoint(sink, point.time, point.value, point.span, previous);
      previous = point.time;
      appended++;
      end = sink.length;
    }
    if (appended > 0) this.#statements.append.run(previous, appended, sink.written().subarray(0, end), id);
    return appended;
  }

  /** Writes sorted points as new chunks. */
  #insert(series: number, points: readonly HistoryPoint[], raw = 1): void {
    const sink = this.#sink;
    for (let start = 0; start < points.length; ) {
      sink.reset();
      const { time: first } = points[start]!;
      let previous = first;
      let next = start;
      for (; next < points.length; next++) {
        const point = points[next]!;
        const isSame = point.time === previous;
        const isFull = next - start >= maximumPoints || sink.length >= maximumBytes;
        if (!isSame && (isFull || point.time - first > maximumSpan)) break;
        encodePoint(sink, point.time, point.value, point.span, previous);
        previous = point.time;
      }
      this.#statements.insert.run(series, first, previous, next - start, sink.written(), raw);
      start = next;
    }
  }

  /** Puts points that are older than the end of their series where they belong. */
  #insertLate(series: number, points: readonly HistoryPoint[]): void {
    for (let start = 0; start < points.length; ) {
      const { time } = points[start]!;
      const into = this.#homeOf(series, time);
      const after = this.#after(series, into?.first ?? time);
      const end = after === undefined ? Number.MAX_SAFE_INTEGER : beginOf(after);
      let next = start;
      while (next < points.length && points[next]!.time < end) next++;
      const group = points.slice(start, next);
      if (into) this.#statements.remove.run(into.id);
      this.#insert(series, into ? mergePoints(decodePoints(into.data, into.first), group) : group);
      start = next;
    }
  }

  /** The chunk that a time belongs to: the next one, where its first span covers it; otherwise the one before. */
  #homeOf(series: number, time: number): ChunkRow | undefined {
    const after = this.#after(series, time);
    if (after && beginOf(after) <= time) return after;
    return this.#statements.around.get(series, time) as unknown as ChunkRow | undefined;
  }

  #after(series: number, time: number): Folded | undefined {
    return this.#statements.after.get(series, time) as unknown as Folded | undefined;
  }

  #limit(series: number, maximum: number): void {
    const { count } = this.#statements.count.get(series) as { count: number | null };
    let rest = count ?? 0;
    if (rest <= maximum) return;
    for (const { id, count: own } of this.#statements.oldest.all(series, 64) as unknown as ChunkRow[]) {
      if (rest - own < maximum) return;
      this.#statements.remove.run(id);
      rest -= own;
    }
  }
}

type Folded = ChunkRow & { readonly raw: number };

/** What is put together. */
export interface ChunkFold {
  readonly series: number;
  readonly first: number;
  readonly last: number;
  readonly ids: readonly number[];
  readonly points: readonly HistoryPoint[];
}

/** Whether two points, one after the other, stand for parts of the same time. */
function isOneSpan(a: HistoryPoint, b: HistoryPoint, length: number): boolean {
  return intervalOf(a, length).end > intervalOf(b, length).start;
}

/** Where the time of a chunk begins: with the span of its first point. */
function beginOf({ data, first, raw }: Folded): number {
  return raw === 0 ? intervalOf(new PointReader(data).point(first), 1).start : first;
}

function countUpTo(points: readonly HistoryPoint[], time: number): number {
  let count = 0;
  while (count < points.length && points[count]!.time <= time) count++;
  return count;
}

function decodeAll(rows: unknown): readonly (readonly HistoryPoint[])[] {
  return (rows as ChunkRow[]).map(({ data, first }) => decodePoints(data, first));
}

function prepareStatements(database: DatabaseSync) {
  return {
    tail: database.prepare(
      `SELECT id, first, last, count, length(data) AS size, raw FROM history_chunk WHERE series = ? ORDER BY first DESC LIMIT 1`,
    ),
    append: database.prepare(
      `UPDATE history_chunk SET last = ?, count = count + ?, data = CAST(data || ? AS BLOB) WHERE id = ?`,
    ),
    insert: database.prepare(
      'INSERT INTO history_chunk (series, first, last, count, data, raw) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    remove: database.prepare('DELETE FROM history_chunk WHERE id = ?'),
    around: database.prepare(
      'SELECT id, first, last, count, data FROM history_chunk WHERE series = ? AND first <= ? ORDER BY first DESC LIMIT 1',
    ),
    after: database.prepare(
      `SELECT id, first, last, count, data, raw FROM history_chunk WHERE series = ? AND first > ? ORDER BY first LIMIT 1`,
    ),
    first: database.prepare('SELECT first FROM history_chunk WHERE series = ? ORDER BY first LIMIT 1'),
    begin: database.prepare(
      'SELECT first FROM history_chunk WHERE series = ? AND first <= ? ORDER BY first DESC LIMIT 1',
    ),
    forward: database.prepare(
      'SELECT first, data FROM history_chunk WHERE series = ? AND first >= ? AND first < ? ORDER BY first LIMIT ?',
    ),
    backward: database.prepare(
      'SELECT first, data FROM history_chunk WHERE series = ? AND first >= ? AND first < ? ORDER BY first DESC LIMIT ?',
    ),
    count: database.prepare('SELECT sum(count) AS count FROM history_chunk WHERE series = ?'),
    oldest: database.prepare('SELECT id, count FROM history_chunk WHERE series = ? ORDER BY first LIMIT ?'),
    raw: database.prepare(
      `SELECT id, series, first, last, count, data FROM history_chunk
         WHERE raw = 1 AND first >= ? AND (first > ? OR id > ?) AND first < ? ORDER BY first, id LIMIT ?`,
    ),
    leave: database.prepare('UPDATE history_chunk SET raw = 0 WHERE id = ?'),
    before: database.prepare(
      `SELECT id, first, last, count, data, raw FROM history_chunk WHERE series = ? AND first < ?
         ORDER BY first DESC LIMIT 1`,
    ),
    removeBefore: database.prepare(
      `DELETE FROM history_chunk WHERE id IN
         (SELECT id FROM history_chunk WHERE series = ? AND first < ? AND last < ? ORDER BY first LIMIT ?)`,
    ),
  };
}
