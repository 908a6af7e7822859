import { createPublicKey, X509Certificate } from 'node:crypto';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';

/** What `read` makes of a PEM file, in base64. @param what for people @throws CLI_USAGE when it is not that */
export async function derOf(file: string, what: string, read: (pem: Buffer) => Buffer): Promise<string> {
  const pem = Buffer.from(await readBytes(file));
  try {
    return read(pem).toString('base64');
  } catch (error) {
    throw cliErrors.CLI_USAGE(`the file ${file} is not ${what} in PEM: ${(error as Error).message}`, error);
  }
}

/** The first certificate of a file. */
export const certificateDer = (file: string): Promise<string> =>
  derOf(file, 'a certificate', (pem) => new X509Certificate(pem).raw);

/** A public key, SubjectPublicKeyInfo. */
export const publicKeyDer = (file: string): Promise<string> =>
  derOf(file, 'a public key', (pem) => createPublicKey(pem).export({ format: 'der', type: 'spki' }));
