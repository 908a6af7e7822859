import { createHash, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Clock, encodeHex } from '@yaolian/kernel';
import type { TlsCredentials } from '../stream/tls-options.ts';
import { keptPair, type Pair } from './kept-pair.ts';

/** A certificate that a machine made for itself, with its key. */
export interface OwnCertificate extends TlsCredentials {
  readonly certificate: string;
  readonly key: string;
  /** SHA-256 of the certificate, in hexadecimal: how people tell that it is the one. */
  readonly fingerprint: string;
  /** Where the certificate lies: what a client is given to trust. */
  readonly certificateFile: string;
  /** It was made just now. */
  readonly isNew: boolean;
}

export interface OwnCertificateOptions {
  /** Made when it does not exist, for the user alone. */
  readonly folder: string;
  readonly clock: Clock;
  /** Names and addresses besides `localhost`, the loopback addresses and the machine's own name. */
  readonly names?: readonly string[];
  /** Made whatever there is; what was there stays beside it as `previous-certificate.pem` and `previous-key.pem`. Default false. */
  readonly isAnew?: boolean;
}

const day = 86_400_000;
const validity = 3650 * day;

/**
 * The self-signed certificate of a folder (ECDSA P-256, ten years), made when it is not there or about to end. One for every server of
 * the process, so that a client has one thing to trust.
 * @throws YaolianError TLS_CREDENTIALS_BAD when it can be neither read nor made
 */
export async function ownCertificate(options: OwnCertificateOptions): Promise<OwnCertificate> {
  const pair = await keptPair(options.folder, options.clock, () => make(options), options.isAnew);
  const { raw } = new X509Certificate(pair.certificate);
  return { ...pair, fingerprint: encodeHex(createHash('sha256').update(raw).digest()) };
}

async function make({ names = [], clock }: OwnCertificateOptions): Promise<Pair> {
  // Loaded when it is needed: most starts find a certificate.
  await import('reflect-metadata'); // what the next needs
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const all = [...new Set(['localhost', hostname(), '127.0.0.1', '::1', ...names])].filter((name) => name !== '');
  const now = clock.epoch();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: encodeHex(Uint8Array.of(1, ...randomBytes(15))),
      name: 'CN=Yaolian',
      notBefore: new Date(now - day),
      notAfter: new Date(now + validity),
      signingAlgorithm: algorithm,
      keys: keys as never,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension(
          all.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
        ),
      ],
    },
    webcrypto as never,
  );
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string;
  return { certificate: certificate.toString('pem'), key };
}
