import { Reader, Writer } from '../wire.ts';

/** RFC 6347 §4.2.1. */
export interface HelloVerifyRequest {
  readonly version: number;
  /** 0 to 255 bytes. */
  readonly cookie: Uint8Array;
}

export function decodeHelloVerifyRequest(body: Uint8Array): HelloVerifyRequest | undefined {
  const reader = new Reader(body);
  const request = { version: reader.uint16(), cookie: reader.vector8() };
  return reader.isComplete ? request : undefined;
}

export function encodeHelloVerifyRequest(request: HelloVerifyRequest): Uint8Array {
  return new Writer(64).uint16(request.version).vector8(request.cookie).finish();
}
