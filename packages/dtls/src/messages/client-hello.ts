import { Reader, Writer } from '../wire.ts';
import { decodeExtensions, type Extensions, writeExtensions } from './extensions.ts';

/** RFC 5246 §7.4.1.2 with the cookie of RFC 6347 §4.2.1. */
export interface ClientHello {
  readonly version: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** 0 to 32 bytes. */
  readonly sessionId: Uint8Array;
  /** 0 to 255 bytes. */
  readonly cookie: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly compressionMethods: Uint8Array;
  readonly extensions: Extensions;
}

/** Where the start of a ClientHello lies, which suffices for the cookie. One object is used again and again. */
export interface ClientHelloStart {
  version: number;
  /** Of 32 bytes. */
  randomStart: number;
  cookieStart: number;
  cookieEnd: number;
}

export function emptyClientHelloStart(): ClientHelloStart {
  return { version: 0, randomStart: 0, cookieStart: 0, cookieEnd: 0 };
}

const randomLength = 32;
const maximumSessionId = 32;

/** A hello that offers more suites than this is refused. */
const maximumOfferedSuites = 512;

export function decodeClientHello(body: Uint8Array): ClientHello | undefined {
  const reader = new Reader(body);
  const version = reader.uint16();
  const random = reader.bytes(randomLength);
  const sessionId = reader.vector8(0, maximumSessionId);
  const cookie = reader.vector8();
  const cipherSuites = reader.uint16List(2 * maximumOfferedSuites);
  const compressionMethods = reader.vector8(1);
  const extensions = decodeExtensions(reader);
  if (!reader.isComplete) return undefined;
  return { version, random, sessionId, cookie, cipherSuites, compressionMethods, extensions };
}

/**
 * Reads what stands in front of the cipher suites off a first fragment from `at` to `end`, which may end anywhere behind, into
 * `hello`. False when it is malformed. Allocates nothing: whoever floods us pays more than we do.
 */
export function decodeClientHelloStart(bytes: Uint8Array, at: number, end: number, hello: ClientHelloStart): boolean {
  const sessionIdAt = at + 2 + randomLength;
  if (sessionIdAt >= end) return false;
  const sessionIdLength = bytes[sessionIdAt]!;
  const cookieAt = sessionIdAt + 1 + sessionIdLength;
  if (sessionIdLength > maximumSessionId || cookieAt >= end) return false;
  hello.version = (bytes[at]! << 8) | bytes[at + 1]!;
  hello.randomStart = at + 2;
  hello.cookieStart = cookieAt + 1;
  hello.cookieEnd = hello.cookieStart + bytes[cookieAt]!;
  return hello.cookieEnd <= end;
}

export function encodeClientHello(hello: ClientHello): Uint8Array {
  const writer = new Writer()
    .uint16(hello.version)
    .bytes(hello.random)
    .vector8(hello.sessionId)
    .vector8(hello.cookie)
    .uint16List(hello.cipherSuites)
    .vector8(hello.compressionMethods);
  writeExtensions(writer, hello.extensions);
  return writer.finish();
}
