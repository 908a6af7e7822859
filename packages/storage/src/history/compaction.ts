import type { HistoryPoint, HistoryRetention } from '@yaolian/directory';
import { hasCode, type Log } from '@yaolian/kernel';
import type { GroupCommit } from '../group-commit.ts';
import type { ChunkTable } from './chunk-table.ts';
import { HistoryHead } from './history-head.ts';
import type { HistoryJournal } from './history-journal.ts';
import type { NumberedPoints } from './numbered-points.ts';

export interface CompactionOptions {
  readonly commit: GroupCommit;
  readonly chunks: ChunkTable;
  readonly journal: HistoryJournal;
  /** As it is wanted now. */
  readonly retention: () => HistoryRetention;
  readonly maximumRecent: number;
  readonly log: Log;
  /** Those points of a series that are still wanted. */
  readonly keptOf: (series: number, points: readonly HistoryPoint[]) => readonly HistoryPoint[];
}

/** Milliseconds of a turn that writing to series may take, and when it falls behind. */
const patience = 4;
const patienceBehind = 40;
const rowsPerTurn = 4_096;

interface Moving {
  readonly head: HistoryHead;
  readonly upTo: number;
  /** Of series that are in their chunks and in the journal: the times of their values. */
  readonly moved: Map<number, { readonly first: number; readonly last: number }>;
}

/** Takes what is durable in the journal and moves it to the chunks of its series, a few series a turn. */
export class Compaction {
  readonly #options: CompactionOptions;
  #head = new HistoryHead();
  /** What is being moved, and the last row of the journal that holds some of it. */
  #moving: Moving | undefined;
  #running = false;

  constructor(options: CompactionOptions) {
    this.#options = options;
  }

  /** Points that are not in chunks; long ones count for several. */
  get count(): number {
    return this.#head.count + (this.#moving?.head.count ?? 0);
  }

  /** Takes up what an earlier process left in the journal. */
  start(rows: Iterable<NumberedPoints>): void {
    for (const points of rows) this.#head.add(points);
  }

  /** Takes points that were committed to the journal. */
  take(points: NumberedPoints): void {
    this.#head.add(points);
    if (this.#head.count >= this.#options.maximumRecent || this.#moving) this.#run();
  }

  /** Points of a series that are not in chunks, or were not a moment ago. */
  recent(series: number): readonly HistoryPoint[] {
    const moving = this.#moving?.head.of(series) ?? [];
    return moving.length === 0 ? this.#head.of(series) : [...moving, ...this.#head.of(series)];
  }

  /** Whether the journal may have values of a series from `first` to `last`. */
  isAwaited(series: number, first: number, last: number): boolean {
    const moved = this.#moving?.moved.get(series);
    if (moved && moved.first <= last && moved.last >= first) return true;
    return this.recent(series).some(({ time }) => time >= first && time <= last);
  }

  forget(series: number): void {
    this.#head.remove(series);
    this.#moving?.head.remove(series);
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    if (!this.#moving) {
      this.#moving = { head: this.#head, upTo: this.#options.journal.last, moved: new Map() };
      this.#head = new HistoryHead();
    }
    setImmediate(() => void this.#turn());
  }

  /** A part of the work; the next values that are taken go on with it. */
  async #turn(): Promise<void> {
    const { log } = this.#options;
    try {
      while (this.#moving && (await this.#step(this.#moving))) await nextTurn();
      this.#moving = undefined;
    } catch (error) {
      // Nothing is lost: the journal has it, and the next commit, or the next start, tries again.
      if (!hasCode(error, 'STORAGE_CLOSED')) log.warn('history could not be moved to its series', { error });
    }
    this.#running = false;
  }

  /** @returns false when all is done */
  async #step({ head, upTo, moved: times }: Moving): Promise<boolean> {
    const { commit, chunks, journal, retention, keptOf, maximumRecent } = this.#options;
    if (head.count === 0) {
      let removed = 0;
      await commit.change(() => {
        removed = journal.removeUpTo(upTo, rowsPerTurn);
      });
      return removed === rowsPerTurn;
    }
    const moved: number[] = [];
    await commit.changeTogether(() => {
      const end = performance.now() + (this.#head.count < maximumRecent ? patience : patienceBehind);
      for (const series of head.series()) {
        const kept = keptOf(series, head.of(series));
        if (kept.length > 0) {
          chunks.add(series, kept, retention().pointsPerSeries);
          times.set(series, rangeOf(kept));
        }
        moved.push(series);
        if (performance.now() > end) return;
      }
    });
    for (const series of moved) head.remove(series);
    return true;
  }
}

function rangeOf(points: readonly HistoryPoint[]): { readonly first: number; readonly last: number } {
  let [first, last] = [points[0]!.time, points[0]!.time];
  for (const { time } of points) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return { first, last };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
