import { emptyBytes } from '@yaolian/kernel';
import type { KeyExchange } from '../cipher-suites.ts';
import { Reader, Writer } from '../wire.ts';

/** RFC 4279 §2, RFC 5489 §2, RFC 8422 §5.7: what a suite does not use is empty. */
export interface ClientKeyExchange {
  readonly pskIdentity: Uint8Array;
  /** The client's ephemeral public key. */
  readonly publicKey: Uint8Array;
}

export function decodeClientKeyExchange(body: Uint8Array, exchange: KeyExchange): ClientKeyExchange | undefined {
  const reader = new Reader(body);
  const pskIdentity = exchange === 'ECDHE_ECDSA' ? emptyBytes : reader.vector16();
  const publicKey = exchange === 'PSK' ? emptyBytes : reader.vector8(1);
  return reader.isComplete ? { pskIdentity, publicKey } : undefined;
}

export function encodeClientKeyExchange(message: ClientKeyExchange, exchange: KeyExchange): Uint8Array {
  const writer = new Writer();
  if (exchange !== 'ECDHE_ECDSA') writer.vector16(message.pskIdentity);
  if (exchange !== 'PSK') writer.vector8(message.publicKey);
  return writer.finish();
}
