import type { Clock, Duration } from '@yaolian/kernel';
import type { Deadline, DeadlineQueue } from './deadline-queue.ts';
import type { Option } from './options.ts';

/** A response whose body goes out in blocks. */
export interface KeptBody {
  readonly code: number;
  /** With an ETag, without block options. */
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
}

export interface KeptBodiesOptions {
  readonly clock: Clock;
  readonly deadlines: DeadlineQueue;
  /** Bytes of all bodies together; the longest unused give way. */
  readonly maximumBytes: number;
  /** How long after its last block was asked for a body is kept. */
  readonly idleTime: Duration;
}

/** An estimate of what an entry costs besides its body, its options and its key. */
const entryBytes = 300;

/** Bodies of which the peer fetched the first block, so that the later ones are of the same representation (RFC 7959 §2.4). */
export class KeptBodies implements Deadline {
  deadline = 0;
  queueIndex = -1;
  readonly #options: KeptBodiesOptions;
  /** In order of last use. */
  readonly #bodies = new Map<string, { readonly body: KeptBody; usedAt: number }>();
  #bytes = 0;

  constructor(options: KeptBodiesOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  keep(key: string, body: KeptBody): void {
    this.#delete(key);
    const size = sizeOf(key, body);
    if (size > this.#options.maximumBytes) return;
    for (const oldest of this.#bodies.keys()) {
      if (this.#bytes + size <= this.#options.maximumBytes) break;
      this.#delete(oldest);
    }
    const now = this.#options.clock.monotonic();
    this.#bodies.set(key, { body, usedAt: now });
    this.#bytes += size;
    if (this.queueIndex < 0) this.#options.deadlines.set(this, now + this.#options.idleTime);
  }

  find(key: string): KeptBody | undefined {
    const found = this.#bodies.get(key);
    if (found === undefined) return undefined;
    found.usedAt = this.#options.clock.monotonic();
    this.#bodies.delete(key);
    this.#bodies.set(key, found);
    return found.body;
  }

  onDeadline(): void {
    const limit = this.#options.clock.monotonic() - this.#options.idleTime;
    for (const [key, { usedAt }] of this.#bodies) {
      if (usedAt > limit) {
        this.#options.deadlines.set(this, usedAt + this.#options.idleTime);
        return;
      }
      this.#delete(key);
    }
  }

  clear(): void {
    this.#bodies.clear();
    this.#bytes = 0;
  }

  #delete(key: string): void {
    const found = this.#bodies.get(key);
    if (found === undefined) return;
    this.#bodies.delete(key);
    this.#bytes -= sizeOf(key, found.body);
  }
}

function sizeOf(key: string, { options, payload }: KeptBody): number {
  let size = entryBytes + 2 * key.length + payload.length;
  for (const { value } of options) size += 100 + value.length;
  return size;
}
