/** A text or bytes longer than what is kept: its beginning. */
export interface CutValue {
  readonly kept: string | Uint8Array;
  /** UTF-16 code units or bytes that there were. */
  readonly size: number;
}

/** A value as history keeps it. Object links and core links are texts. */
export type HistoryValue = number | bigint | boolean | string | Uint8Array | Date | CutValue;

/** Numbers together; true counts as 1, false as 0. */
export interface SpanNumbers {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
}

/** What is left of the values of a span when they were put together. */
export interface HistorySpan {
  /** Milliseconds; it begins at a multiple of them since the epoch. */
  readonly length: number;
  /** Values that there were. */
  readonly count: number;
  /** Of its numbers; absent when it held none. */
  readonly numbers?: SpanNumbers;
}

/** A value of one moment: milliseconds since the epoch, whole. */
export interface HistoryPoint {
  readonly time: number;
  readonly value: HistoryValue;
  /** The point stands for all values of a span, of which its own is the last. */
  readonly span?: HistorySpan;
}

/**
 * What a series is of, which decides how long it is kept.
 * - `value`: a resource of a device; its path is the series' path
 * - `event`: what happened to a device
 * - `counter`: figures of the platform
 */
export type SeriesKind = 'value' | 'event' | 'counter';

export const seriesKinds: readonly SeriesKind[] = ['value', 'event', 'counter'];

/** Names a series. */
export interface SeriesKey {
  readonly kind: SeriesKind;
  /** The device key; empty for the platform. */
  readonly device: string;
  readonly path: string;
}

export interface RecordedValue extends SeriesKey, Omit<HistoryPoint, 'span'> {}

/** What there is of a series. */
export interface SeriesSummary {
  readonly path: string;
  readonly firstTime: number;
  readonly last: HistoryPoint;
}

/** A place between the points of a series: after those of `time` of which `skip` were given. */
export interface PointCursor {
  readonly time: number;
  readonly skip: number;
}

export interface PointsQuery extends SeriesKey {
  /** Milliseconds since the epoch, inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly order: 'oldest' | 'newest';
  readonly limit: number;
  /** The `next` of an earlier page of the same query. */
  readonly after?: PointCursor | undefined;
}

export interface PointsPage {
  readonly points: readonly HistoryPoint[];
  /** Absent on the last page. */
  readonly next?: PointCursor;
}

export interface BucketsQuery extends SeriesKey {
  readonly from: number;
  readonly to: number;
  /** Milliseconds that a bucket spans. Buckets begin at its multiples since the epoch. */
  readonly every: number;
  /** Of the IANA database: `every` is whole days, which begin at midnight there. */
  readonly zone?: string | undefined;
  readonly limit: number;
}

/** The points of a span together. */
export interface Bucket {
  /** Where it begins. */
  readonly time: number;
  readonly count: number;
  readonly last: HistoryValue;
  /** Of its numbers; true counts as 1, false as 0. Absent when it holds none. */
  readonly numbers?: { readonly min: number; readonly max: number; readonly mean: number };
}

export interface BucketsPage {
  /** Oldest first; spans without points have none. */
  readonly buckets: readonly Bucket[];
  /** Where the next page begins; absent on the last. */
  readonly next?: number;
}

/** How much is kept. */
export interface HistoryRetention {
  /** Milliseconds by kind; 0: nothing of that kind is recorded. Points are removed within a day of it. */
  readonly age: Readonly<Record<SeriesKind, number>>;
  /** Values of devices that are older than `after` become spans of `length`, both milliseconds; absent: they stay. */
  readonly spans?: { readonly after: number; readonly length: number } | undefined;
  /** Points of a series at least; the oldest beyond are removed some hundreds at a time. */
  readonly pointsPerSeries: number;
  /** Series of one device; values of further ones are not recorded. */
  readonly seriesPerDevice: number;
  /** Code units of a text, bytes of an opaque value of a device; of longer ones the beginning is kept. */
  readonly valueSize: number;
}

const day = 86_400_000;

export const defaultHistoryRetention: HistoryRetention = {
  age: { value: 30 * day, event: 90 * day, counter: 400 * day },
  pointsPerSeries: 100_000,
  seriesPerDevice: 1_000,
  valueSize: 1_024,
};

/**
 * What was reported, series by series, in order of time. Equal values of the same moment are one point, so that what is
 * reported twice is kept once.
 */
export interface ValueHistory {
  /** Resolves when all of it is durable. What retention does not want is passed over. */
  record(values: readonly RecordedValue[]): Promise<void>;
  /** The series of a device, in order of paths. */
  series(kind: SeriesKind, device: string): Promise<readonly SeriesSummary[]>;
  points(query: PointsQuery): Promise<PointsPage>;
  buckets(query: BucketsQuery): Promise<BucketsPage>;
  /**
   * What was recorded last of a kind, of all devices that are still there, in the order of recording: what is known without a search,
   * `limit` at most. Nothing is missing between the first and the last.
   */
  latest(kind: SeriesKind, limit: number): Promise<readonly RecordedValue[]>;
  /** Forgets a device. */
  removeDevice(device: string): Promise<void>;
  /** Removes what is too old, and puts together what is old enough, a little at a time. @param now milliseconds since the epoch */
  prune(now: number): Promise<void>;
}
