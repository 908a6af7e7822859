import type { Feature, Standard } from './conformance-features.ts';

const done = (feature: string, ...tests: string[]): Feature => ({ feature, tests, missing: undefined, state: 'pass' });
const never = (feature: string, why: string): Feature => ({ feature, tests: [], missing: why, state: 'not planned' });

const xmpp = (file: string) => (title: string) => `packages/xmpp/src/${file}.test.ts: ${title}`;
const connection = xmpp('server/connection');
const session = xmpp('server/session');
const client = xmpp('client/client');
const runtime = (title: string) => `packages/node-runtime/src/xmpp/xmpp.test.ts: ${title}`;
const acceptor = (title: string) => `packages/node-runtime/src/xmpp/tls-acceptor.test.ts: ${title}`;
const records = (title: string) => `packages/node-runtime/src/tls/records/tls-stream.test.ts: ${title}`;
const trafficKeys = (title: string) => `packages/node-runtime/src/tls/records/traffic-keys.test.ts: ${title}`;
const tlsPeers = (title: string) => `test/peers/xmpp-tls.test.ts: ${title}`;
const contacts = (title: string) => `test/peers/contacts.test.ts: ${title}`;
const peers = (title: string) => `test/peers/xmpp.test.ts: ${title}`;
const hostile = xmpp('server/hostile');
const im = xmpp('im/im-server');
const extensions = (title: string) => `test/message-extensions.test.ts: ${title}`;
const component = (title: string) => `packages/xmpp/src/component/component-server.test.ts: ${title}`;
const modules = xmpp('im/modules/modules');
const pep = xmpp('im/pep/pep');
const nodes = xmpp('im/pep/pep-nodes');
const avatars = xmpp('im/pep/avatars');
const privateXml = xmpp('im/pep/private-xml');
const publishing = (title: string) => `test/peers/publishing.test.ts: ${title}`;
const archive = xmpp('im/modules/archive');
const rooms = (file: string) => xmpp(`rooms/${file}`);
const roomsPeers = (title: string) => `test/peers/rooms.test.ts: ${title}`;
const roomsPlatform = (title: string) => `test/message-rooms.test.ts: ${title}`;
const sasl = xmpp('sasl/sasl');
const jid = xmpp('jid/jid');
const domains = xmpp('im/im-domains');

/** What the message server does: RFCs, and the suites of XEP-0479 (XMPP Compliance Suites), each row with its test. */
export const xmppStandards: readonly Standard[] = [
  {
    title: 'XMPP: RFC 6120, 6121, 7622',
    features: [
      done('RFC 6120 §5 to §7: TLS, SASL, resource binding', connection('TLS first, then SASL, then a resource')),
      done('RFC 6120 §7.7.2.2: conflicts of resources', connection('RFC 6120 §7.7.2.2')),
      done('RFC 6120 §8.3: stanza errors', im('are answered')),
      done('RFC 6120 §10.1: order between two entities', im('keep their order')),
      done('RFC 5802, RFC 7677: SCRAM, the vectors', sasl('vectors of RFC 5802 and RFC 7677')),
      done('RFC 5802: channel binding', sasl('sees that somebody hid the mechanisms')),
      done('RFC 4616: PLAIN', sasl('is offered inside TLS only')),
      done('RFC 4422, XEP-0178: EXTERNAL', sasl('lets in whom the certificate names')),
      done('RFC 6121 §2: roster, with versions', im('is not sent again to who has its version')),
      done('RFC 6121 §3: subscriptions', im('the dance')),
      done('RFC 6121 appendix A: every state and stanza', xmpp('im/subscription')('RFC 6121 appendix A')),
      done('RFC 6121 §4: presence, probes, directed presence, priority', im('presence')),
      done('RFC 6121 §8.5: routing, every stanza and recipient', xmpp('im/routing')('RFC 6121 §8.5')),
      done('RFC 7622: addresses', jid('RFC 7622 §3.5')),
      done('RFC 8264, 5892, 5893: PRECIS with its joiners and the Bidi rule', jid('local parts are prepared')),
      done('RFC 7395: WebSockets', connection('WebSockets (RFC 7395)')),
      done(
        'RFC 6120 §4.7.2, §13.7: several domains, each with its accounts and certificate',
        domains('accounts of the same name are different ones'),
        connection('several domains: who knows which one'),
        runtime('several domains: each with a certificate'),
        'test/message-domains.test.ts: own accounts, own certificates',
        peers('slixmpp at two domains'),
      ),
      never(
        'RFC 6120: between servers',
        'domains of one platform reach each other inside; all others are answered remote-server-not-found',
      ),
    ],
  },
  {
    title: 'XMPP: XEP-0479 (2023) core and instant messaging, server',
    features: [
      done('Core: RFC 6120 core features', connection('TLS first, then SASL, then a resource')),
      done('Core: RFC 7590 TLS', connection('stanzas and passwords before TLS')),
      done('Core advanced: XEP-0368 direct TLS', connection('TLS from the start (XEP-0368)')),
      done(
        'RFC 8446 §4.6.3, §5, §6: records, key updates and alerts, with OpenSSL and GnuTLS',
        trafficKeys('RFC 8448 §3'),
        records('§6.1: close_notify, both ways'),
        tlsPeers('OpenSSL’s client'),
        tlsPeers('GnuTLS’ client'),
      ),
      done('Core: XEP-0030 feature discovery', modules('XEP-0030')),
      done('Core advanced: XEP-0115 feature broadcasts', modules('XEP-0115')),
      done('Core: XEP-0114 server extensibility', component('XEP-0114: a component with its secret')),
      done(
        'Core advanced: XEP-0163 event publishing',
        pep('XEP-0163: publishing'),
        nodes('XEP-0060: nodes and items'),
        'test/message-publishing.test.ts: XEP-0163',
      ),
      never(
        'XEP-0060 §4.5: the access model authorize',
        'it is optional (XEP-0060 §10): whom an owner lets in one by one are those of presence, roster groups and the whitelist, and a node that is to be authorize is refused with the models that there are (unsupported-access-model)',
      ),
      done('IM: RFC 6121 core features', im('the dance'), xmpp('im/routing')('RFC 6121 §8.5')),
      done(
        'IM advanced: XEP-0398, XEP-0153 avatar compatibility, XEP-0084 avatars',
        avatars('XEP-0398: avatars and vCards'),
        publishing('slixmpp: XEP-0163'),
      ),
      done('IM: XEP-0054 vcard-temp', modules('XEP-0054')),
      done('IM: XEP-0280 outbound message synchronization', modules('XEP-0280')),
      done('IM advanced: XEP-0191 user blocking', modules('XEP-0191')),
      done(
        'IM: XEP-0045, XEP-0249 group chat',
        rooms('room-entry')('XEP-0045 §7.2'),
        roomsPlatform('rooms: made'),
        roomsPeers('slixmpp in rooms'),
      ),
      done('XEP-0045 §5: every role and affiliation', rooms('room-administration')('XEP-0045 §5: privileges')),
      done(
        'XEP-0045 §7: messages, private ones, invitations',
        rooms('room-messages')('XEP-0045 §7.4'),
        rooms('room-messages')('XEP-0249'),
      ),
      done(
        'XEP-0045 §8, §9: moderators, admins',
        rooms('room-administration')('XEP-0045 §8'),
        rooms('room-administration')('XEP-0045 §9'),
      ),
      done(
        'XEP-0045 §10: owners',
        rooms('room-administration')('XEP-0045 §10'),
        rooms('room-service')('persistent rooms'),
      ),
      done('XEP-0045 §18.1.2: ghosts', rooms('room-messages')('XEP-0045 §18.1.2')),
      done('XEP-0313 §5: archives of rooms', rooms('room-service')('XEP-0313 §5')),
      done('XEP-0421 ids of occupants', rooms('room-entry')('XEP-0421')),
      done('IM advanced: XEP-0410 pings of oneself', rooms('room-messages')('XEP-0410')),
      done(
        'IM advanced: XEP-0048, XEP-0402 bookmarks of rooms',
        privateXml('XEP-0402: bookmarks, with XEP-0048'),
        publishing('slixmpp: XEP-0163'),
      ),
      done(
        'IM advanced: XEP-0223 private data via pubsub',
        pep('XEP-0223: private data'),
        publishing('slixmpp: XEP-0163'),
      ),
      done('IM advanced: XEP-0049 private XML storage', privateXml('XEP-0049: private XML')),
      done('IM advanced: XEP-0198 stream management', session('XEP-0198'), xmpp('im/unacknowledged')('XEP-0198 §4')),
      done('IM advanced: XEP-0313 history storage and retrieval', archive('XEP-0313: archive')),
      done('XEP-0313 #extended: between ids, by ids, flipped pages, metadata', archive('#extended: between ids')),
      done('IM: XEP-0363 file upload', modules('XEP-0363'), extensions('XEP-0363')),
    ],
  },
  {
    title: 'XMPP: beside the suites of XEP-0479',
    features: [
      done('XEP-0352 client state', session('XEP-0352')),
      done('XEP-0357 push, to components and webhooks', modules('XEP-0357'), extensions('XEP-0357')),
      done('XEP-0160 messages that wait, with XEP-0203 delays', im('wait for who is away')),
    ],
  },
  {
    title: 'XMPP: more extensions',
    features: [
      done('XEP-0077 change of password and leaving, off by default', modules('XEP-0077'), extensions('XEP-0077')),
      done('XEP-0092, XEP-0199, XEP-0202: version, ping, time', modules('XEP-0199, XEP-0092, XEP-0202')),
      done('XEP-0172, XEP-0184: nicks and receipts are relayed', modules('XEP-0172, XEP-0184')),
      done('XEP-0215 external services', modules('XEP-0215'), extensions('XEP-0215')),
      done('XEP-0114 components', component('XEP-0114: a component with its secret')),
      done('XEP-0386, XEP-0388: Bind 2, SASL2', connection('SASL2 and Bind 2')),
      done(
        'XEP-0474 downgrade protection',
        sasl('the hash of its example'),
        sasl('goes on when server and client saw the same offers'),
      ),
    ],
  },
  {
    title: 'XMPP: the client',
    features: [
      done('RFC 6120 §3.2, XEP-0368: servers found by SRV records', runtime('the servers that SRV records name')),
      done('XEP-0156: WebSockets found by host-meta', client('is in its host-meta')),
      done(
        'RFC 7395: WebSockets of browsers and Node',
        runtime('a client by the WebSocket'),
        peers('our client at Prosody'),
      ),
      done('XEP-0388, XEP-0386: in with one question', client('is in with one question')),
      done(
        'XEP-0198: resumption, nothing lost or doubled, wherever it is cut',
        client('is replaced, and the session resumed'),
        client('XEP-0198: wherever it is cut'),
      ),
      done('XEP-0440, RFC 9266, RFC 5929: channel binding', runtime('with channel bindings')),
      done('iqs with time-outs and signals, handlers', client('ask and answer')),
      done('real peers: our client at Prosody', peers('our client at Prosody')),
      done('real peers: slixmpp at our server: log-in, ping, messages, resumption', peers('slixmpp at our server')),
      done(
        'real peers: slixmpp at our server: roster, subscriptions, messages that wait, carbons, blocking, archive',
        contacts('slixmpp and its contacts'),
      ),
      done('the examples of the package', 'test/xmpp-examples.test.ts: anna says hello'),
    ],
  },
  {
    title: 'XMPP: hostile clients',
    features: [
      done('billion laughs, document types, entities', hostile('XML: billion laughs')),
      done('deep nesting, many elements', hostile('XML: billion laughs, deep nesting')),
      done('gigantic and many attributes, gigantic stanzas', hostile('gigantic attributes and stanzas')),
      done('input split at every byte', hostile('split at every byte')),
      done('namespace tricks', hostile('tricks with namespaces')),
      done('forged senders', hostile('forged senders')),
      done('floods of connections, slow-loris, white space', hostile('slow-loris'), hostile('a flood of connections')),
      done('garbage instead of XMPP or TLS', hostile('garbage instead of a stream'), runtime('TLS garbage')),
      done(
        'RFC 8446: what a hostile client says in records of TLS 1.3, and where the handshake ends',
        records('what a hostile peer can say'),
        records('so many of them are taken'),
        records('anything: it neither throws'),
        acceptor('content in the segment of the Finished'),
        acceptor('who leaves in the middle'),
        acceptor('who takes too long to shake hands'),
      ),
      done('floods of stanzas, requests and presence', hostile('a flood of'), hostile('directed presence')),
      done('rates of bytes, stanzas under way', session('who sends faster'), session('is not read')),
      done('slow readers, half-open connections', session('is cut off'), hostile('a half-open connection')),
      done('exhaustion of resources and connections', connection('more resources'), connection('more connections')),
      done('bombs of nodes, items, configurations and capabilities', xmpp('im/pep/pep-hostile')('hostile publishers')),
      done('roster bombs', im('a roster bomb')),
      done('oversize and bad base 64 in SASL', hostile('base 64 that is larger'), hostile('base 64 that is none')),
      done('SASL in every wrong order', hostile('one exchange begun by SASL'), connection('SASL out of order')),
      done('guessing of passwords', connection('wrong passwords: three to a stream')),
      done('a corpus of hostile XML, whole and cut anywhere', xmpp('stream/scanner')('corpus')),
    ],
  },
];
