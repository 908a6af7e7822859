import type { Peer } from '@yaolian/kernel';

/** How much one peer may ask of us (RFC 8516). */
export interface RateLimit {
  /** What a peer may send in the long run: requests, pings, malformed messages and responses that nobody asked for. */
  readonly requestsPerSecond: number;
  /** What it may send at once after a pause. Default: 2 s worth, at least 1. */
  readonly burst?: number;
  /**
   * Who counts as one: `peer` is an address with its port or a DTLS session, `host` an address with all its ports, which a
   * flood cannot change as easily but the terminals behind one NAT share. Default `peer`.
   */
  readonly scope?: 'peer' | 'host';
  /** How often a peer is told 4.29 before it is met with silence; anew when it has been quiet. Default 5. */
  readonly refusals?: number;
  /** How many are remembered; beyond, the oldest is forgotten, that is, forgiven. Default 10000. */
  readonly maximumPeers?: number;
}

/** What to do with a message. */
export const Admission = { Admitted: 0, Refused: 1, Silenced: 2 } as const;
export type Admission = (typeof Admission)[keyof typeof Admission];

interface Bucket {
  tokens: number;
  at: number;
  refusals: number;
}

/** A token bucket for each peer, in bounded memory. A refused message costs one look-up. */
export class RateLimiter {
  readonly #perMillisecond: number;
  readonly #burst: number;
  readonly #byHost: boolean;
  readonly #refusals: number;
  readonly #maximumPeers: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @throws RangeError when the rate or the burst makes no sense */
  constructor(limit: RateLimit) {
    const { requestsPerSecond, burst = Math.max(1, 2 * requestsPerSecond), maximumPeers = 10_000 } = limit;
    if (!(requestsPerSecond > 0)) throw new RangeError(`requestsPerSecond is more than 0, not ${requestsPerSecond}`);
    if (!(burst >= 1)) throw new RangeError(`burst is 1 or more, not ${burst}`);
    if (!(maximumPeers >= 1)) throw new RangeError(`maximumPeers is 1 or more, not ${maximumPeers}`);
    this.#perMillisecond = requestsPerSecond / 1000;
    this.#burst = burst;
    this.#byHost = limit.scope === 'host';
    this.#refusals = limit.refusals ?? 5;
    this.#maximumPeers = maximumPeers;
  }

  get peers(): number {
    return this.#buckets.size;
  }

  admit(peer: Peer, now: number): Admission {
    const bucket = this.#bucketOf(this.#byHost ? peer.address.host : peer.key, now);
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.at) * this.#perMillisecond);
    bucket.at = now;
    if (bucket.tokens >= 1) {
      // Half a bucket is quiet enough to be talked to again; a tiny one has to be full.
      if (bucket.tokens >= Math.max(this.#burst / 2, Math.min(this.#burst, 2))) bucket.refusals = 0;
      bucket.tokens--;
      return Admission.Admitted;
    }
    return bucket.refusals++ < this.#refusals ? Admission.Refused : Admission.Silenced;
  }

  /** Whole seconds until a peer that was refused just now may send again. */
  get retryAfter(): number {
    return Math.max(1, Math.ceil(1 / this.#perMillisecond / 1000));
  }

  #bucketOf(key: string, now: number): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    if (this.#buckets.size >= this.#maximumPeers) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    const bucket = { tokens: this.#burst, at: now, refusals: 0 };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
