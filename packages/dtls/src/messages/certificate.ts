import { Reader, Writer } from '../wire.ts';

/** RFC 5246 §7.4.2: certificates in DER, the sender's own first. Undefined when malformed or longer than `maximumChain`. */
export function decodeCertificateChain(body: Uint8Array, maximumChain: number): readonly Uint8Array[] | undefined {
  const reader = new Reader(body);
  const list = new Reader(reader.vector24());
  if (!reader.isComplete) return undefined;
  const chain: Uint8Array[] = [];
  while (!list.failed && list.remaining > 0) {
    if (chain.length === maximumChain) return undefined;
    chain.push(list.vector24(1));
  }
  return list.isComplete ? chain : undefined;
}

export function encodeCertificateChain(chain: readonly Uint8Array[]): Uint8Array {
  const list = new Writer();
  for (const certificate of chain) list.vector24(certificate);
  return new Writer().vector24(list.view()).finish();
}

/** RFC 7250 §3: one SubjectPublicKeyInfo. */
export function decodeRawPublicKey(body: Uint8Array): Uint8Array | undefined {
  const reader = new Reader(body);
  const key = reader.vector24();
  return reader.isComplete ? key : undefined;
}

export function encodeRawPublicKey(publicKey: Uint8Array): Uint8Array {
  return new Writer().vector24(publicKey).finish();
}
