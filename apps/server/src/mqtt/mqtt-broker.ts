import { type Random, seconds, toMilliseconds } from '@yaolian/kernel';
import { socketTrouble } from '@yaolian/node-runtime';
import type { IClientOptions } from 'mqtt';
import type { Config } from '../config/settings.ts';
import type { ConnectBroker } from './broker.ts';
import { readBrokerFiles, withoutLineEnd } from './broker-files.ts';

/** Messages without an answer at most, whatever the broker takes (MQTT 5 §3.2.2.3.3). */
const mostUnderWay = 200;
/** What a PUBLISH of ours takes beside topic and body, at most (MQTT 5 §3.3): fixed header, lengths, identifier, properties. */
const headerBytes = 32;

/**
 * How the broker of the configuration is connected to; undefined: it names none.
 * @throws YaolianError MQTT_SETTING_BAD
 */
export async function brokerConnector(
  config: Config,
  statusTopic: string,
  random: Random,
): Promise<ConnectBroker | undefined> {
  const url = config['mqtt.url'];
  if (url === undefined) return undefined;
  const options = await clientOptions(config, statusTopic, random);
  const { connect } = await import('mqtt'); // who does not use it does not pay for it
  return (listener) => {
    const client = connect(url, options);
    /** What ends the wait for messages that only the connection knows of. */
    const unsure = new Set<() => void>();
    let largest = Number.POSITIVE_INFINITY;
    client.on('connect', ({ properties }) => {
      largest = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
      listener.up(Math.min(mostUnderWay, properties?.receiveMaximum ?? mostUnderWay));
    });
    client.on('error', (error) => listener.down(socketTrouble(error)));
    client.on('disconnect', ({ reasonCode, properties }) =>
      listener.down(properties?.reasonString ?? `the broker ended the connection (reason code ${reasonCode})`),
    );
    client.on('close', () => {
      for (const giveUp of unsure) giveUp();
      listener.down(undefined);
    });
    const qos = config['mqtt.qos'] === '0' ? 0 : 1;
    const properties = { payloadFormatIndicator: true, contentType: 'application/json' };
    return {
      publish: async (topic, body, { retain }) => {
        const bytes = Buffer.byteLength(topic) + Buffer.byteLength(body) + headerBytes;
        // MQTT 5 §3.2.2.3.6: it would end the connection, and be sent again on the next.
        if (bytes > largest) throw new Error(`the message has ${bytes} bytes, the broker takes ${largest} bytes`);
        const published = client.publishAsync(topic, body, { qos, retain, properties });
        // The client tells nobody of what waited for room in a connection that went, where it does not send it again.
        await (qos === 1 ? published : unlessGone(published, unsure));
      },
      close: () => client.endAsync(true),
    };
  };
}

async function unlessGone(published: Promise<unknown>, unsure: Set<() => void>): Promise<void> {
  const gone = Promise.withResolvers<never>();
  const giveUp = () => gone.reject(new Error('the connection went before the message was written'));
  unsure.add(giveUp);
  try {
    await Promise.race([published, gone.promise]);
  } finally {
    unsure.delete(giveUp);
  }
}

async function clientOptions(config: Config, statusTopic: string, random: Random): Promise<IClientOptions> {
  const { password, authorities, credentials } = await readBrokerFiles(config, 'mqtt.');
  const username = config['mqtt.username'];
  const clientId = config['mqtt.client-id'] ?? `yaolian-${Buffer.from(random.bytes(6)).toString('hex')}`;
  return {
    protocolVersion: 5,
    clientId,
    clean: true,
    reconnectPeriod: toMilliseconds(seconds(5)),
    reconnectOnConnackError: true,
    connectTimeout: toMilliseconds(seconds(10)),
    resubscribe: false,
    will: { topic: statusTopic, payload: Buffer.from('offline'), qos: 1, retain: true },
    ...(username === undefined ? {} : { username }),
    // Bytes, as MQTT has them; the types of MQTT.js know texts alone.
    ...(password && { password: Buffer.from(withoutLineEnd(password)) as unknown as string }),
    ...(authorities && { ca: Buffer.from(authorities) }),
    ...(credentials && { cert: Buffer.from(credentials.certificate), key: Buffer.from(credentials.key) }),
  };
}
