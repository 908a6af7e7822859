import { hours, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { choice, duration, integer, onOff } from '../setting.ts';
import { lwm2mMqttSettings } from './lwm2m-mqtt.ts';

/** Device management and what China Mobile adds. */
export const lwm2mSettings = {
  'lwm2m.location': choice({
    of: ['opaque', 'endpoint', 'device-key-version'],
    default: 'opaque',
    description: 'Form of the location that Register answers: /rd/<id>, /rd/<endpoint name> or /<device key>;<version>',
    example: 'endpoint',
  }),
  'lwm2m.request-timeout': duration({
    min: milliseconds(100),
    max: minutes(30),
    default: seconds(30),
    description: 'How long a request to a terminal may take, queueing included',
  }),
  'lwm2m.lifetime-grace': duration({
    min: seconds(0),
    max: hours(24),
    default: seconds(0),
    description: 'How long after its lifetime a registration lives on, for Updates under way',
    example: '30s',
  }),
  'lwm2m.restart-grace': duration({
    min: seconds(0),
    max: hours(24),
    default: hours(1),
    description: 'How long after a start a registration lives at least, its lifetime at most: clocks may be wrong',
    example: '10m',
  }),
  'lwm2m.min-lifetime': duration({
    min: seconds(1),
    max: hours(24),
    default: seconds(1),
    description: 'Shortest lifetime that a terminal may ask for; shorter ones are answered 4.00',
    example: '60s',
  }),
  'lwm2m.max-observations': integer({
    min: 1,
    max: 10_000_000,
    default: 100_000,
    description: 'Observations of all devices at most',
  }),
  'lwm2m.max-observations-per-device': integer({
    min: 1,
    max: 10_000,
    default: 64,
    description: 'Observations of one device at most',
  }),
  'lwm2m.max-waiting-requests': integer({
    min: 1,
    max: 10_000,
    default: 32,
    description: 'Requests that may wait for one device',
  }),
  'lwm2m.awake-window': duration({
    min: seconds(1),
    max: hours(24),
    default: seconds(93),
    description: 'How long a device in queue mode listens after its last message (MAX_TRANSMIT_WAIT)',
    example: '30s',
  }),
  'lwm2m.queue-expiry': duration({
    min: seconds(1),
    max: hours(24 * 365),
    default: hours(24),
    description: 'How long a request for a device that sleeps is kept, unless the request says it',
    example: '7d',
  }),
  'lwm2m.max-queued-per-device': integer({
    min: 1,
    max: 100_000,
    default: 100,
    description: 'Requests that are kept for one device that sleeps',
  }),
  'lwm2m.max-queued': integer({
    min: 1,
    max: 10_000_000,
    default: 100_000,
    description: 'Requests that are kept for all devices that sleep',
  }),
  'lwm2m.max-bootstraps': integer({
    min: 1,
    max: 1_000_000,
    default: 10_000,
    description: 'Terminals that are bootstrapped at once',
  }),
  'lwm2m.read-model': onOff({
    default: true,
    description: 'Read object 3 of terminals that registered and whose model is not known yet, for lists and overview',
  }),
  'lwm2m.models-at-once': integer({
    min: 1,
    max: 10_000,
    default: 16,
    description: 'Terminals whose object 3 is read at once',
  }),
  'lwm2m.max-waiting-models': integer({
    min: 1,
    max: 10_000_000,
    default: 100_000,
    description: 'Terminals that may wait for that; more are read when they register again',
  }),
  'lwm2m.max-devices': integer({
    min: 1,
    max: 100_000_000,
    default: 2_000_000,
    description:
      'Devices that are kept; where everybody may register, more are answered 5.03, unless they are on the allow-list',
  }),
  'lwm2m.max-registrations': integer({
    min: 1,
    max: 10_000_000,
    default: 1_000_000,
    description: 'Registered terminals at most; more are answered 5.03',
  }),

  ...lwm2mMqttSettings,
  'china-mobile.reports-at-once': integer({
    min: 1,
    max: 10_000,
    default: 64,
    description: 'Terminals of profiles B and C that are asked for their report at once, after they registered',
  }),
  'china-mobile.max-waiting-reports': integer({
    min: 1,
    max: 10_000_000,
    default: 100_000,
    description: 'Terminals that may wait to be asked; more are asked when they register again',
  }),
} as const;
