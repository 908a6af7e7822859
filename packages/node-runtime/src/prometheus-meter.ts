import type { Counter, Histogram, Meter, MeterLabels } from '@yaolian/kernel';

/** The media type of {@link PrometheusMeter.text}. */
export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8';

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

type Kind = 'counter' | 'gauge' | 'histogram';

/** One name with all its label sets. */
interface Family {
  readonly kind: Kind;
  readonly help: string;
  readonly series: Map<string, Series>;
}

interface Series {
  lines(name: string, labels: string): string[];
}

/**
 * The kernel's meter with the exposition format of Prometheus (text, version 0.0.4). Own rather than a library's: adding to
 * a counter is an addition, without a look-up of labels.
 */
export class PrometheusMeter implements Meter {
  readonly #families = new Map<string, Family>();

  counter(name: string, help: string, labels: MeterLabels = {}): Counter {
    return this.#series(name, help, 'counter', labels, () => new CountedTotal());
  }

  gauge(name: string, help: string, read: () => number, labels: MeterLabels = {}): void {
    // A new reader takes the place of the old one: who registers last, owns what is read.
    this.#family(name, help, 'gauge').series.set(labelText(labels), new ReadGauge(read));
  }

  histogram(name: string, help: string, buckets: readonly number[], labels: MeterLabels = {}): Histogram {
    if ('le' in labels) throw new TypeError(`the label le of ${name} belongs to its buckets`);
    return this.#series(name, help, 'histogram', labels, () => new BucketHistogram(name, buckets));
  }

  /** Everything measured, as Prometheus scrapes it. */
  text(): string {
    const lines: string[] = [];
    for (const [name, family] of this.#families) {
      lines.push(`# HELP ${name} ${escapeHelp(family.help)}`, `# TYPE ${name} ${family.kind}`);
      for (const [labels, series] of family.series) lines.push(...series.lines(name, labels));
    }
    return `${lines.join('\n')}\n`;
  }

  #series<S extends Series>(name: string, help: string, kind: Kind, labels: MeterLabels, make: () => S): S {
    const { series } = this.#family(name, help, kind);
    const key = labelText(labels);
    const known = series.get(key);
    if (known) return known as S;
    const made = make();
    series.set(key, made);
    return made;
  }

  #family(name: string, help: string, kind: Kind): Family {
    if (!metricName.test(name)) throw new TypeError(`"${name}" is not a metric name`);
    const known = this.#families.get(name);
    if (known) {
      if (known.kind !== kind) throw new TypeError(`${name} is a ${known.kind} already, and cannot be a ${kind}`);
      return known;
    }
    const family: Family = { kind, help, series: new Map() };
    this.#families.set(name, family);
    return family;
  }
}

class CountedTotal implements Counter, Series {
  #total = 0;

  add(count = 1): void {
    this.#total += count;
  }

  lines(name: string, labels: string): string[] {
    return [sample(name, labels, this.#total)];
  }
}

class ReadGauge implements Series {
  readonly #read: () => number;

  constructor(read: () => number) {
    this.#read = read;
  }

  lines(name: string, labels: string): string[] {
    let value = Number.NaN;
    try {
      value = this.#read();
    } catch {
      // one broken reader must not hide all other numbers: it shows as NaN
    }
    return [sample(name, labels, value)];
  }
}

class BucketHistogram implements Histogram, Series {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(name: string, bounds: readonly number[]) {
    const rising = bounds.every((bound, index) => index === 0 || bound > bounds[index - 1]!);
    if (bounds.length === 0 || !rising || !bounds.every(Number.isFinite)) {
      throw new TypeError(`the buckets of ${name} are finite numbers, each above the one before`);
    }
    this.#bounds = [...bounds];
    this.#counts = new Float64Array(bounds.length + 1);
  }

  record(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
    this.#counts[bucket]! += 1;
    this.#sum += value;
  }

  lines(name: string, labels: string): string[] {
    let total = 0;
    const buckets = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, index) => {
      total += this.#counts[index]!;
      const le = `le="${formatNumber(bound)}"`;
      return sample(`${name}_bucket`, labels === '' ? le : `${labels},${le}`, total);
    });
    return [...buckets, sample(`${name}_sum`, labels, this.#sum), sample(`${name}_count`, labels, total)];
  }
}

function sample(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${formatNumber(value)}` : `${name}{${labels}} ${formatNumber(value)}`;
}

function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

/** `a="1",b="2"`, in the order of the names, so that equal sets are equal texts. */
function labelText(labels: MeterLabels): string {
  return Object.keys(labels)
    .sort()
    .map((name) => {
      if (!labelName.test(name) || name.startsWith('__')) throw new TypeError(`"${name}" is not a label name`);
      return `${name}="${escapeLabel(labels[name]!)}"`;
    })
    .join(',');
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
