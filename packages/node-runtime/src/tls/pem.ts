import { X509Certificate } from 'node:crypto';
import { runtimeErrors } from '../errors.ts';

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM file, in its order, in DER.
 * @param what names the file in the error
 * @throws YaolianError TLS_CREDENTIALS_BAD when there is none, or one cannot be read
 */
export function certificatesOfPem(pem: string | Uint8Array, what = 'the PEM text'): readonly Uint8Array[] {
  const blocks = certificateBlocks(pem);
  if (blocks.length === 0) throw runtimeErrors.TLS_CREDENTIALS_BAD(what, 'there is no certificate in it');
  try {
    return blocks.map((one) => new Uint8Array(new X509Certificate(one).raw));
  } catch (error) {
    throw runtimeErrors.TLS_CREDENTIALS_BAD(what, error instanceof Error ? error.message : String(error), error);
  }
}

/** The certificates of a PEM file, in its order, each still in PEM. */
export function certificateBlocks(pem: string | Uint8Array): readonly string[] {
  const text = typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1');
  return text.match(block) ?? [];
}
