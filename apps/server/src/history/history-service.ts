import type { DeviceStore, ValueHistory } from '@yaolian/directory';
import { type Clock, type Duration, type Log, minutes, PatientClock, type Timer, type Timers } from '@yaolian/kernel';
import type { Lwm2mServer, TakeValues } from '@yaolian/lwm2m/server';
import type { EventHub, PlatformEvent } from '../events/event-hub.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { PlatformCounters } from './platform-counters.ts';
import { factsIn, recordedValues } from './recorded-values.ts';

export interface HistoryServiceOptions {
  readonly history: ValueHistory;
  readonly server: Lwm2mServer;
  readonly hub: EventHub;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

const sampleEvery = minutes(1);
const pruneEvery = minutes(10);

/** Stores what devices report before anybody hears of it. */
export function takeInto(history: ValueHistory, devices: Pick<DeviceStore, 'recordFacts'>): TakeValues {
  // Not async: a function that waits holds all that it was given.
  return (taken) => {
    const facts = factsIn(taken);
    const recorded = history.record(recordedValues(taken));
    if (facts === undefined) return recorded;
    return Promise.all([recorded, devices.recordFacts(taken.registration.deviceKey, facts)]).then(() => {});
  };
}

/** Keeps how the platform fares, and lets go of what is too old. */
export class HistoryService {
  readonly #options: HistoryServiceOptions;
  /** What happened since the start. */
  readonly counters = new PlatformCounters();
  readonly #timers = new Map<string, Timer>();
  #sampledAt: number;
  #stop: readonly (() => void)[] = [];

  constructor(options: HistoryServiceOptions) {
    this.#options = options;
    this.#sampledAt = options.clock.monotonic();
  }

  start(): void {
    const { hub, server, history } = this.#options;
    const clock = new PatientClock(this.#options.clock);
    this.#stop = [
      hub.listen((event) => this.#heard(event)),
      server.events.onAny((event) => this.counters.count(event)),
    ];
    this.#repeat('sample', sampleEvery, () => this.#sample());
    this.#repeat('prune', pruneEvery, () => history.prune(clock.epoch()));
  }

  close(): void {
    for (const stop of this.#stop) stop();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#stop = [];
  }

  #heard(event: PlatformEvent): void {
    if (event.type !== 'device.removed') return;
    const { history, log } = this.#options;
    history
      .removeDevice(event.device ?? '')
      .catch((error: unknown) => log.warn('the history of a device was not removed', { error }));
  }

  async #sample(): Promise<void> {
    const { history, clock, fleet } = this.#options;
    const now = clock.monotonic();
    const passed = (now - this.#sampledAt) / 60_000;
    this.#sampledAt = now;
    await history.record(this.counters.sample(clock.epoch(), passed, await fleet.counts()));
  }

  #repeat(name: string, every: Duration, work: () => Promise<void>): void {
    const { timers, log } = this.#options;
    const next = () =>
      this.#timers.set(
        name,
        timers.schedule(every, () => {
          work()
            .catch((error: unknown) => log.warn('history could not be kept', { work: name, error }))
            .finally(() => this.#stop.length > 0 && next());
        }),
      );
    next();
  }
}
