import { concatBytes } from '@yaolian/kernel';
import { fault, malformed, type Step } from '../faults.ts';
import { judgeChain, judgeRawPublicKey } from '../handshake/judge-peer.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import { decodeCertificateChain, decodeRawPublicKey } from '../messages/certificate.ts';
import { decodeCertificateRequest } from '../messages/certificate-request.ts';
import { CertificateType } from '../messages/extension-values.ts';
import { fitsKey, groupOf, signatureOf } from '../messages/named-values.ts';
import { decodeServerKeyExchange, type ServerKeyExchange } from '../messages/server-key-exchange.ts';
import type { ClientHandshake } from './client-handshake.ts';

/** Flight 4: the server's Certificate. */
export function receiveCertificate(handshake: ClientHandshake, message: HandshakeMessage): Step {
  handshake.record(message);
  handshake.state = 'server key exchange';
  const { trust = {}, serverName } = handshake.credentials;
  if (handshake.serverCertificateType === CertificateType.RawPublicKey) {
    const publicKey = decodeRawPublicKey(message.body);
    return publicKey === undefined ? malformed('Certificate') : judgeRawPublicKey(handshake, publicKey.slice(), trust);
  }
  const chain = decodeCertificateChain(message.body, handshake.settings.bounds.maximumChain);
  return chain === undefined ? malformed('Certificate') : judgeChain(handshake, chain, trust, serverName);
}

/** Flight 4: the server's ephemeral key with its signature, or its identity hint. */
export function receiveServerKeyExchange(handshake: ClientHandshake, message: HandshakeMessage): Step {
  const { keyExchange } = handshake.suite;
  const exchange = decodeServerKeyExchange(message.body, keyExchange);
  if (exchange === undefined) return malformed('ServerKeyExchange');
  handshake.record(message);
  handshake.keyExchange = exchange;
  if (keyExchange === 'ECDHE_ECDSA') {
    handshake.state = 'request or done';
    return checkSignature(handshake, exchange);
  }
  handshake.state = 'done';
  return keyExchange === 'PSK' || isOffered(handshake, exchange) ? undefined : unofferedGroup;
}

const unofferedGroup = fault('illegal_parameter', 'the server chose a curve that was not offered');

function isOffered({ settings }: ClientHandshake, exchange: ServerKeyExchange): boolean {
  const group = groupOf(exchange.group);
  return group !== undefined && settings.groups.includes(group);
}

function checkSignature(handshake: ClientHandshake, exchange: ServerKeyExchange): Step {
  if (!isOffered(handshake, exchange)) return unofferedGroup;
  const algorithm = signatureOf(exchange.signatureAlgorithm);
  const { publicKey, kind } = handshake.peerKey!;
  const isSignatureOffered = handshake.settings.signatureAlgorithms.includes(exchange.signatureAlgorithm);
  if (algorithm === undefined || !isSignatureOffered || !fitsKey(algorithm, kind)) {
    return fault('illegal_parameter', 'it signs with an algorithm that was not offered');
  }
  const signed = concatBytes([handshake.clientRandom, handshake.serverRandom, exchange.parameters]);
  return handshake.settings.crypto.verify(algorithm, publicKey, signed, exchange.signature)
    ? undefined
    : fault('decrypt_error', 'its signature of the ephemeral key is wrong');
}

/** Flight 4: the server wants to know who we are. */
export function receiveCertificateRequest(handshake: ClientHandshake, message: HandshakeMessage): Step {
  const request = decodeCertificateRequest(message.body);
  if (request === undefined) return malformed('CertificateRequest');
  handshake.record(message);
  handshake.certificateRequest = request;
  handshake.state = 'done';
  return undefined;
}
