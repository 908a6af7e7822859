import type { Random } from '@yaolian/kernel';
import type { Config } from '../config/settings.ts';
import { brokerConnector } from './mqtt-broker.ts';
import { MqttPublisher, type MqttPublisherOptions } from './mqtt-publisher.ts';
import { Topics } from './topics.ts';

export interface MqttParts extends Omit<MqttPublisherOptions, 'connect' | 'topics' | 'maxWaiting'> {
  readonly config: Config;
  readonly random: Random;
}

/**
 * Publishes to the broker of the configuration; undefined where it names none. That the broker is away is no reason not to start.
 * @throws YaolianError MQTT_SETTING_BAD
 */
export async function openMqtt({ config, random, ...parts }: MqttParts): Promise<MqttPublisher | undefined> {
  const topics = new Topics(config['mqtt.topic']);
  const connect = await brokerConnector(config, topics.status, random);
  if (connect === undefined) return undefined;
  const publisher = new MqttPublisher({ ...parts, connect, topics, maxWaiting: config['mqtt.max-waiting'] });
  publisher.start();
  return publisher;
}
