import { setImmediate } from 'node:timers/promises';
import { type HistoryPoint, type HistoryRetention, type SeriesKind, seriesKinds } from '@yaolian/directory';
import type { GroupCommit } from '../group-commit.ts';
import type { ChunkTable, RawChunk } from './chunk-table.ts';
import type { HistoryJournal } from './history-journal.ts';
import type { SeriesTable } from './series-table.ts';

export interface PruningOptions {
  readonly commit: GroupCommit;
  /** As it is wanted now. */
  readonly retention: () => HistoryRetention;
  readonly series: SeriesTable;
  readonly chunks: ChunkTable;
  readonly journal: HistoryJournal;
  /** Whether the journal may have values of a series from `first` to `last`, which a later step writes to chunks again. */
  readonly isAwaited: (series: number, first: number, last: number) => boolean;
  /** Whether a series is being read. */
  readonly isRead: (series: number) => boolean;
}

/** Series that are looked at in a turn, and chunks that are removed of one. */
const seriesPerTurn = 256;
const chunksPerTurn = 64;
/** Chunks that are put together in a turn. */
const foldedPerTurn = 16;

/** Removes what is too old, puts old values together, and removes what is left of devices that were removed. */
export class Pruning {
  readonly #options: PruningOptions;
  readonly #gone: Set<number>;
  #now: number | undefined;
  #running: Promise<void> | undefined;

  constructor(options: PruningOptions) {
    this.#options = options;
    this.#gone = new Set(options.series.gone().map(({ n }) => n));
  }

  /** Where the points of a kind begin. */
  oldest(kind: SeriesKind): number {
    return this.#now === undefined ? Number.MIN_SAFE_INTEGER : this.#now - this.#options.retention().age[kind];
  }

  /** Those points of a series that are still wanted. */
  keptOf(series: number, points: readonly HistoryPoint[]): readonly HistoryPoint[] {
    if (this.#gone.has(series)) return [];
    // The youngest limit first: whether it is nearer needs a look at the series.
    const youngest = Math.max(...seriesKinds.map((kind) => this.oldest(kind)));
    if (points.every(({ time }) => time >= youngest)) return points;
    const kind = this.#options.series.kindOf(series);
    if (kind === undefined) return [];
    const oldest = this.oldest(kind);
    return points.filter(({ time }) => time >= oldest);
  }

  /** A series was parted from its device. */
  gone(series: number): void {
    this.#gone.add(series);
  }

  /** One run at a time; who asks during one gets that. A clock that was ahead and was set back is believed. */
  run(now: number): Promise<void> {
    this.#now = now;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    const { series } = this.#options;
    for (let after = 0; ; ) {
      const page = series.page(after, seriesPerTurn);
      await this.#removeOld(page);
      if (page.length < seriesPerTurn) break;
      after = page.at(-1)!.n;
      await setImmediate();
    }
    await this.#foldOld();
    await this.#removeGone();
  }

  /**
   * A chunk goes and its spans come in one transaction. What came late goes into the span that covers its time.
   */
  async #foldOld(): Promise<void> {
    const { chunks, commit, retention, series } = this.#options;
    const { spans } = retention();
    if (spans === undefined || this.#now === undefined) return;
    const { after, length } = spans;
    // Whole spans, so that one is put together once.
    const before = Math.floor((this.#now - after) / length) * length;
    for (let place: RawChunk | undefined, isLast = false; !isLast; ) {
      await commit.changeTogether(() => {
        const page = chunks.rawBefore(before, place, foldedPerTurn);
        for (const chunk of page) {
          const kind = series.kindOf(chunk.series);
          if (kind !== 'value') chunks.leave(chunk);
          else this.#fold(chunk, length);
        }
        place = page.at(-1) ?? place;
        isLast = page.length < foldedPerTurn;
      });
      if (!isLast) await setImmediate();
    }
  }

  /**
   * What the journal still has stays as it is: a start writes it to chunks again, where only equal values are known as such. So does
   * what somebody reads just now. The next run comes to it.
   */
  #fold(chunk: RawChunk, length: number): void {
    const { chunks, isAwaited, isRead } = this.#options;
    if (isRead(chunk.series)) return;
    const fold = chunks.foldOf(chunk, length);
    if (!isAwaited(fold.series, fold.first, fold.last)) chunks.fold(fold, length);
  }

  async #removeOld(page: ReturnType<SeriesTable['page']>): Promise<void> {
    const { chunks, commit } = this.#options;
    let rest = page;
    while (rest.length > 0) {
      const unfinished: (typeof page)[number][] = [];
      await commit.changeTogether(() => {
        let room = seriesPerTurn;
        for (const one of rest) {
          const before = one.kind === undefined ? Number.MAX_SAFE_INTEGER : this.oldest(one.kind);
          const removed = room > 0 ? chunks.removeBefore(one.n, before, Math.min(room, chunksPerTurn)) : chunksPerTurn;
          if (room <= 0 || removed === Math.min(room, chunksPerTurn)) unfinished.push(one);
          room -= removed;
        }
      });
      rest = unfinished;
      if (rest.length > 0) await setImmediate();
    }
  }

  /** Names of series may go when neither chunks nor the journal know them any more. */
  async #removeGone(): Promise<void> {
    const { series, journal, commit } = this.#options;
    const first = journal.first() ?? Number.MAX_SAFE_INTEGER;
    const free = series.gone().filter((one) => one.journal < first);
    for (let start = 0; start < free.length; start += seriesPerTurn) {
      const part = free.slice(start, start + seriesPerTurn);
      await commit.changeTogether(() => {
        for (const { n } of part) series.forget(n);
      });
      for (const { n } of part) this.#gone.delete(n);
      await setImmediate();
    }
  }
}
