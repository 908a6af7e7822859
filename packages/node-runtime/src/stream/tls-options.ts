import { X509Certificate } from 'node:crypto';
import {
  type ConnectionOptions,
  createSecureContext,
  type SecureContextOptions,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import type { PeerIdentity } from '@yaolian/kernel';
import { runtimeErrors } from '../errors.ts';
import { type CertificateRule, type TlsRule, tlsByRule } from '../tls/certificate-rule.ts';
import { signatureNames, suiteOptions } from '../tls/cipher-suites.ts';

/** A certificate chain with its key, in PEM. */
export interface TlsCredentials {
  /** Our certificate, and those between it and the root, in this order. */
  readonly certificate: string | Uint8Array;
  readonly key: string | Uint8Array;
}

export interface TlsServerOptions {
  /** Absent: pre-shared keys only. */
  readonly credentials?: TlsCredentials;
  /** The key of an identity, or undefined. Absent: certificates only. Called while a handshake waits, so it has the answer at hand. */
  readonly psk?: (identity: string) => Uint8Array | undefined;
  /** Whose certificates are taken of clients, in PEM. Absent: clients are not asked for one. */
  readonly clientAuthorities?: string | Uint8Array | readonly (string | Uint8Array)[];
  /**
   * Whether a certificate of a client (DER) is believed because it is stored, whoever issued it (LwM2M: certificate usage 3): its names and
   * its validity are not judged. With it clients are asked for a certificate. Absent: none is.
   */
  readonly storedCertificate?: (certificate: Uint8Array) => boolean | Promise<boolean>;
  /** Turn away clients without a certificate of {@link clientAuthorities}. Default false: they come in without an identity. */
  readonly requireClientCertificate?: boolean;
  readonly minimumVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly maximumVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** How long a client may take to shake hands, in milliseconds. Default 15,000. */
  readonly handshakeTimeout?: number;
}

export interface TlsClientOptions {
  /** The name that the server's certificate has to carry, and that it is told (SNI). Absent: its address. */
  readonly serverName?: string;
  /** Whose certificates of servers are trusted, in PEM. Absent: the authorities that Node comes with. */
  readonly authorities?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** Take any certificate: whoever can stand between us and the server reads and writes everything. Default false. */
  readonly insecure?: boolean;
  /** What the certificate of the server has to be, besides or instead. */
  readonly rule?: CertificateRule;
  /** The cipher suites that are offered, by IANA's numbers. Absent: all that the credentials allow. */
  readonly cipherSuites?: readonly number[];
  /** The groups of key exchanges that are offered, by OpenSSL's names: `X25519`, `P-256`. Absent: OpenSSL's own choice. */
  readonly groups?: readonly string[];
  /** What signs handshakes, by IANA's numbers of SignatureSchemes. Absent: OpenSSL's own choice. */
  readonly signatureAlgorithms?: readonly number[];
  /** Hears of each fatal alert of the server: its AlertDescription (RFC 5246 §7.2, RFC 8446 §6). */
  readonly onAlert?: (description: number) => void;
  /** Our own certificate, for servers that ask. */
  readonly credentials?: TlsCredentials;
  /** Authenticate each other by a key that both have; certificates of the server mean nothing then. */
  readonly psk?: { readonly identity: string; readonly key: Uint8Array };
  readonly minimumVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly maximumVersion?: 'TLSv1.2' | 'TLSv1.3';
}

/** RFC 7925 §4.4 asks for CCM_8 of constrained devices; with forward secrecy and longer tags first. */
const certificateSuites = 'ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AESCCM:ECDHE-ECDSA-AES128-CCM8';
const pskSuites =
  'ECDHE-PSK-CHACHA20-POLY1305:PSK-AES256-GCM-SHA384:PSK-AES128-GCM-SHA256:PSK-CHACHA20-POLY1305:PSK-AES128-CCM:PSK-AES128-CCM8';
// Pre-shared keys of TLS 1.3 go with SHA-256 (RFC 8446 §4.2.11). Without another hash no key that was offered can be passed
// over for want of a suite, so that the identity that was looked up is the one that was proved.
const sha256Suites = 'TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256';
const allSuites = `${sha256Suites}:TLS_AES_256_GCM_SHA384`;

/** The identities for which a connection was given a key. */
const offered = new WeakMap<TLSSocket, string[]>();

/** @throws YaolianError TLS_CREDENTIALS_BAD */
export function serverTlsOptions(options: TlsServerOptions): TlsOptions {
  const { credentials, psk, clientAuthorities, storedCertificate, requireClientCertificate = false } = options;
  if (credentials === undefined && psk === undefined) {
    throw new TypeError('a TLS server needs a certificate or pre-shared keys');
  }
  const context: SecureContextOptions = {
    ...(credentials && { cert: bytesOf(credentials.certificate), key: bytesOf(credentials.key) }),
    // Never those that Node comes with: anybody gets a certificate of theirs.
    ca: authoritiesOf(clientAuthorities ?? []),
    ciphers: [psk ? sha256Suites : allSuites, credentials && certificateSuites, psk && pskSuites]
      .filter(Boolean)
      .join(':'),
    minVersion: options.minimumVersion ?? 'TLSv1.2',
    ...(options.maximumVersion && { maxVersion: options.maximumVersion }),
  };
  check('the certificate or key of the server', context);
  return {
    ...context,
    honorCipherOrder: true,
    requestCert: clientAuthorities !== undefined || storedCertificate !== undefined,
    rejectUnauthorized: clientAuthorities !== undefined && requireClientCertificate,
    handshakeTimeout: options.handshakeTimeout ?? 15_000,
    ...(psk && {
      pskCallback: (socket: TLSSocket, identity: string) => {
        const key = psk(identity);
        if (key === undefined) return null;
        offered.set(socket, [...(offered.get(socket) ?? []), identity]);
        return key;
      },
    }),
  };
}

/**
 * With what a client that shook hands with us proved who it is. It has shown that it holds the key of its certificate; whether that is
 * believed is for the authorities or for {@link TlsServerOptions.storedCertificate} to say.
 */
export async function provenIdentity(
  socket: TLSSocket,
  { storedCertificate }: Pick<TlsServerOptions, 'storedCertificate'>,
): Promise<PeerIdentity | undefined> {
  const identity = clientIdentity(socket);
  const shown = identity === undefined && storedCertificate ? socket.getPeerX509Certificate() : undefined;
  if (!shown || !(await storedCertificate?.(new Uint8Array(shown.raw)))) return identity;
  return certificateIdentity(shown);
}

/** The same, of pre-shared keys and certificates of authorities alone. */
export function clientIdentity(socket: TLSSocket): PeerIdentity | undefined {
  const identities = offered.get(socket);
  const isPsk = socket.getProtocol() === 'TLSv1.3' ? socket.isSessionReused() : /PSK/.test(socket.getCipher().name);
  if (identities?.length === 1 && isPsk) return { kind: 'psk', identity: identities[0]! };
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  return certificate && certificateIdentity(certificate);
}

function certificateIdentity(certificate: X509Certificate): PeerIdentity {
  return { kind: 'certificate', certificate: new Uint8Array(certificate.raw), names: namesOf(certificate) };
}

function namesOf(certificate: X509Certificate): string[] {
  const common = /^CN=(.*)$/m.exec(certificate.subject)?.[1];
  const alternatives = [...(certificate.subjectAltName ?? '').matchAll(/(?:^|, )(?:DNS|URI):("[^"]*"|[^,]*)/g)];
  const names = alternatives.map(([, name]) => (name!.startsWith('"') ? (JSON.parse(name!) as string) : name!));
  return [...new Set(common === undefined ? names : [common, ...names])];
}

/** Options of `tls.connect`, and what is left to judge after the handshake. @throws YaolianError TLS_CREDENTIALS_BAD */
export function clientTlsOptions(options: TlsClientOptions): ConnectionOptions & Pick<TlsRule, 'judge'> {
  const {
    serverName,
    authorities,
    insecure = false,
    credentials,
    psk,
    rule,
    cipherSuites,
    groups,
    signatureAlgorithms,
  } = options;
  const byRule = rule && psk === undefined ? tlsByRule(rule) : undefined;
  const suites = cipherSuites && suiteOptions(cipherSuites);
  if (cipherSuites && !suites) {
    throw runtimeErrors.TLS_CREDENTIALS_BAD('the list of cipher suites', 'none of them is known here', undefined);
  }
  const context: SecureContextOptions = {
    ...(credentials && { cert: bytesOf(credentials.certificate), key: bytesOf(credentials.key) }),
    // With a pre-shared key no certificate is trusted, lest somebody with any certificate passes for the server.
    ...(psk ? { ca: [] } : authorities && { ca: authoritiesOf(authorities) }),
    ciphers: psk ? `${sha256Suites}:${pskSuites}` : `${allSuites}:${certificateSuites}`,
    minVersion: options.minimumVersion ?? 'TLSv1.2',
    ...(options.maximumVersion && { maxVersion: options.maximumVersion }),
    ...suites,
    ...(groups && { ecdhCurve: groups.join(':') }),
    ...(signatureAlgorithms && { sigalgs: signatureNames(signatureAlgorithms) }),
  };
  check('the certificate, key or authorities of the client', context);
  return {
    ...context,
    rejectUnauthorized: psk !== undefined || !insecure,
    ...byRule?.options,
    ...(byRule?.judge && { judge: byRule.judge }),
    ...(serverName !== undefined && { servername: serverName }),
    ...(psk && {
      pskCallback: () => ({ psk: psk.key, identity: psk.identity }),
      checkServerIdentity: () => undefined,
    }),
  };
}

/** Finds out now what would else fail at the first connection. */
function check(what: string, context: SecureContextOptions): void {
  try {
    createSecureContext(context);
    for (const authority of [context.ca ?? []].flat()) new X509Certificate(authority);
  } catch (error) {
    throw runtimeErrors.TLS_CREDENTIALS_BAD(what, error instanceof Error ? error.message : String(error), error);
  }
}

function bytesOf(pem: string | Uint8Array): string | Buffer {
  return typeof pem === 'string' ? pem : Buffer.from(pem);
}

function authoritiesOf(authorities: string | Uint8Array | readonly (string | Uint8Array)[]): (string | Buffer)[] {
  const list = typeof authorities === 'string' || authorities instanceof Uint8Array ? [authorities] : authorities;
  return list.map(bytesOf);
}
