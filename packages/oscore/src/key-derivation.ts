import { concatBytes, emptyBytes, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { type AeadShape, aeadShape, kdfHash } from './algorithms.ts';
import { cborArray, cborBytes, cborInteger, cborNull, cborText } from './cbor.ts';
import type { CompleteCredentials } from './credentials.ts';
import type { OscoreCrypto } from './crypto-port.ts';

/** The parts of a security context that never change (RFC 8613 §3.1). */
export interface DerivedKeys {
  readonly aead: AeadShape;
  readonly senderKey: Uint8Array;
  readonly recipientKey: Uint8Array;
  readonly commonIv: Uint8Array;
  /** Names the context, in hexadecimal: equal for equal keys, and says nothing about them. */
  readonly id: string;
}

/** RFC 8613 §3.2.1. */
export function deriveKeys(crypto: OscoreCrypto, credentials: CompleteCredentials): DerivedKeys {
  const { masterSecret, masterSalt, senderId, recipientId, idContext } = credentials;
  const aead = aeadShape(credentials.aead);
  const hash = kdfHash(credentials.kdf);
  const derive = (info: Uint8Array, length: number) => crypto.hkdf(hash, masterSecret, masterSalt, info, length);
  const parameter = (id: Uint8Array, type: 'Key' | 'IV', length: number) =>
    derive(derivationInfo(id, idContext, credentials.aead, type, length), length);
  return {
    aead,
    senderKey: parameter(senderId, 'Key', aead.keyLength),
    recipientKey: parameter(recipientId, 'Key', aead.keyLength),
    commonIv: parameter(emptyBytes, 'IV', aead.nonceLength),
    id: contextId(crypto, credentials),
  };
}

/**
 * The name of the context of credentials, in hexadecimal.
 * @param kind `current`: that of the record which says what took its place (Appendix B.2)
 */
export function contextId(
  crypto: OscoreCrypto,
  credentials: CompleteCredentials,
  kind: 'context' | 'current' = 'context',
): string {
  const { masterSecret, masterSalt, senderId, recipientId, idContext } = credentials;
  const context = cborArray([senderId, recipientId, idContext ?? emptyBytes].map(cborBytes));
  // No `info` of the RFC begins so: they are arrays.
  const info = concatBytes([encodeUtf8(kind), context, cborInteger(credentials.aead)]);
  return encodeHex(crypto.hkdf(kdfHash(credentials.kdf), masterSecret, masterSalt, info, 8));
}

/** The `info` of HKDF. */
export function derivationInfo(
  id: Uint8Array,
  idContext: Uint8Array | undefined,
  aead: number,
  type: 'Key' | 'IV',
  length: number,
): Uint8Array {
  return cborArray([
    cborBytes(id),
    idContext === undefined ? cborNull : cborBytes(idContext),
    cborInteger(aead),
    cborText(type),
    cborInteger(length),
  ]);
}
