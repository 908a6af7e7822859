import { createPublicKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { type Clock, type Duration, encodeHex, failure, type Result, success } from '@yaolian/kernel';
import { keptPair, type Pair } from './kept-pair.ts';
import { certificatesOfPem } from './pem.ts';
import { exportedKeys, longestName, makePair, signing, type TerminalKeys } from './terminal-keys.ts';

/** An authority that issues certificates to terminals: of it the platform keeps a certificate and a key in a folder. */
export interface TerminalAuthority {
  /** DER. */
  readonly certificate: Uint8Array;
  /**
   * A certificate for the key of a request.
   * @param request PKCS #10 (RFC 2986), DER. Of it the key counts alone, and that the request is signed with it
   * @param name whom the certificate is for: its common name
   * @returns the certificate, DER, or what is wrong with the request
   */
  issue(request: Uint8Array, name: string): Promise<Result<Uint8Array, string>>;
}

export interface TerminalAuthorityOptions {
  /** Made when it does not exist, for the user alone. */
  readonly folder: string;
  readonly clock: Clock;
  /** How long certificates are good. */
  readonly validity: Duration;
}

const day = 86_400_000;
const authorityValidity = 7300 * day;
/** A request of an elliptic curve takes 200 bytes. */
const longestRequest = 4096;
const curves: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1']);

/** @throws YaolianError TLS_CREDENTIALS_BAD when the folder can be neither read nor made */
export async function openTerminalAuthority(options: TerminalAuthorityOptions): Promise<TerminalAuthority> {
  const pair = await keptPair(options.folder, options.clock, () => makeAuthority(options.clock));
  const [certificate] = certificatesOfPem(pair.certificate, options.folder);
  const pkcs8 = Buffer.from(pair.key.replaceAll(/-----.*-----/g, ''), 'base64');
  const key = await webcrypto.subtle.importKey('pkcs8', pkcs8, signing, false, ['sign']);
  return {
    certificate: certificate!,
    issue: async (request, name) => {
      const publicKey = await keyOfRequest(request);
      if (!publicKey.ok) return publicKey;
      const x509 = await library();
      const issuer = new x509.X509Certificate(Buffer.from(certificate!));
      const now = options.clock.epoch();
      const issued = await x509.X509CertificateGenerator.create(
        {
          serialNumber: serialNumber(),
          subject: commonName(name),
          issuer: issuer.subjectName,
          // Clocks of terminals may be behind; of a certificate that is good for an hour a third is not to be gone already.
          notBefore: new Date(now - Math.min(day, options.validity)),
          notAfter: new Date(now + options.validity),
          signingAlgorithm: signing,
          publicKey: publicKey.value as never,
          signingKey: key as never,
          extensions: [
            new x509.BasicConstraintsExtension(false, undefined, true),
            new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
            new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
          ],
        },
        webcrypto as never,
      );
      return success(new Uint8Array(issued.rawData));
    },
  };
}

/** A key pair of a terminal's own, and the request for a certificate of it (PKCS #10, DER). @param name of the terminal */
export async function makeCertificateRequest(name: string): Promise<TerminalKeys & { readonly request: Uint8Array }> {
  const keys = await makePair();
  const x509 = await library();
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    { name: commonName(name), keys: keys as never, signingAlgorithm: signing },
    webcrypto as never,
  );
  return { ...exportedKeys(keys), request: new Uint8Array(request.rawData) };
}

/** Whether a certificate (DER) is of a private key (PKCS #8, DER). */
export function isCertificateOf(certificate: Uint8Array, keys: TerminalKeys): boolean {
  try {
    const { publicKey } = new X509Certificate(certificate);
    return publicKey.export({ format: 'der', type: 'spki' }).equals(keys.publicKey);
  } catch {
    return false; // it is no certificate
  }
}

/** From when to when a certificate (DER) is good, in milliseconds since 1970; undefined: it is none. */
export function certificateValidity(
  certificate: Uint8Array,
): { readonly notBefore: number; readonly notAfter: number } | undefined {
  try {
    const { validFromDate, validToDate } = new X509Certificate(certificate);
    return { notBefore: validFromDate.getTime(), notAfter: validToDate.getTime() };
  } catch {
    return undefined; // it is no certificate
  }
}

async function keyOfRequest(request: Uint8Array): Promise<Result<webcrypto.CryptoKey, string>> {
  if (request.length > longestRequest) return failure(`the request is longer than ${longestRequest} bytes`);
  try {
    const x509 = await library();
    const decoded = new x509.Pkcs10CertificateRequest(Buffer.from(request));
    const der = Buffer.from(decoded.publicKey.rawData);
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const curve = asymmetricKeyDetails?.namedCurve;
    if (asymmetricKeyType !== 'ec' || !curves.has(curve)) return failure('its key is not on P-256 or P-384');
    if (!(await decoded.verify(webcrypto as never))) return failure('it is not signed with its own key');
    const namedCurve = curve === 'prime256v1' ? 'P-256' : 'P-384';
    return success(await webcrypto.subtle.importKey('spki', der, { name: 'ECDSA', namedCurve }, true, ['verify']));
  } catch {
    return failure('it is no PKCS #10 request');
  }
}

async function makeAuthority(clock: Clock): Promise<Pair> {
  const x509 = await library();
  const keys = await makePair();
  const now = clock.epoch();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: commonName('Yaolian terminals'),
      notBefore: new Date(now - day),
      notAfter: new Date(now + authorityValidity),
      signingAlgorithm: signing,
      keys: keys as never,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    },
    webcrypto as never,
  );
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string;
  return { certificate: certificate.toString('pem'), key };
}

/** Loaded when it is needed: few platforms issue certificates. */
async function library() {
  await import('reflect-metadata'); // what the next needs
  return import('@peculiar/x509');
}

const serialNumber = () => encodeHex(Uint8Array.of(1, ...randomBytes(15)));

/** As typed text: the library would look for quotation marks and hex in a plain one. */
const commonName = (name: string) => [{ CN: [{ utf8String: name.slice(0, longestName) }] }] as never;

/**
 * Certificates in PKCS #7 (RFC 5652 §5, `certs-only`), as EST tells them (RFC 7030 §4.1.3, RFC 5272 §4.1).
 * @param certificates DER
 */
export function encodeCertsOnly(certificates: readonly Uint8Array[]): Uint8Array {
  const signedData = der(0x30, [
    der(0x02, [Uint8Array.of(1)]), // version
    der(0x31, []), // digestAlgorithms
    der(0x30, [objectIdentifiers.data]), // encapContentInfo
    der(0xa0, certificates),
    der(0x31, []), // signerInfos
  ]);
  return der(0x30, [objectIdentifiers.signedData, der(0xa0, [signedData])]);
}

function der(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return new Uint8Array(Buffer.concat([Uint8Array.of(tag, ...size), content]));
}

/** 1.2.840.113549.1.7.1 and .2. */
const objectIdentifiers = {
  data: Uint8Array.of(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1),
  signedData: Uint8Array.of(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2),
};
