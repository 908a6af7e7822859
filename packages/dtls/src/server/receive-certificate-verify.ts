import type { Step } from '../faults.ts';
import { fault, malformed } from '../faults.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import { decodeCertificateVerify } from '../messages/certificate-verify.ts';
import { fitsKey, signatureOf } from '../messages/named-values.ts';
import type { ServerHandshake } from './server-handshake.ts';

/** Flight 5: the client proves that it has the private key (RFC 5246 §7.4.8). */
export function receiveCertificateVerify(handshake: ServerHandshake, message: HandshakeMessage): Step {
  const verify = decodeCertificateVerify(message.body);
  if (verify === undefined) return malformed('CertificateVerify');
  const algorithm = signatureOf(verify.signatureAlgorithm);
  const { publicKey, kind } = handshake.peerKey!;
  const isOffered = handshake.settings.signatureAlgorithms.includes(verify.signatureAlgorithm);
  if (algorithm === undefined || !isOffered || !fitsKey(algorithm, kind)) {
    return fault('illegal_parameter', 'it signs with an algorithm that was not offered');
  }
  const { crypto } = handshake.settings;
  if (!crypto.verify(algorithm, publicKey, handshake.transcript.view(), verify.signature)) {
    return fault('decrypt_error', 'its signature of the handshake is wrong');
  }
  handshake.record(message);
  handshake.state = 'finished';
  return undefined;
}
