import type { Counter, Meter } from '@yaolian/kernel';
import type { RefusedRequest } from './events.ts';

/** Counts what terminals ask of the server, by request and outcome: `done`, or the reason of the refusal. */
export class RequestCounters {
  readonly #meter: Meter;
  readonly #counters = new Map<string, Counter>();

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  /** @param outcome a constant text: there is one counter for each */
  count(request: RefusedRequest, outcome: string): void {
    const key = `${request} ${outcome}`;
    let counter = this.#counters.get(key);
    if (!counter) {
      const help = 'Registers, Updates, De-registers and Bootstrap-Requests by outcome';
      counter = this.#meter.counter('lwm2m_client_requests_total', help, { request, outcome });
      this.#counters.set(key, counter);
    }
    counter.add();
  }
}
