import { emptyBytes, isIPv4, isIPv6 } from '@yaolian/kernel';
import { type CipherSuite, emptyRenegotiationInfoScsv } from '../cipher-suites.ts';
import { believesCertificates } from '../credentials.ts';
import { encodeClientHello } from '../messages/client-hello.ts';
import {
  CertificateType,
  encodeRecordSizeLimit,
  encodeServerName,
  encodeUint8List,
  encodeUint16List,
} from '../messages/extension-values.ts';
import { ExtensionType } from '../messages/extensions.ts';
import { HandshakeType } from '../messages/handshake-type.ts';
import { groupNumber } from '../messages/named-values.ts';
import { dtls12, maximumPlaintext } from '../record/content-type.ts';
import { newConnectionId } from '../session/connection-id.ts';
import type { ClientHandshake } from './client-handshake.ts';

/** Flights 1 and 3: the ClientHello, the second time with the server's cookie and otherwise the same. */
export function sendClientHello(handshake: ClientHandshake): void {
  const { settings, clientRandom: random, cookie, earlier } = handshake;
  const suites = offeredSuites(handshake);
  handshake.beginFlight();
  const { connectionIdLength } = settings;
  if (connectionIdLength && handshake.ownCid.length === 0) {
    handshake.ownCid = newConnectionId(handshake.host, connectionIdLength);
  }
  const extensions = extensionsOf(handshake, suites);
  handshake.offered = new Set([...extensions.keys(), ExtensionType.renegotiation_info]);
  const body = encodeClientHello({
    version: dtls12,
    random,
    sessionId: earlier?.sessionId ?? emptyBytes,
    cookie,
    cipherSuites: [...suites.map((suite) => suite.id), emptyRenegotiationInfoScsv],
    compressionMethods: Uint8Array.of(0),
    extensions,
  });
  handshake.add(HandshakeType.ClientHello, body);
  handshake.sendFlight(true);
}

/** The suites that our credentials can make something of. */
export function offeredSuites({ settings, credentials }: ClientHandshake): readonly CipherSuite[] {
  const { trust } = credentials;
  return settings.cipherSuites.filter(({ keyExchange }) =>
    keyExchange === 'ECDHE_ECDSA' ? trust !== undefined : credentials.psk !== undefined,
  );
}

function extensionsOf(handshake: ClientHandshake, suites: readonly CipherSuite[]): Map<number, Uint8Array> {
  const { settings, credentials, earlier, ownCid } = handshake;
  const extensions = new Map<number, Uint8Array>();
  extensions.set(ExtensionType.extended_master_secret, emptyBytes);
  if (suites.some(({ cipher }) => cipher === 'aes-128-cbc')) extensions.set(ExtensionType.encrypt_then_mac, emptyBytes);
  extensions.set(ExtensionType.session_ticket, earlier?.ticket ?? emptyBytes);
  if (settings.connectionIdLength !== false) {
    extensions.set(ExtensionType.connection_id, encodeUint8List(ownCid));
    extensions.set(ExtensionType.return_routability_check, emptyBytes);
  }
  if (settings.recordSizeLimit < maximumPlaintext) {
    extensions.set(ExtensionType.record_size_limit, encodeRecordSizeLimit(settings.recordSizeLimit));
  }
  const { serverName } = credentials;
  // RFC 6066 §3: an address is no name; it is looked for in the certificate all the same.
  if (serverName !== undefined && !isIPv4(serverName) && !isIPv6(serverName))
    extensions.set(ExtensionType.server_name, encodeServerName(serverName));
  if (suites.some(({ keyExchange }) => keyExchange !== 'PSK')) {
    extensions.set(ExtensionType.supported_groups, encodeUint16List(settings.groups.map(groupNumber)));
    extensions.set(ExtensionType.ec_point_formats, Uint8Array.of(1, 0));
  }
  if (suites.some(({ keyExchange }) => keyExchange === 'ECDHE_ECDSA')) addCertificateExtensions(handshake, extensions);
  return extensions;
}

function addCertificateExtensions(handshake: ClientHandshake, extensions: Map<number, Uint8Array>): void {
  const { settings, credentials } = handshake;
  extensions.set(ExtensionType.signature_algorithms, encodeUint16List(settings.signatureAlgorithms));
  const { trust = {}, own = [] } = credentials;
  const believed: number[] = [];
  if (trust.rawPublicKey !== undefined) believed.push(CertificateType.RawPublicKey);
  if (believesCertificates(trust)) believed.push(CertificateType.X509);
  // RFC 7250 §4.1: what is X.509 alone is said by leaving the extension away.
  if (believed[0] === CertificateType.RawPublicKey) {
    extensions.set(ExtensionType.server_certificate_type, encodeUint8List(Uint8Array.from(believed)));
  }
  const shown = own.map(({ chain }) => (chain === undefined ? CertificateType.RawPublicKey : CertificateType.X509));
  if (shown.includes(CertificateType.RawPublicKey)) {
    extensions.set(ExtensionType.client_certificate_type, encodeUint8List(Uint8Array.from(new Set(shown))));
  }
}
