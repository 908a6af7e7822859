import type { CipherSuite } from '../cipher-suites.ts';
import { believesCertificates } from '../credentials.ts';
import type { GroupName, KeyKind } from '../crypto/crypto-port.ts';
import { type Fault, fault } from '../faults.ts';
import { CertificateType, decodeUint8List, decodeUint16List } from '../messages/extension-values.ts';
import { type Extensions, ExtensionType } from '../messages/extensions.ts';
import { groupNumber, signatureFor, signatureNumbers } from '../messages/named-values.ts';
import type { OwnCredential } from '../options.ts';
import type { ServerHandshake } from './server-handshake.ts';

/** Chooses the first suite of ours that the client offers and that can work with what both have. */
export function chooseSuite(handshake: ServerHandshake): Fault | undefined {
  const { cipherSuites } = handshake.settings;
  const offer = readOffer(handshake.hello.extensions);
  if (offer === undefined) return fault('decode_error', 'malformed extensions');
  // RFC 8422 §5.1.2: whoever lists formats of points lists the uncompressed one.
  if (!offer.pointFormats.includes(uncompressed))
    return fault('illegal_parameter', 'the client does not take uncompressed points');
  const common = cipherSuites.filter(({ id }) => handshake.hello.cipherSuites.includes(id));
  if (common.some((suite) => tryOut(handshake, suite, offer))) return undefined;
  // RFC 7250 §4.2: there is an alert of its own for that.
  if (common.some(({ keyExchange }) => keyExchange === 'ECDHE_ECDSA') && !hasCertificateTypes(handshake, offer))
    return fault('unsupported_certificate', 'no kind of certificate in common');
  return fault('handshake_failure', 'no cipher suite in common that our credentials allow');
}

interface Offer {
  readonly groups: readonly number[];
  /** The curves that keys of certificates may be on; undefined: any. */
  readonly curves: readonly number[] | undefined;
  readonly pointFormats: Uint8Array;
  readonly signatures: readonly number[];
  readonly serverTypes: Uint8Array;
  readonly clientTypes: Uint8Array;
  readonly encryptThenMac: boolean;
}

const x509Alone = Uint8Array.of(CertificateType.X509);
const uncompressed = 0;

function readOffer(extensions: Extensions): Offer | undefined {
  const list16 = (type: number, absent: readonly number[]) => {
    const data = extensions.get(type);
    return data === undefined ? absent : decodeUint16List(data);
  };
  const list8 = (type: number, absent: Uint8Array) => {
    const data = extensions.get(type);
    return data === undefined ? absent : decodeUint8List(data);
  };
  // RFC 8422 §4: without the extension the choice is ours; every client has P-256.
  const groups = list16(ExtensionType.supported_groups, [groupNumber('secp256r1')]);
  // RFC 5246 §7.4.1.4.1 names SHA-1 as the default; RFC 7925 §4.4 has everybody send the extension. SHA-256 it is.
  const signatures = list16(ExtensionType.signature_algorithms, [signatureNumbers['ecdsa-sha256']]);
  const serverTypes = list8(ExtensionType.server_certificate_type, x509Alone);
  const clientTypes = list8(ExtensionType.client_certificate_type, x509Alone);
  const pointFormats = list8(ExtensionType.ec_point_formats, Uint8Array.of(uncompressed));
  if (!groups || !signatures || !serverTypes || !clientTypes || !pointFormats) return undefined;
  return {
    groups,
    curves: extensions.has(ExtensionType.supported_groups) ? groups : undefined,
    pointFormats,
    signatures,
    serverTypes,
    clientTypes,
    encryptThenMac: extensions.has(ExtensionType.encrypt_then_mac),
  };
}

/** Whether `suite` works; the choices that go with it are noted in `handshake` then. */
function tryOut(handshake: ServerHandshake, suite: CipherSuite, offer: Offer): boolean {
  const { credentials } = handshake.context;
  if (suite.cipher === 'aes-128-cbc' && !offer.encryptThenMac) return false;
  let group: GroupName | undefined;
  if (suite.keyExchange !== 'PSK') {
    group = handshake.settings.groups.find((one) => offer.groups.includes(groupNumber(one)));
    if (group === undefined) return false;
  }
  if (suite.keyExchange === 'ECDHE_ECDSA') {
    if (!chooseCredential(handshake, offer) || !chooseClientType(handshake, offer)) return false;
  } else if (credentials.psk === undefined) return false;
  handshake.suite = suite;
  if (group !== undefined) handshake.keyShare = handshake.settings.crypto.generateKeyShare(group);
  handshake.group = group;
  return true;
}

function chooseCredential(handshake: ServerHandshake, offer: Offer): boolean {
  const credentials = credentialsOf(handshake);
  for (const credential of credentials) {
    const type = typeOf(credential);
    if (!offer.serverTypes.includes(type) || !canSign(credential, handshake, offer)) continue;
    handshake.own = credential;
    handshake.ownCertificateType = type;
    handshake.signature = signatureFor(
      credential.privateKey.kind,
      offer.signatures,
      handshake.settings.signatureAlgorithms,
    )!;
    return true;
  }
  return false;
}

function credentialsOf({ context, serverName }: ServerHandshake): readonly OwnCredential[] {
  const { own = [] } = context.credentials;
  return typeof own === 'function' ? own(serverName) : own;
}

function typeOf({ chain }: OwnCredential): CertificateType {
  return chain === undefined ? CertificateType.RawPublicKey : CertificateType.X509;
}

function canSign({ privateKey }: OwnCredential, { settings }: ServerHandshake, offer: Offer): boolean {
  // RFC 8422 §4: the client must be able to make something of the key.
  const curve = curveOf(privateKey.kind);
  if (curve !== undefined && offer.curves?.includes(curve) === false) return false;
  return signatureFor(privateKey.kind, offer.signatures, settings.signatureAlgorithms) !== undefined;
}

/** The number of the curve that a key is on; undefined where none goes with it. */
function curveOf(kind: KeyKind): number | undefined {
  return kind === 'Ed25519' ? undefined : groupNumber(kind === 'P-256' ? 'secp256r1' : 'secp384r1');
}

/** False when it is the kinds of certificates that keep both from a handshake. */
function hasCertificateTypes(handshake: ServerHandshake, offer: Offer): boolean {
  const own = credentialsOf(handshake);
  if (own.length === 0) return true;
  return own.some((one) => offer.serverTypes.includes(typeOf(one))) && chooseClientType(handshake, offer);
}

/** RFC 7250 §4.2: the first kind of client certificate that both take; none is needed where nobody is asked. */
function chooseClientType(handshake: ServerHandshake, offer: Offer): boolean {
  const { clientAuthentication = 'require', trust = {} } = handshake.context.credentials;
  if (clientAuthentication === 'none') return true;
  const takesRaw = trust.rawPublicKey !== undefined;
  const takesX509 = believesCertificates(trust) || !takesRaw;
  for (const type of offer.clientTypes) {
    const takes = (type === CertificateType.RawPublicKey && takesRaw) || (type === CertificateType.X509 && takesX509);
    if (!takes) continue;
    handshake.clientCertificateType = type as CertificateType;
    return true;
  }
  return clientAuthentication === 'request';
}
