import type { CoapUri } from '@yaolian/coap';
import {
  type CipherSuiteName,
  type ClientCredentials,
  type CryptoPort,
  cipherSuites,
  type DtlsOptions,
  type GroupName,
  type OwnCredential,
  type PeerTrust,
  signatureSchemes,
} from '@yaolian/dtls';
import { decodeUtf8, equalBytes, isIPv4, isIPv6 } from '@yaolian/kernel';
import { clientErrors, SecurityMode, type ServerAccess } from '@yaolian/lwm2m/client';
import {
  type CertificateRule,
  certificatesOfPem,
  dtlsClientCredentials,
  pemOf,
  privateKeyPem,
  type TlsClientOptions,
  trustByRule,
} from '@yaolian/node-runtime';

type Where = Pick<CoapUri, 'host'>;

/**
 * What an account of object 0 says of DTLS (OMA-TS-LightweightM2M_Transport 1.1 §5.2.8): the identity and key, the raw
 * public keys, or the certificates of both sides. What it leaves open is taken from `tls`.
 * @throws YaolianError LWM2M_CLIENT_CANNOT_CONNECT, TLS_CREDENTIALS_BAD
 */
export function dtlsCredentialsOf(
  access: ServerAccess,
  { host }: Where,
  tls: TlsClientOptions,
  crypto: CryptoPort,
): ClientCredentials {
  const { securityMode, publicKeyOrIdentity, serverPublicKey, secretKey } = access;
  const serverName = serverNameOf(access, host, tls);
  const named = serverName === undefined ? {} : { serverName };
  if (securityMode === SecurityMode.PreSharedKey) {
    return { psk: { identity: publicKeyOrIdentity, key: secretKey }, ...named };
  }
  needCertificate(access);
  const { psk: _, ...others } = tls;
  const fromOptions = dtlsClientCredentials(others, crypto);
  const names = [serverName ?? host];
  const isTrusted = serverPublicKey.length > 0;
  const trust = isTrusted ? trustIn(access, others, names) : { ...(!tls.insecure && { names }), ...fromOptions.trust };
  const own = publicKeyOrIdentity.length === 0 ? fromOptions.own : [ownOf(access, crypto)];
  return { trust, ...(own && { own }), ...named };
}

/**
 * What the same account says of TLS.
 * @throws YaolianError LWM2M_CLIENT_CANNOT_CONNECT
 */
export function tlsCredentialsOf(access: ServerAccess, { host }: Where, tls: TlsClientOptions): TlsClientOptions {
  const { securityMode, publicKeyOrIdentity, serverPublicKey, secretKey, ciphersuites, groups, signatureAlgorithms } =
    access;
  const { psk: _, ...others } = tls;
  const serverName = serverNameOf(access, host, tls);
  const offers = {
    ...(serverName !== undefined && { serverName }),
    ...(ciphersuites && { cipherSuites: ciphersuites }),
    ...(groups && { groups: knownGroups(access).map((group) => tlsGroups[group]) }),
    ...(signatureAlgorithms && { signatureAlgorithms }),
  };
  if (securityMode === SecurityMode.NoSec) return others;
  if (securityMode === SecurityMode.PreSharedKey) {
    return { ...others, ...offers, psk: { identity: decodeUtf8(publicKeyOrIdentity) ?? '', key: secretKey } };
  }
  needCertificate(access);
  if (securityMode === SecurityMode.RawPublicKey) {
    throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(access.uri, 'raw public keys go with DTLS, not with this TLS');
  }
  const own = () => ({ certificate: pemOf(publicKeyOrIdentity), key: privateKeyPem(secretKey) });
  return {
    ...others,
    ...offers,
    ...(serverPublicKey.length > 0 && { rule: ruleOf(access), insecure: false }),
    ...(publicKeyOrIdentity.length > 0 && { credentials: own() }),
  };
}

/** The suites, groups and signature algorithms that the account has a DTLS client offer; what we do not know of is left out. */
export function dtlsOffersOf(
  access: ServerAccess,
): Pick<DtlsOptions, 'cipherSuites' | 'groups' | 'signatureAlgorithms'> {
  const { ciphersuites, groups, signatureAlgorithms, uri } = access;
  const names = Object.keys(cipherSuites) as CipherSuiteName[];
  const known = ciphersuites?.flatMap((number) => names.filter((name) => cipherSuites[name].id === number));
  if (known?.length === 0) {
    throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(uri, 'no cipher suite of its account is known here');
  }
  if (signatureAlgorithms && !signatureAlgorithms.some((number) => signatureSchemes.includes(number))) {
    throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(uri, 'no signature algorithm of its account is known here');
  }
  return {
    ...(known && { cipherSuites: known }),
    ...(groups && { groups: knownGroups(access) }),
    ...(signatureAlgorithms && { signatureAlgorithms }),
  };
}

const groupNumbers: Readonly<Record<number, GroupName>> = { 23: 'secp256r1', 24: 'secp384r1', 29: 'x25519' };
const tlsGroups: Readonly<Record<GroupName, string>> = { secp256r1: 'P-256', secp384r1: 'P-384', x25519: 'X25519' };

function knownGroups({ groups = [], uri }: ServerAccess): readonly GroupName[] {
  const known = groups.flatMap((number) => groupNumbers[number] ?? []);
  if (known.length === 0) throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(uri, 'no group of its account is known here');
  return known;
}

/** RFC 6066 §3: addresses are no server names. */
function serverNameOf({ sni }: ServerAccess, host: string, tls: TlsClientOptions): string | undefined {
  return sni ?? tls.serverName ?? (isIPv4(host) || isIPv6(host) ? undefined : host);
}

function needCertificate({ securityMode, publicKeyOrIdentity, uri }: ServerAccess): void {
  if (securityMode !== SecurityMode.CertificateWithEst || publicKeyOrIdentity.length > 0) return;
  throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(
    uri,
    'its account wants EST (security mode 4), and has no certificate yet',
  );
}

/** The account's server key: the raw public key itself, or what it says of the certificate. */
function trustIn(access: ServerAccess, { authorities }: TlsClientOptions, names: readonly string[]): PeerTrust {
  const { securityMode, serverPublicKey } = access;
  if (securityMode === SecurityMode.RawPublicKey)
    return { rawPublicKey: (shown) => equalBytes(shown, serverPublicKey) };
  const pems = [authorities ?? []].flat() as readonly (string | Uint8Array)[];
  const store = pems.flatMap((pem) => certificatesOfPem(pem, 'the authorities'));
  return trustByRule(ruleOf(access), store, names);
}

/** OMA-TS-LightweightM2M_Transport 1.1 §5.2.8.7: without resources 13 and 15 the certificate is the server's own. */
function ruleOf({ certificateUsage = 3, matchingType = 0, serverPublicKey: data }: ServerAccess): CertificateRule {
  return { usage: certificateUsage as 0 | 1 | 2 | 3, matchingType: matchingType as 0 | 1 | 2 | 3, data };
}

function ownOf({ securityMode, publicKeyOrIdentity, secretKey }: ServerAccess, crypto: CryptoPort): OwnCredential {
  const privateKey = crypto.importPrivateKey(secretKey);
  return securityMode === SecurityMode.RawPublicKey ? { privateKey } : { privateKey, chain: [publicKeyOrIdentity] };
}
