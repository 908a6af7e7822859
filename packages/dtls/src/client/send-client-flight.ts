import { emptyBytes } from '@yaolian/kernel';
import type { ClientPsk } from '../credentials.ts';
import { pskPremasterSecret } from '../crypto/prf.ts';
import { type Fault, fault, malformed, type Step, unexpected } from '../faults.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import { encodeCertificateChain, encodeRawPublicKey } from '../messages/certificate.ts';
import { ecdsaSign } from '../messages/certificate-request.ts';
import { encodeCertificateVerify } from '../messages/certificate-verify.ts';
import { encodeClientKeyExchange } from '../messages/client-key-exchange.ts';
import { CertificateType } from '../messages/extension-values.ts';
import { HandshakeType } from '../messages/handshake-type.ts';
import { groupOf, type HandshakeSignature, signatureFor, signatureNumbers } from '../messages/named-values.ts';
import type { OwnCredential } from '../options.ts';
import type { ClientHandshake } from './client-handshake.ts';
import { shownCredentials } from './shown-credentials.ts';

/** ServerHelloDone came; flight 5 answers: Certificate*, ClientKeyExchange, CertificateVerify*, ChangeCipherSpec, Finished. */
export function sendClientFlight(handshake: ClientHandshake, message: HandshakeMessage): Step {
  if (message.body.length > 0) return malformed('ServerHelloDone');
  const { keyExchange } = handshake.suite;
  if (handshake.keyExchange === undefined && keyExchange !== 'PSK') return unexpected('ServerHelloDone');
  handshake.record(message);
  if (keyExchange === 'ECDHE_ECDSA') return send(handshake, undefined);
  const { psk } = handshake.credentials;
  const found = typeof psk === 'function' ? psk(handshake.keyExchange?.pskIdentityHint ?? emptyBytes) : psk;
  if (found instanceof Promise) return found.then((one) => withPsk(handshake, one));
  return withPsk(handshake, found);
}

function withPsk(handshake: ClientHandshake, psk: ClientPsk | undefined): Fault | undefined {
  return psk === undefined ? fault('internal_error', 'there is no pre-shared key for it') : send(handshake, psk);
}

function send(handshake: ClientHandshake, psk: ClientPsk | undefined): Fault | undefined {
  const { keyExchange } = handshake.suite;
  let publicKey: Uint8Array = emptyBytes;
  let shared: Uint8Array | undefined;
  if (keyExchange !== 'PSK') {
    const share = handshake.settings.crypto.generateKeyShare(groupOf(handshake.keyExchange!.group)!);
    shared = share.agree(handshake.keyExchange!.publicKey);
    if (shared === undefined) return fault('illegal_parameter', 'its ephemeral key is no public key');
    publicKey = share.publicKey;
  }
  handshake.beginFlight();
  const own = handshake.certificateRequest === undefined ? undefined : addCertificate(handshake);
  const pskIdentity = psk?.identity ?? emptyBytes;
  handshake.add(HandshakeType.ClientKeyExchange, encodeClientKeyExchange({ pskIdentity, publicKey }, keyExchange));
  if (psk !== undefined) handshake.identity = { kind: 'PSK', identity: psk.identity };
  const { settings, suite, credentials, keyExchange: fromServer } = handshake;
  handshake.shown = shownCredentials(settings.crypto, suite, credentials, psk, fromServer?.pskIdentityHint.slice());
  handshake.deriveSession(psk === undefined ? shared! : pskPremasterSecret(psk.key, shared));
  if (own !== undefined) addCertificateVerify(handshake, own);
  handshake.addFinished();
  handshake.state = handshake.expectsTicket ? 'ticket' : 'finished';
  handshake.sendFlight(true);
  return undefined;
}

interface Shown {
  readonly credential: OwnCredential;
  readonly signature: HandshakeSignature;
}

/** RFC 5246 §7.4.6: who has nothing that fits shows an empty list. */
function addCertificate(handshake: ClientHandshake): Shown | undefined {
  const isRaw = handshake.clientCertificateType === CertificateType.RawPublicKey;
  const { signatureAlgorithms, certificateTypes } = handshake.certificateRequest!;
  // RFC 8422 §5.5: all our keys, those of Ed25519 too, come under one type.
  const own = certificateTypes.includes(ecdsaSign) ? (handshake.credentials.own ?? []) : [];
  for (const credential of own) {
    const signature = signatureFor(
      credential.privateKey.kind,
      signatureAlgorithms,
      handshake.settings.signatureAlgorithms,
    );
    if ((credential.chain === undefined) !== isRaw || signature === undefined) continue;
    const { chain = [], privateKey } = credential;
    handshake.add(
      HandshakeType.Certificate,
      isRaw ? encodeRawPublicKey(privateKey.publicKey) : encodeCertificateChain(chain),
    );
    return { credential, signature };
  }
  handshake.add(HandshakeType.Certificate, isRaw ? encodeRawPublicKey(emptyBytes) : encodeCertificateChain([]));
  return undefined;
}

function addCertificateVerify(handshake: ClientHandshake, { credential, signature: algorithm }: Shown): void {
  const signature = credential.privateKey.sign(algorithm, handshake.transcript.view());
  const body = encodeCertificateVerify({ signatureAlgorithm: signatureNumbers[algorithm], signature });
  handshake.add(HandshakeType.CertificateVerify, body);
}
