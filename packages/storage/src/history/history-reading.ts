import { setImmediate } from 'node:timers/promises';
import { type HistoryPoint, mergePoints, type PointCursor, type PointsPage, sortedPoints } from '@yaolian/directory';
import type { ChunkTable } from './chunk-table.ts';

/** Chunks that are read without letting others have their turn. */
const chunksPerTurn = 8;

/** Where the points of a series are, in a span of time. */
export interface SeriesSpan {
  readonly chunks: ChunkTable;
  readonly series: number;
  readonly from: number;
  readonly to: number;
  /** What is not in chunks, in any order; it may be in them too. */
  readonly recent: readonly HistoryPoint[];
}

/** The points of a span, the oldest first, batch by batch. */
export async function* oldestFirst({ chunks, series, from, to, recent }: SeriesSpan): AsyncGenerator<HistoryPoint[]> {
  const head = sortedPoints(recent).filter(({ time }) => time >= from && time < to);
  let taken = 0;
  for (let next = from; ; ) {
    const page = chunks.page(series, next, to, chunksPerTurn);
    for (const chunk of page) {
      const stored = chunk.filter(({ time }) => time >= next && time < to);
      const end = chunk.at(-1)!.time;
      const start = taken;
      while (taken < head.length && head[taken]!.time <= end) taken++;
      yield mergePoints(stored, head.slice(start, taken));
      next = Math.max(next, end + 1);
    }
    if (page.length < chunksPerTurn) break;
    await setImmediate();
  }
  yield head.slice(taken);
}

/** The points of a span, the newest first, batch by batch. */
export async function* newestFirst({ chunks, series, from, to, recent }: SeriesSpan): AsyncGenerator<HistoryPoint[]> {
  let head = sortedPoints(recent).filter(({ time }) => time >= from && time < to);
  for (let next = to; ; ) {
    const page = chunks.pageBack(series, from, next, chunksPerTurn);
    for (const chunk of page) {
      const stored = chunk.filter(({ time }) => time >= from && time < next);
      const start = chunk[0]!.time;
      const older = head.findIndex(({ time }) => time >= start);
      const newer = older < 0 ? [] : head.slice(older);
      if (older >= 0) head = head.slice(0, older);
      yield mergePoints(stored, newer).reverse();
      next = Math.min(next, start);
    }
    if (page.length < chunksPerTurn) break;
    await setImmediate();
  }
  yield head.reverse();
}

/** A page of what comes, from a cursor on. */
export async function pageOfPoints(
  batches: AsyncIterable<readonly HistoryPoint[]>,
  limit: number,
  after: PointCursor | undefined,
): Promise<PointsPage> {
  const points: HistoryPoint[] = [];
  let skip = after?.skip ?? 0;
  let run = 0;
  let runTime = Number.NaN;
  for await (const batch of batches) {
    for (const point of batch) {
      if (point.time !== runTime) {
        if (points.length >= limit) return { points, next: { time: runTime, skip: run } };
        run = 0;
        runTime = point.time;
      } else if (points.length >= limit) return { points, next: { time: runTime, skip: run } };
      run++;
      if (after?.time === point.time && skip > 0) skip--;
      else points.push(point);
    }
  }
  return { points };
}
