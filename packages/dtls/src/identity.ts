import { decodeUtf8, encodeHex, type PeerIdentity } from '@yaolian/kernel';
import { type Certificate, decodeCertificate } from './x509/certificate.ts';

/** Who the peer proved to be. */
export type ProvenIdentity = PskIdentity | RawPublicKeyIdentity | CertificateIdentity | NoIdentity;

export interface PskIdentity {
  readonly kind: 'PSK';
  /** The identity as sent (RFC 4279 §5.1: UTF-8). On the client: the one that it used itself. */
  readonly identity: Uint8Array;
}

export interface RawPublicKeyIdentity {
  readonly kind: 'RPK';
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

export interface CertificateIdentity {
  readonly kind: 'X.509';
  /** The peer's own certificate, DER. */
  readonly certificate: Uint8Array;
  /** As sent, the peer's own first. After resumption from a ticket only that. */
  readonly chain: readonly Uint8Array[];
  /** SHA-256 of the certificate (DER) of the authority that it goes back to; absent: it was believed for what it is. */
  readonly authority?: Uint8Array;
  readonly subject: Certificate['subject'];
  readonly names: Certificate['names'];
}

/** A client that was not asked, or had nothing to show. */
export interface NoIdentity {
  readonly kind: 'NONE';
}

export const noIdentity: NoIdentity = { kind: 'NONE' };

/** Whether the certificate that proved it is good no longer. @param now milliseconds since 1970 */
export function hasExpired(identity: ProvenIdentity, now: number): boolean {
  const notAfter = identity.kind === 'X.509' ? decodeCertificate(identity.certificate)?.notAfter : undefined;
  return notAfter !== undefined && now > notAfter;
}

/** One line for logs; no secret is in it. */
export function describeIdentity(identity: ProvenIdentity): string {
  if (identity.kind === 'PSK') return `PSK ${printable(identity.identity)}`;
  if (identity.kind === 'RPK') return `RPK ${encodeHex(identity.publicKey.subarray(-16))}`;
  if (identity.kind === 'X.509') return `X.509 ${identity.subject.text}`;
  return 'not authenticated';
}

/** Text when the bytes are printable ASCII, else hex. */
export function printable(bytes: Uint8Array): string {
  const isText = bytes.length > 0 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? String.fromCharCode(...bytes) : encodeHex(bytes);
}

/** The identity as every transport tells it; undefined without authentication. A PSK identity that is no UTF-8 comes in hex. */
export function peerIdentity(proof: ProvenIdentity): PeerIdentity | undefined {
  if (proof.kind === 'PSK') return { kind: 'psk', identity: decodeUtf8(proof.identity) ?? encodeHex(proof.identity) };
  if (proof.kind === 'RPK') return { kind: 'rpk', publicKey: proof.publicKey };
  if (proof.kind === 'NONE') return undefined;
  const { subject, names, certificate } = proof;
  const common = subject.commonName === undefined ? [] : [subject.commonName];
  return { kind: 'certificate', certificate, names: [...common, ...names.dns, ...names.uris] };
}
