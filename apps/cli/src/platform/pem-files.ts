import { createPublicKey, X509Certificate } from 'node:crypto';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';

/** What `read` makes of a PEM file, in base64. @throws CLI_USAGE when it is not what was asked for */
export async function derOf(file: string, read: (pem: Buffer) => Buffer): Promise<string> {
  const pem = Buffer.from(await readBytes(file));
  try {
    return read(pem).toString('base64');
  } catch (error) {
    throw cliErrors.CLI_USAGE(`the file ${file} is not what was asked for, in PEM: ${(error as Error).message}`, error);
  }
}

/** The first certificate of a file. */
export const certificateDer = (file: string): Promise<string> => derOf(file, (pem) => new X509Certificate(pem).raw);

/** A public key, SubjectPublicKeyInfo. */
export const publicKeyDer = (file: string): Promise<string> =>
  derOf(file, (pem) => createPublicKey(pem).export({ format: 'der', type: 'spki' }));
