import { Code } from '@yaolian/coap';
import { type Duration, milliseconds, seconds, type Timer, type Timers } from '@yaolian/kernel';
import { ConnectivityStatistics } from '@yaolian/lwm2m-objects/core-references';
import { type DeclaredInstance, instance } from '../object-instance.ts';
import { refuse } from '../refusal.ts';
import type { Traffic } from '../traffic.ts';

export type ConnectivityStatisticsInstance = DeclaredInstance<typeof ConnectivityStatistics>;

export interface ConnectivityStatisticsOptions {
  /** What is counted. */
  readonly traffic: Traffic;
  readonly timers: Timers;
  /**
   * How long after a message the resources say so. A notification is a message too, and must not be the reason of the next one
   * at once. Default 1 s.
   */
  readonly refreshAfter?: Duration;
}

/** A timer never waits longer than this at a stretch; platforms bound their delays to 2^31 ms. */
const longestPeriod = 2_000_000;

/**
 * The Connectivity Statistics object (7): what the terminal sends and receives between Start and Stop, or for as long as the
 * Collection Period says. Tx and Rx Data are in kilobytes of 1000 bytes, IP headers included.
 */
export function connectivityStatistics(options: ConnectivityStatisticsOptions): ConnectivityStatisticsInstance {
  const collection = new Collection(options);
  const self: ConnectivityStatisticsInstance = instance(
    ConnectivityStatistics,
    { ...nothing, collectionPeriod: 0 },
    {
      onWrite: {
        collectionPeriod: (period) =>
          period < 0 || period > longestPeriod
            ? refuse(Code.BadRequest, `a collection period is 0 (until Stop) to ${longestPeriod} seconds`)
            : undefined,
      },
      onExecute: {
        start: () => collection.start(self, Number(self.get('collectionPeriod') ?? 0)),
        stop: () => collection.stop(),
      },
    },
  );
  return self;
}

const nothing = { smsTxCounter: 0, smsRxCounter: 0, txData: 0, rxData: 0, maxMessageSize: 0, averageMessageSize: 0 };

class Collection {
  readonly #options: ConnectivityStatisticsOptions;
  #self: ConnectivityStatisticsInstance | undefined;
  #bytes = { sent: 0, received: 0 };
  #messages = 0;
  #largest = 0;
  #unlisten: (() => void) | undefined;
  #end: Timer | undefined;
  #refresh: Timer | undefined;

  constructor(options: ConnectivityStatisticsOptions) {
    this.#options = options;
  }

  start(self: ConnectivityStatisticsInstance, period: number): void {
    this.stop();
    this.#self = self;
    this.#bytes = { sent: 0, received: 0 };
    this.#messages = 0;
    this.#largest = 0;
    self.update(nothing);
    this.#unlisten = this.#options.traffic.listen({ message: (direction, bytes) => this.#count(direction, bytes) });
    if (period > 0) this.#end = this.#options.timers.schedule(seconds(period), () => this.stop());
  }

  stop(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
    this.#end?.cancel();
    this.#end = undefined;
    this.#refresh?.cancel();
    this.#show();
  }

  #count(direction: 'sent' | 'received', bytes: number): void {
    this.#bytes[direction] += bytes;
    this.#messages++;
    this.#largest = Math.max(this.#largest, bytes);
    const { timers, refreshAfter = milliseconds(1_000) } = this.#options;
    this.#refresh ??= timers.schedule(refreshAfter, () => this.#show());
  }

  #show(): void {
    this.#refresh = undefined;
    this.#self?.update({
      txData: Math.floor(this.#bytes.sent / 1_000),
      rxData: Math.floor(this.#bytes.received / 1_000),
      maxMessageSize: this.#largest,
      averageMessageSize:
        this.#messages === 0 ? 0 : Math.round((this.#bytes.sent + this.#bytes.received) / this.#messages),
    });
  }
}
