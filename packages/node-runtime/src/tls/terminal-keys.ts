import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { type Clock, encodeHex } from '@yaolian/kernel';

/** A key pair made for a terminal, ECDSA on P-256, all in DER. */
export interface TerminalKeys {
  /** PKCS #8 (RFC 5958). */
  readonly privateKey: Uint8Array;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
}

const day = 86_400_000;
const validity = 3650 * day;
/** X.520: the longest common name. */
export const longestName = 64;

/** What keys of terminals are, and sign with. */
export const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export async function makeTerminalKeys(): Promise<TerminalKeys> {
  return exportedKeys(await makePair());
}

/**
 * Keys with a certificate that they signed themselves, for ten years: whoever keeps its fingerprint knows the terminal by it.
 * @param name whose it is, for people: its common name
 */
export async function makeTerminalCertificate(
  name: string,
  clock: Clock,
): Promise<TerminalKeys & { readonly certificate: Uint8Array }> {
  const keys = await makePair();
  // Loaded when it is needed: few platforms make certificates for terminals.
  await import('reflect-metadata'); // what the next needs
  const x509 = await import('@peculiar/x509');
  const now = clock.epoch();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: encodeHex(Uint8Array.of(1, ...randomBytes(15))),
      // As typed text: the library would look for quotation marks and hex in a plain one.
      name: [{ CN: [{ utf8String: name.slice(0, longestName) }] }] as never,
      notBefore: new Date(now - day),
      notAfter: new Date(now + validity),
      signingAlgorithm: signing,
      keys: keys as never,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ],
    },
    webcrypto as never,
  );
  return { ...exportedKeys(keys), certificate: new Uint8Array(certificate.rawData) };
}

export function makePair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(signing, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

export function exportedKeys({ privateKey, publicKey }: webcrypto.CryptoKeyPair): TerminalKeys {
  return {
    privateKey: new Uint8Array(KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'der' })),
    publicKey: new Uint8Array(KeyObject.from(publicKey).export({ type: 'spki', format: 'der' })),
  };
}
