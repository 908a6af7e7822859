/*
 * RFC 6347 §4.2.2, in front of every fragment of a handshake message:
 *
 *    0          1            4              6                9               12
 *   +----------+------------+--------------+----------------+---------------+-----------
 *   | msg_type |   length   | message_seq  | fragment_offset|fragment_length| body ...
 *   +----------+------------+--------------+----------------+---------------+-----------
 */
export const handshakeHeaderLength = 12;

export interface HandshakeFragment {
  readonly type: number;
  /** Of the whole message. */
  readonly length: number;
  readonly messageSequence: number;
  readonly offset: number;
  readonly body: Uint8Array;
}

/** A fragment's header and where its body lies. One object is used again and again: copy what must outlive the next. */
export interface HandshakeHeader {
  type: number;
  length: number;
  messageSequence: number;
  offset: number;
  bodyStart: number;
  bodyEnd: number;
}

export function emptyHandshakeHeader(): HandshakeHeader {
  return { type: 0, length: 0, messageSequence: 0, offset: 0, bodyStart: 0, bodyEnd: 0 };
}

/** Reads the header of the fragment at `at` into `header`. False when the fragment is malformed or does not end by `end`. Allocates nothing. */
export function decodeHandshakeHeader(bytes: Uint8Array, at: number, end: number, header: HandshakeHeader): boolean {
  if (end - at < handshakeHeaderLength) return false;
  const fragmentLength = uint24(bytes, at + 9);
  header.type = bytes[at]!;
  header.length = uint24(bytes, at + 1);
  header.messageSequence = (bytes[at + 4]! << 8) | bytes[at + 5]!;
  header.offset = uint24(bytes, at + 6);
  header.bodyStart = at + handshakeHeaderLength;
  header.bodyEnd = header.bodyStart + fragmentLength;
  if (header.offset + fragmentLength > header.length || header.bodyEnd > end) return false;
  // An empty fragment of a message that is not empty says nothing.
  return fragmentLength > 0 || header.length === 0;
}

const header = emptyHandshakeHeader();

/** Reads the fragment at `at`; undefined when it is malformed. Several may follow each other in a record. */
export function decodeHandshakeFragment(bytes: Uint8Array, at: number): HandshakeFragment | undefined {
  if (!decodeHandshakeHeader(bytes, at, bytes.length, header)) return undefined;
  const { type, length, messageSequence, offset, bodyStart, bodyEnd } = header;
  return { type, length, messageSequence, offset, body: bytes.subarray(bodyStart, bodyEnd) };
}

export function writeHandshakeHeader(
  out: Uint8Array,
  at: number,
  type: number,
  length: number,
  messageSequence: number,
  offset: number,
  fragmentLength: number,
): void {
  out[at] = type;
  writeUint24(out, at + 1, length);
  out[at + 4] = messageSequence >> 8;
  out[at + 5] = messageSequence;
  writeUint24(out, at + 6, offset);
  writeUint24(out, at + 9, fragmentLength);
}

/** A message with its header as if it had been sent in one fragment: what the transcript takes (RFC 6347 §4.2.6). */
export function encodeHandshakeMessage(type: number, messageSequence: number, body: Uint8Array): Uint8Array {
  const message = new Uint8Array(handshakeHeaderLength + body.length);
  writeHandshakeHeader(message, 0, type, body.length, messageSequence, 0, body.length);
  message.set(body, handshakeHeaderLength);
  return message;
}

function uint24(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
}

function writeUint24(out: Uint8Array, at: number, value: number): void {
  out[at] = value >> 16;
  out[at + 1] = value >> 8;
  out[at + 2] = value;
}
