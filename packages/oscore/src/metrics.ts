import type { Counter, Meter, MeterLabels } from '@yaolian/kernel';

/** The numbers of the security contexts of a process, or of one of its roles. */
export class OscoreMetrics {
  readonly sealed: Counter;
  readonly opened: Counter;
  readonly challenges: Counter;
  readonly rederivations: Counter;
  readonly #meter: Meter;
  readonly #labels: MeterLabels;
  readonly #refused = new Map<string, Counter>();
  readonly #dropped = new Map<string, Counter>();

  constructor(meter: Meter, labels: MeterLabels) {
    this.#meter = meter;
    this.#labels = labels;
    this.sealed = meter.counter('oscore_messages_sealed_total', 'Messages protected.', labels);
    this.opened = meter.counter('oscore_messages_opened_total', 'Protected messages that proved authentic.', labels);
    this.rederivations = meter.counter(
      'oscore_rederivations_total',
      'Requests answered with an offer to make a new security context (RFC 8613 Appendix B.2).',
      labels,
    );
    this.challenges = meter.counter(
      'oscore_challenges_total',
      'Requests answered with Echo, as nobody knew which came before.',
      labels,
    );
  }

  /** A protected request that was not taken. @param reason one of few constant texts */
  refused(reason: string): void {
    this.#count(this.#refused, 'oscore_requests_refused_total', 'Protected requests not taken, by reason.', reason);
  }

  /** A response to a protected request that was not taken. @param reason one of few constant texts */
  dropped(reason: string): void {
    const help = 'Responses to protected requests not taken, by reason.';
    this.#count(this.#dropped, 'oscore_responses_dropped_total', help, reason);
  }

  #count(counters: Map<string, Counter>, name: string, help: string, reason: string): void {
    let counter = counters.get(reason);
    if (counter === undefined) {
      counter = this.#meter.counter(name, help, { ...this.#labels, reason });
      counters.set(reason, counter);
    }
    counter.add();
  }
}
