import type { Feature, Standard } from './conformance-features.ts';

const done = (feature: string, ...tests: string[]): Feature => ({ feature, tests, missing: undefined, state: 'pass' });
const never = (feature: string, why: string): Feature => ({ feature, tests: [], missing: why, state: 'not planned' });

const oscore = (file: string) => (title: string) => `packages/oscore/src/${file}.test.ts: ${title}`;
const vectors = oscore('vectors');
const exchange = oscore('exchange');
const observe = oscore('observe');
const state = oscore('state');
const hostile = oscore('hostile');
const stream = oscore('stream');
const again = oscore('rederivation');
const blocks = oscore('notification-blocks');

/** What `packages/oscore` does. */
export const oscoreStandard: Standard = {
  title: 'OSCORE: RFC 8613',
  features: [
    done('§3.2 key derivation; Appendix C.1 to C.3', vectors('RFC 8613 Appendix C: key derivation')),
    done(
      '§5 COSE object, nonce, additional data; Appendix C.4 to C.8, byte for byte',
      vectors('RFC 8613 Appendix C: sealing'),
    ),
    done('§3.2 every AEAD and key derivation of COSE that fits', exchange('every AEAD and key derivation')),
    done('§4.1, §4.2 Inner and Outer options, codes', exchange('RFC 8613 Appendix A.1'), exchange('RFC 8613 §4.1.3.2')),
    done('§4.1.3.3 Proxy-Uri', exchange('RFC 8613 §4.1.3.3')),
    done(
      '§4.1.3.4.1 Inner blocks, MAX_UNFRAGMENTED_SIZE',
      exchange('RFC 8613 §4.1.3.4.1'),
      stream('both sides ask, with large'),
    ),
    done(
      '§4.1.3.4.2, §8.2.1, §8.4.1 Outer blocks, as proxies make them; bounded',
      oscore('outer-blocks')('a proxy cuts request and response'),
      oscore('outer-blocks')('Outer blocks are bounded'),
      oscore('outer-blocks')('a response in more Outer blocks'),
    ),
    done(
      '§4.1.3.4.2 Outer blocks of notifications, on both sides; bounded',
      blocks('a notification in Outer blocks'),
      blocks('the wire'),
      blocks('a newer notification'),
      blocks('blocks of another notification'),
      blocks('bounds: bytes of one notification'),
      blocks('a proxy of its own'),
    ),
    done(
      '§4.1.3.5, §7.4.1, §8.3.1, §8.4.2 observations: binding, order, replay',
      observe('RFC 8613 Appendix A.2'),
      observe('RFC 8613 §7.4.1'),
      observe('RFC 8613 §4.1.3.5.2'),
      observe('a notification that is no other than garbage'),
    ),
    done(
      '§4.1.3.7 OSCORE within OSCORE is refused',
      exchange('RFC 8613 §4.1.3.7'),
      hostile('what a holder of the keys'),
    ),
    done('§5.1 ID Context', exchange('RFC 8613 §5.1'), hostile('RFC 8613 §5.1')),
    done('§6 the option: examples, hostile values, properties', vectors('RFC 8613 §6.3'), hostile('RFC 8613 §6.1')),
    done('§7.1 responses are bound to their requests', hostile('an answer to one request is none')),
    done('§7.2 sequence numbers: none twice, exhaustion', state('numbers are given once'), state('RFC 8613 §7.2.1')),
    done('§7.4 replay window', hostile('RFC 8613 §7.4'), state('the replay window agrees')),
    done(
      '§8.2 refusals: 4.00, 4.01, 4.02, unprotected, Max-Age 0; nothing kept for a guess',
      hostile('RFC 8613 §6.1, §8.2'),
      hostile('who is not known'),
    ),
    done('§8.4 unprotected answers are not used', hostile('RFC 8613 §8.4'), hostile('the client tells who waits')),
    done(
      'Appendix B.1.1 sequence numbers over a crash',
      state('RFC 8613 Appendix B.1.1'),
      state('a crash in the middle'),
    ),
    done(
      'Appendix B.1.2 and RFC 9175 §2: replay window over a crash, by Echo',
      state('RFC 8613 Appendix B.1.2'),
      state('an Echo value is good for its lifetime'),
      state('after an orderly end'),
    ),
    done(
      'Appendix B.2 contexts derived several times, on both roles, where both sides agreed on it; keys of Appendix C.3',
      again('RFC 8613 Appendix B.2: R1, R2 || R1'),
      again('who lost the state comes as the same peer'),
      again('without an agreement nobody makes'),
      again('a server that lost its state'),
      again('observations of before end'),
      again('over loss, doubles, reordering'),
    ),
    done(
      'Appendix B.2: offers are bounded, cost no memory, age, and are not made again for a replay',
      again('a request #1 is answered once'),
      again('so many peers may be asking'),
      again('an R2 that is too old'),
    ),
    done(
      'over TCP and WebSockets (RFC 8323)',
      stream('both sides ask, with large'),
      stream('a peer that comes on another'),
    ),
    done('changes of address, on both sides', observe('a client that moved'), observe('a server that moved')),
    done(
      'bounds: contexts, lookups, messages that wait',
      hostile('bounds: contexts'),
      state('messages wait, in order'),
    ),
    done('the examples of the package', 'test/oscore-examples.test.ts: the examples of packages/oscore'),
    done(
      'with aiocoap, both directions',
      'test/peers/oscore.test.ts: aiocoap asks our server',
      "test/peers/oscore.test.ts: our client asks aiocoap's server",
      "test/peers/oscore.test.ts: aiocoap's server that was started again",
      'test/peers/oscore.test.ts: our server that crashed',
    ),
    done(
      'with Californium, both directions',
      'test/peers/oscore.test.ts: Californium asks our server',
      "test/peers/oscore.test.ts: our client asks Californium's server",
    ),
    done(
      'Appendix B.2 with Californium, both directions',
      'test/peers/oscore.test.ts: RFC 8613 Appendix B.2: a server of ours without state',
      'test/peers/oscore.test.ts: RFC 8613 Appendix B.2: our client that lost its state',
    ),
    done(
      "with Leshan, both directions: Register, operations, observation, and object 21 by bootstrap, over the platform's clear port with NoSec off",
      "test/peers/leshan-oscore.test.ts: Leshan's client registers with its security context",
      "test/peers/leshan-oscore.test.ts: Leshan's client bootstraps with its security context",
      "test/peers/leshan-oscore.test.ts: our terminal registers with Leshan's server",
    ),
    never(
      '§4.3 protected signaling, §11 HTTP',
      'signaling stays as it is: §4.3 leaves it to who implements; §11 is for proxies between HTTP and CoAP, and there is none',
    ),
  ],
};
