import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Name = 'ca' | 'server' | 'client' | 'p384' | 'ed25519' | 'middle' | 'below' | 'false';

const place = (file: string) =>
  fileURLToPath(new URL(`../../packages/dtls/test/certificates/${file}`, import.meta.url));

/** The path of a certificate in PEM. */
export const certificateFile = (name: Name): string => place(`${name}.pem`);

/** The path of its private key in PEM. */
export const keyFile = (name: Name): string => place(`${name}.key`);

/** A certificate in DER. */
export const certificateOf = (name: Name): Uint8Array => derOf(certificateFile(name));

/** Its private key, PKCS #8 in DER. */
export const privateKeyOf = (name: Name): Uint8Array => derOf(keyFile(name));

function derOf(file: string): Uint8Array {
  return new Uint8Array(Buffer.from(readFileSync(file, 'utf8').replaceAll(/-----.*-----/g, ''), 'base64'));
}
