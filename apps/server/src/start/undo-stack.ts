import { type Duration, type Timers, zeroDuration } from '@yaolian/kernel';

interface Step {
  readonly what: string;
  readonly run: () => Promise<unknown>;
}

/** How long a run may take. */
export interface Patience {
  readonly timers: Timers;
  /** Of all steps together. */
  readonly within: Duration;
  /** A step was not waited for any longer. */
  readonly onOverrun: (what: string) => void;
}

/** What has to be taken back, in reverse order: when the platform stops, or when its start fails half-way. */
export class UndoStack {
  readonly #steps: Step[] = [];

  /** @param what a few words for the log */
  push(what: string, run: () => Promise<unknown>): void {
    this.#steps.push({ what, run });
  }

  /**
   * Runs every step, also after one failed or took too long. The last one, upon which all others stand, is waited for in any case.
   * @throws the first failure
   */
  async run(patience?: Patience): Promise<void> {
    const failures: unknown[] = [];
    const over = Promise.withResolvers<void>();
    const timer = patience?.timers.schedule(patience.within, () => over.resolve());
    for (;;) {
      const step = this.#steps.pop();
      if (!step) break;
      let isDone = false;
      const done = step
        .run()
        .catch((error: unknown) => failures.push(error))
        .finally(() => {
          isDone = true;
        });
      if (patience === undefined || this.#steps.length === 0) await done;
      else {
        await Promise.race([done, over.promise]);
        // Who has nothing to wait for is done a moment later, after the time was over too.
        if (!isDone) await Promise.race([done, moment(patience.timers)]);
        if (!isDone) patience.onOverrun(step.what);
      }
    }
    timer?.cancel();
    if (failures.length > 0) throw failures[0];
  }
}

function moment(timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    timers.schedule(zeroDuration, resolve);
  });
}
