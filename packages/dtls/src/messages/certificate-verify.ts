import { Reader, Writer } from '../wire.ts';

/** RFC 5246 §7.4.8: the signature of all messages so far. */
export interface CertificateVerify {
  readonly signatureAlgorithm: number;
  readonly signature: Uint8Array;
}

export function decodeCertificateVerify(body: Uint8Array): CertificateVerify | undefined {
  const reader = new Reader(body);
  const message = { signatureAlgorithm: reader.uint16(), signature: reader.vector16() };
  return reader.isComplete ? message : undefined;
}

export function encodeCertificateVerify(message: CertificateVerify): Uint8Array {
  return new Writer().uint16(message.signatureAlgorithm).vector16(message.signature).finish();
}
