import type { Counter, Histogram, Meter, MeterLabels } from '@yaolian/kernel';

/** A meter whose counts a test can read without the package's prefix: of `dtls_dropped_total` with a reason `dropped/replayed`. */
export class CountingMeter implements Meter {
  readonly #prefix: string;
  readonly #counts = new Map<string, number>();

  /** @param prefix of the names of what is counted: `dtls_` */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  counter(name: string, _help: string, labels: MeterLabels = {}): Counter {
    const short = (name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : name).replace(/_total$/, '');
    const key = labels['reason'] === undefined ? short : `${short}/${labels['reason']}`;
    return { add: (count = 1) => void this.#counts.set(key, this.count(key) + count) };
  }

  gauge(): void {}

  histogram(): Histogram {
    return { record() {} };
  }

  count(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  get all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
