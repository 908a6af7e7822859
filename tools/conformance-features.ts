import { mqttStandard } from './conformance-mqtt.ts';
import { oscoreStandard } from './conformance-oscore.ts';
import { dtlsStandard, remoteAccessStandard } from './conformance-security.ts';
import { xmppStandards } from './conformance-xmpp.ts';

/** What the standards ask for, feature by feature, and the test that shows it. The page is made of this, and held against the tests. */

export interface Feature {
  readonly feature: string;
  /** `packages/coap/src/observe.test.ts: beginning or part of a title`; several where one does not show it. */
  readonly tests: readonly string[];
  /** Why there is no test, when there is none. */
  readonly missing: string | undefined;
  readonly state: 'pass' | 'not yet' | 'not planned';
}

export interface Standard {
  readonly title: string;
  readonly features: readonly Feature[];
}

const done = (feature: string, ...tests: string[]): Feature => ({ feature, tests, missing: undefined, state: 'pass' });
const never = (feature: string, why: string): Feature => ({ feature, tests: [], missing: why, state: 'not planned' });

const coap = (file: string) => (title: string) => `packages/coap/src/${file}.test.ts: ${title}`;
const message = coap('message');
const layer = coap('message-layer');
const options = coap('options');
const tree = coap('resource-tree');
const observe = coap('observe');
const blocks = coap('block-wise');
const group = coap('group-request');
const limiter = coap('rate-limiter');

const lwm2m = (file: string) => (title: string) => `packages/lwm2m/src/${file}.test.ts: ${title}`;
const registration = lwm2m('server/registration-interface');
const operations = lwm2m('server/operations');
const observations = lwm2m('server/observation-service');
const lockstep = lwm2m('server/lockstep');
const queueMode = lwm2m('server/conformance/queue-mode');
const gateway = (title: string) => `packages/lwm2m/src/server/conformance/gateway.test.ts: ${title}`;
const release12 = lwm2m('server/conformance/release-12');
const composite = lwm2m('server/conformance/composite');
const bootstrap = lwm2m('bootstrap/bootstrap-server');
const bootstrapBytes = lwm2m('bootstrap/lockstep');
const terminal = lwm2m('client/registration');
const management = lwm2m('client/conformance/management');
const reporting = lwm2m('client/conformance/reporting');
const terminalBootstrap = lwm2m('client/conformance/bootstrap');
const mobile = (title: string) => `packages/china-mobile-dm/src/operation-table.test.ts: ${title}`;
const profileB = (title: string) => `test/china-mobile-b.test.ts: ${title}`;
const profileC = (title: string) => `test/china-mobile-c.test.ts: ${title}`;
const platform = (title: string) => `test/china-mobile-a.test.ts: ${title}`;

export const standards: readonly Standard[] = [
  {
    title: 'CoAP: RFC 7252',
    features: [
      done(
        '§3 message format, every field',
        message('vector: '),
        message('every way to break a message off'),
        'packages/coap/src/corpus.test.ts: corpus',
      ),
      done(
        '§4.2 confirmable messages, back-off, MAX_RETRANSMIT',
        layer('RFC 7252 §4.2: retransmissions'),
        layer('a separate response is retransmitted'),
      ),
      done('§4.3 non-confirmable messages', layer('RFC 7252 §4.3'), layer('RFC 7252 §4.7')),
      done(
        '§4.5 deduplication for EXCHANGE_LIFETIME',
        layer('RFC 7252 §4.2: every copy'),
        coap('deduplication')('a CON is remembered'),
      ),
      done('§4.7 NSTART', layer('NSTART: one request')),
      done(
        '§5.2 piggybacked, separate and NON responses',
        coap('endpoint')('a slow handler makes a separate response'),
        layer('a separate response is acknowledged'),
      ),
      done(
        '§5.3 matching by token and peer; Reset; ping',
        layer('a response is matched by peer'),
        layer('a Reset rejects'),
        layer('ping: a Reset'),
      ),
      done(
        '§5.4 options: critical, elective, unsafe, lengths, repetition',
        options('critical options'),
        options('RFC 7252 §5.4.6'),
        options('RFC 7252 §5.4.3'),
      ),
      done('§5.6.2, §5.10.6 ETag and validation', tree('validates with the ETag')),
      done('§5.8 methods; 4.04, 4.05', tree('answers 4.04 where nothing is')),
      done('§5.10.3, §5.10.4 Content-Format, Accept; 4.06, 4.15', tree('answers 4.06'), tree('answers 4.15')),
      done('§5.10.5 Max-Age', options('without Max-Age an answer is fresh')),
      done('§5.10.8 If-Match, If-None-Match; 4.12', tree('checks If-Match')),
      done('§5.10.9 Size1', blocks('what is too large is refused: 4.13 with Size1')),
      done('§6 coap URIs', coap('uri')('takes the examples of RFC 7252 appendix B apart')),
      done('§7, §8 discovery and groups', tree('answers a group only'), group('RFC 7252 §8.2')),
      done('§5.10.2 Proxy-Uri, Proxy-Scheme: 5.05', options('Uri-Host and Uri-Port are accepted, proxying is not')),
      never('§5.7 being a proxy', 'optional: terminals come to the platform themselves, or by a broker or gateway'),
      done('§9 DTLS', 'packages/dtls/src/coap.test.ts: CoAP asks over DTLS'),
    ],
  },
  {
    title: 'CoAP: observe, blocks, methods, limits, links',
    features: [
      done(
        'RFC 7641 server: registration, order, CON and NON, pace',
        observe('notifications arrive in order'),
        observe('non-confirmable notifications keep'),
      ),
      done(
        'RFC 7641 server: removal by RST, time-out, error',
        observe('forgetting answers'),
        observe('an observer that does not acknowledge'),
        observe('an error notification is the last'),
      ),
      done(
        'RFC 7641 client: freshness, cancellation, Max-Age',
        observe('RFC 7641 §3.4'),
        observe('cancelling sends Observe 1'),
        observe('the listener hears when nothing comes'),
      ),
      done(
        'RFC 7959 Block1, Block2, both roles, both at once',
        blocks('a large request goes in blocks'),
        blocks('a large response comes'),
        blocks('both directions in one exchange'),
      ),
      done(
        'RFC 7959 4.08, 4.13, negotiation, bounds',
        blocks('RFC 7959 §2.9.2'),
        blocks('RFC 7959 §2.9.3'),
        blocks('uploads are bounded'),
      ),
      done('RFC 7959 §2.6 notifications in blocks', blocks('large notifications')),
      done('RFC 8132 FETCH, PATCH, iPATCH', tree('knows every method'), observe('RFC 8132: a FETCH')),
      done('RFC 8516 4.29', limiter('RFC 8516: a flood')),
      done(
        'RFC 6690 links: read, written, filtered',
        coap('link-format')('reads the examples of RFC 6690'),
        coap('link-filter')('compares one value'),
        tree('describes resources and mounts'),
      ),
      done(
        'RFC 8323 TCP and WebSockets: CSM, Ping, Release, Abort, BERT',
        coap('stream/signaling')('both sides send it first'),
        coap('stream/signaling')('a Ping is answered'),
        coap('stream/signaling')('Hold-Off is kept'),
        coap('stream/signaling')('requests under way fail with'),
        coap('stream/signaling')('both roles send several blocks'),
      ),
      done(
        "ETSI's plugtest cases, asked by Californium's client (its own checker is in no Maven registry)",
        "test/peers/californium-plugtest.test.ts: Californium's client passes the plugtest cases",
      ),
      done(
        'RFC 8323 with libcoap and aiocoap over TCP, both directions',
        'test/peers/coap-tcp.test.ts: libcoap reads, is refused',
        'test/peers/coap-tcp.test.ts: aiocoap reads, writes',
        'test/peers/coap-tcp.test.ts: our client reads, writes and observes',
      ),
    ],
  },
  {
    title: 'LwM2M server: OMA-TS-LightweightM2M 1.0 and 1.1',
    features: [
      done(
        'Register: every parameter, unknown ones kept, default values',
        registration('what is left out has its default'),
        lwm2m('server/register-parameters')('reads every parameter'),
      ),
      done(
        'Register replaces; races have one order',
        registration('registering again replaces'),
        registration('two Registers of one name'),
      ),
      done(
        'Update: all optional; address followed; 4.04',
        registration('LightweightM2M-1.1-int-102'),
        registration('LightweightM2M-1.1-int-1250'),
      ),
      done('De-register, expiry', registration('LightweightM2M-1.1-int-103'), registration('grace after the lifetime')),
      done(
        'success only after commit',
        registration('the success is sent after'),
        registration('a store that fails'),
        lwm2m('server/registration-history')('any history'),
        'test/kill-nine.test.ts: kill -9',
      ),
      done(
        'Read, Write (replace, partial), Execute, Create, Delete',
        operations('LightweightM2M-1.1-int-203'),
        operations('LightweightM2M-1.1-int-215'),
        operations('LightweightM2M-1.1-int-241'),
        operations('LightweightM2M-1.1-int-1630'),
      ),
      done(
        'Discover, Write-Attributes',
        operations('LightweightM2M-1.1-int-260'),
        operations('LightweightM2M-1.1-int-261'),
      ),
      done(
        'Observe, notifications, cancellation both ways',
        observations('LightweightM2M-1.1-int-301'),
        observations('LightweightM2M-1.1-int-302'),
        observations('LightweightM2M-1.1-int-303'),
      ),
      done('observations survive a restart', observations('after kill -9')),
      done(
        'operations in order for each client, time-outs, cancellation',
        lwm2m('server/operation-queue')('one at a time, in order'),
        lwm2m('server/operation-queue')('callers give up'),
      ),
      done(
        'with another client',
        "test/peers/leshan.test.ts: Leshan's client registers",
        "test/peers/leshan.test.ts: Leshan's client: composite operations",
      ),
      done(
        'queue mode: requests wait on disk, go out in order when the terminal is heard, expire, are cancelled',
        queueMode('LightweightM2M-1.1-int-109'),
        queueMode('a time-out in mid-window'),
        queueMode('a killed platform goes on'),
      ),
      done(
        'Read-Composite, Write-Composite, Observe-Composite',
        composite('LightweightM2M-1.1-int-229'),
        composite('Write-Composite is all or nothing'),
        composite('an Observe-Composite goes on after a restart'),
      ),
      done('Send, with times, muted', composite('LightweightM2M-1.1-int-306'), composite('LightweightM2M-1.1-int-307')),
      done(
        'object 2 (Access Control) between servers',
        'packages/lwm2m/src/client/access-control.test.ts: an instance that a server creates',
        'packages/lwm2m/src/server/conformance/several-servers.test.ts: LightweightM2M-1.1-int-950',
      ),
      done(
        'LwM2M 1.2: Profile ID, Discover with depth, attributes in the query of Observe, epmin, epmax, con',
        release12('LightweightM2M-1.2-int-110'),
        release12('LightweightM2M-1.2-int-264'),
        release12('LightweightM2M-1.2-int-312'),
        release12('epmin holds evaluations back'),
      ),
      done(
        'LwM2M Gateway 1.1: devices behind a prefix, their lists (25/x/3), every operation on them, observations that survive a restart',
        gateway('the devices behind a gateway'),
        gateway('every operation reaches'),
        gateway('an observation of a device'),
      ),
      done(
        'standing observations: over De-register and the end of a lifetime, cancelled meanwhile',
        lwm2m('server/conformance/standing-observations')('a standing observation waits after De-register'),
        lwm2m('server/conformance/standing-observations')('it is cancelled while it waits'),
        'test/standing-observations.test.ts: an observation waits while its device is de-registered',
      ),
      done(
        'what was observed is observed again after another Register (Core 1.1 §6.4.1)',
        lwm2m('server/conformance/observed-again')('a terminal that rebooted'),
        lwm2m('server/observation-service')('a client that refuses to be observed again'),
      ),
      done(
        'software updates (object 9), pushed and pulled, installed and activated, one by one and as campaigns',
        lwm2m('server/firmware/software-updater')('a component that is not there yet'),
        lwm2m('server/firmware/software-updater')('a component that is there is uninstalled'),
        'test/firmware-campaign.test.ts: a software component',
      ),
      done(
        "firmware pulled from the platform's own store by coap, coaps, coap+tcp, coaps+tcp, http and https, broken off and resumed",
        'test/firmware-delivery.test.ts: a package is pulled by',
        'apps/simulator/src/firmware/http-fetcher.test.ts: a connection that breaks is told',
        lwm2m('server/conformance/firmware-machine')('a download goes on at its last block'),
      ),
      done(
        'firmware: put off by the user (5/0/13), cancelled, begun by itself, resumed after restarts of either side',
        lwm2m('server/firmware/firmware-updater')('a user who may put the update off'),
        lwm2m('server/firmware/firmware-updater')('the platform restarts at any moment'),
        lwm2m('server/conformance/firmware-machine')('Cancel drops a package'),
        lwm2m('server/conformance/firmware-machine')('with Automatic Upgrade'),
        lwm2m('server/conformance/firmware-machine')('an update goes on after a restart'),
      ),
      done('LwM2M Gateway 1.1: composites and Send of several devices', gateway('a composite'), gateway('a Send')),
    ],
  },
  {
    title: 'LwM2M content formats',
    features: [
      done('text 0', lwm2m('formats/text')('plain text carries one value')),
      done('opaque 42', lwm2m('formats/text')('bare bytes are opaque values')),
      done(
        'link-format 40: object lists, Discover, Bootstrap-Discover',
        lwm2m('object-links')('the object list of DM 4.0'),
        lwm2m('formats/discover')('Discover of an instance'),
      ),
      done('CBOR 60', lwm2m('formats/cbor')('other forms of the same value')),
      done(
        'SenML JSON 110, SenML CBOR 112',
        lwm2m('formats/senml')('the Device object of the specification in JSON'),
        lwm2m('formats/senml')('the Device object of the specification in CBOR'),
      ),
      done('TLV 11542', lwm2m('formats/tlv')('the object instance of the specification')),
      done('OMA JSON 11543', lwm2m('formats/oma-json')('the object instance of the specification')),
      done(
        '64-bit integers, exact in every format',
        lwm2m('formats/tlv')('integers are exact'),
        lwm2m('formats/round-trip')('decode(encode(node)) is the node'),
      ),
      done(
        'LwM2M CBOR 11544',
        lwm2m('formats/lwm2m-cbor')('is maps in maps'),
        lwm2m('formats/lwm2m-cbor')('takes arrays'),
      ),
      done(
        'SenML-ETCH 320 and 322 (RFC 8790); packs of several paths',
        lwm2m('formats/pack')('remove with null'),
        lwm2m('formats/pack')('hold the values of several paths'),
      ),
    ],
  },
  {
    title: 'LwM2M bootstrap server',
    features: [
      done(
        'request, Delete, Discover, Read, Write, Finish',
        bootstrap('LightweightM2M-1.1-int-0'),
        bootstrap('LightweightM2M-1.1-int-8'),
      ),
      done('configurations by endpoint name, device key, default', bootstrap('configurations: by endpoint name')),
      done(
        'how to register: order, delay, retries, transport, notifications (1/x/13 to 20, 22, 26)',
        lwm2m('server/conformance/bootstrapped-account')('order, delay, retries, transport'),
      ),
      done(
        'bounds, time-outs, restart',
        bootstrap('sessions at a time'),
        bootstrap('a terminal that goes silent'),
        bootstrap('a new request restarts'),
      ),
      done(
        'refused, lost, late and cut off: at each message, one after the other; the terminal has all of it or nothing',
        lwm2m('server/conformance/bootstrap-faults')('a terminal refuses one request'),
        lwm2m('server/conformance/bootstrap-faults')('a message of a bootstrap'),
        lwm2m('server/conformance/bootstrap-faults')('the network ends in the middle'),
      ),
      done('with another client', "test/peers/leshan.test.ts: Leshan's client bootstraps"),
      never(
        'server-initiated bootstrap of 1.0 (§5.2.3)',
        'removed from 1.1: the server would have to know by other means when a terminal can be reached and where, and nobody proves anything before keys are written; the Bootstrap-Request Trigger of 1.1 is there (case 1.1-int-5)',
      ),
      done(
        'OSCORE: objects 0 and 21, kept when all is deleted',
        'test/oscore-terminals.test.ts: LightweightM2M-1.2-int-11',
      ),
    ],
  },
  {
    title: 'LwM2M client (the terminal)',
    features: [
      done(
        'life cycle: bootstrap, register, update, de-register, airplane mode',
        terminal('registers with lifetime'),
        terminal('airplane mode de-registers'),
        terminalBootstrap('LightweightM2M-1.1-int-6'),
      ),
      done(
        'Bootstrap from Smartcard (appendix G): another card, none, over restarts',
        lwm2m('bootstrap-file')('reads a file of a card'),
        lwm2m('client/conformance/smartcard')('what is on the card comes before'),
        lwm2m('client/conformance/smartcard')('the card is looked at before each Update'),
        lwm2m('client/conformance/smartcard')('a card that is taken out'),
        lwm2m('client/conformance/smartcard')('over a restart'),
      ),
      done(
        'several servers in their order (1/x/13, 15); bootstrap again (1/x/16) when none is left that may have the terminal',
        lwm2m('client/registration')('servers with a priority'),
        lwm2m('client/registration')('a server that fails leads to no bootstrap'),
      ),
      done(
        'several ways to one server: Preferred Transport (1/x/22), the next way where one leads nowhere',
        lwm2m('client/preferred-transport')('1/x/22: of several ways'),
        lwm2m('client/preferred-transport')('1/x/22 written: the terminal answers'),
        lwm2m('client/preferred-transport')('a server that does not answer'),
      ),
      done(
        'OSCORE: object 21 protects all messages with a server (0/x/17), and what is not protected is refused',
        'test/oscore-terminals.test.ts: LightweightM2M-1.1-int-405',
        'test/oscore-terminals.test.ts: a terminal with a context serves nobody in the clear',
        'test/oscore-terminals.test.ts: an account whose context is not there',
      ),
      done(
        'OSCORE: a bootstrap whose context cannot be used, as when a write of it was refused, is answered 4.06 to Finish',
        lwm2m('client/conformance/bootstrap')('a context of OSCORE of which a part was refused'),
      ),
      done(
        'OSCORE on the platform: contexts among the credentials, kept from nonce reuse over restarts, crashes, removal and backups',
        'test/oscore-platform.test.ts: a terminal registers with its security context',
        'test/oscore-platform.test.ts: a wrong secret, an unknown Sender ID',
        'test/oscore-platform.test.ts: with coap.nosec off, the plain port serves',
        'test/oscore-platform.test.ts: is closed until there is a context',
        'test/oscore-platform.test.ts: with coap.nosec off, the port of bootstrap',
        'test/oscore-platform.test.ts: after a restart a terminal is asked and observed',
        'test/oscore-platform.test.ts: after kill -9',
        'test/oscore-platform.test.ts: a credential that is removed ends its context',
        'test/oscore-platform.test.ts: RFC 8613 Appendix B.2: a terminal that lost its state',
        'test/oscore-platform.test.ts: without the agreement a terminal that lost its state',
        'packages/storage/src/backup.test.ts: lets contexts of OSCORE go on above every number',
      ),
      done(
        'OSCORE: contexts that the bootstrap of the platform gives (object 21), made, stored or given; sealed',
        'test/oscore-bootstrap.test.ts: with NoSec off a terminal bootstraps',
        'test/oscore-bootstrap.test.ts: the Master Secret is sealed',
      ),
      done(
        'OSCORE: traces that show what is inside, but no keys',
        'test/message-trace.test.ts: what OSCORE protects is shown beside what was on the wire',
        'test/message-trace.test.ts: keys that bootstrap writes under OSCORE',
      ),
      done(
        'OSCORE over TCP and WebSockets on the platform: registration, read, observation, traces',
        'test/oscore-platform.test.ts: a terminal registers with its security context over',
      ),
      done('back-off on refusal, Max-Age', terminal('refusals are waited out')),
      done('operations and their refusals', management('LightweightM2M-1.1-int-256'), management('Create and Delete')),
      done(
        'Create in every format, with an id and without one',
        lwm2m('client/conformance/create')('Create: every format names'),
        lwm2m('client/conformance/create')('Create: without an id'),
      ),
      done(
        'notifications with pmin, pmax, gt, lt, st',
        reporting('gt, lt and st'),
        reporting('LightweightM2M-1.1-int-301'),
      ),
      done(
        'bad input: wrong formats, ranges, what is not there, missing ones, circular links, gigantic numbers',
        lwm2m('client/conformance/bad-values')('the wrong format for the resource'),
        lwm2m('client/conformance/bad-values')('out of range'),
        lwm2m('client/conformance/bad-values')('mandatory resources that are missing'),
        lwm2m('client/conformance/bad-values')('numbers that are gigantic'),
        lwm2m('client/conformance/bad-values')('links that lead in a circle'),
        composite('a Send that is not right'),
      ),
      done(
        'Notification Storing (1/x/6) and hqmax, with times, bounded',
        lwm2m('client/stored-notifications')('what changes while the terminal is offline'),
        lwm2m('client/stored-notifications')('while a server is disabled'),
        lwm2m('client/stored-notifications')('a server that wants no Send'),
      ),
      done(
        'accounts and kept notifications survive restarts of the terminal',
        lwm2m('client/client-memory')('notifications that were kept while offline'),
        lwm2m('client/client-memory')('a process that is killed'),
        lwm2m('client/client-memory')('what a bootstrap brought'),
      ),
      done(
        'objects 4, 6, 7, 10, 11, 13, 16, 19, 20 and 21; any other by declaration',
        'packages/lwm2m/src/server/conformance/standard-objects.test.ts: LightweightM2M-1.1-int-901',
        'packages/lwm2m/src/client/objects/behaviour.test.ts: Portfolio',
      ),
      done(
        'object 9: every state and result, resumed after restarts',
        lwm2m('server/firmware/software-updater')('what goes wrong is told by the result'),
        lwm2m('server/firmware/software-updater')('the terminal restarts on the way'),
        lwm2m('server/firmware/software-updater')('operations in the wrong state'),
      ),
      done(
        'with another server',
        'test/peers/leshan.test.ts: our terminal registers',
        "test/peers/leshan.test.ts: Leshan's server: composite operations",
      ),
    ],
  },
  {
    title: 'China Mobile profile A',
    features: [
      done(
        'endpoint names and device keys',
        'packages/china-mobile-dm/src/endpoint-name.test.ts: have a key exactly when',
        platform('names that are none'),
      ),
      done('activation', platform('another SIM and a new version')),
      done('allow-list, open enrolment', platform('only devices on the allow-list')),
      done('Bootstrap request: 2.04; 4.00, 4.15', mobile('2.04'), mobile('4.00 without ep'), mobile('4.15 for a body')),
      done(
        'Bootstrap write, Bootstrap finish: 2.04; 4.00',
        mobile('Bootstrap write and Bootstrap finish: 2.04'),
        mobile('Bootstrap write: 4.00'),
        mobile('Bootstrap finish: 4.00'),
      ),
      done(
        'Register: 2.01 with Location; 4.00, 4.03',
        mobile('2.01 with a location'),
        mobile('4.00 for a bad name'),
        mobile('4.03 for a device'),
      ),
      done(
        'Update: 2.04; 4.00, 4.04',
        mobile('2.04; an absent lt keeps'),
        mobile('4.00 for a lifetime'),
        mobile('4.04 at a location that is not, or not any more'),
      ),
      done(
        'Update: authenticated, as Register is (§7.4)',
        'packages/china-mobile-dm/src/profile-a.test.ts: authenticates an Update too',
        'packages/china-mobile-dm/src/profile-b.test.ts: an Update of a device that left',
        'packages/china-mobile-dm/src/profile-b.test.ts: an Update is taken while the appKey',
        platform('only devices on the allow-list'),
      ),
      done('De-register: 2.02; 4.04', mobile('2.02'), mobile('4.04 at a location that is not')),
      done(
        'Read, Discover, Write, Write-Attributes, Execute, Create, Delete, Observe: each success and each failure',
        mobile('is a success'),
        mobile('is a refusal'),
        mobile('Discover: 2.05'),
      ),
      done(
        'cancel: GET with Observe 1, or RST',
        mobile('Cancel observation: GET with Observe 1'),
        lockstep('notifications: NON and CON'),
      ),
      done('both forms of Location', mobile('survive a round trip with their'), lockstep('a semicolon in a location')),
    ],
  },
  {
    title: 'China Mobile profiles B and C',
    features: [
      done('ENC, both vectors', 'packages/china-mobile-dm/src/value-cipher.test.ts: agrees with the vector of'),
      done('B: names and device keys', profileB('the name of the vector registers'), profileB('a name before 2.0')),
      done('B: refusals alike, and rate-limited', profileB('what is not proven'), profileB('a terminal that insists')),
      done('B: epi at Update', profileB('epi of an Update')),
      done('B: object 666, decrypted', profileB('object 666 is read'), profileB('it is read again on request')),
      done('appKeys: issued, listed, revoked, sealed', profileB('keys, reports and registrations')),
      done('C: names', profileC('an appKey that the platform did not issue')),
      done('C: 668/0/1 and 2 written, 669/0/1 read and decrypted', profileC('after Register the platform writes')),
      done('C: heartbeats', profileC('a heartbeat is an Update')),
      done(
        'C: what a terminal reports by itself, under its rules',
        profileC('what the terminal reports by itself'),
        'packages/china-mobile-dm/src/report-schedule.test.ts: a report every reportTime',
        'packages/china-mobile-dm/src/report-schedule.test.ts: a report that fails is tried again',
      ),
      done('B: object 666 resource by resource', profileB('a terminal that refuses object 666')),
      done(
        'simulated terminals of B and C',
        'test/china-mobile-terminals.test.ts: a terminal of profile B registers',
        'test/china-mobile-terminals.test.ts: a terminal of profile C takes fields and rules, and moves',
      ),
      done('C: rules and fields by group, address change', profileC('a group has rules')),
      done('terminals of all profiles at once', profileC('auto takes terminals')),
    ],
  },
  {
    title: 'China Mobile: what terminals do, byte by byte',
    features: [
      done('Register without lwm2m, b and </>; object 0 in the list', lockstep('a Register with nothing in it')),
      done(
        'ports that change between bootstrap and Register; bootstrap and DM on one port',
        bootstrapBytes('bootstrap from one port, Register from another'),
        'test/bootstrap.test.ts: bootstrap on the port of the DM service',
      ),
      done('bootstrap: 4.00 to DELETE /, 4.04 to PUT /1/0, then Finish', bootstrapBytes('4.00 to DELETE /')),
      done('bootstrap: TLV as 11542, as 1542, one text per resource', bootstrapBytes('11542, then 1542, then a text')),
      done('answers labelled 1541, 1542 and 1543; a whole object for one resource', lockstep('TLV labelled 1541')),
      done('TLV type bits 01', lockstep('an answer after an empty ACK')),
      done('strings of no length', lockstep('a string of no length')),
      done(
        'an Accept that is ignored; 5.00 to an Accept',
        lockstep('a string of no length, and text where'),
        lockstep('5.00 to an Accept'),
      ),
      done('insisting after 4.03', lockstep('a terminal that insists after 4.03')),
      done('retransmissions at 0, 2, 6, 14 and 30 s', lockstep('a Register that is sent again')),
      done('Update at lifetime - 93 s, or at half', terminal('short registrations are updated')),
      done('an empty ACK and then nothing', lockstep('a terminal that gives an empty ACK')),
      done('remember who does not answer FETCH and read one by one', composite('a terminal that ')),
    ],
  },
  {
    title: 'REST for programs: Standard Webhooks',
    features: [
      done(
        'webhook-id, webhook-timestamp, webhook-signature (HMAC-SHA-256); retries over restarts; rotation of secrets',
        'test/webhooks.test.ts: an event is posted, signed',
      ),
      done('bounded queues', 'test/webhooks.test.ts: a receiver that is down'),
      done(
        'no way to addresses inside',
        'test/webhooks.test.ts: a webhook goes to the internet by https alone',
        'apps/server/src/webhooks/addresses.test.ts: a name that leads inside',
      ),
      never('signatures by keys of Ed25519', 'receivers share a secret'),
    ],
  },
  {
    title: 'REST for programs: conditions (RFC 9110) and Idempotency-Key (draft-ietf-httpapi-idempotency-key-header)',
    features: [
      done('ETag, If-None-Match: 304 (RFC 9110 13.1.2)', 'test/safe-requests.test.ts: an ETag'),
      done(
        'If-Match, If-None-Match: * on changes: 412 (RFC 9110 13.1.1)',
        'test/safe-requests.test.ts: an ETag',
        'test/safe-requests.test.ts: of two who change',
      ),
      done(
        'Idempotency-Key: once, the same answer over a restart, 422 for another body',
        'test/safe-requests.test.ts: the same key',
      ),
      done(
        'at once: the second waits for the answer of the first',
        'test/safe-requests.test.ts: what comes twice at once',
      ),
      done('bounded', 'test/safe-requests.test.ts: keys are bounded'),
    ],
  },
  dtlsStandard,
  oscoreStandard,
  mqttStandard,
  ...xmppStandards,
  remoteAccessStandard,
];
