import { emptyBytes } from '@yaolian/kernel';
import type { KeyExchange } from '../cipher-suites.ts';
import { Reader, Writer } from '../wire.ts';

const namedCurve = 3;

/** RFC 4279 §2 (PSK), RFC 5489 §2 (ECDHE_PSK), RFC 8422 §5.4 (ECDHE_ECDSA): what a suite does not use is empty. */
export interface ServerKeyExchange {
  readonly pskIdentityHint: Uint8Array;
  readonly group: number;
  /** The server's ephemeral public key. */
  readonly publicKey: Uint8Array;
  /** `ServerECDHParams` as sent: what the signature is about. */
  readonly parameters: Uint8Array;
  readonly signatureAlgorithm: number;
  readonly signature: Uint8Array;
}

export function decodeServerKeyExchange(body: Uint8Array, exchange: KeyExchange): ServerKeyExchange | undefined {
  const reader = new Reader(body);
  const pskIdentityHint = exchange === 'ECDHE_ECDSA' ? emptyBytes : reader.vector16();
  const start = reader.offset;
  let group = 0;
  let publicKey: Uint8Array = emptyBytes;
  if (exchange !== 'PSK') {
    if (reader.uint8() !== namedCurve) return undefined;
    group = reader.uint16();
    publicKey = reader.vector8(1);
  }
  const parameters = reader.failed ? emptyBytes : body.subarray(start, reader.offset);
  const signatureAlgorithm = exchange === 'ECDHE_ECDSA' ? reader.uint16() : 0;
  const signature = exchange === 'ECDHE_ECDSA' ? reader.vector16() : emptyBytes;
  if (!reader.isComplete) return undefined;
  return { pskIdentityHint, group, publicKey, parameters, signatureAlgorithm, signature };
}

export function encodeEcdhParameters(group: number, publicKey: Uint8Array): Uint8Array {
  return new Writer(80).uint8(namedCurve).uint16(group).vector8(publicKey).finish();
}

export function encodeServerKeyExchange(
  exchange: KeyExchange,
  message: Pick<ServerKeyExchange, 'pskIdentityHint' | 'parameters' | 'signatureAlgorithm' | 'signature'>,
): Uint8Array {
  const writer = new Writer();
  if (exchange !== 'ECDHE_ECDSA') writer.vector16(message.pskIdentityHint);
  if (exchange !== 'PSK') writer.bytes(message.parameters);
  if (exchange === 'ECDHE_ECDSA') writer.uint16(message.signatureAlgorithm).vector16(message.signature);
  return writer.finish();
}
