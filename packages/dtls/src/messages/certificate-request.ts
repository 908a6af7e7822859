import { Reader, Writer } from '../wire.ts';

/** `ecdsa_sign` of RFC 8422 §5.5; Ed25519 certificates come under it too. */
export const ecdsaSign = 64;

/** RFC 5246 §7.4.4. */
export interface CertificateRequest {
  readonly certificateTypes: Uint8Array;
  readonly signatureAlgorithms: readonly number[];
  /** Names of acceptable authorities, DER; none: any. */
  readonly authorities: readonly Uint8Array[];
}

export function decodeCertificateRequest(body: Uint8Array): CertificateRequest | undefined {
  const reader = new Reader(body);
  const certificateTypes = reader.vector8(1);
  const signatureAlgorithms = reader.uint16List(0xfffe);
  const names = new Reader(reader.vector16());
  const authorities: Uint8Array[] = [];
  while (!names.failed && names.remaining > 0) authorities.push(names.vector16(1));
  return reader.isComplete && names.isComplete ? { certificateTypes, signatureAlgorithms, authorities } : undefined;
}

export function encodeCertificateRequest(request: CertificateRequest): Uint8Array {
  const names = new Writer();
  for (const name of request.authorities) names.vector16(name);
  return new Writer()
    .vector8(request.certificateTypes)
    .uint16List(request.signatureAlgorithms)
    .vector16(names.view())
    .finish();
}
