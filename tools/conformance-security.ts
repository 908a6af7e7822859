import type { Feature, Standard } from './conformance-features.ts';

const done = (feature: string, ...tests: string[]): Feature => ({ feature, tests, missing: undefined, state: 'pass' });
const never = (feature: string, why: string): Feature => ({ feature, tests: [], missing: why, state: 'not planned' });

const dtls = (file: string) => (title: string) => `packages/dtls/src/${file}.test.ts: ${title}`;
const suites = dtls('suites');
const hostile = dtls('hostile');
const cid = dtls('connection-id');
const resumption = dtls('resumption');
const restart = dtls('session-restart');
const bootstrap = (title: string) => `test/secure-bootstrap.test.ts: ${title}`;
const usage = (title: string) => `test/certificate-usage.test.ts: ${title}`;
const handshakes = (title: string) => `packages/node-runtime/src/stream/handshake-count.test.ts: ${title}`;
const terminals = (title: string) => `test/secure-terminals.test.ts: ${title}`;

/** What `packages/dtls` does, and LwM2M's security on top of it. */
export const dtlsStandard: Standard = {
  title: 'DTLS 1.2 (RFC 6347, 5246, 7925) and LwM2M security',
  features: [
    done('RFC 4279, 6655: pre-shared keys', dtls('psk')('a client and a server with the same key')),
    done('every cipher suite, with and without Connection ID', suites('Connection IDs of')),
    done('RFC 8422: ECDHE over each group', suites('ECDHE over')),
    done('RFC 5280: certificates, chains, names, expiry', suites('a client refuses a server with'), suites('a chain')),
    done('RFC 7250: raw public keys', suites('raw public keys on both sides')),
    done('client certificates: required, asked for', suites('a client without certificate')),
    done('RFC 6347 §4.2: loss, reordering, duplication, small MTU', dtls('lossy-network')('reordering')),
    done('RFC 6347 §4.2.1: cookies; no memory before', hostile('a flood of ClientHellos'), hostile('a cookie is good')),
    done('RFC 6347 §4.1: bad records are dropped', hostile('records changed'), hostile('wrong epochs')),
    done('RFC 6347 §4.2.8: a client that lost its state begins anew, midway too', hostile('lost its state midway')),
    done(
      'every message in every state, of both sides',
      hostile('leads nowhere'),
      dtls('states')('no other message leads to a session'),
    ),
    done('every decoder: properties', dtls('decoders')('nothing makes it throw')),
    done(
      'replayed hellos, giant certificates, a stolen Connection ID',
      hostile('replayed'),
      hostile('giant'),
      hostile('stolen'),
    ),
    done('bounds of handshakes, sessions and fragments', hostile('held open'), hostile('fragment bombs')),
    done('RFC 4279 §5.1: unknown identity and wrong key look alike', hostile('look alike')),
    done(
      'RFC 5246 §7.3, RFC 5077: resumption by id and ticket',
      resumption('a session is resumed'),
      resumption('ticket'),
      resumption('a client resumes as who it is now'),
    ),
    done('RFC 9146: Connection ID, address change', cid('goes on from another address'), cid('moves nothing')),
    done('RFC 9853: return routability before large answers', cid('at most three times')),
    done(
      'sessions over a restart (export, import): no number twice, no replay',
      restart('goes on after a restart'),
      restart('no sequence number is used twice'),
      restart('whatever was taken before a crash'),
    ),
    done('the examples of the package', 'test/dtls-examples.test.ts: the examples of packages/dtls'),
    done('key log on request', resumption('a key log')),
    done('peers: OpenSSL, GnuTLS, libcoap', 'test/peers/dtls.test.ts: our client asks libcoap'),
    done(
      'peers: Californium on Scandium (Connection IDs), pion (Connection IDs), mbedTLS, both directions',
      "test/peers/californium.test.ts: Scandium's client",
      "test/peers/californium.test.ts: our client asks Scandium's server",
      "test/peers/pion.test.ts: pion's client",
      "test/peers/pion.test.ts: our client speaks to pion's server",
      "test/peers/mbedtls.test.ts: mbedTLS's client",
      "test/peers/mbedtls.test.ts: our client speaks to mbedTLS's server",
    ),
    done(
      'peers: loss 10, 20 and 50 %, duplication, reordering, MTU 300',
      'test/peers/pion.test.ts: datagrams of 300 bytes',
      'test/peers/mbedtls.test.ts: through ',
    ),
    done(
      'RFC 9146: Connection IDs with mbedTLS 3, both directions',
      "test/peers/mbedtls.test.ts: mbedTLS 3's client",
      "test/peers/mbedtls.test.ts: our client speaks to mbedTLS 3's server",
    ),
    done('a capture is deciphered with the key log', 'test/peers/pion.test.ts: tshark deciphers'),
    done(
      'peers: tinydtls, both directions',
      "test/peers/tinydtls.test.ts: tinydtls's client",
      'test/peers/tinydtls.test.ts: our client asks',
    ),
    done('LwM2M: PSK over coaps and coaps+tcp', terminals('a pre-shared key lets one endpoint in')),
    done('LwM2M: RPK over coaps', terminals('raw public keys')),
    done(
      'LwM2M: X.509 over coaps and coaps+tcp: stored, of an authority, issued by a bootstrap',
      terminals('certificates of an authority'),
      bootstrap('over coaps+tcp'),
      'packages/node-runtime/src/stream/tls.test.ts: that is stored',
    ),
    done(
      'a removed credential ends sessions and connections',
      terminals('removed one ends'),
      terminals('over coaps+tcp a removed'),
    ),
    done('LwM2M: the endpoint name must be the identity’s', terminals('refused with 4.03')),
    done('rotation without outage', terminals('rotation')),
    done(
      'TLS and WebSockets: bounds of handshakes, and of their time',
      handshakes('so many go on at a time'),
      handshakes('those that fail'),
      handshakes('who takes too long'),
      'test/stream-doors.test.ts: no more than coap.max-tls-handshakes',
    ),
    done('NoSec switched off', terminals('answers discovery alone')),
    done(
      'NoSec switched off: simulated devices, and firmware pulled over coaps',
      'test/nosec-off.test.ts: pulls firmware over coaps',
    ),
    done('bootstrap that writes keys and certificates', bootstrap('writes keys of every mode')),
    done(
      'bootstrap: keys that are given, issued, stored; to nobody in the clear',
      bootstrap('shown to nobody'),
      bootstrap('has stored'),
      bootstrap('proved nothing'),
    ),
    done('bootstrap: keys rotated by a bootstrap that an operator triggers', bootstrap('rotates the keys')),
    done(
      'bootstrap: EST (security mode 4), over coaps and coaps+tcp; renewals without outage',
      bootstrap('with EST the terminal makes its key itself'),
      bootstrap('does no EST says so'),
      'packages/lwm2m/src/client/conformance/bootstrap.test.ts: what EST answers is judged',
    ),
    done(
      'RFC 9148: EST-coaps, crts, sen and sren; application/pkix-cert and pkcs7-mime',
      bootstrap('EST over coaps'),
      'packages/node-runtime/src/tls/terminal-authority.test.ts: issues certificates',
      'apps/server/src/security/est-service.test.ts: at the bound',
      'test/peers/est.test.ts: OpenSSL',
    ),
    done(
      'terminal: RFC 9148 sren: the certificate is renewed before it runs out, year after year',
      'packages/lwm2m/src/client/certificate-renewal.test.ts: RFC 9148 §4.5 sren',
      'packages/lwm2m/src/client/renewal-crashes.test.ts: comes back',
      'packages/lwm2m/src/client/renewal-crashes.test.ts: cannot be saved',
      bootstrap('a terminal renews its certificate by itself'),
    ),
    never(
      'RFC 9148: skg, skc and att',
      'optional (§4.2): terminals make their keys themselves, which is what EST is for in LwM2M; where the platform is to make them, security mode 2 does, and no attributes are asked for',
    ),
    done(
      'terminal: certificate usage 0 to 3, matching types, SNI (0/x/13 to 15), over DTLS and TLS',
      usage('is judged as the account says'),
    ),
    done('terminal: ciphersuites and groups of the account (0/x/16, 18)', usage('cipher suites, groups')),
    done(
      'terminal: signature algorithms of the account (0/x/19, 20)',
      usage('signature algorithms of the account alone'),
      'packages/lwm2m/src/client/registration.test.ts: 0/x/19 and 20',
    ),
    done('terminal: TLS-DTLS Alert Code (1/x/11), over DTLS and TLS', terminals('1/x/11')),
    done(
      'peers: Leshan over DTLS, both directions: PSK, RPK, X.509, Connection IDs',
      "test/peers/leshan-security.test.ts: Leshan's client registers with",
      "test/peers/leshan-security.test.ts: our terminal registers with Leshan's server",
    ),
    done(
      'bootstrap over PSK with Leshan’s client, which is given PSK, RPK and X.509',
      "test/peers/leshan-security.test.ts: Leshan's client bootstraps over PSK",
    ),
    never(
      'raw public keys over TLS (coaps+tcp, coaps+ws)',
      'OpenSSL has RFC 7250 and Node does not let it through: neither can kinds of certificates be offered nor the key be seen that the peer showed; they go with DTLS, and terminals are told so',
    ),
    done(
      'platform: sessions and tickets over a restart and kill -9',
      'test/dtls-restart.test.ts: terminals go on in their sessions',
      'test/dtls-restart.test.ts: terminals resume by tickets',
      resumption('tickets change their secret'),
    ),
    done(
      'RFC 7627 §5.3, 5246 §7.2.2, §7.4.1.4: what may not be resumed, what may not be answered',
      'packages/dtls/src/strict-peers.test.ts: RFC 7627 §5.3',
      'packages/dtls/src/strict-peers.test.ts: RFC 5246 §7.2.2',
      'packages/dtls/src/strict-peers.test.ts: RFC 5246 §7.4.1.4',
    ),
    done(
      'RFC 6066 §3, 8422 §4 and §5, 7250 §4.2, 5246 §7.4.6, 5077 §3.3: names, curves, point formats, kinds of certificates, lifetimes of tickets',
      'packages/dtls/src/strict-extensions.test.ts: RFC 6066 §3',
      'packages/dtls/src/strict-extensions.test.ts: RFC 8422 §4',
      'packages/dtls/src/strict-extensions.test.ts: RFC 8422 §5.1.2',
      'packages/dtls/src/strict-extensions.test.ts: RFC 7250 §4.2',
      'packages/dtls/src/strict-extensions.test.ts: RFC 5246 §7.4.6',
      'packages/dtls/src/strict-extensions.test.ts: RFC 6347 §4.2.1',
      'packages/dtls/src/strict-extensions.test.ts: RFC 5077 §3.3',
    ),
    done('RFC 8449: record size limit, both ways', 'packages/dtls/src/strict-peers.test.ts: RFC 8449 §4'),
    done(
      'RFC 9525, 5280: names, wildcards, addresses; dates and flags strictly; no resumption past the end of a certificate',
      'packages/dtls/src/strict-peers.test.ts: RFC 9525 §6',
      'packages/dtls/src/strict-peers.test.ts: RFC 5280 §4.1.2.5',
    ),
    done(
      'platform: after kill -9 no record is taken twice, whatever was stored',
      restart('no record is taken twice'),
      'apps/server/src/security/session-keeper.test.ts: after kill -9',
      'test/dtls-restart.test.ts: after kill -9 nothing',
    ),
    done(
      'platform: a terminal that was busy is heard within one CON after kill -9; what cannot be stored is refused',
      'apps/server/src/security/session-keeper.test.ts: a terminal that was busy for long',
      'apps/server/src/security/session-keeper.test.ts: what cannot be noted as taken',
    ),
  ],
};

const directory = (file: string) => (title: string) => `packages/directory/src/ra/${file}.test.ts: ${title}`;
const associations = directory('associations');
const access = directory('access');
/** User, friend, guesser and two devices in one process, against a platform. */
const suite = 'apps/cli/src/conformance/ra-conformance.test.ts: every case passes against the platform';
const messaging = (title: string) => `test/remote-access-messages.test.ts: ${title}`;
const whole = (title: string) => `test/remote-access.test.ts: ${title}`;

/** The clauses of the remote access core protocol. What the standard leaves open is project-defined: docs/igrs-ra.md. */
export const remoteAccessStandard: Standard = {
  title: 'IGRS Remote Access: GB/T 29265.205-2017, by clause',
  features: [
    done(
      '7, 206 §8.2: users and devices are registered, read, changed and removed, codes are reset; XML and JSON',
      whole('accounts: codes of the answers'),
      suite,
    ),
    done(
      '7.4 every code of the answers; who asks too often is told when to come again',
      whole('accounts: codes of the answers'),
      'apps/server/src/ra/account-routes.test.ts: §7.4: who asks too often',
    ),
    done(
      '7 what cannot be read, and what cannot be a field, is refused in the format of the path',
      'apps/server/src/ra/account-routes.test.ts: GB/T 29265.205 §7: a body',
      'apps/server/src/ra/account-routes.test.ts: §7.3: what JSON says',
      'apps/server/src/ra/account-routes.test.ts: 206 §8.2.2',
    ),
    done(
      '7 the account server by HTTPS alone',
      'test/https.test.ts: HTTPS: users register',
      'apps/server/src/ra/account-routes.test.ts: GB/T 29265.205 §14',
    ),
    done(
      '7.3, 8, 11 devices that speak RA themselves: client, appliances, command line',
      'packages/igrs/src/client/device.test.ts: answers reads',
      'apps/simulator/src/appliance/kinds.test.ts: cools the room',
      'apps/cli/src/ra/device-command.test.ts: registers, is bound',
    ),
    done(
      'join: a device that speaks RA only is a device of the operator',
      'test/ra-devices.test.ts: is listed, described',
      'test/ra-devices.test.ts: an operator reads',
      'test/ra-devices.test.ts: no terminal registers',
      'test/ra-devices.test.ts: what operators observe goes on',
    ),
    done(
      '8 login of users and devices, one process both; several connections of one user, each with its ID (resource)',
      suite,
      'test/ra-both-sides.test.ts: a process binds',
      'test/message-server.test.ts: a wrong password and an unknown name look the same',
    ),
    done(
      '8 every outcome of a login is told apart; no password where there is no TLS',
      'packages/xmpp/src/client/client.test.ts: a wrong password, no TLS',
      'packages/xmpp/src/client/client.test.ts: a server that offers no TLS hears no password',
    ),
    done(
      '9 permissions: account, class, feature, operation, expiry',
      access('the account is stronger'),
      access('a permission ends at its expiry'),
      whole('a friend may'),
    ),
    done(
      '9 enforced for every command, with an audit trail',
      whole('a friend may'),
      whole('a terminal is shared'),
      'test/ra-devices.test.ts: users read, write and observe it as a terminal',
      'test/ra-devices.test.ts: what is refused at a device that speaks RA',
    ),
    done('10 binding by verification code', associations('who tells the current code'), whole('a terminal is shared')),
    done(
      '10.5 codes: QR code, on the screen of a terminal, reset and lists for owners',
      'test/ra-devices.test.ts: a code is told with a QR code',
      'apps/cli/src/ra/device-command.test.ts: renames, lists permissions',
    ),
    done(
      '10 confirmation by the device: each outcome is told apart',
      associations('a device that wants to be asked'),
      'test/ra-vendor.test.ts: whatever comes of the answer of a device',
    ),
    done(
      'join: a device that its operator forgets leaves no owner, right, observation or request behind; all concerned are told',
      'test/ra-removal.test.ts: a terminal with owners',
      'test/ra-removal.test.ts: a device that speaks for itself',
    ),
    done(
      '9 who observes is told when that is taken away',
      'apps/server/src/ra/observation-rights.test.ts: a change ends what it takes away',
      'apps/server/src/ra/observation-rights.test.ts: a permission that is for a time',
      'test/ra-observers.test.ts: who observes is told why',
      'apps/cli/src/ra/ra-commands.test.ts: lets a friend use',
      'apps/server/src/home/home-streams.test.ts: §9: a page is told',
      'apps/server/src/home/home-streams.test.ts: §9: a guest is told',
      'test/home-firmware.test.ts: a guest is told in the moment',
    ),
    done(
      'join: owners begin firmware updates of their terminals, hear how they go, and give them up',
      'test/ra-firmware.test.ts: an owner updates its terminal',
      'test/ra-firmware.test.ts: one update at a time',
      'test/ra-firmware.test.ts: an owner gives up',
      'test/home-firmware.test.ts: an owner sees what is offered',
      'test/peers/home-firmware.test.ts: an owner updates the firmware',
    ),
    done(
      'join: users see what resources of their devices were, also while these are away',
      'test/ra-history.test.ts: who may read a resource sees what it was',
      'test/ra-history.test.ts: the platform knows what a device that speaks for itself was',
      'apps/cli/src/ra/ra-commands.test.ts: shows what a value was',
    ),
    done('13 a live list of the devices of a user', 'apps/cli/src/ra/ra-commands.test.ts: shows devices as they come'),
    done(
      '7 `confirm` of a device is read and changed',
      associations('§7.3: owners, the device'),
      'apps/server/src/ra/account-routes.test.ts: §7.3: what is no flag',
      'test/remote-access.test.ts: §7.3: a terminal that confirms',
      'apps/cli/src/ra/device-command.test.ts: is asked before',
    ),
    done(
      '10 unbinding by either side, with every permission that rested on it',
      associations('either side unbinds'),
      associations('an owner permits a friend, for a time'),
      whole('a terminal is shared'),
      messaging('a device that speaks'),
    ),
    done('10 friends, links and bookmarks', associations('friends:'), associations('links are made'), suite),
    done(
      '10 verification code: life cycle, limits, no enumeration',
      associations('look the same'),
      associations('guesses are slowed'),
      associations('an owner and the device itself reset'),
    ),
    done(
      '11.2 requests with an answer; typed values',
      whole('a terminal is shared'),
      'packages/igrs/src/wire/data.test.ts: requests',
    ),
    done(
      '11.5 pushes; queued commands of sleeping devices, over restarts',
      whole('answers queued'),
      whole('a restart loses neither'),
      'apps/cli/src/ra/ra-commands.test.ts: waits for a device that sleeps',
      'test/ra-expiry.test.ts: a request that expires',
    ),
    done(
      '11.6 a channel through the server that is cut, by either side or the server: both sides are told',
      'test/ra-channels.test.ts: the device of a relayed channel dies',
      'test/ra-channels.test.ts: the user of a relayed channel dies',
      'test/ra-channels.test.ts: the server of a relayed channel goes',
    ),
    done('the stanzas of the documentation are those of the wire', 'test/ra-examples.test.ts: the stanzas of'),
    done(
      '11.5 what a client leaves that goes without a word ends when its account stays away',
      'apps/server/src/ra/left-observations.test.ts: what an account observes',
      'test/ra-observers.test.ts: what a client leaves',
    ),
    done(
      '11.5 values for a user that nobody looks at (XEP-0352): the last of each path, in order, bounded',
      'packages/xmpp/src/server/session.test.ts: XEP-0352: of what a later stanza replaces',
      'test/peers/ra-values.test.ts: values that are observed wait',
    ),
    done('8, 11 resumption, carbon copies and archive for accounts of the RA', messaging('a cut connection loses')),
    done('11.3 receipts (XEP-0184) of devices that were away', messaging('XEP-0184: a device that was away')),
    done(
      '11.3, 11.7 messages and pushes kept for who is offline; headlines never',
      messaging('what is written to who'),
    ),
    done(
      '10.2, 13 contacts by any XMPP client',
      messaging('strangers exchange nothing'),
      messaging('a device that speaks'),
    ),
    done(
      'the same over REST for browsers, with sessions that reach no route of operators',
      'test/home.test.ts: a session of a user reaches no route of operators',
      'test/peers/home.test.ts: an owner registers',
    ),
    done(
      '11.6 STUN (RFC 8489), told by XEP-0215',
      'packages/igrs/src/stun/stun-server.test.ts: RFC 5769 §2.2',
      'test/message-extensions.test.ts: RFC 8489: the STUN server',
    ),
    done(
      '11.6 between two homes behind NATs (cone: straight; symmetric: through the server)',
      'test/peers/nat.test.ts: bytes go',
    ),
    done(
      '11.6 a path through a TURN server (coturn), both sides behind symmetric NATs',
      'test/peers/nat.test.ts: bytes go through the TURN server',
    ),
    done(
      '11.6 NAT traversal: Jingle, ICE, data channels; through the server where no path opens',
      'packages/igrs/src/channel/channels.test.ts: §11.6: carries bytes both ways',
      'packages/igrs/src/channel/channels.test.ts: goes through the server',
      'packages/igrs/src/channel/jingle.test.ts: XEP-0166',
      'apps/cli/src/ra/device-command.test.ts: §11.6: lets its owner reach',
    ),
    done(
      '12 logout: the owner sees it, the device is not reached any more; a connection that is lost ends so too',
      suite,
      'packages/xmpp/src/server/session.test.ts: a session that nobody resumes ends',
    ),
    done(
      '13 presence of terminals from their registration: there, asleep (xa), gone',
      whole('a terminal is shared'),
      whole('a device that sleeps answers queued'),
      messaging('a terminal is a contact'),
    ),
    done(
      '13 a user searches its devices; features by caps (XEP-0115) and disco#info',
      whole('found by name, group, state and object'),
      'packages/igrs/src/client/device.test.ts: version of what it understands',
      suite,
    ),
    done(
      '14 only associated accounts; strangers learn nothing',
      whole('strangers and unknown devices'),
      messaging('strangers exchange nothing'),
    ),
    done(
      'faults: the server dies before or after any commit of any flow, and both sides agree afterwards',
      'test/ra-crashes.test.ts: the server dies at any commit of:',
      'test/ra-crashes-commands.test.ts: the server dies at any commit while a command is queued',
      'test/ra-crashes-commands.test.ts: the server dies at any commit while an owner gives a firmware update up',
      'test/ra-crashes-messages.test.ts: the server dies at any commit while a message is stored',
      'test/ra-crashes-messages.test.ts: the server dies at any commit while messages that waited',
      'test/ra-crashes-messages.test.ts: the server dies at any commit while a push is made',
      'test/ra-crashes-commands.test.ts: the server dies at any commit while values are recorded',
      'test/ra-crashes-friends.test.ts: the server dies at any commit of friend requests that cross',
      'test/ra-crashes-files.test.ts: the server dies at any commit of a file on its way',
      'test/ra-faults.test.ts: kill -9 at any moment',
    ),
    done(
      'join: what keeps a terminal with its operator no owner changes, DM 4.0 (668) included',
      'test/china-mobile-c.test.ts: a user that owns the terminal over Remote Access',
    ),
    done(
      'bounds: what one account has, and what waits, each with a setting',
      'test/ra-bounds.test.ts: owners, devices, friends',
      'test/ra-bounds.test.ts: news of home',
      'test/ra-bounds.test.ts: how long a device has',
      'packages/igrs/src/server/rosters.test.ts: RFC 6121 §2.1: friends stand before devices',
    ),
    done(
      'faults: who is cut after a message, or asks twice, leaves no half states',
      'test/ra-faults.test.ts: a client that is cut',
      'test/ra-faults.test.ts: a device that is cut',
      'test/ra-faults.test.ts: a registration that is cut',
      'test/ra-crashes-messages.test.ts: who is cut while messages that waited',
      'test/ra-crashes-messages.test.ts: who is cut after a message that was not acknowledged',
      'test/ra-faults.test.ts: requests that are doubled',
    ),
    done(
      '11.2 a device that takes its time holds up nothing else of who asked',
      'packages/xmpp/src/im/module-hooks.test.ts: holds up nothing that goes to others',
    ),
    done('a suite that plays user and device against any platform, by clause', suite),
    done(
      'a suite that is the standard IRSP for any device or user client, by clause (GB/T 29265.502 in spirit)',
      'apps/cli/src/conformance/client-conformance.test.ts: our device client passes every case',
      'apps/cli/src/conformance/client-conformance.test.ts: our user client passes every case',
      'apps/cli/src/conformance/client-conformance.test.ts: values for a user that is unbound fail 10.4',
      'packages/igrs/src/conformance/clients/stanza-rules.test.ts: says what is wrong with',
    ),
    done(
      'every message of the schemas has a case for users and devices, or a reason (docs/igrs-ra-cases.md)',
      'packages/igrs/src/conformance/clients/judged-messages.test.ts: has every message that has a schema',
      'packages/igrs/src/conformance/clients/judged-messages.test.ts: names cases that there are',
    ),
    done(
      '7, 9, 10.2, 10.3, 13: accounts, permissions, friends, links, bookmarks, names and search of clients, by the same suite',
      'apps/cli/src/conformance/client-conformance.test.ts: our user client passes every case',
      'apps/cli/src/conformance/client-conformance.test.ts: somebody else that is accepted',
      'apps/cli/src/conformance/client-conformance.test.ts: a message of the platform that is refused fails 11.4',
      'apps/cli/src/conformance/client-conformance.test.ts: a channel that it does not have',
    ),
    done(
      'the simulated appliances (air conditioner, water heater, refrigerator, microwave) under the same suite',
      'apps/cli/src/conformance/appliance-conformance.test.ts: passes every case that needs no panel',
    ),
    done(
      '8, 14 faults before a client is in: TLS, certificates, headers, SASL, resource; by the same suite',
      'apps/cli/src/conformance/client-conformance.test.ts: our device client passes every case',
      'apps/cli/src/conformance/client-conformance.test.ts: a client that speaks in the clear fails 8',
    ),
    done(
      'the same with a device and a user that slixmpp and this documentation alone make',
      'test/peers/ra-clients.test.ts: a thermostat by slixmpp passes every case',
      'test/peers/ra-clients.test.ts: a user by slixmpp passes every case',
    ),
    done(
      'every stanza of the platform tests of Remote Access is of its schema, or refused',
      'test/schema-tap.test.ts: what the server says is of its schema',
    ),
    done(
      'every message has a schema, and what does not fit is said',
      'packages/igrs/src/schema/schema.test.ts: every namespace of the RA has messages',
      'packages/igrs/src/schema/schema.test.ts: what is wrong with a message is said',
    ),
    done(
      'the schemas as files for third parties (RELAX NG, JSON Schema), held against the suite by libxml2',
      'packages/igrs/src/schema/published.test.ts: the files that third parties take',
      'test/peers/ra-schemas.test.ts: every message of the suite is of the published schema',
      'test/peers/ra-schemas.test.ts: what is wrong is wrong by libxml2',
      'apps/server/src/ra/account-routes.test.ts: every path of the account server has a schema',
    ),
    done(
      '9 who looks and who changes is written down before the answer is told, operators too',
      'apps/server/src/ra/audit-requests.test.ts: who reads from a device is on disk',
      'packages/igrs/src/server/audited.test.ts: a terminal',
      'packages/igrs/src/server/audited.test.ts: a device that speaks for itself hears nothing before',
    ),
    done(
      '10.4 an owner removes those that came later; two that remove each other at once leave one',
      'packages/directory/src/ra/associations.test.ts: an owner removes one that came later',
      'test/ra-threats.test.ts: a stolen code: the thief removes nobody',
      'test/ra-faults.test.ts: two owners remove each other at once',
      'test/ra-threats.test.ts: a sold device',
    ),
    done(
      '14 threat model with a test for each threat (docs/remote-access-threats.md)',
      'tools/threats.test.ts: every threat names a test',
      'test/ra-threats.test.ts: a stolen phone',
      'test/ra-threats.test.ts: a malicious device',
    ),
    done(
      '206 §8.2, §8.3: application servers over HTTPS with mutual TLS',
      'test/ra-servers.test.ts: 206 §8.2',
      'test/ra-servers.test.ts: 206 §8.3',
      'test/ra-servers.test.ts: 206 §8: no certificate',
    ),
    done(
      'the originators’ older namespaces and paths (`ra.vendor-compat`)',
      'test/ra-vendor.test.ts: the paths of registration',
      'test/ra-vendor.test.ts: binding, information, location',
      'test/ra-vendor.test.ts: what is no message of these namespaces',
    ),
    done(
      '206 §8.3: application servers as components (XEP-0114)',
      'packages/xmpp/src/component/component-server.test.ts: XEP-0114: a component with its secret',
      'test/peers/components.test.ts: XEP-0114: a slixmpp component',
    ),
    done(
      'faults: races, doubled and cut requests, kill -9: both sides agree',
      'test/ra-faults.test.ts: two users bind at once',
      'test/ra-faults.test.ts: bind during a reset',
      'test/ra-faults.test.ts: unbind during a command',
      'test/ra-faults.test.ts: doubled and reordered',
      'test/ra-faults.test.ts: a client that is cut',
      'test/ra-faults.test.ts: kill -9',
    ),
  ],
};
