import { concatBytes, emptyBytes } from '@yaolian/kernel';
import type { Fault } from '../faults.ts';
import { encodeCertificateChain, encodeRawPublicKey } from '../messages/certificate.ts';
import { ecdsaSign, encodeCertificateRequest } from '../messages/certificate-request.ts';
import { CertificateType } from '../messages/extension-values.ts';
import { HandshakeType } from '../messages/handshake-type.ts';
import { groupNumber, signatureNumbers } from '../messages/named-values.ts';
import { encodeEcdhParameters, encodeServerKeyExchange } from '../messages/server-key-exchange.ts';
import { decodeCertificate } from '../x509/certificate.ts';
import type { ServerHandshake } from './server-handshake.ts';
import { addServerHello } from './server-hello.ts';

/** Flight 4: ServerHello, Certificate*, ServerKeyExchange*, CertificateRequest*, ServerHelloDone. */
export function sendServerHelloFlight(handshake: ServerHandshake): Fault | undefined {
  const { suite, context } = handshake;
  handshake.beginFlight();
  handshake.context.resumption.prepare(handshake);
  addServerHello(handshake);
  if (suite.keyExchange === 'ECDHE_ECDSA') addCertificate(handshake);
  addServerKeyExchange(handshake);
  const { clientAuthentication = 'require' } = context.credentials;
  const asks = suite.keyExchange === 'ECDHE_ECDSA' && clientAuthentication !== 'none';
  if (asks) addCertificateRequest(handshake);
  handshake.add(HandshakeType.ServerHelloDone, emptyBytes);
  handshake.state = asks ? 'certificate' : 'client key exchange';
  handshake.sendFlight(true);
  return undefined;
}

function addCertificate(handshake: ServerHandshake): void {
  const { chain, privateKey } = handshake.own!;
  const isRaw = handshake.ownCertificateType === CertificateType.RawPublicKey;
  const body = isRaw ? encodeRawPublicKey(privateKey.publicKey) : encodeCertificateChain(chain!);
  handshake.add(HandshakeType.Certificate, body);
}

function addServerKeyExchange(handshake: ServerHandshake): void {
  const { suite, context, clientRandom, serverRandom, keyShare, group, own, signature } = handshake;
  const pskIdentityHint = context.credentials.pskIdentityHint ?? emptyBytes;
  // RFC 4279 §2: without a hint a PSK server sends no ServerKeyExchange.
  if (suite.keyExchange === 'PSK' && pskIdentityHint.length === 0) return;
  const parameters = keyShare ? encodeEcdhParameters(groupNumber(group!), keyShare.publicKey) : emptyBytes;
  const signed =
    suite.keyExchange === 'ECDHE_ECDSA'
      ? own!.privateKey.sign(signature, concatBytes([clientRandom, serverRandom, parameters]))
      : emptyBytes;
  const fields = { pskIdentityHint, parameters, signatureAlgorithm: signatureNumbers[signature], signature: signed };
  handshake.add(HandshakeType.ServerKeyExchange, encodeServerKeyExchange(suite.keyExchange, fields));
}

function addCertificateRequest(handshake: ServerHandshake): void {
  const { signatureAlgorithms } = handshake.settings;
  const { trust = {} } = handshake.context.credentials;
  const isRaw = handshake.clientCertificateType === CertificateType.RawPublicKey;
  const anchors = isRaw || trust.trustedCertificates !== undefined ? [] : (trust.authorities ?? []);
  const authorities = anchors.flatMap((der) => decodeCertificate(der)?.subject.der ?? []);
  const certificateTypes = Uint8Array.of(ecdsaSign);
  const fields = { certificateTypes, signatureAlgorithms, authorities };
  handshake.add(HandshakeType.CertificateRequest, encodeCertificateRequest(fields));
}
