import type { CipherSuite } from '../cipher-suites.ts';
import { believesCertificates } from '../credentials.ts';
import type { GroupName } from '../crypto/crypto-port.ts';
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
  for (const suite of cipherSuites) {
    if (handshake.hello.cipherSuites.includes(suite.id) && tryOut(handshake, suite, offer)) return undefined;
  }
  return fault('handshake_failure', 'no cipher suite in common that our credentials allow');
}

interface Offer {
  readonly groups: readonly number[];
  readonly signatures: readonly number[];
  readonly serverTypes: Uint8Array;
  readonly clientTypes: Uint8Array;
  readonly encryptThenMac: boolean;
}

const x509Alone = Uint8Array.of(CertificateType.X509);

function readOffer(extensions: Extensions): Offer | undefined {
  const list16 = (type: number, absent: readonly number[]) => {
    const data = extensions.get(type);
    return data === undefined ? absent : decodeUint16List(data);
  };
  const list8 = (type: number) => {
    const data = extensions.get(type);
    return data === undefined ? x509Alone : decodeUint8List(data);
  };
  // RFC 8422 §4: without the extension the choice is ours; every client has P-256.
  const groups = list16(ExtensionType.supported_groups, [groupNumber('secp256r1')]);
  // RFC 5246 §7.4.1.4.1 names SHA-1 as the default; RFC 7925 §4.4 has everybody send the extension. SHA-256 it is.
  const signatures = list16(ExtensionType.signature_algorithms, [signatureNumbers['ecdsa-sha256']]);
  const serverTypes = list8(ExtensionType.server_certificate_type);
  const clientTypes = list8(ExtensionType.client_certificate_type);
  if (!groups || !signatures || !serverTypes || !clientTypes) return undefined;
  return {
    groups,
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
  const { own = [] } = handshake.context.credentials;
  const credentials = typeof own === 'function' ? own(handshake.serverName) : own;
  for (const credential of credentials) {
    const type = credential.chain === undefined ? CertificateType.RawPublicKey : CertificateType.X509;
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

function canSign({ privateKey }: OwnCredential, { settings }: ServerHandshake, offer: Offer): boolean {
  return signatureFor(privateKey.kind, offer.signatures, settings.signatureAlgorithms) !== undefined;
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
