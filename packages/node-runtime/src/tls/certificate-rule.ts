import { createHash, X509Certificate } from 'node:crypto';
import { checkServerIdentity, type DetailedPeerCertificate, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { PeerTrust } from '@yaolian/dtls';
import { equalBytes } from '@yaolian/kernel';

/**
 * What a certificate, or its digest, is to a client (RFC 6698 §2.1, as OMA-TS-LightweightM2M_Transport 1.1 §5.2.8.7 takes it
 * over). The trust store is the client's `authorities`.
 * - 0 CA constraint: the trust store leads to the server's certificate by way of this authority
 * - 1 service certificate constraint: it leads to the server's certificate, which is this one
 * - 2 trust anchor assertion: this authority leads to it, whatever is in the trust store
 * - 3 domain-issued certificate: it is this one; its issuer, its names and its validity mean nothing (RFC 7671 §5.1)
 */
export interface CertificateRule {
  readonly usage: 0 | 1 | 2 | 3;
  /** Resource 13 of the Security object: 0 the certificate itself, 1, 2, 3 its SHA-256, SHA-384, SHA-512. */
  readonly matchingType: 0 | 1 | 2 | 3;
  /** DER, or the digest. */
  readonly data: Uint8Array;
}

const digests = [undefined, 'sha256', 'sha384', 'sha512'] as const;

/** Whether a certificate is the one of the rule. @param der the certificate */
export function isOfRule({ matchingType, data }: CertificateRule, der: Uint8Array): boolean {
  const algorithm = digests[matchingType];
  return equalBytes(algorithm === undefined ? der : createHash(algorithm).update(der).digest(), data);
}

/** Whom a DTLS client believes by the rule. @param authorities the trust store, DER; @param names that the server has one of */
export function trustByRule(
  rule: CertificateRule,
  authorities: readonly Uint8Array[],
  names: readonly string[],
): PeerTrust {
  const isIt = (der: Uint8Array) => isOfRule(rule, der);
  switch (rule.usage) {
    case 0:
      return { authorities, names, certificate: ([, ...above]) => above.some(({ der }) => isIt(der)) };
    case 1:
      return { authorities, names, certificate: ([leaf]) => isIt(leaf!.der) };
    case 2:
      return { ...(rule.matchingType === 0 && { authorities: [rule.data] }), isAuthority: isIt, names };
    case 3:
      return { storedCertificate: isIt, names: [] };
  }
}

/** Options of `tls.connect` for the rule, and what is left to judge once the handshake is done. */
export interface TlsRule {
  readonly options: {
    readonly rejectUnauthorized?: boolean;
    readonly ca?: string[];
    readonly allowPartialTrustChain?: boolean;
    readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
  };
  /** Why the server is not believed. Absent: nothing is left. */
  readonly judge?: (socket: TLSSocket, host: string) => Error | undefined;
}

export function tlsByRule(rule: CertificateRule): TlsRule {
  switch (rule.usage) {
    case 0:
      return { options: { checkServerIdentity: also(([, ...above]) => above.some((der) => isOfRule(rule, der))) } };
    case 1:
      return { options: { checkServerIdentity: also(([leaf]) => isOfRule(rule, leaf!)) } };
    case 2:
      if (rule.matchingType === 0) return { options: { ca: [pemOf(rule.data)], allowPartialTrustChain: true } };
      return { options: { rejectUnauthorized: false }, judge: (socket, host) => judgeAnchor(rule, socket, host) };
    case 3: {
      const judge = (socket: TLSSocket) => (isOfRule(rule, chainOf(socket)[0]!) ? undefined : notIt());
      return { options: { rejectUnauthorized: false }, judge };
    }
  }
}

/** Beside the name, which is judged as ever. */
function also(isRight: (path: readonly Uint8Array[]) => boolean) {
  return (host: string, certificate: PeerCertificate): Error | undefined =>
    checkServerIdentity(host, certificate) ??
    (isRight(path(certificate as DetailedPeerCertificate)) ? undefined : notIt());
}

const notIt = () => new Error('the certificate of the server is not what its account says');

function chainOf(socket: TLSSocket): readonly Uint8Array[] {
  return path(socket.getPeerCertificate(true));
}

/** The certificate and those above it, as far as they are known. */
function path(leaf: DetailedPeerCertificate): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let one: DetailedPeerCertificate | undefined = leaf; one?.raw !== undefined; one = one.issuerCertificate) {
    found.push(one.raw);
    if (one.issuerCertificate === one) break;
  }
  return found;
}

/** A trust anchor of which only the digest is known has to be among what the server shows. */
function judgeAnchor(rule: CertificateRule, socket: TLSSocket, host: string): Error | undefined {
  const shown = chainOf(socket).map((der) => new X509Certificate(der));
  const anchor = shown.findIndex(({ raw }) => isOfRule(rule, raw));
  if (anchor < 0) return notIt();
  const used = shown.slice(0, anchor + 1);
  const now = Date.now();
  const isValid = used.every(({ validFromDate, validToDate }) => +validFromDate <= now && now <= +validToDate);
  if (!isValid) return new Error('a certificate of the server is not valid now');
  const isChain = used.slice(1).every((above, index) => {
    const below = used[index]!;
    return above.ca && below.checkIssued(above) && below.verify(above.publicKey);
  });
  return isChain
    ? checkServerIdentity(host, socket.getPeerCertificate())
    : new Error('its certificates do not make a chain');
}

export function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
