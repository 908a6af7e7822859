import { hours, minutes, seconds } from '@yaolian/kernel';
import { address, duration, integer, networks, onOff, optional, size, url } from '../setting.ts';

/** REST and the console. */
export const httpSettings = {
  'http.host': address({ default: '127.0.0.1', description: 'Address of REST and console', example: '0.0.0.0' }),
  'http.port': integer({
    min: 0,
    max: 65535,
    default: 8080,
    description: 'TCP port of REST and console; 0 takes a free one',
    placeholder: '<port>',
  }),
  'http.tls-host': address({
    default: '::',
    description: 'Address of the same over HTTPS; :: takes IPv4 too',
    example: '0.0.0.0',
  }),
  'http.tls-port': optional(
    integer({
      min: 0,
      max: 65535,
      default: 8443,
      description: 'TCP port of REST, console, home and account server over HTTPS; unset: none; 0 takes a free one',
      placeholder: '<port>',
    }),
  ),
  'http.public-url': optional(
    url({
      default: 'https://home.example',
      protocols: ['https:', 'http:'],
      description:
        'Where people reach REST, console and home, for links and QR codes; unset: as it is asked, or an address of this machine',
    }),
  ),
  'http.session-lifetime': duration({
    min: minutes(1),
    max: hours(24 * 365),
    default: hours(24 * 7),
    description: 'How long a token from a login is valid',
  }),
  'http.home-session-lifetime': duration({
    min: minutes(1),
    max: hours(24 * 365),
    default: hours(24 * 30),
    description: 'How long a user of Remote Access stays signed in at /home',
  }),
  'http.login-attempts': integer({
    min: 1,
    max: 1000,
    default: 10,
    description: 'Wrong passwords from one address before further ones have to wait',
  }),
  'http.trusted-proxies': optional(
    networks({
      default: '',
      description: 'Proxies whose X-Forwarded-For is believed; unset: none',
      example: '127.0.0.1,10.0.0.0/8',
    }),
  ),
  'http.body-limit': size({ min: 1024, max: 67_108_864, default: 1_048_576, description: 'Largest request body' }),
  'http.request-timeout': duration({
    min: seconds(1),
    max: minutes(10),
    default: seconds(30),
    description: 'How long a client may take to send a request; of a file, for each 64 KiB',
  }),
  'http.max-connections': integer({
    min: 1,
    max: 1_000_000,
    default: 2000,
    description: 'TCP connections at once; more are closed',
  }),
  'http.max-connections-per-address': integer({
    min: 1,
    max: 1_000_000,
    default: 500,
    description: 'Of them from one address (IPv6: 64 bits); http.trusted-proxies and this machine have no such limit',
  }),
  'http.max-event-streams': integer({ min: 1, max: 100_000, default: 200, description: 'Event streams open at once' }),
  'http.max-event-streams-per-operator': integer({
    min: 1,
    max: 100_000,
    default: 50,
    description: 'Event streams of one operator, whatever the tokens, among those of http.max-event-streams',
  }),
  'http.event-history': integer({
    min: 0,
    max: 1_000_000,
    default: 10_000,
    description: 'Events remembered for readers that come back with Last-Event-ID',
  }),
  'http.idempotency-keep': duration({
    min: minutes(1),
    max: hours(24 * 30),
    default: hours(24),
    description: 'How long a request with an Idempotency-Key is remembered with its answer',
  }),
  'http.max-idempotency-keys': integer({
    min: 1,
    max: 1_000_000,
    default: 10_000,
    description: 'Requests with an Idempotency-Key that are remembered; beyond, the oldest are forgotten',
  }),
  'http.public-metrics': onOff({ default: false, description: 'Serve /metrics without a token' }),
} as const;
