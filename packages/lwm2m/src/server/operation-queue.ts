import type { Duration, Timer, Timers, YaolianError } from '@yaolian/kernel';
import { onAbort } from './abort-listeners.ts';
import { lwm2mErrors } from './errors.ts';

/** How many operations wait in all queues together. */
export interface QueueBudget {
  waiting: number;
  readonly maximum: number;
}

export interface OperationQueueOptions {
  readonly timers: Timers;
  readonly budget: QueueBudget;
  /** Operations that wait here, the one under way not counted. */
  readonly maximumWaiting: number;
  /** Whose queue it is, for errors. */
  readonly client: () => string;
  /** Nothing is under way or waiting any more. */
  readonly onIdle: () => void;
}

export interface OperationControl {
  readonly signal?: AbortSignal;
  /** From now to the outcome, waiting included. */
  readonly timeout: Duration;
}

interface Job {
  readonly work: (signal: AbortSignal) => Promise<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  readonly abortion: AbortController;
  timer: Timer | undefined;
  unsubscribe: (() => void) | undefined;
  settled: boolean;
}

/** The operations of one client: one at a time, in the order in which they were asked for. */
export class OperationQueue {
  readonly #options: OperationQueueOptions;
  readonly #waiting: Job[] = [];
  #running: Job | undefined;

  constructor(options: OperationQueueOptions) {
    this.#options = options;
  }

  /** Operations that wait, the one under way not counted. */
  get length(): number {
    return this.#waiting.length;
  }

  /**
   * Does `work` when its turn comes. When time is up, the caller gives up or the client goes, the promise is rejected at once and
   * the signal that `work` got is aborted.
   * @throws YaolianError LWM2M_OVERLOADED, LWM2M_ABORTED, LWM2M_TIMEOUT, and what {@link end} is given
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, control: OperationControl): Promise<T> {
    const { signal, timeout } = control;
    if (signal?.aborted) return Promise.reject(lwm2mErrors.LWM2M_ABORTED(signal.reason));
    const refusal = this.#running && this.#refusal();
    if (refusal) return Promise.reject(refusal);
    return new Promise<T>((resolve, reject) => {
      const job: Job = {
        work,
        resolve,
        reject,
        abortion: new AbortController(),
        timer: undefined,
        unsubscribe: undefined,
        settled: false,
      };
      job.timer = this.#options.timers.schedule(timeout, () =>
        this.#fail(job, lwm2mErrors.LWM2M_TIMEOUT(this.#options.client())),
      );
      if (signal) {
        job.unsubscribe = onAbort(signal, () => this.#fail(job, lwm2mErrors.LWM2M_ABORTED(signal.reason)));
      }
      if (this.#running) {
        this.#options.budget.waiting++;
        this.#waiting.push(job);
      } else {
        void this.#start(job);
      }
    });
  }

  /** Rejects everything with `error`, what is under way included. */
  end(error: YaolianError): void {
    for (const job of [...this.#waiting]) this.#fail(job, error);
    if (this.#running) this.#fail(this.#running, error);
  }

  #refusal(): YaolianError | undefined {
    const { budget, maximumWaiting, client } = this.#options;
    if (this.#waiting.length >= maximumWaiting) {
      return lwm2mErrors.LWM2M_OVERLOADED(`${maximumWaiting} operations of ${client()}`);
    }
    return budget.waiting >= budget.maximum
      ? lwm2mErrors.LWM2M_OVERLOADED(`${budget.maximum} operations of all clients`)
      : undefined;
  }

  async #start(job: Job): Promise<void> {
    this.#running = job;
    try {
      const value = await job.work(job.abortion.signal);
      if (this.#settle(job)) job.resolve(value as never);
    } catch (error) {
      if (this.#settle(job)) job.reject(error);
    }
    this.#running = undefined;
    const next = this.#waiting.shift();
    if (next) {
      this.#options.budget.waiting--;
      void this.#start(next);
    } else {
      this.#options.onIdle();
    }
  }

  #fail(job: Job, error: YaolianError): void {
    if (!this.#settle(job)) return;
    const index = this.#waiting.indexOf(job);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
      this.#options.budget.waiting--;
    }
    job.reject(error);
    job.abortion.abort(error);
  }

  /** False when somebody else settled it before. */
  #settle(job: Job): boolean {
    if (job.settled) return false;
    job.settled = true;
    job.timer?.cancel();
    job.unsubscribe?.();
    return true;
  }
}
