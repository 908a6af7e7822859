import type { Counter, Meter, MeterLabels } from '@yaolian/kernel';

/** Why a connection ended. Stable: they label the counters. */
export type EndReason =
  | 'closed'
  | 'failed'
  | 'format'
  | 'aborted by peer'
  | 'aborted by us'
  | 'bad option'
  | 'no CSM'
  | 'slow message'
  | 'slow reader'
  | 'no Pong'
  | 'no room'
  | 'released'
  | 'endpoint closed'
  | 'internal error';

/** The counters of a stream endpoint, looked up once. */
export interface StreamMetrics {
  readonly opened: Counter;
  readonly refused: Counter;
  readonly received: Counter;
  readonly sent: Counter;
  readonly tooManyRequests: Counter;
  ended(reason: EndReason): void;
  dropped(reason: string): void;
}

export function streamMetrics(meter: Meter, labels: MeterLabels = {}): StreamMetrics {
  const counter = (name: string, help: string) => meter.counter(name, help, labels);
  const byReason = (name: string, help: string) => {
    const known = new Map<string, Counter>();
    return (reason: string): void => {
      let one = known.get(reason);
      if (one === undefined) {
        one = meter.counter(name, help, { ...labels, reason });
        known.set(reason, one);
      }
      one.add();
    };
  };
  return {
    opened: counter('coap_stream_connections_opened_total', 'Connections that came about.'),
    refused: counter('coap_stream_connections_refused_total', 'Connections beyond the limits.'),
    received: counter('coap_stream_messages_received_total', 'Messages that came over streams.'),
    sent: counter('coap_stream_messages_sent_total', 'Messages sent over streams.'),
    tooManyRequests: counter('coap_stream_too_many_requests_total', 'Requests over streams answered 4.29.'),
    ended: byReason('coap_stream_connections_ended_total', 'Connections that ended, by reason.'),
    dropped: byReason('coap_stream_messages_dropped_total', 'Messages of streams that were dropped, by reason.'),
  };
}
