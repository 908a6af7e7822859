import type { Counter, Meter, MeterLabels } from '@yaolian/kernel';
import type { MessageFormatReason } from './message.ts';

/** Why a datagram or message was dropped, besides being malformed. */
export type DropReason =
  | 'rate limited'
  | 'unexpected response'
  | 'notification from elsewhere'
  | 'unexpected acknowledgement'
  | 'unexpected reset'
  | 'empty non-confirmable'
  | 'misplaced code'
  | 'multicast confirmable'
  | 'internal error';

/** The counters of the message layer, looked up once. */
export interface MessageLayerMetrics {
  readonly received: Counter;
  readonly sent: Counter;
  readonly retransmissions: Counter;
  readonly duplicates: Counter;
  readonly timeouts: Counter;
  readonly evictedDuplicates: Counter;
  readonly messageIdsExhausted: Counter;
  readonly sendErrors: Counter;
  readonly refused: Counter;
  dropped(reason: MessageFormatReason | DropReason): void;
}

export function messageLayerMetrics(meter: Meter, labels: MeterLabels = {}): MessageLayerMetrics {
  const drops = new Map<string, Counter>();
  const counter = (name: string, help: string) => meter.counter(name, help, labels);
  return {
    received: counter('coap_datagrams_received_total', 'Datagrams that came.'),
    sent: counter('coap_datagrams_sent_total', 'Datagrams sent, retransmissions included.'),
    retransmissions: counter('coap_retransmissions_total', 'Confirmable messages sent again.'),
    duplicates: counter('coap_duplicates_total', 'Messages that came again within their lifetime.'),
    timeouts: counter('coap_timeouts_total', 'Confirmable messages that nobody acknowledged.'),
    evictedDuplicates: counter(
      'coap_deduplication_evictions_total',
      'Messages forgotten before their lifetime, for want of memory.',
    ),
    messageIdsExhausted: counter('coap_message_ids_exhausted_total', 'Messages not sent for want of a message ID.'),
    sendErrors: counter('coap_send_errors_total', 'Datagrams that the network refused.'),
    refused: counter('coap_too_many_requests_total', 'Requests answered 4.29; others beyond the rate met silence.'),
    dropped(reason) {
      let known = drops.get(reason);
      if (known === undefined) {
        known = meter.counter('coap_datagrams_dropped_total', 'Datagrams dropped, by reason.', { ...labels, reason });
        drops.set(reason, known);
      }
      known.add();
    },
  };
}
