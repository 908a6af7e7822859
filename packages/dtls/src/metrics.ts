import type { Counter, Meter, MeterLabels } from '@yaolian/kernel';

/** The numbers of one endpoint. */
export class Counters {
  readonly received: Counter;
  readonly sent: Counter;
  readonly handshakes: Counter;
  readonly resumptions: Counter;
  readonly cookies: Counter;
  readonly retransmissions: Counter;
  readonly addressChanges: Counter;
  readonly #meter: Meter;
  readonly #labels: MeterLabels;
  readonly #dropped = new Map<string, Counter>();
  readonly #failed = new Map<string, Counter>();

  constructor(meter: Meter, labels: MeterLabels) {
    this.#meter = meter;
    this.#labels = labels;
    const counter = (name: string, help: string) => meter.counter(`dtls_${name}_total`, help, labels);
    this.received = counter('records_received', 'Authentic records with application data');
    this.sent = counter('records_sent', 'Records with application data');
    this.handshakes = counter('handshakes', 'Handshakes that led to a session');
    this.resumptions = counter('resumptions', 'Sessions that continue an earlier one');
    this.cookies = counter('cookies', 'HelloVerifyRequests sent');
    this.retransmissions = counter('retransmissions', 'Flights sent again');
    this.addressChanges = counter('address_changes', 'Sessions that went on from another address');
  }

  /** A record or datagram that was not taken. @param reason one of few constant texts */
  dropped(reason: string): void {
    let counter = this.#dropped.get(reason);
    if (counter === undefined) {
      counter = this.#meter.counter('dtls_dropped_total', 'Records not taken, by reason', { ...this.#labels, reason });
      this.#dropped.set(reason, counter);
    }
    counter.add();
  }

  /** A handshake that came to nothing. @param reason the alert's name, or one of few constant texts */
  failed(reason: string): void {
    let counter = this.#failed.get(reason);
    if (counter === undefined) {
      const help = 'Handshakes that came to nothing, by reason';
      counter = this.#meter.counter('dtls_handshakes_failed_total', help, { ...this.#labels, reason });
      this.#failed.set(reason, counter);
    }
    counter.add();
  }
}
