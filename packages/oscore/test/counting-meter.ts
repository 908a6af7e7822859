import type { Counter, Histogram, Meter, MeterLabels } from '@yaolian/kernel';

/** A meter whose counts a test can read: `requests_refused/Replay detected`, `challenges`. */
export class CountingMeter implements Meter {
  readonly #counts = new Map<string, number>();

  counter(name: string, _help: string, labels: MeterLabels = {}): Counter {
    const short = name.replace(/^oscore_/, '').replace(/_total$/, '');
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
