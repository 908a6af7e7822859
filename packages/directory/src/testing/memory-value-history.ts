import { BucketFold } from '../history/bucket-fold.ts';
import { cutTo, sortedPoints } from '../history/history-values.ts';
import {
  type BucketsPage,
  type BucketsQuery,
  defaultHistoryRetention,
  type HistoryPoint,
  type HistoryRetention,
  type PointsPage,
  type PointsQuery,
  type RecordedValue,
  type SeriesKey,
  type SeriesKind,
  type SeriesSummary,
  type ValueHistory,
} from '../history/value-history.ts';

/** History in memory. */
export class MemoryValueHistory implements ValueHistory {
  readonly #retention: HistoryRetention;
  readonly #series = new Map<string, { readonly key: SeriesKey; points: HistoryPoint[] }>();
  #recorded: RecordedValue[] = [];

  constructor(retention: HistoryRetention = defaultHistoryRetention) {
    this.#retention = retention;
  }

  async record(values: readonly RecordedValue[]): Promise<void> {
    const { age, seriesPerDevice, pointsPerSeries, valueSize } = this.#retention;
    for (const { kind, device, path, time, value } of values) {
      if (age[kind] === 0) continue;
      const name = nameOf({ kind, device, path });
      let series = this.#series.get(name);
      if (!series) {
        if (this.#of(kind, device).length >= seriesPerDevice) continue;
        series = { key: { kind, device, path }, points: [] };
        this.#series.set(name, series);
      }
      const points = sortedPoints([
        ...series.points,
        { time, value: kind === 'value' ? cutTo(valueSize, value) : value },
      ]);
      series.points = points.slice(-pointsPerSeries);
      this.#recorded.push({ kind, device, path, time, value });
    }
  }

  async series(kind: SeriesKind, device: string): Promise<readonly SeriesSummary[]> {
    const found = this.#of(kind, device).filter(({ points }) => points.length > 0);
    return found.map(({ key, points }) => ({ path: key.path, firstTime: points[0]!.time, last: points.at(-1)! }));
  }

  async points({ from, to, order, limit, after, ...key }: PointsQuery): Promise<PointsPage> {
    const all = this.#pointsOf(key, from, to);
    if (order === 'newest') all.reverse();
    let start = 0;
    if (after) {
      const isBefore = (time: number) => (order === 'oldest' ? time < after.time : time > after.time);
      while (start < all.length && isBefore(all[start]!.time)) start++;
      start += after.skip;
    }
    const points = all.slice(start, start + limit);
    const last = points.at(-1);
    if (!last || start + limit >= all.length) return { points };
    const skip = all.slice(0, start + limit).filter(({ time }) => time === last.time).length;
    return { points, next: { time: last.time, skip } };
  }

  async buckets({ from, to, every, zone, limit, ...key }: BucketsQuery): Promise<BucketsPage> {
    const fold = new BucketFold({ every, zone, limit });
    for (const point of this.#pointsOf(key, from, to)) {
      if (!fold.add(point)) return { buckets: fold.buckets, next: fold.startOf(point.time) };
    }
    fold.close();
    return { buckets: fold.buckets };
  }

  async latest(kind: SeriesKind, limit: number): Promise<readonly RecordedValue[]> {
    const found = this.#recorded.filter((one) => one.kind === kind);
    return limit === 0 ? [] : found.slice(-limit);
  }

  async removeDevice(device: string): Promise<void> {
    this.#recorded = this.#recorded.filter((one) => one.device !== device);
    for (const [name, { key }] of this.#series) if (key.device === device) this.#series.delete(name);
  }

  async prune(now: number): Promise<void> {
    for (const series of this.#series.values()) {
      series.points = series.points.filter(({ time }) => time >= now - this.#retention.age[series.key.kind]);
    }
  }

  #of(kind: SeriesKind, device: string) {
    const found = [...this.#series.values()].filter(({ key }) => key.kind === kind && key.device === device);
    return found.sort((a, b) => (a.key.path < b.key.path ? -1 : 1));
  }

  #pointsOf(key: SeriesKey, from: number, to: number): HistoryPoint[] {
    const points = this.#series.get(nameOf(key))?.points ?? [];
    return points.filter(({ time }) => time >= from && time < to);
  }
}

function nameOf({ kind, device, path }: SeriesKey): string {
  return JSON.stringify([kind, device, path]);
}
