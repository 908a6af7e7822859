import type { Counter, Meter, MeterLabels } from '@yaolian/kernel';

/** The counters of LwM2M over MQTT, looked up once. */
export interface MqttMetrics {
  readonly received: Counter;
  readonly sent: Counter;
  readonly echoes: Counter;
  dropped(reason: string): void;
}

export function mqttMetrics(meter: Meter, labels: MeterLabels): MqttMetrics {
  const counter = (name: string, help: string) => meter.counter(name, help, labels);
  const dropped = new Map<string, Counter>();
  return {
    received: counter('lwm2m_mqtt_messages_received_total', 'Messages that came from brokers, our own included'),
    sent: counter('lwm2m_mqtt_messages_sent_total', 'Messages given to brokers'),
    echoes: counter('lwm2m_mqtt_echoes_total', 'Requests of our own that brokers gave back'),
    dropped: (reason) => {
      let one = dropped.get(reason);
      if (one === undefined) {
        const help = 'Messages from and for brokers that were dropped, by reason';
        one = meter.counter('lwm2m_mqtt_messages_dropped_total', help, { ...labels, reason });
        dropped.set(reason, one);
      }
      one.add();
    },
  };
}
