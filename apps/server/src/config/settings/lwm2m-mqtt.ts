import { optional, text, url } from '../setting.ts';

const file = (description: string, example: string) =>
  optional(text({ default: example, description, placeholder: '<file>' }));

/** Serving terminals over an MQTT broker. */
export const lwm2mMqttSettings = {
  'lwm2m.mqtt-url': optional(
    url({
      default: 'mqtts://broker.example.com:8883/tenant-a',
      protocols: ['mqtt:', 'mqtts:'],
      description: 'MQTT broker that terminals come over (LwM2M 1.2), its path what topics begin with; unset: none',
    }),
  ),
  'lwm2m.mqtt-username': optional(
    text({ default: 'yaolian', maxLength: 1000, description: 'Name for the broker of terminals' }),
  ),
  'lwm2m.mqtt-password-file': file('File with the password for the broker of terminals', 'mqtt-password.txt'),
  'lwm2m.mqtt-ca-file': file(
    'Certificates in PEM that the broker of terminals is checked against; unset: those of Node',
    'broker-ca.pem',
  ),
  'lwm2m.mqtt-certificate-file': file('Own certificate in PEM for the broker of terminals', 'mqtt.pem'),
  'lwm2m.mqtt-key-file': file('Its key in PEM, for the broker of terminals', 'mqtt.key'),
  'lwm2m.mqtt-client-id': optional(
    text({
      default: 'yaolian-terminals',
      maxLength: 200,
      description: 'Client identifier at the broker of terminals; unset: a random one at each start',
    }),
  ),
} as const;
