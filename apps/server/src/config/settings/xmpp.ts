import { days, hours, minutes } from '@yaolian/kernel';
import { address, choice, duration, integer, onOff, optional, size, text } from '../setting.ts';

/** The message server. */
export const xmppSettings = {
  'xmpp.domain': optional(
    text({
      default: 'example.org',
      description: 'Domain of the message server (XMPP) where it is not ra.domain; both unset: there is none',
      placeholder: '<domain>',
    }),
  ),
  'xmpp.domains': optional(
    text({
      default: 'im.example.net,im.example.com',
      description: 'Further domains, each with accounts of its own, with commas between; unset: none',
      placeholder: '<domains>',
    }),
  ),
  'xmpp.certificates': optional(
    text({
      default: '/etc/letsencrypt/live',
      description:
        'Folder with a folder for each domain that has fullchain.pem and privkey.pem; for all others: tls.certificate',
      placeholder: '<folder>',
    }),
  ),
  'xmpp.host': address({
    default: '::',
    description: 'Address for XMPP clients; :: takes IPv4 too',
    example: '0.0.0.0',
  }),
  'xmpp.port': integer({
    min: 0,
    max: 65535,
    default: 5222,
    description: 'TCP port for XMPP clients, with STARTTLS; 0 takes a free one',
    placeholder: '<port>',
  }),
  'xmpp.tls-port': integer({
    min: 0,
    max: 65535,
    default: 5223,
    description: 'TCP port for XMPP clients with TLS from the first byte; 0 takes a free one',
    placeholder: '<port>',
  }),
  'xmpp.websocket-path': optional(
    text({
      default: '/xmpp-websocket',
      description: 'Path of XMPP over WebSockets on the HTTP port, for a TLS proxy in front of it; unset: none',
      placeholder: '<path>',
    }),
  ),
  'xmpp.components-file': optional(
    text({
      default: 'components.txt',
      description:
        'File with a domain and its secret on each line: application servers that attach (XEP-0114); unset: none',
      placeholder: '<file>',
    }),
  ),
  'xmpp.component-host': address({
    default: '127.0.0.1',
    description: 'Address for them; every other than this machine with TLS from the first byte',
    example: '0.0.0.0',
  }),
  'xmpp.component-port': integer({
    min: 0,
    max: 65535,
    default: 5347,
    description: 'TCP port for them; 0 takes a free one',
    placeholder: '<port>',
  }),
  'xmpp.push-domain': optional(
    text({
      default: 'push.example.org',
      description:
        'Domain of a push service here (XEP-0357): messages that wait are events message.waiting, for webhooks; unset: none',
      placeholder: '<domain>',
    }),
  ),
  'xmpp.stun-port': optional(
    integer({
      min: 0,
      max: 65535,
      default: 3478,
      description: 'UDP port of a STUN server of the platform, which accounts are told of; unset: none',
      placeholder: '<port>',
    }),
  ),
  'xmpp.external-services': optional(
    text({
      default: 'stun:stun.example.org:3478,turn:turn.example.org:3478',
      description: 'STUN and TURN servers that accounts are told of (XEP-0215), with commas between; unset: none',
      placeholder: '<servers>',
    }),
  ),
  'xmpp.turn-secret-file': optional(
    text({
      default: 'turn-secret.txt',
      description: 'File with the secret that TURN servers share with the platform, for credentials of each account',
      placeholder: '<file>',
    }),
  ),
  'xmpp.turn-lifetime': duration({
    min: minutes(1),
    max: days(30),
    default: hours(12),
    description: 'How long such credentials are good',
    example: '1h',
  }),
  'xmpp.upload-url': optional(
    text({
      default: 'https://im.example.org:8443',
      description:
        'Where clients reach the HTTP server from outside, to hand each other files (XEP-0363); unset: no files',
      placeholder: '<url>',
    }),
  ),
  'xmpp.upload-max-size': size({ min: 1024, max: 2 ** 40, default: 10 * 2 ** 20, description: 'Largest file' }),
  'xmpp.upload-quota': size({
    min: 4096,
    max: 2 ** 50,
    default: 100 * 2 ** 20,
    description: 'Files of one account, each 4 KiB at least; more are refused until old ones go',
  }),
  'xmpp.upload-total': size({ min: 4096, max: 2 ** 50, default: 2 ** 30, description: 'Files of all accounts' }),
  'xmpp.upload-keep': duration({
    min: minutes(1),
    max: days(36_500),
    default: days(30),
    description: 'How long files are kept',
    example: '7d',
  }),
  'xmpp.registration': onOff({
    default: false,
    description: 'Accounts change their password and leave by themselves (XEP-0077)',
  }),
  'xmpp.plain': onOff({ default: false, description: 'Take passwords as they are too (SASL PLAIN), inside TLS' }),
  'xmpp.archive': onOff({ default: true, description: 'Keep all messages of accounts in their archives (XEP-0313)' }),
  'xmpp.archive-keep': duration({
    min: minutes(1),
    max: days(36_500),
    default: days(90),
    description: 'How long archives keep messages',
    example: '365d',
  }),
  'xmpp.max-archive': integer({
    min: 0,
    max: 100_000_000,
    default: 10_000,
    description: 'Messages in the archive of one account; the oldest beyond go first',
  }),
  'xmpp.max-offline': integer({
    min: 0,
    max: 100_000,
    default: 500,
    description: 'Messages that wait for one account; more are refused',
  }),
  'xmpp.max-offline-notices': integer({
    min: 1,
    max: 100_000,
    default: 500,
    description:
      'Pushes that wait for one account besides, the last about each thing; the oldest of what there is most of goes',
  }),
  'xmpp.max-roster': integer({ min: 1, max: 100_000, default: 2000, description: 'Contacts of one account' }),
  'xmpp.publishing': onOff({
    default: true,
    description:
      'Accounts publish for contacts and keep what their clients need: avatars, keys, bookmarks (XEP-0163, 0223, 0049)',
  }),
  'xmpp.max-published': integer({
    min: 1024,
    max: 2 ** 30,
    default: 4_194_304,
    description: 'Characters of all that one account publishes and keeps so; more is refused',
  }),
  'xmpp.max-published-item': integer({
    min: 1024,
    max: 262_144,
    default: 196_608,
    description: 'Characters of one item of that, such as an avatar',
  }),
  'xmpp.max-published-nodes': integer({
    min: 1,
    max: 10_000,
    default: 100,
    description: 'Nodes of one account: one for each kind of what it publishes',
  }),
  'xmpp.rooms': choice({
    of: ['auto', 'on', 'off'],
    default: 'auto',
    description:
      'Rooms for many (XEP-0045) at rooms.<domain> of each domain; auto: not in ra.domain, nor where a component has that name',
  }),
  'xmpp.rooms-name': text({
    default: 'rooms',
    description: 'What stands before the domain in the domain of its rooms',
    placeholder: '<name>',
    example: 'conference',
  }),
  'xmpp.rooms-created-by': choice({
    of: ['accounts', 'admins', 'nobody'],
    default: 'accounts',
    description: 'Who may make rooms: every account of the message server, those of xmpp.rooms-admins, or nobody',
  }),
  'xmpp.rooms-admins': optional(
    text({
      default: 'juliet,romeo@im.example.net',
      description: 'Accounts that may make rooms where that is for admins, with commas between; unset: none',
      placeholder: '<accounts>',
    }),
  ),
  'xmpp.max-rooms': integer({ min: 0, max: 100_000, default: 1000, description: 'Rooms of one domain' }),
  'xmpp.max-rooms-per-account': integer({
    min: 0,
    max: 100_000,
    default: 20,
    description: 'Rooms that one account made and that are there',
  }),
  'xmpp.max-room-occupants': integer({ min: 2, max: 10_000, default: 200, description: 'People in one room at once' }),
  'xmpp.max-room-affiliations': integer({
    min: 1,
    max: 100_000,
    default: 1000,
    description: 'Owners, admins, members and banned ones of one room',
  }),
  'xmpp.max-room-rate': integer({
    min: 1,
    max: 10_000,
    default: 10,
    description: 'Messages a second of one in a room, lasting; five times as many at once',
  }),
  'xmpp.max-room-history': integer({
    min: 0,
    max: 1000,
    default: 50,
    description: 'Earlier messages of a room, of 128 KiB at most, that newcomers may be shown',
  }),
  'xmpp.iterations': integer({
    min: 4096,
    max: 1_000_000,
    default: 10_000,
    description: 'Iterations of SCRAM for new passwords: what each guess of one costs',
  }),
  'xmpp.max-connections': integer({
    min: 1,
    max: 1_000_000,
    default: 20_000,
    description: 'Connections of XMPP clients at once; more are closed',
  }),
  'xmpp.max-connections-per-host': integer({
    min: 1,
    max: 1_000_000,
    default: 1000,
    description: 'The same from one address',
  }),
  'xmpp.max-rate': size({
    min: 1024,
    max: 2 ** 30,
    default: 2 ** 20,
    description: 'What one client may send a second; who sends faster is read more slowly',
  }),
} as const;
