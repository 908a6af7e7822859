import {
  type Clock,
  type Duration,
  days,
  type Log,
  minutes,
  PatientClock,
  type Timer,
  type Timers,
  toMilliseconds,
} from '@yaolian/kernel';
import type { ArchiveStore } from './stores.ts';

/** How much the archives of accounts keep. What is beyond goes at the next pass. */
export interface ArchiveRetention {
  /** Messages older than this go. Default 90 days. */
  readonly maximumAge?: Duration;
  /** Messages of one account; the oldest beyond go. Default 10,000. */
  readonly messagesPerAccount?: number;
  /** From the end of one pass to the next. Default 10 minutes. */
  readonly every?: Duration;
  /** Messages that are removed in one go, so that nothing waits long for the store. Default 500. */
  readonly slice?: number;
}

export const defaultArchiveRetention: Required<ArchiveRetention> = {
  maximumAge: days(90),
  messagesPerAccount: 10_000,
  every: minutes(10),
  slice: 500,
};

export interface ArchivePruningOptions {
  readonly archive: ArchiveStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log?: Log;
  readonly retention?: ArchiveRetention;
}

/** Removes messages from archives that are too old or too many (XEP-0313 leaves to servers how long they keep them). */
export class ArchivePruning {
  readonly #options: ArchivePruningOptions;
  readonly #retention: Required<ArchiveRetention>;
  readonly #clock: PatientClock;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: ArchivePruningOptions) {
    this.#options = options;
    this.#clock = new PatientClock(options.clock);
    this.#retention = { ...defaultArchiveRetention, ...options.retention };
  }

  /** The first pass is one interval from now. */
  start(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.timers.schedule(this.#retention.every, () => {
      this.#pass()
        .catch((error: unknown) => this.#options.log?.warn('archives of messages could not be pruned', { error }))
        .finally(() => this.start());
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #pass(): Promise<void> {
    const { archive } = this.#options;
    const { maximumAge, messagesPerAccount, slice } = this.#retention;
    const before = this.#clock.epoch() - toMilliseconds(maximumAge);
    await this.#inSlices(() => archive.removeBefore(before, slice));
    await this.#inSlices(() => archive.removeBeyond(messagesPerAccount, slice));
  }

  async #inSlices(remove: () => Promise<number>): Promise<void> {
    while (!this.#isClosed && (await remove()) >= this.#retention.slice);
  }
}
