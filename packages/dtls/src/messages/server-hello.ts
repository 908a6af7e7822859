import { Reader, Writer } from '../wire.ts';
import { decodeExtensions, type Extensions, writeExtensions } from './extensions.ts';

/** RFC 5246 §7.4.1.3. */
export interface ServerHello {
  readonly version: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** 0 to 32 bytes. */
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  readonly compressionMethod: number;
  readonly extensions: Extensions;
}

export function decodeServerHello(body: Uint8Array): ServerHello | undefined {
  const reader = new Reader(body);
  const hello: ServerHello = {
    version: reader.uint16(),
    random: reader.bytes(32),
    sessionId: reader.vector8(0, 32),
    cipherSuite: reader.uint16(),
    compressionMethod: reader.uint8(),
    extensions: decodeExtensions(reader),
  };
  return reader.isComplete ? hello : undefined;
}

export function encodeServerHello(hello: ServerHello): Uint8Array {
  const writer = new Writer()
    .uint16(hello.version)
    .bytes(hello.random)
    .vector8(hello.sessionId)
    .uint16(hello.cipherSuite)
    .uint8(hello.compressionMethod);
  writeExtensions(writer, hello.extensions);
  return writer.finish();
}
