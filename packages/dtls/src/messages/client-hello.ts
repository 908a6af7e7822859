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

/** The start of a ClientHello, which suffices for the cookie. */
export type ClientHelloStart = Pick<ClientHello, 'version' | 'random' | 'sessionId' | 'cookie'>;

/** A hello that offers more suites than this is refused. */
export const maximumOfferedSuites = 512;

export function decodeClientHello(body: Uint8Array): ClientHello | undefined {
  const reader = new Reader(body);
  const start = readStart(reader);
  const cipherSuites = reader.uint16List(2 * maximumOfferedSuites);
  const compressionMethods = reader.vector8(1);
  const extensions = decodeExtensions(reader);
  return reader.isComplete ? { ...start, cipherSuites, compressionMethods, extensions } : undefined;
}

/** Reads what stands in front of the cipher suites, from a first fragment that may end anywhere behind. */
export function decodeClientHelloStart(fragment: Uint8Array): ClientHelloStart | undefined {
  const reader = new Reader(fragment);
  const start = readStart(reader);
  return reader.failed ? undefined : start;
}

function readStart(reader: Reader): ClientHelloStart {
  return {
    version: reader.uint16(),
    random: reader.bytes(32),
    sessionId: reader.vector8(0, 32),
    cookie: reader.vector8(),
  };
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
