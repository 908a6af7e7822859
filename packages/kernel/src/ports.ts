import type { Duration } from './duration.ts';

/** The two times a protocol needs. */
export interface Clock {
  /** Milliseconds from an arbitrary start; never goes back. For deadlines and ages. */
  monotonic(): number;
  /** Milliseconds since 1970-01-01T00:00:00Z. For what people and databases see. */
  epoch(): number;
}

export interface Timer {
  /** The callback will not run any more. Harmless after it ran. */
  cancel(): void;
}

export interface Timers {
  /** Runs `callback` once after `delay`. A pending timer does not keep a process alive. */
  schedule(delay: Duration, callback: () => void): Timer;
}

export interface Random {
  /** `count` bytes of cryptographic quality. */
  bytes(count: number): Uint8Array;
  /** A whole number, 0 <= n < 2^32. */
  uint32(): number;
  /** 0 <= n < 1; for jitter. */
  fraction(): number;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** A structured log. Messages are constant texts, what varies is in the fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds `fields` to every line. */
  child(fields: LogFields): Log;
}

export interface Counter {
  add(count?: number): void;
}

export interface Histogram {
  record(value: number): void;
}

export type MeterLabels = Readonly<Record<string, string>>;

/** Where numbers about the running system go. Names are Prometheus names: `coap_datagrams_received_total`. */
export interface Meter {
  /** The same name and labels give the same counter: look it up once, outside hot paths. */
  counter(name: string, help: string, labels?: MeterLabels): Counter;
  /** `read` is called when somebody looks. */
  gauge(name: string, help: string, read: () => number, labels?: MeterLabels): void;
  histogram(name: string, help: string, buckets: readonly number[], labels?: MeterLabels): Histogram;
}

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};

const deafInstrument = { add() {}, record() {} };

export const deafMeter: Meter = {
  counter: () => deafInstrument,
  gauge() {},
  histogram: () => deafInstrument,
};
