import { encodeRecordSizeLimit, encodeUint8List } from '../messages/extension-values.ts';
import { ExtensionType } from '../messages/extensions.ts';
import { HandshakeType } from '../messages/handshake-type.ts';
import { encodeServerHello } from '../messages/server-hello.ts';
import { dtls12 } from '../record/content-type.ts';
import { knowsSecureRenegotiation } from './receive-client-hello.ts';
import type { ServerHandshake } from './server-handshake.ts';

const none = new Uint8Array(0);

/** Adds the ServerHello: each extension answers one of the client's (RFC 5246 §7.4.1.4). */
export function addServerHello(handshake: ServerHandshake): void {
  const { suite, hello, settings } = handshake;
  const asked = hello.extensions;
  const extensions = new Map<number, Uint8Array>();
  if (knowsSecureRenegotiation(hello)) extensions.set(ExtensionType.renegotiation_info, Uint8Array.of(0));
  if (handshake.usesExtendedMasterSecret) extensions.set(ExtensionType.extended_master_secret, none);
  if (suite.cipher === 'aes-128-cbc') extensions.set(ExtensionType.encrypt_then_mac, none);
  if (asked.has(ExtensionType.connection_id) && settings.connectionIdLength !== false) {
    extensions.set(ExtensionType.connection_id, encodeUint8List(handshake.ownCid));
    if (handshake.routabilityCheck) extensions.set(ExtensionType.return_routability_check, none);
  }
  if (asked.has(ExtensionType.record_size_limit)) {
    extensions.set(ExtensionType.record_size_limit, encodeRecordSizeLimit(settings.recordSizeLimit));
  } else if (asked.has(ExtensionType.max_fragment_length)) {
    extensions.set(ExtensionType.max_fragment_length, asked.get(ExtensionType.max_fragment_length)!);
  }
  // DEVIATION: RFC 6066 §3 has an empty server_name here where the name counted. Nobody needs it, and pion ends the handshake over it.
  if (!handshake.isResumption) addCertificateTypes(handshake, extensions);
  if (handshake.givesTicket) extensions.set(ExtensionType.session_ticket, none);
  const { serverRandom: random, sessionId } = handshake;
  const fields = { version: dtls12, random, sessionId, cipherSuite: suite.id, compressionMethod: 0, extensions };
  handshake.add(HandshakeType.ServerHello, encodeServerHello(fields));
}

function addCertificateTypes(handshake: ServerHandshake, extensions: Map<number, Uint8Array>): void {
  const { suite, hello, context } = handshake;
  const asked = hello.extensions;
  if (suite.keyExchange === 'PSK') return;
  if (asked.has(ExtensionType.ec_point_formats)) extensions.set(ExtensionType.ec_point_formats, Uint8Array.of(1, 0));
  if (suite.keyExchange !== 'ECDHE_ECDSA') return;
  if (asked.has(ExtensionType.server_certificate_type)) {
    extensions.set(ExtensionType.server_certificate_type, Uint8Array.of(handshake.ownCertificateType));
  }
  const asks = (context.credentials.clientAuthentication ?? 'require') !== 'none';
  if (asks && asked.has(ExtensionType.client_certificate_type)) {
    extensions.set(ExtensionType.client_certificate_type, Uint8Array.of(handshake.clientCertificateType));
  }
}
