import type { Feature, Standard } from './conformance-features.ts';

const done = (feature: string, ...tests: string[]): Feature => ({ feature, tests, missing: undefined, state: 'pass' });
const missing = (feature: string, why: string): Feature => ({ feature, tests: [], missing: why, state: 'not yet' });

const mqtt = (file: string) => (title: string) => `packages/lwm2m/src/mqtt/${file}.test.ts: ${title}`;
const message = mqtt('message');
const lockstep = mqtt('lockstep');
const pair = mqtt('pair');
const terminal = mqtt('terminal');
const topics = mqtt('topics');
const conformance = mqtt('conformance');

/** LwM2M over MQTT, feature by feature. */
export const mqttStandard: Standard = {
  title: 'LwM2M over MQTT: OMA-TS-LightweightM2M_Transport 1.2 §8',
  features: [
    done('§8.2 topics with and without a prefix, for every endpoint name that MQTT lets be one', topics('a topic is')),
    done(
      '§8.3, §8.7 CBOR maps: written and read the same, hostile ones refused',
      message('the examples of Transport'),
      message('what is written is read the same'),
      message('any bytes are read or refused'),
    ),
    done('§8.3 own messages that the broker gives back are told from others', lockstep('answers of one topic')),
    done(
      '§8.3.1 bootstrap, step by step, of both ends',
      conformance('LightweightM2M-1.2-int-19'),
      conformance('a terminal that is bootstrapped over MQTT'),
    ),
    done('§8.3.1 Bootstrap-Pack-Request', conformance('a terminal that wants a pack')),
    done(
      '§8.3.2 Register, Update, De-register',
      lockstep('Register 201'),
      terminal('Update and De-register'),
      pair('registers with binding M'),
    ),
    done(
      '§8.3.3 device management, each operation to the byte',
      lockstep('the server asks: '),
      pair('every operation'),
    ),
    done(
      '§8.3.4 Observe, Observe-Composite, Notify, Cancel-Observe, Send',
      lockstep('Notify {1: 23'),
      lockstep('an error in place of a Notify'),
      terminal('Observe is answered'),
      pair('observations notify, outlive a restart'),
      pair('Observe-Composite, Send'),
    ),
    done(
      '§8.5 results',
      mqtt('results')('results are codes'),
      lockstep('what is not right is answered'),
      terminal('what is not right'),
    ),
    done('what has no key (lt, con, attributes of an Observe) is refused in words', pair('what MQTT has no form for')),
    done('bounds', lockstep('bounds: '), terminal('what the terminal does not take on')),
    done(
      '§8.8 mqtt:// and mqtts:// URIs, object 24',
      mqtt('uri')('a URI names'),
      conformance('a terminal that is boot'),
    ),
    done(
      'over Mosquitto: platform and terminal as processes, bootstrap, access list, a broker that goes away',
      'test/peers/lwm2m-mqtt.test.ts: a terminal registers, is read',
      'test/peers/lwm2m-mqtt.test.ts: a terminal is bootstrapped over the broker',
    ),
    done(
      'MQTT 5 and 3.1.1',
      'packages/node-runtime/src/mqtt/mqtt-port.test.ts: by MQTT 5',
      'packages/node-runtime/src/mqtt/mqtt-port.test.ts: a broker that knows 3.1.1',
    ),
    done(
      'no terminal has less to prove than over coap without security',
      'test/peers/lwm2m-mqtt.test.ts: over MQTT nobody has less to prove',
    ),
    done(
      'over TLS with certificates that are checked; message traces and their export for Wireshark',
      'test/peers/lwm2m-mqtt.test.ts: over mqtts',
    ),
    missing(
      '§8.6, §8.8 COSE (object 23)',
      'optional, and TLS to the broker is there: what it would add is that brokers cannot read along; no other implementation is known to test it with. An account that wants it is not used, and a message under it is refused',
    ),
  ],
};
