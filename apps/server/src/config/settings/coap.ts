import { hours, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { address, choice, duration, integer, onOff, optional, size } from '../setting.ts';

/** How terminals reach the platform. */
export const coapSettings = {
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
  'coap.dtls': onOff({ default: true, description: 'Serve CoAP over DTLS too: coaps' }),
  'coap.dtls-port': optional(
    integer({
      min: 0,
      max: 65535,
      default: 5684,
      description: 'UDP port for terminals with DTLS; unset: the number after coap.port',
      placeholder: '<port>',
    }),
  ),
  'coap.nosec': onOff({
    default: true,
    description: 'Serve terminals without security; off: ports without DTLS or TLS answer discovery and OSCORE alone',
  }),
  'coap.endpoint-match': choice({
    of: ['name', 'credential', 'any'],
    default: 'name',
    description:
      'Names that terminals with proof may use: of a stored credential; name: or in the certificate; any: all',
    example: 'credential',
  }),
  'coap.max-sessions': integer({
    min: 1,
    max: 10_000_000,
    default: 1_000_000,
    description: 'DTLS sessions at once; the one that is silent for longest gives way',
  }),
  'coap.max-handshakes': integer({
    min: 1,
    max: 1_000_000,
    default: 20_000,
    description: 'DTLS handshakes at once; more are not answered',
  }),
  'coap.keep-sessions': onOff({
    default: true,
    description: 'Store DTLS sessions, so that terminals go on after a restart or a crash without a handshake',
  }),
  'coap.session-sync': duration({
    min: milliseconds(100),
    max: minutes(10),
    default: seconds(1),
    description:
      'After so long a silence a session loses nothing by a crash; before, a few records, which are sent again',
    example: '10s',
  }),
  'coap.unstored-records': choice({
    of: ['refuse', 'take'],
    default: 'refuse',
    description:
      'When it cannot be stored which records came (the disk is full): refuse them, or take what may be replayed after a crash',
    example: 'take',
  }),
  'coap.est': onOff({
    default: true,
    description: 'Issue certificates to terminals that proved who they are, by EST over coaps (RFC 9148)',
  }),
  'coap.est-validity': duration({
    min: hours(1),
    max: hours(24 * 3650),
    default: hours(24 * 365),
    description: 'How long certificates that are issued by EST are good',
    example: '90d',
  }),
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
  'coap.max-tls-handshakes': integer({
    min: 1,
    max: 1_000_000,
    default: 10_000,
    description: 'TLS and WebSocket connections that still shake hands, for each of their ports; more are reset',
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
} as const;
