/** What one account may still send in a room: a bucket of tokens that fills with time. */
interface Bucket {
  tokens: number;
  /** Monotonic. */
  filledAt: number;
}

/**
 * How much each account says in a room, whether it stays in or comes and goes. Remembers those whose bucket is not full, and no more than
 * `maximum` of them: the one that was silent longest is forgotten first.
 */
export class TalkAllowance {
  readonly #rate: number;
  readonly #burst: number;
  readonly #maximum: number;
  /** By bare JID, in the order in which they last sent something. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param rate tokens a second @param burst tokens of a full bucket */
  constructor(rate: number, burst: number, maximum: number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#maximum = maximum;
  }

  /** Whether the account may send something now. @param now monotonic, in milliseconds */
  take(account: string, now: number): boolean {
    const known = this.#buckets.get(account);
    const filled = known === undefined ? this.#burst : known.tokens + ((now - known.filledAt) / 1000) * this.#rate;
    const tokens = Math.min(this.#burst, filled);
    const isAllowed = tokens >= 1;
    this.#buckets.delete(account);
    if (known === undefined && this.#buckets.size >= this.#maximum) {
      this.#buckets.delete(this.#buckets.keys().next().value!);
    }
    this.#buckets.set(account, { tokens: isAllowed ? tokens - 1 : tokens, filledAt: now });
    return isAllowed;
  }
}
