import type { Counter, Meter } from '@yaolian/kernel';
import type { MessageFormatReason } from './message.ts';

/** Why a datagram or message was dropped, besides being malformed. */
export type DropReason =
  | 'rate limited'
  | 'unexpected response'
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
  dropped(reason: MessageFormatReason | DropReason): void;
}

export function messageLayerMetrics(meter: Meter): MessageLayerMetrics {
  const drops = new Map<string, Counter>();
  return {
    received: meter.counter('coap_datagrams_received_total', 'Datagrams that came.'),
    sent: meter.counter('coap_datagrams_sent_total', 'Datagrams sent, retransmissions included.'),
    retransmissions: meter.counter('coap_retransmissions_total', 'Confirmable messages sent again.'),
    duplicates: meter.counter('coap_duplicates_total', 'Messages that came again within their lifetime.'),
    timeouts: meter.counter('coap_timeouts_total', 'Confirmable messages that nobody acknowledged.'),
    evictedDuplicates: meter.counter(
      'coap_deduplication_evictions_total',
      'Messages forgotten before their lifetime, for want of memory.',
    ),
    messageIdsExhausted: meter.counter(
      'coap_message_ids_exhausted_total',
      'Messages not sent for want of a message ID.',
    ),
    sendErrors: meter.counter('coap_send_errors_total', 'Datagrams that the network refused.'),
    dropped(reason) {
      let counter = drops.get(reason);
      if (counter === undefined) {
        counter = meter.counter('coap_datagrams_dropped_total', 'Datagrams dropped, by reason.', { reason });
        drops.set(reason, counter);
      }
      counter.add();
    },
  };
}
