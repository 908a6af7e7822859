import { type Clock, milliseconds } from '@yaolian/kernel';
import type { ClientEvent, Lwm2mClient } from '@yaolian/lwm2m/client';
import { Latencies, type LatencySummary } from './latencies.ts';

/** Failures by reason (`4.03`, `timeout`, …). */
export type FailureCounts = Readonly<Record<string, number>>;

/** A fleet in mid-run. */
export interface FleetProgress {
  readonly phase: 'starting' | 'running' | 'stopping';
  /** Since the start of the run. */
  readonly elapsed: number;
  readonly count: number;
  readonly started: number;
  /** Terminals that a server has registered now. */
  readonly registered: number;
  readonly registrations: number;
  readonly updates: number;
  readonly notifications: number;
  readonly operations: number;
  readonly failures: FailureCounts;
  /** Per second, over the last few seconds. */
  readonly rates: { readonly registrations: number; readonly updates: number; readonly notifications: number };
  readonly registrationLatency: LatencySummary;
  readonly updateLatency: LatencySummary;
}

/** A fleet's run. Latencies in milliseconds, memory in bytes. */
export interface FleetSummary {
  readonly server: string;
  readonly count: number;
  readonly seed: number;
  readonly sockets: 'each' | 'shared';
  /** Milliseconds, stopping included. */
  readonly duration: number;
  /** At the end, before they de-registered. */
  readonly registered: number;
  readonly registrations: {
    readonly succeeded: number;
    /** From the first terminal's start to the last one's first registration, if all got there. */
    readonly perSecond: number | undefined;
    readonly failures: FailureCounts;
    readonly latency: LatencySummary;
  };
  readonly bootstraps: { readonly succeeded: number; readonly failures: FailureCounts };
  readonly updates: { readonly succeeded: number; readonly failures: FailureCounts; readonly latency: LatencySummary };
  readonly deregistrations: { readonly succeeded: number; readonly failures: FailureCounts };
  readonly notifications: number;
  readonly operations: Readonly<Record<string, number>>;
  readonly memory: { readonly residentBytes: number; readonly perTerminalBytes: number };
  /** CPU time of the process during the run, in milliseconds. */
  readonly cpu: { readonly user: number; readonly system: number };
}

type Counts = Map<string, number>;

interface RateSample {
  readonly at: number;
  readonly registrations: number;
  readonly updates: number;
  readonly notifications: number;
}

/** Milliseconds that rates are taken over: updates come in crowds. */
const rateWindow = 5000;

/** Counts what happens to a fleet. One for all terminals: nothing is kept per terminal but whether it is registered. */
export class FleetStatistics {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #registered = new Set<Lwm2mClient>();
  readonly #tried = new Set<Lwm2mClient>();
  readonly #registrationLatency = new Latencies();
  readonly #updateLatency = new Latencies();
  readonly #failures = {
    register: new Map(),
    bootstrap: new Map(),
    update: new Map(),
    deregister: new Map(),
  } satisfies Record<string, Counts>;
  readonly #operations: Counts = new Map();
  #bootstraps = 0;
  #deregistrations = 0;
  #notifications = 0;
  #lastFirstAt = 0;
  #firsts = 0;
  /** The counts of the last progresses, oldest first. */
  #history: RateSample[] = [];
  started = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#history.push({ at: this.#startedAt, registrations: 0, updates: 0, notifications: 0 });
  }

  get registered(): number {
    return this.#registered.size;
  }

  /** Terminals that were started and have neither succeeded nor failed yet. */
  get starting(): number {
    return this.started - this.#tried.size;
  }

  get firstRegistrations(): number {
    return this.#firsts;
  }

  record(event: ClientEvent, client: Lwm2mClient): void {
    switch (event.type) {
      case 'registered':
        this.#registrationLatency.record(event.latency);
        this.#registered.add(client);
        if (!this.#tried.has(client)) this.#firsts++;
        this.#lastFirstAt = this.#clock.monotonic();
        break;
      case 'registration-failed':
        count(this.#failures.register, event.failure.reason);
        break;
      case 'bootstrap-finished':
        this.#bootstraps++;
        return;
      case 'bootstrap-failed':
        count(this.#failures.bootstrap, event.failure.reason);
        break;
      case 'updated':
        this.#updateLatency.record(event.latency);
        return;
      case 'update-failed':
        count(this.#failures.update, event.failure.reason);
        return;
      case 'deregistered':
        if (event.failure) count(this.#failures.deregister, event.failure.reason);
        else this.#deregistrations++;
        return;
      case 'operation':
        count(this.#operations, event.operation);
        return;
      case 'notified':
        this.#notifications++;
        return;
      case 'state':
        if (event.state !== 'registered') this.#registered.delete(client);
        return;
      default:
        return;
    }
    this.#tried.add(client);
  }

  progress(phase: FleetProgress['phase'], total: number): FleetProgress {
    const now = this.#clock.monotonic();
    const counts = {
      registrations: this.#registrationLatency.count,
      updates: this.#updateLatency.count,
      notifications: this.#notifications,
    };
    const rates = this.#rates({ at: now, ...counts });
    return {
      phase,
      elapsed: milliseconds(now - this.#startedAt),
      count: total,
      started: this.started,
      registered: this.registered,
      ...counts,
      operations: sum(this.#operations),
      failures: merged(Object.values(this.#failures)),
      rates,
      registrationLatency: this.#registrationLatency.summary,
      updateLatency: this.#updateLatency.summary,
    };
  }

  #rates(sample: RateSample): FleetProgress['rates'] {
    while (this.#history.length > 1 && sample.at - this.#history[1]!.at >= rateWindow) this.#history.shift();
    const before = this.#history[0]!;
    this.#history.push(sample);
    const perSecond = (what: 'registrations' | 'updates' | 'notifications') =>
      ((sample[what] - before[what]) * 1000) / Math.max(1, sample.at - before.at);
    return {
      registrations: perSecond('registrations'),
      updates: perSecond('updates'),
      notifications: perSecond('notifications'),
    };
  }

  summary(): Omit<FleetSummary, 'server' | 'count' | 'seed' | 'sockets' | 'registered' | 'memory' | 'cpu'> {
    const all = this.#firsts === this.started && this.started > 0;
    const took = this.#lastFirstAt - this.#startedAt;
    return {
      duration: Math.round(this.#clock.monotonic() - this.#startedAt),
      registrations: {
        succeeded: this.#registrationLatency.count,
        perSecond: all ? Math.round((this.#firsts * 1000) / Math.max(1, took)) : undefined,
        failures: Object.fromEntries(this.#failures.register),
        latency: this.#registrationLatency.summary,
      },
      bootstraps: { succeeded: this.#bootstraps, failures: Object.fromEntries(this.#failures.bootstrap) },
      updates: {
        succeeded: this.#updateLatency.count,
        failures: Object.fromEntries(this.#failures.update),
        latency: this.#updateLatency.summary,
      },
      deregistrations: { succeeded: this.#deregistrations, failures: Object.fromEntries(this.#failures.deregister) },
      notifications: this.#notifications,
      operations: Object.fromEntries(this.#operations),
    };
  }
}

function count(counts: Counts, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sum(counts: Counts): number {
  let total = 0;
  for (const single of counts.values()) total += single;
  return total;
}

function merged(all: readonly Counts[]): FailureCounts {
  const counts: Record<string, number> = {};
  for (const single of all) for (const [key, value] of single) counts[key] = (counts[key] ?? 0) + value;
  return counts;
}
