import { equalBytes, failure, type Result, success } from '@yaolian/kernel';
import type { PeerTrust } from '../credentials.ts';
import type { CryptoPort } from '../crypto/crypto-port.ts';
import { type Fault, fault } from '../faults.ts';
import { type Certificate, decodeCertificate, ExtendedKeyUsage, KeyUsage } from './certificate.ts';
import { bearsName } from './names.ts';

export interface ChainContext {
  readonly crypto: CryptoPort;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly trust: PeerTrust;
  readonly peerRole: 'client' | 'server';
  /** The certificate must bear one of these; none: any will do. */
  readonly names: readonly string[];
}

/**
 * Judges a chain, the peer's own certificate first (RFC 5280 §6, RFC 7925 §4.4).
 * @returns the path from that to the authority that is trusted
 */
export function verifyChain(
  chain: readonly Uint8Array[],
  context: ChainContext,
): Result<readonly Certificate[], Fault> {
  const leaf = chain[0];
  if (leaf === undefined) return failure(fault('bad_certificate', 'it shows no certificate'));
  const certificates: Certificate[] = [];
  for (const der of chain) {
    const certificate = decodeCertificate(der);
    if (certificate === undefined) return failure(fault('bad_certificate', 'a certificate is malformed'));
    certificates.push(certificate);
  }
  if (context.trust.trustedCertificates?.some((trusted) => equalBytes(trusted, leaf))) return success(certificates);
  const refusal = judgeLeaf(certificates[0]!, context);
  return refusal ? failure(refusal) : findPath(certificates, context);
}

function judgeLeaf(leaf: Certificate, { peerRole, names }: ChainContext): Fault | undefined {
  if (leaf.keyUsage !== undefined && (leaf.keyUsage & KeyUsage.digitalSignature) === 0) {
    return fault('unsupported_certificate', 'its certificate is not for signatures');
  }
  const wanted = peerRole === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth;
  const purposes = leaf.extendedKeyUsage;
  if (purposes !== undefined && !purposes.includes(wanted) && !purposes.includes(ExtendedKeyUsage.any)) {
    return fault('unsupported_certificate', `its certificate is not for a ${peerRole}`);
  }
  if (names.length > 0 && !names.some((name) => bearsName(leaf, name))) {
    return fault('bad_certificate', 'its certificate bears another name');
  }
  return undefined;
}

/** Walks from the peer's certificate up to an authority that we trust. */
function findPath(certificates: readonly Certificate[], context: ChainContext): Result<readonly Certificate[], Fault> {
  const { authorities = [], isAuthority } = context.trust;
  const anchors = authorities.flatMap((der) => decodeCertificate(der) ?? []);
  let below = certificates[0]!;
  for (let depth = 0; ; depth++) {
    const refusal = judgeValidity(below, context.now);
    if (refusal !== undefined) return failure(refusal);
    const path = certificates.slice(0, depth + 1);
    // An authority that is trusted needs no signature, wherever in the chain it stands.
    if (anchors.some((anchor) => equalBytes(anchor.der, below.der)) || isAuthority?.(below.der)) return success(path);
    const anchor = anchors.find((one) => isIssuer(one, below, depth) && isSignedBy(below, one, context.crypto));
    const late = anchor && judgeValidity(anchor, context.now);
    if (anchor !== undefined) return late ? failure(late) : success([...path, anchor]);
    const next = certificates[depth + 1];
    if (next === undefined) return bad('unknown_ca', 'its certificate leads to no authority that we trust');
    if (!isIssuer(next, below, depth)) return bad('bad_certificate', 'its certificates do not make a chain');
    if (!isSignedBy(below, next, context.crypto)) return bad('bad_certificate', 'a signature in its chain is wrong');
    below = next;
  }
}

const bad = (...what: Parameters<typeof fault>) => failure(fault(...what));

function judgeValidity(certificate: Certificate, now: number): Fault | undefined {
  if (now < certificate.notBefore) return fault('certificate_expired', 'a certificate is not valid yet');
  if (now > certificate.notAfter) return fault('certificate_expired', 'a certificate has expired');
  return certificate.hasUnknownCritical
    ? fault('unsupported_certificate', 'a certificate has a critical extension that we do not know')
    : undefined;
}

/** Whether `issuer` may have issued `subject`. @param authoritiesBelow how many stand between it and the peer's own */
function isIssuer(issuer: Certificate, subject: Certificate, authoritiesBelow: number): boolean {
  return (
    equalBytes(issuer.subject.der, subject.issuer.der) &&
    issuer.isAuthority &&
    (issuer.keyUsage === undefined || (issuer.keyUsage & KeyUsage.keyCertSign) !== 0) &&
    (issuer.pathLength === undefined || authoritiesBelow <= issuer.pathLength)
  );
}

function isSignedBy(subject: Certificate, issuer: Certificate, crypto: CryptoPort): boolean {
  if (subject.signatureAlgorithm === undefined) return false;
  return crypto.verify(subject.signatureAlgorithm, issuer.publicKey, subject.tbs, subject.signature);
}
