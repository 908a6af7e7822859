import type { DatabaseSync } from 'node:sqlite';
import {
  BucketFold,
  type BucketsPage,
  type BucketsQuery,
  cutTo,
  defaultHistoryRetention,
  type HistoryPoint,
  type HistoryRetention,
  type PointsPage,
  type PointsQuery,
  type RecordedValue,
  type SeriesKey,
  type SeriesKind,
  type SeriesSummary,
  sortedPoints,
  type ValueHistory,
} from '@yaolian/directory';
import { type Counter, deafMeter, type Log, type Meter, silentLog } from '@yaolian/kernel';
import type { CommitListener, GroupCommit } from './group-commit.ts';
import { ChunkTable } from './history/chunk-table.ts';
import { Compaction } from './history/compaction.ts';
import { HistoryJournal } from './history/history-journal.ts';
import { newestFirst, oldestFirst, pageOfPoints, type SeriesSpan } from './history/history-reading.ts';
import { NumberedPoints } from './history/numbered-points.ts';
import { Pruning } from './history/pruning.ts';
import { SeriesTable } from './history/series-table.ts';

export interface ValueHistoryOptions {
  readonly retention?: HistoryRetention;
  /** Points that are kept in memory until they go to their series, so that each series is written to seldom. Default 65,536. */
  readonly maximumRecent?: number;
  readonly log?: Log;
  readonly meter?: Meter;
}

/**
 * History in SQLite. What is recorded in a transaction is one row of a journal, and stays in memory until there is enough of
 * it to be worth writing to the chunks of its series; a start reads the journal again.
 */
export class SqliteValueHistory implements ValueHistory, CommitListener {
  readonly #commit: GroupCommit;
  #retention: HistoryRetention;
  readonly #series: SeriesTable;
  readonly #chunks: ChunkTable;
  readonly #journal: HistoryJournal;
  readonly #compaction: Compaction;
  readonly #pruning: Pruning;
  readonly #recorded: Counter;
  readonly #passedOver: Counter;
  /** How many read a series now. */
  readonly #readers = new Map<number, number>();
  /** Recorded in the transaction that is open. */
  #pending = new NumberedPoints();

  constructor(database: DatabaseSync, commit: GroupCommit, options: ValueHistoryOptions = {}) {
    const { retention = defaultHistoryRetention, maximumRecent = 65_536, log = silentLog, meter = deafMeter } = options;
    this.#commit = commit;
    this.#retention = retention;
    this.#series = new SeriesTable(database);
    this.#chunks = new ChunkTable(database);
    this.#journal = new HistoryJournal(database);
    const wanted = () => this.#retention;
    const parts = {
      commit,
      retention: wanted,
      series: this.#series,
      chunks: this.#chunks,
      journal: this.#journal,
      log,
    };
    this.#pruning = new Pruning({
      ...parts,
      isAwaited: (n, first, last) => this.#compaction.isAwaited(n, first, last),
      isRead: (n) => this.#readers.has(n),
    });
    this.#compaction = new Compaction({
      ...parts,
      maximumRecent,
      keptOf: (n, points) => this.#pruning.keptOf(n, points),
    });
    const help = 'Values for history, by what became of them';
    this.#recorded = meter.counter('history_values_total', help, { outcome: 'recorded' });
    this.#passedOver = meter.counter('history_values_total', help, { outcome: 'too-many-series' });
    meter.gauge('history_recent_values', 'Values that wait in memory for their series', () => this.#compaction.count);
    this.#compaction.start(this.#journal.read());
    commit.listen(this);
  }

  /** Keeps more or less from now on; what is not wanted any more goes with the next {@link prune}. */
  retain(retention: HistoryRetention): void {
    this.#retention = retention;
  }

  record(values: readonly RecordedValue[]): Promise<void> {
    const { age } = this.#retention;
    if (!values.some(({ kind }) => age[kind] > 0)) return this.#commit.settled();
    return this.#commit.change(() => {
      const { length } = this.#pending;
      try {
        for (const value of values) this.#number(value);
      } catch (error) {
        this.#pending.cutTo(length); // when one is refused, nothing of the call is kept
        throw error;
      }
    });
  }

  #number(recorded: RecordedValue): void {
    const { age, seriesPerDevice, valueSize } = this.#retention;
    const { kind, time } = recorded;
    if (age[kind] === 0) return;
    if (!Number.isSafeInteger(time)) throw new RangeError(`a time is whole milliseconds, not ${time}`);
    const series = this.#series.findOrMake(recorded, seriesPerDevice);
    if (series === undefined) this.#passedOver.add();
    else this.#pending.add(series, time, kind === 'value' ? cutTo(valueSize, recorded.value) : recorded.value);
  }

  async series(kind: SeriesKind, device: string): Promise<readonly SeriesSummary[]> {
    const summaries: SeriesSummary[] = [];
    for (const { n, path } of this.#series.ofDevice(kind, device)) {
      const ends = this.#chunks.ends(n);
      const recent = sortedPoints(this.#compaction.recent(n));
      const last = [ends?.last, recent.at(-1)].filter((point) => point !== undefined);
      if (last.length === 0) continue;
      const firstTime = Math.min(ends?.firstTime ?? Number.POSITIVE_INFINITY, recent[0]?.time ?? Number.MAX_VALUE);
      summaries.push({ path, firstTime, last: last.reduce((a, b) => (b.time >= a.time ? b : a)) });
    }
    return summaries;
  }

  async points({ from, to, order, limit, after, ...key }: PointsQuery): Promise<PointsPage> {
    // What a cursor has passed need not be read again.
    const begin = after && order === 'oldest' ? Math.max(from, after.time) : from;
    const end = after && order === 'newest' ? Math.min(to, after.time + 1) : to;
    const span = this.#span(key, begin, end);
    if (!span) return { points: [] };
    const batches = order === 'oldest' ? oldestFirst(span) : newestFirst(span);
    return this.#reading(span, () => pageOfPoints(batches, limit, after));
  }

  async buckets({ from, to, every, zone, limit, ...key }: BucketsQuery): Promise<BucketsPage> {
    const fold = new BucketFold({ every, zone, limit });
    const span = this.#span(key, from, to);
    if (!span) return { buckets: [] };
    return this.#reading(span, async () => {
      for await (const batch of oldestFirst(span)) {
        for (const point of batch) {
          if (!fold.add(point)) return { buckets: fold.buckets, next: fold.startOf(point.time) };
        }
      }
      fold.close();
      return { buckets: fold.buckets };
    });
  }

  /** The journal has it: some seconds of a busy platform, days of a quiet one. */
  async latest(kind: SeriesKind, limit: number): Promise<readonly RecordedValue[]> {
    if (limit === 0) return [];
    const keys = new Map<number, SeriesKey | undefined>();
    const found = new NumberedPoints();
    for (const { series, times, values } of this.#journal.read()) {
      for (let i = 0; i < series.length; i++) {
        const n = series[i]!;
        if (!keys.has(n)) keys.set(n, this.#series.keyOf(n));
        if (keys.get(n)?.kind === kind) found.add(n, times[i]!, values[i]!);
      }
    }
    const latest: RecordedValue[] = [];
    for (let i = Math.max(0, found.length - limit); i < found.length; i++) {
      latest.push({ ...keys.get(found.series[i]!)!, time: found.times[i]!, value: found.values[i]! });
    }
    return latest;
  }

  removeDevice(device: string): Promise<void> {
    let removed: readonly number[] = [];
    const done = this.#commit.changeTogether(() => {
      // Values of this transaction are in the next row.
      removed = this.#series.removeDevice(device, this.#journal.last + 1);
    });
    return done.then(() => {
      for (const n of removed) {
        this.#pruning.gone(n);
        this.#compaction.forget(n);
      }
    });
  }

  prune(now: number): Promise<void> {
    return this.#pruning.run(now);
  }

  committing(): void {
    if (this.#pending.length > 0) this.#journal.append(this.#pending);
  }

  committed(): void {
    this.#series.committed();
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = new NumberedPoints();
    this.#recorded.add(pending.length);
    this.#compaction.take(pending);
  }

  rolledBack(): void {
    this.#series.rolledBack();
    this.#pending = new NumberedPoints();
  }

  async #reading<T>({ series }: SeriesSpan, read: () => Promise<T>): Promise<T> {
    this.#readers.set(series, (this.#readers.get(series) ?? 0) + 1);
    try {
      return await read();
    } finally {
      const left = this.#readers.get(series)! - 1;
      if (left === 0) this.#readers.delete(series);
      else this.#readers.set(series, left);
    }
  }

  #span(key: SeriesKey, from: number, to: number): SeriesSpan | undefined {
    const series = this.#series.find(key);
    if (series === undefined) return undefined;
    const recent: readonly HistoryPoint[] = this.#compaction.recent(series);
    return { chunks: this.#chunks, series, from: Math.max(from, this.#pruning.oldest(key.kind)), to, recent };
  }
}
