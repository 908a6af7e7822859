import { dtls10 } from '../record/content-type.ts';
import { Reader } from '../wire.ts';

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

/** Bytes of one with a cookie of `cookieLength` bytes. */
export function helloVerifyRequestLength(cookieLength: number): number {
  return 3 + cookieLength;
}

/**
 * Writes all but the cookie into `out` at `at`; returns where that goes. It says DTLS 1.0, whichever version is spoken later
 * (RFC 6347 §4.2.1).
 */
export function writeHelloVerifyRequest(out: Uint8Array, at: number, cookieLength: number): number {
  out[at] = dtls10 >> 8;
  out[at + 1] = dtls10 & 0xff;
  out[at + 2] = cookieLength;
  return at + 3;
}
