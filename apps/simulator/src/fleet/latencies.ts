/** Buckets per doubling: a percentile is at most 4.5 % off. */
const perOctave = 16;
/** Of the first bucket, in milliseconds. */
const smallest = 0.05;

/** Percentiles of many latencies in little memory. */
export class Latencies {
  readonly #buckets: number[] = [];
  #count = 0;
  #maximum = 0;

  get count(): number {
    return this.#count;
  }

  /** @param latency in milliseconds */
  record(latency: number): void {
    const index = Math.max(0, Math.ceil(Math.log2(latency / smallest) * perOctave));
    const bounded = Math.min(Number.isFinite(index) ? index : 0, 40 * perOctave);
    while (this.#buckets.length <= bounded) this.#buckets.push(0);
    this.#buckets[bounded]!++;
    this.#count++;
    this.#maximum = Math.max(this.#maximum, latency);
  }

  /** Milliseconds that a share (0 to 1) of the latencies stay within; 0 when there are none. */
  percentile(share: number): number {
    let left = Math.ceil(this.#count * share);
    for (const [index, count] of this.#buckets.entries()) {
      left -= count;
      if (left <= 0 && count > 0) return Math.min(this.#maximum, smallest * 2 ** (index / perOctave));
    }
    return 0;
  }

  get summary(): LatencySummary {
    const rounded = (value: number) => Math.round(value * 100) / 100;
    return {
      p50: rounded(this.percentile(0.5)),
      p95: rounded(this.percentile(0.95)),
      p99: rounded(this.percentile(0.99)),
      maximum: rounded(this.#maximum),
    };
  }
}

/** Milliseconds. */
export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly maximum: number;
}
