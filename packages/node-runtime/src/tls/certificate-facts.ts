import { createHash, X509Certificate } from 'node:crypto';
import { canonicalIPv6, encodeHex } from '@yaolian/kernel';
import { certificatesOfPem } from './pem.ts';

/** What people want to know of a certificate (RFC 5280). */
export interface CertificateFacts {
  /** A distinguished name on one line: `CN=Yaolian, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** Names and addresses that it is for, without the kind. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of the whole, in hexadecimal. */
  readonly fingerprint: string;
  readonly isSelfSigned: boolean;
}

/**
 * The certificates of a PEM file, in its order.
 * @param what names the file in the error
 * @throws YaolianError TLS_CREDENTIALS_BAD when there is none, or one cannot be read
 */
export function certificateFacts(pem: string | Uint8Array, what: string): readonly CertificateFacts[] {
  return certificatesOfPem(pem, what).map((der) => {
    const certificate = new X509Certificate(der);
    const { subject, issuer, subjectAltName, validFromDate, validToDate, publicKey } = certificate;
    return {
      subject: onOneLine(subject),
      issuer: onOneLine(issuer),
      names: namesIn(subjectAltName),
      notBefore: validFromDate.getTime(),
      notAfter: validToDate.getTime(),
      fingerprint: encodeHex(createHash('sha256').update(der).digest()),
      isSelfSigned: subject === issuer && certificate.verify(publicKey),
    };
  });
}

/** OpenSSL puts each part of a name on a line of its own. A certificate may have none. */
function onOneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

/** `DNS:a.example, IP Address:127.0.0.1`, as Node writes it: names that need quotes are in JSON. */
function namesIn(subjectAltName: string | undefined): readonly string[] {
  const found = (subjectAltName ?? '').matchAll(/(?:^|, )(?:DNS|IP Address|URI|email):("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return [...found].map(([, name]) => (name!.startsWith('"') ? JSON.parse(name!) : (canonicalIPv6(name!) ?? name!)));
}
