/** What a sequence needs of the context that it belongs to. */
export interface SenderSequenceOptions {
  /** Returns, or resolves, when no start after this will use a number below `limit`. */
  readonly reserve: (limit: number) => void | Promise<void>;
  /** So many numbers are reserved at a time. */
  readonly step: number;
  /** The last number that may be used. */
  readonly maximum: number;
}

/** Somebody who waits for a number. @param error why there will be none now */
export type SequenceWaiter = (error: unknown) => void;

/**
 * The Sender Sequence Number (RFC 8613 §7.2). Numbers are reserved ahead, so that a crash loses some and repeats none
 * (Appendix B.1.1), and most messages cost no write: the next lot is reserved when half of this one is used.
 */
export class SenderSequence {
  readonly #options: SenderSequenceOptions;
  readonly #waiters: SequenceWaiter[] = [];
  #next: number;
  /** Numbers below it are reserved. */
  #limit: number;
  #reserving: Promise<void> | undefined;
  #ended = false;

  /** @param next the first number that was certainly never used */
  constructor(options: SenderSequenceOptions, next: number) {
    this.#options = options;
    this.#next = next;
    this.#limit = next;
  }

  get next(): number {
    return this.#next;
  }

  /** Whether somebody waits for a number; who comes now is behind him. */
  get waiting(): boolean {
    return this.#waiters.length > 0;
  }

  /** Whether the numbers are used up for good. */
  get exhausted(): boolean {
    return this.#next > this.#options.maximum;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get available(): boolean {
    return !this.#ended && this.#next < this.#limit;
  }

  /**
   * Reserves the first numbers. Where none are left the reservation still tells the store that the context is in use: what was kept
   * at an orderly end must not be taken up twice. Rejects as the reservation does.
   */
  async start(): Promise<void> {
    const limit = this.#nextLimit();
    await this.#options.reserve(limit);
    this.#limit = limit;
  }

  /** A number that was never used, or undefined when there is none: for good ({@link exhausted}), or for now ({@link wait}). */
  take(): number | undefined {
    if (!this.available) {
      if (!this.exhausted && !this.#ended) this.#reserve();
      if (!this.available) return undefined;
    }
    const number = this.#next++;
    if (this.#limit - this.#next < this.#options.step / 2) this.#reserve();
    return number;
  }

  /** Calls back, never at once, when there are numbers again, or there will be none now. */
  wait(waiter: SequenceWaiter): void {
    this.#waiters.push(waiter);
    if (this.exhausted || this.#ended) queueMicrotask(() => this.#tellWaiters(undefined));
    else this.#reserve();
  }

  /** No number is given any more. Resolves when no reservation is under way. */
  async end(error: unknown): Promise<void> {
    this.#ended = true;
    this.#tellWaiters(error);
    await this.#reserving;
  }

  #nextLimit(): number {
    const from = Math.max(this.#limit, this.#next);
    return Math.max(from, Math.min(from + this.#options.step, this.#options.maximum + 1));
  }

  #reserve(): void {
    const limit = this.#nextLimit();
    if (this.#reserving !== undefined || this.#ended || limit === this.#limit) return;
    let reserved: void | Promise<void>;
    try {
      reserved = this.#options.reserve(limit);
    } catch (error) {
      reserved = Promise.reject(error);
    }
    if (reserved === undefined) {
      this.#limit = limit;
      if (this.#waiters.length > 0) queueMicrotask(() => this.#tellWaiters(undefined));
      return;
    }
    this.#reserving = reserved.then(
      () => {
        this.#limit = limit;
        this.#onReserved(undefined);
      },
      (error: unknown) => this.#onReserved(error),
    );
  }

  #onReserved(error: unknown): void {
    this.#reserving = undefined;
    this.#tellWaiters(error);
  }

  /** Numbers go to those who wait, in order; who finds none waits on. After an error all are told. */
  #tellWaiters(error: unknown): void {
    const hopeless = error !== undefined || this.#ended || this.exhausted;
    while (this.#waiters.length > 0 && (hopeless || this.available)) this.#waiters.shift()!(error);
    if (this.#waiters.length > 0) this.#reserve();
  }
}
