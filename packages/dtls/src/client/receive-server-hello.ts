import { emptyBytes, equalBytes } from '@yaolian/kernel';
import { cipherSuiteOf } from '../cipher-suites.ts';
import { type Fault, fault, malformed, type Step } from '../faults.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import { CertificateType, decodeRecordSizeLimit, decodeUint8List } from '../messages/extension-values.ts';
import { type Extensions, ExtensionType } from '../messages/extensions.ts';
import { decodeServerHello, type ServerHello } from '../messages/server-hello.ts';
import { dtls12, maximumPlaintext } from '../record/content-type.ts';
import type { ClientHandshake } from './client-handshake.ts';
import { offeredSuites } from './send-client-hello.ts';

/** Flight 4 begins: what the server chose. It also tells whether an earlier session goes on. */
export function receiveServerHello(handshake: ClientHandshake, message: HandshakeMessage): Step {
  const hello = decodeServerHello(message.body);
  if (hello === undefined) return malformed('ServerHello');
  if (hello.version !== dtls12) return fault('protocol_version', 'the server does not speak DTLS 1.2');
  const suite = cipherSuiteOf(hello.cipherSuite);
  if (suite === undefined || !offeredSuites(handshake).includes(suite) || hello.compressionMethod !== 0) {
    return fault('illegal_parameter', 'the server chose what was not offered');
  }
  handshake.record(message);
  handshake.suite = suite;
  handshake.serverRandom = hello.random.slice();
  handshake.sessionId = hello.sessionId.slice();
  const refusal = readExtensions(handshake, hello.extensions);
  if (refusal !== undefined) return refusal;
  const { earlier } = handshake;
  const resumes = earlier !== undefined && hello.sessionId.length > 0 && equalBytes(hello.sessionId, earlier.sessionId);
  if (resumes) return resume(handshake, hello);
  handshake.state = suite.keyExchange === 'ECDHE_ECDSA' ? 'certificate' : 'server key exchange';
  return undefined;
}

function resume(handshake: ClientHandshake, hello: ServerHello): Fault | undefined {
  const { state } = handshake.earlier!;
  // RFC 7627 §5.3: the master secret must have been made in the same way. RFC 5246 §7.4.1.3: and the suite is the same.
  if (state.suite.id !== hello.cipherSuite || state.usesExtendedMasterSecret !== handshake.usesExtendedMasterSecret) {
    return fault('handshake_failure', 'the server resumes another session than ours');
  }
  handshake.isResumption = true;
  handshake.identity = state.identity;
  handshake.masterSecret = state.masterSecret.slice();
  handshake.openSession();
  handshake.state = handshake.expectsTicket ? 'ticket' : 'finished';
  return undefined;
}

function readExtensions(handshake: ClientHandshake, extensions: Extensions): Fault | undefined {
  const { suite } = handshake;
  // RFC 5246 §7.4.1.4: no extension is answered that was not sent.
  for (const type of extensions.keys()) {
    if (!handshake.offered.has(type))
      return fault('unsupported_extension', 'the server answers an extension that was not sent');
  }
  const renegotiation = extensions.get(ExtensionType.renegotiation_info);
  // RFC 5746 §3.4: in a first handshake it must be empty.
  if (renegotiation !== undefined && !equalBytes(renegotiation, Uint8Array.of(0))) {
    return fault('handshake_failure', 'the server takes this for a renegotiation');
  }
  if (suite.cipher === 'aes-128-cbc' && !extensions.has(ExtensionType.encrypt_then_mac)) {
    return fault('handshake_failure', 'the server wants CBC without encrypt-then-MAC');
  }
  handshake.usesExtendedMasterSecret = extensions.has(ExtensionType.extended_master_secret);
  handshake.expectsTicket = extensions.has(ExtensionType.session_ticket);
  const limit = extensions.get(ExtensionType.record_size_limit);
  const size = limit === undefined ? maximumPlaintext : decodeRecordSizeLimit(limit);
  if (size === undefined) return fault('illegal_parameter', 'a record size limit below 64 bytes');
  handshake.contentLimit = Math.min(size, maximumPlaintext);
  handshake.limitsRecords = limit !== undefined;
  const cid = extensions.get(ExtensionType.connection_id);
  const peerCid = cid === undefined ? emptyBytes : decodeUint8List(cid);
  if (peerCid === undefined) return malformed('connection_id');
  handshake.peerCid = peerCid.length === 0 ? emptyBytes : peerCid.slice();
  if (cid === undefined) handshake.ownCid = emptyBytes;
  handshake.routabilityCheck = extensions.has(ExtensionType.return_routability_check);
  const formats = extensions.get(ExtensionType.ec_point_formats);
  // RFC 8422 §5.2.
  if (formats !== undefined && !decodeUint8List(formats)?.includes(0)) {
    return fault('illegal_parameter', 'the server does not take uncompressed points');
  }
  return readCertificateTypes(handshake, extensions);
}

function readCertificateTypes(handshake: ClientHandshake, extensions: Extensions): Fault | undefined {
  const type = (number: number) => extensions.get(number)?.[0] ?? CertificateType.X509;
  const [server, client] = [type(ExtensionType.server_certificate_type), type(ExtensionType.client_certificate_type)];
  for (const one of [server, client]) {
    if (one !== CertificateType.X509 && one !== CertificateType.RawPublicKey) {
      return fault('unsupported_certificate', 'the server chose an unknown kind of certificate');
    }
  }
  handshake.serverCertificateType = server as CertificateType;
  handshake.clientCertificateType = client as CertificateType;
  return undefined;
}
