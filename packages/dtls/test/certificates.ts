import { readFileSync } from 'node:fs';
import { nodeCrypto } from '@yaolian/node-runtime';
import type { OwnCredential } from '../src/options.ts';

type Name = 'ca' | 'server' | 'client' | 'p384' | 'ed25519' | 'middle' | 'below' | 'false' | 'forged' | 'short';

/** A certificate of the folder `certificates`, in DER. Valid from November 2026 on, `short` for one day. */
export function certificate(name: Name): Uint8Array {
  const pem = readFileSync(new URL(`certificates/${name}.pem`, import.meta.url), 'utf8');
  return new Uint8Array(Buffer.from(pem.replaceAll(/-----.*-----/g, ''), 'base64'));
}

/** @param chain its own certificate first; none: the raw public key */
export function credential(name: Name, chain: readonly Name[] = [name]): OwnCredential {
  const pem = readFileSync(new URL(`certificates/${name}.key`, import.meta.url), 'utf8');
  const privateKey = nodeCrypto.importPrivateKey(pem);
  return chain.length === 0 ? { privateKey } : { privateKey, chain: chain.map(certificate) };
}
