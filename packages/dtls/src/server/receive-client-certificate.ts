import { fault, malformed, type Step } from '../faults.ts';
import { judgeChain, judgeRawPublicKey } from '../handshake/judge-peer.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import { decodeCertificateChain, decodeRawPublicKey } from '../messages/certificate.ts';
import { CertificateType } from '../messages/extension-values.ts';
import type { ServerHandshake } from './server-handshake.ts';

/** Flight 5 begins: the client's Certificate, which may be empty (RFC 5246 §7.4.6). */
export function receiveClientCertificate(handshake: ServerHandshake, message: HandshakeMessage): Step {
  const { bounds } = handshake.settings;
  handshake.record(message);
  handshake.state = 'client key exchange';
  const { trust = {} } = handshake.context.credentials;
  if (handshake.clientCertificateType === CertificateType.RawPublicKey) {
    const publicKey = decodeRawPublicKey(message.body);
    if (publicKey === undefined) return malformed('Certificate');
    return publicKey.length === 0 ? withoutCertificate(handshake) : judgeRawPublicKey(handshake, publicKey, trust);
  }
  const chain = decodeCertificateChain(message.body, bounds.maximumChain);
  if (chain === undefined) return malformed('Certificate');
  return chain.length === 0 ? withoutCertificate(handshake) : judgeChain(handshake, chain, trust, undefined);
}

function withoutCertificate(handshake: ServerHandshake): Step {
  const { clientAuthentication = 'require' } = handshake.context.credentials;
  return clientAuthentication === 'require' ? fault('handshake_failure', 'the client shows no certificate') : undefined;
}
