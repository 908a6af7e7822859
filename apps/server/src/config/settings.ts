import { hours, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { address, choice, duration, integer, networks, onOff, optional, type Setting, size, text } from './setting.ts';

/**
 * Every setting of the platform, once. `coap.port` is `coap: { port: … }` in the file, YAOLIAN_COAP_PORT in the
 * environment and --coap-port on the command line. The help and the checks come from here.
 */
export const settings = {
  'data-dir': text({
    default: './data',
    description: 'Folder of everything that is kept; made when it does not exist',
    placeholder: '<folder>',
    example: '/var/lib/yaolian',
  }),
  profile: choice({
    of: ['plain', 'china-mobile-a'],
    default: 'plain',
    description: 'How endpoint names are read: as they are, or IMEI;IMSI;CMEI;A.B of China Mobile',
    example: 'china-mobile-a',
  }),
  enrolment: choice({
    of: ['open', 'allow-list'],
    default: 'open',
    description: 'Who may register until an operator sets it: everybody, or the devices on the allow-list',
    example: 'allow-list',
  }),

  'coap.host': address({ default: '::', description: 'Address for terminals; :: takes IPv4 too', example: '0.0.0.0' }),
  'coap.port': integer({
    min: 0,
    max: 65535,
    default: 5683,
    description: 'UDP port for terminals, DM and bootstrap; 0 takes a free one',
    placeholder: '<port>',
  }),
  'coap.bootstrap-port': optional(
    integer({
      min: 0,
      max: 65535,
      default: 5783,
      description: 'Another UDP port, for bootstrap alone; unset: bootstrap is on coap.port only',
      placeholder: '<port>',
    }),
  ),
  'coap.tcp': onOff({ default: true, description: 'Serve CoAP over TCP too (RFC 8323)' }),
  'coap.tcp-port': optional(
    integer({
      min: 0,
      max: 65535,
      default: 5683,
      description: 'TCP port for terminals; unset: the number of coap.port',
      placeholder: '<port>',
    }),
  ),
  'coap.tls': onOff({ default: true, description: 'Serve CoAP over TLS too (RFC 8323)' }),
  'coap.tls-port': optional(
    integer({
      min: 0,
      max: 65535,
      default: 5684,
      description: 'TCP port for terminals with TLS; unset: the number after coap.port',
      placeholder: '<port>',
    }),
  ),
  'coap.ws-port': optional(
    integer({
      min: 0,
      max: 65535,
      default: 8083,
      description: 'TCP port for CoAP over WebSockets, at /.well-known/coap; unset: none',
      placeholder: '<port>',
    }),
  ),
  'coap.wss-port': optional(
    integer({
      min: 0,
      max: 65535,
      default: 8443,
      description: 'The same with TLS; unset: none',
      placeholder: '<port>',
    }),
  ),
  'coap.max-connections': integer({
    min: 1,
    max: 1_000_000,
    default: 20_000,
    description: 'TCP, TLS and WebSocket connections at once, for each of these; more are closed',
  }),
  'coap.max-connections-per-host': integer({
    min: 1,
    max: 1_000_000,
    default: 5000,
    description: 'The same from one address',
  }),
  'coap.ping-after': duration({
    min: seconds(0),
    max: hours(24),
    default: minutes(10),
    description: 'After so much silence a connected terminal is asked whether it is there; 0s never',
    example: '30m',
  }),
  'coap.udp-adapter': choice({
    of: ['auto', 'batched', 'portable'],
    default: 'auto',
    description: 'batched: many datagrams per system call (Linux); portable: node:dgram; auto: batched where it loads',
    example: 'portable',
  }),
  'coap.multicast': onOff({ default: true, description: 'Answer discovery at the All CoAP Nodes groups' }),
  'coap.ack-timeout': duration({
    min: milliseconds(10),
    max: minutes(5),
    default: seconds(2),
    description: 'First wait for an acknowledgement; it doubles each time (RFC 7252: ACK_TIMEOUT)',
    example: '5s',
  }),
  'coap.max-retransmit': integer({
    min: 0,
    max: 20,
    default: 4,
    description: 'How often a message is sent again (RFC 7252: MAX_RETRANSMIT)',
    example: '6',
  }),
  'coap.nstart': integer({
    min: 1,
    max: 64,
    default: 1,
    description: 'Messages to one terminal that may wait for acknowledgement at once (RFC 7252: NSTART)',
    example: '2',
  }),
  'coap.rate-limiting': onOff({
    default: true,
    description: 'Limit what one address may ask: beyond it the answer is 4.29, then silence',
  }),
  'coap.rate-limit': integer({
    min: 1,
    max: 1_000_000,
    default: 1000,
    description: 'Requests a second that it may send in the long run',
    example: '50',
  }),
  'coap.rate-burst': integer({
    min: 1,
    max: 1_000_000,
    default: 2000,
    description: 'Requests that it may send at once after a pause',
    example: '100',
  }),
  'coap.rate-scope': choice({
    of: ['peer', 'host'],
    default: 'peer',
    description:
      'Who counts as one: an address with its port, or with all its ports (terminals behind one NAT share it)',
    example: 'host',
  }),
  'coap.max-body': size({
    min: 1024,
    max: 67_108_864,
    default: 1_048_576,
    description: 'Largest body that comes or goes in blocks',
  }),
  'coap.max-requests': integer({
    min: 1,
    max: 10_000_000,
    default: 200_000,
    description: 'Requests to and observations of terminals under way at once',
  }),
  'coap.deduplication-memory': size({
    min: 65_536,
    max: 4_294_967_296,
    default: 67_108_864,
    description: 'Memory for recognising messages that come again; when it is full, the oldest are forgotten',
  }),

  'tls.certificate': optional(
    text({
      default: 'server.pem',
      description: 'PEM file with the certificate of this platform and its chain; unset: one that it makes for itself',
      placeholder: '<file>',
    }),
  ),
  'tls.key': optional(
    text({ default: 'server.key', description: 'PEM file with its private key', placeholder: '<file>' }),
  ),
  'tls.names': optional(
    text({
      default: 'iot.example.com',
      description: 'Names and addresses for the certificate that it makes for itself, with commas between',
      placeholder: '<names>',
    }),
  ),
  'tls.client-ca': optional(
    text({
      default: 'terminals-ca.pem',
      description: 'PEM file with the authorities of terminals; unset: terminals are not asked for certificates',
      placeholder: '<file>',
    }),
  ),

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
  'lwm2m.max-registrations': integer({
    min: 1,
    max: 10_000_000,
    default: 1_000_000,
    description: 'Registered terminals at most; more are answered 5.03',
  }),

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

  'http.host': address({ default: '127.0.0.1', description: 'Address of REST and console', example: '0.0.0.0' }),
  'http.port': integer({
    min: 0,
    max: 65535,
    default: 8080,
    description: 'TCP port of REST and console; 0 takes a free one',
    placeholder: '<port>',
  }),
  'http.session-lifetime': duration({
    min: minutes(1),
    max: hours(24 * 365),
    default: hours(24 * 7),
    description: 'How long a token from a login is valid',
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
    description: 'How long a client may take to send a request',
  }),
  'http.max-connections': integer({
    min: 1,
    max: 1_000_000,
    default: 2000,
    description: 'TCP connections at once; more are closed',
  }),
  'http.max-event-streams': integer({ min: 1, max: 100_000, default: 200, description: 'Event streams open at once' }),
  'http.event-history': integer({
    min: 0,
    max: 1_000_000,
    default: 10_000,
    description: 'Events remembered for readers that come back with Last-Event-ID',
  }),
  'http.public-metrics': onOff({ default: false, description: 'Serve /metrics without a token' }),

  'storage.max-size': optional(
    size({
      min: 1_048_576,
      max: 2 ** 46,
      default: 2 ** 34,
      description: 'Size of the database at most; beyond it nothing new is stored. Unset: what the disk has',
    }),
  ),
  'storage.page-cache': size({
    min: 1_048_576,
    max: 2 ** 36,
    default: 2 ** 24,
    description: 'Memory for pages of the database',
    example: '64MiB',
  }),

  'log.level': choice({
    of: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    description: 'Least level that is logged',
    example: 'debug',
  }),
  'log.format': choice({
    of: ['auto', 'pretty', 'json'],
    default: 'auto',
    description: 'Lines on standard error: pretty for people, json for programs; auto: pretty on a terminal',
    example: 'json',
  }),

  'stop.drain': duration({
    min: seconds(0),
    max: minutes(10),
    default: seconds(10),
    description: 'How long a stop waits for what is in hand',
  }),
} as const;

export type SettingName = keyof typeof settings;

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** Every setting with its value. */
export type Config = { readonly [K in SettingName]: ValueOf<(typeof settings)[K]> };

export const settingNames = Object.keys(settings) as SettingName[];

/** A setting as the code that treats all alike sees it. */
export function settingOf(name: SettingName): Setting<unknown> {
  return settings[name] as unknown as Setting<unknown>;
}

export function flagOf(name: SettingName): string {
  return `--${name.replaceAll('.', '-')}`;
}

export function variableOf(name: SettingName): string {
  return `YAOLIAN_${name.replaceAll(/[.-]/g, '_').toUpperCase()}`;
}

export function defaultConfig(): Config {
  return Object.fromEntries(settingNames.map((name) => [name, settingOf(name).default])) as unknown as Config;
}
