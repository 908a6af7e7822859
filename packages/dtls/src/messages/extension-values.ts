import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import { Reader, Writer } from '../wire.ts';

/** RFC 6066 §3: one name of type host_name. Undefined when malformed. */
export function decodeServerName(data: Uint8Array): string | undefined {
  const list = new Reader(new Reader(data).vector16(1));
  if (list.uint8() !== 0) return undefined;
  const name = list.vector16(1, 255);
  return list.isComplete ? decodeUtf8(name)?.toLowerCase() : undefined;
}

export function encodeServerName(name: string): Uint8Array {
  const host = encodeUtf8(name);
  return new Writer()
    .uint16(host.length + 3)
    .uint8(0)
    .vector16(host)
    .finish();
}

/** A list of 16-bit values with a length in front: supported_groups, signature_algorithms. */
export function decodeUint16List(data: Uint8Array): readonly number[] | undefined {
  const reader = new Reader(data);
  const list = reader.uint16List(0xfffe);
  return reader.isComplete ? list : undefined;
}

export function encodeUint16List(values: readonly number[]): Uint8Array {
  return new Writer().uint16List(values).finish();
}

/** A list of bytes with a length of one byte: ec_point_formats, certificate types, a Connection ID. */
export function decodeUint8List(data: Uint8Array): Uint8Array | undefined {
  const reader = new Reader(data);
  const list = reader.vector8();
  return reader.isComplete ? list : undefined;
}

export function encodeUint8List(values: Uint8Array): Uint8Array {
  return new Writer().vector8(values).finish();
}

/** RFC 6066 §4: 1, 2, 3, 4 stand for 512, 1024, 2048, 4096 bytes. */
export function decodeMaxFragmentLength(data: Uint8Array): number | undefined {
  const code = data[0];
  return data.length === 1 && code! >= 1 && code! <= 4 ? 256 << code! : undefined;
}

export function encodeMaxFragmentLength(length: MaxFragmentLength): Uint8Array {
  return Uint8Array.of(Math.log2(length) - 8);
}

export type MaxFragmentLength = 512 | 1024 | 2048 | 4096;

/** RFC 8449 §4: at least 64. */
export function decodeRecordSizeLimit(data: Uint8Array): number | undefined {
  if (data.length !== 2) return undefined;
  const limit = (data[0]! << 8) | data[1]!;
  return limit >= 64 ? limit : undefined;
}

export function encodeRecordSizeLimit(limit: number): Uint8Array {
  return Uint8Array.of(limit >> 8, limit);
}

/** RFC 7250 §3, the IANA registry "TLS Certificate Types". */
export const CertificateType = { X509: 0, RawPublicKey: 2 } as const;
export type CertificateType = (typeof CertificateType)[keyof typeof CertificateType];
