import { pskPremasterSecret } from '../crypto/prf.ts';
import { type Fault, fault, malformed, type Step } from '../faults.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import { type ClientKeyExchange, decodeClientKeyExchange } from '../messages/client-key-exchange.ts';
import type { ServerHandshake } from './server-handshake.ts';

/** Flight 5: the ClientKeyExchange makes the premaster secret, and with it the keys. */
export function receiveClientKeyExchange(handshake: ServerHandshake, message: HandshakeMessage): Step {
  const { keyExchange } = handshake.suite;
  const exchange = decodeClientKeyExchange(message.body, keyExchange);
  if (exchange === undefined) return malformed('ClientKeyExchange');
  handshake.record(message);
  let shared: Uint8Array | undefined;
  if (keyExchange !== 'PSK') {
    shared = handshake.keyShare!.agree(exchange.publicKey);
    handshake.keyShare = undefined;
    if (shared === undefined) return fault('illegal_parameter', 'its ephemeral key is no public key');
  }
  if (keyExchange !== 'ECDHE_ECDSA') return lookUpKey(handshake, exchange, shared);
  handshake.deriveSession(shared!);
  handshake.state = handshake.peerKey === undefined ? 'finished' : 'certificate verify';
  return undefined;
}

function lookUpKey(handshake: ServerHandshake, exchange: ClientKeyExchange, shared: Uint8Array | undefined): Step {
  const identity = exchange.pskIdentity.slice();
  handshake.claimedPskIdentity = identity;
  if (identity.length > handshake.settings.bounds.maximumIdentityBytes) {
    return fault('illegal_parameter', 'its PSK identity is too long');
  }
  const { peer, serverName } = handshake;
  const proceed = (key: Uint8Array | undefined): Fault | undefined => {
    // RFC 4279 §2: an unknown identity gets a key that nobody has, so that it fails just as a wrong key does.
    const psk = key ?? handshake.settings.crypto.randomBytes(16);
    handshake.identity = { kind: 'PSK', identity };
    handshake.deriveSession(pskPremasterSecret(psk, shared));
    shared?.fill(0);
    handshake.state = 'finished';
    return undefined;
  };
  const found = handshake.context.credentials.psk!(identity, { peer, serverName });
  return found instanceof Promise ? found.then(proceed) : proceed(found);
}
