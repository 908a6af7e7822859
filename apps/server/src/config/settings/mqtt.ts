import { choice, optional, size, text, url } from '../setting.ts';

const file = (description: string, example: string) =>
  optional(text({ default: example, description, placeholder: '<file>' }));

/** Publishing to an MQTT broker. */
export const mqttSettings = {
  'mqtt.url': optional(
    url({
      default: 'mqtts://broker.example.com:8883',
      protocols: ['mqtt:', 'mqtts:', 'ws:', 'wss:'],
      description: 'MQTT 5 broker that events, values and states are published to; unset: none',
    }),
  ),
  'mqtt.topic': text({
    default: 'yaolian',
    maxLength: 200,
    description: 'What topics begin with',
    refuses: /[+#\p{Cc}]|^\$|^\/|\/$/u,
    right: 'a topic without + and #, that does not begin with $ or / nor end with /',
    placeholder: '<topic>',
  }),
  'mqtt.qos': choice({
    of: ['0', '1'],
    default: '1',
    description: 'Quality of service: 1 until the broker has it, 0 once and perhaps never',
  }),
  'mqtt.username': optional(text({ default: 'yaolian', maxLength: 1000, description: 'Name for the broker' })),
  'mqtt.password-file': file('File with the password for the broker', 'mqtt-password.txt'),
  'mqtt.ca-file': file('Certificates in PEM that the broker is checked against; unset: those of Node', 'broker-ca.pem'),
  'mqtt.certificate-file': file('Own certificate in PEM, for brokers that ask for one', 'mqtt.pem'),
  'mqtt.key-file': file('Its key in PEM', 'mqtt.key'),
  'mqtt.client-id': optional(
    text({ default: 'yaolian-1', maxLength: 200, description: 'Client identifier; unset: a random one at each start' }),
  ),
  'mqtt.max-waiting': size({
    min: 64 * 1024,
    max: 2 ** 32,
    default: 64 * 2 ** 20,
    description: 'Messages that wait in memory while the broker is away or slow; beyond, the oldest are dropped',
  }),
} as const;
