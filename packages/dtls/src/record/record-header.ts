import { ContentType, dtls10, dtls12, maximumCiphertext } from './content-type.ts';

/*
 * RFC 6347 §4.1 and, with the Connection ID, RFC 9146 §4:
 *
 *    0        1        3        5                          11             13
 *   +--------+--------+--------+--------------------------+---- - - - ---+--------+-----------
 *   |  type  | version| epoch  |     sequence_number      |     cid      | length | fragment ...
 *   +--------+--------+--------+--------------------------+---- - - - ---+--------+-----------
 */
export const recordHeaderLength = 13;

/** Why a record is refused before it is looked into. Stable: they label counters. */
export type RecordFormatReason =
  | 'too short'
  | 'unknown version'
  | 'unknown content type'
  | 'truncated record'
  | 'too long';

/** Where the parts of a record lie. One object is used again and again: copy what must outlive the record. */
export interface RecordView {
  type: number;
  version: number;
  epoch: number;
  /** 0 <= n < 2^48. */
  sequence: number;
  /** Offset of the Connection ID; its length is the receiver's to know. */
  cidStart: number;
  cidLength: number;
  fragmentStart: number;
  fragmentEnd: number;
}

export function emptyRecordView(): RecordView {
  return {
    type: 0,
    version: 0,
    epoch: 0,
    sequence: 0,
    cidStart: 0,
    cidLength: 0,
    fragmentStart: 0,
    fragmentEnd: 0,
  };
}

/**
 * Reads the header of the record at `at` into `record`. Never throws, allocates nothing.
 * @param cidLength how long the Connection IDs are that we gave out
 * @returns undefined when all is well
 */
export function decodeRecordHeader(
  datagram: Uint8Array,
  at: number,
  cidLength: number,
  record: RecordView,
): RecordFormatReason | undefined {
  if (datagram.length - at < recordHeaderLength) return 'too short';
  const type = datagram[at]!;
  if (type < ContentType.ChangeCipherSpec || type > ContentType.ReturnRoutabilityCheck || type === 24 || type === 26)
    return 'unknown content type';
  record.type = type;
  record.version = (datagram[at + 1]! << 8) | datagram[at + 2]!;
  // RFC 6347 §4.2.1: a ClientHello may come in records of DTLS 1.0, and so may a HelloVerifyRequest.
  if (record.version !== dtls12 && record.version !== dtls10) return 'unknown version';
  record.epoch = (datagram[at + 3]! << 8) | datagram[at + 4]!;
  record.sequence =
    (datagram[at + 5]! * 256 + datagram[at + 6]!) * 2 ** 32 +
    ((datagram[at + 7]! << 24) | (datagram[at + 8]! << 16) | (datagram[at + 9]! << 8) | datagram[at + 10]!) +
    (datagram[at + 7]! >= 128 ? 2 ** 32 : 0);
  record.cidStart = at + 11;
  record.cidLength = type === ContentType.Tls12Cid ? cidLength : 0;
  const lengthAt = record.cidStart + record.cidLength;
  if (lengthAt + 2 > datagram.length) return 'too short';
  const length = (datagram[lengthAt]! << 8) | datagram[lengthAt + 1]!;
  if (length > maximumCiphertext) return 'too long';
  record.fragmentStart = lengthAt + 2;
  record.fragmentEnd = lengthAt + 2 + length;
  if (record.fragmentEnd > datagram.length) return 'truncated record';
  return undefined;
}

/** Writes the header of a record without Connection ID; returns the offset behind it. */
export function writeRecordHeader(
  out: Uint8Array,
  at: number,
  type: number,
  epoch: number,
  sequence: number,
  length: number,
  version: number = dtls12,
): number {
  out[at] = type;
  out[at + 1] = version >> 8;
  out[at + 2] = version;
  writeEpochAndSequence(out, at + 3, epoch, sequence);
  out[at + 11] = length >> 8;
  out[at + 12] = length;
  return at + recordHeaderLength;
}

export function writeEpochAndSequence(out: Uint8Array, at: number, epoch: number, sequence: number): void {
  const high = Math.floor(sequence / 2 ** 32);
  const low = sequence >>> 0;
  out[at] = epoch >> 8;
  out[at + 1] = epoch;
  out[at + 2] = high >> 8;
  out[at + 3] = high;
  out[at + 4] = low >>> 24;
  out[at + 5] = low >>> 16;
  out[at + 6] = low >>> 8;
  out[at + 7] = low;
}
