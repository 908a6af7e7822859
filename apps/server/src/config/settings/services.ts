import { days, hours, seconds } from '@yaolian/kernel';
import { duration, integer, onOff, optional, size, text } from '../setting.ts';

/** What the platform does besides: firmware, traces, webhooks, simulated devices. */
export const servicesSettings = {
  'firmware.max-size': size({
    min: 1024,
    max: 2 ** 32,
    default: 268_435_456,
    description: 'Largest firmware package',
  }),
  'firmware.coap-base': optional(
    text({
      default: '',
      maxLength: 150,
      description:
        'What URIs of packages for terminals begin with; unset: an address of this machine that fits the terminal',
      example: 'coap://dm.example.com:5683',
    }),
  ),
  'firmware.http-base': optional(
    text({
      default: '',
      maxLength: 150,
      description: 'The same over HTTP or HTTPS, which then comes before CoAP; unset: http.host, if terminals reach it',
      example: 'https://dm.example.com',
    }),
  ),

  'trace.max-devices': integer({
    min: 1,
    max: 1000,
    default: 20,
    description: 'Devices whose messages may be recorded at a time',
  }),
  'trace.max-messages': integer({
    min: 10,
    max: 100_000,
    default: 2000,
    description: 'Messages that are kept of each; beyond, the oldest go',
  }),
  'trace.max-memory': size({
    min: 64 * 1024,
    max: 1024 ** 3,
    default: 4 * 1024 ** 2,
    description: 'Memory that they take, of each; beyond, the oldest go',
  }),
  'trace.max-message': size({
    min: 64,
    max: 1024 ** 2,
    default: 64 * 1024,
    description: 'Bytes that are kept of one message',
  }),
  'trace.duration': duration({
    min: seconds(10),
    max: days(7),
    default: hours(1),
    description: 'How long messages are recorded when nobody says',
  }),
  'trace.key-log': onOff({
    default: false,
    description:
      'Keep the keys of DTLS sessions that are made while a trace runs, so that admins can export them for Wireshark',
  }),
  'webhooks.max': integer({
    min: 0,
    max: 1000,
    default: 50,
    description: 'Webhooks at most',
  }),
  'webhooks.max-waiting': integer({
    min: 1,
    max: 100_000,
    default: 1000,
    description: 'Events that wait for one webhook; what comes beyond is dropped and counted',
  }),
  'webhooks.private-addresses': onOff({
    default: false,
    description:
      'Let webhooks go to this machine and its networks, and over http:; otherwise only https: to the internet',
  }),
  'try.max-devices': integer({
    min: 0,
    max: 100,
    default: 5,
    description: 'Simulated devices that operators may start inside the platform, to try it; 0 none',
  }),
} as const;
