import { readdirSync, readFileSync, statSync } from 'node:fs';
import {
  type Duration,
  type Log,
  type Meter,
  minutes,
  seconds,
  type Timer,
  type Timers,
  toMilliseconds,
} from '@yaolian/kernel';

/** File descriptors: every socket and every open file takes one. */
export interface DescriptorUse {
  readonly used: number;
  readonly limit: number;
}

/** Those of this process; undefined where the system does not tell (it is not Linux) or sets no limit. */
export function descriptorUse(): DescriptorUse | undefined {
  try {
    // Linux 6.2 tells the count as the size; before that they are counted one by one. Neither is told by a report of Node.
    const used = statSync(open).size || readdirSync(open).length;
    const limit = softLimit() ?? Number.POSITIVE_INFINITY;
    return Number.isFinite(limit) ? { used, limit } : undefined;
  } catch {
    return undefined;
  }
}

const open = '/proc/self/fd';
let lastLimit: number | undefined;

/** Another process may change it. It cannot be read when there is no descriptor left: it is as it was. */
function softLimit(): number | undefined {
  try {
    lastLimit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
  } catch {
    // As before.
  }
  return lastLimit;
}

export interface DescriptorWatchOptions {
  readonly timers: Timers;
  readonly log: Log;
  readonly meter: Meter;
  /** Between two looks. Default 2 s. */
  readonly every?: Duration;
  /** How long {@link DescriptorWatch.most} remembers, at least. Default 1 min. */
  readonly window?: Duration;
  /** Default {@link descriptorUse}. */
  readonly look?: () => DescriptorUse | undefined;
}

/**
 * Looks after the descriptors of the process. When there is none left, connections are taken and closed at once, and neither
 * Node nor the system says so.
 */
export class DescriptorWatch {
  readonly #options: Required<DescriptorWatchOptions>;
  readonly #windowLooks: number;
  #now: DescriptorUse | undefined;
  /** The most of the present window, and of the one before. */
  #most = 0;
  #mostBefore = 0;
  #looks = 0;
  #isUsedUp = false;
  #timer: Timer | undefined;

  constructor(options: DescriptorWatchOptions) {
    this.#options = { every: seconds(2), window: minutes(1), look: descriptorUse, ...options };
    const { every, window, meter } = this.#options;
    this.#windowLooks = Math.ceil(toMilliseconds(window) / toMilliseconds(every));
    this.#look();
    if (this.#now === undefined) return;
    meter.gauge('process_open_fds', 'File descriptors in use', () => this.#options.look()?.used ?? 0);
    meter.gauge('process_max_fds', 'File descriptors that the process may use', () => this.#now?.limit ?? 0);
    this.#schedule();
  }

  /** The most that were in use a moment ago, so that who looks later sees it too; undefined where the system does not tell. */
  get most(): DescriptorUse | undefined {
    return this.#now && { used: Math.max(this.#most, this.#mostBefore), limit: this.#now.limit };
  }

  close(): void {
    this.#timer?.cancel();
  }

  #schedule(): void {
    this.#timer = this.#options.timers.schedule(this.#options.every, () => {
      this.#look();
      this.#schedule();
    });
  }

  #look(): void {
    this.#now = this.#options.look() ?? this.#now;
    if (this.#now === undefined) return;
    if (this.#looks++ % this.#windowLooks === 0) {
      this.#mostBefore = this.#most;
      this.#most = 0;
    }
    const { used, limit } = this.#now;
    this.#most = Math.max(this.#most, used);
    if (used >= limit && !this.#isUsedUp) {
      this.#isUsedUp = true;
      const advice = 'raise LimitNOFILE of the service (ulimit -n)';
      this.#options.log.error('there are no file descriptors left: new connections are closed at once', {
        ...this.#now,
        advice,
      });
    } else if (this.#isUsedUp && used < limit * again) {
      this.#isUsedUp = false;
      this.#options.log.info('there are file descriptors again', { ...this.#now });
    }
  }
}

/** Of the limit: one connection that ends and the next that comes are not told of each time. */
const again = 0.9;
