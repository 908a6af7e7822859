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

/** Reads the fragment at `at`; undefined when it is malformed. Several may follow each other in a record. */
export function decodeHandshakeFragment(bytes: Uint8Array, at: number): HandshakeFragment | undefined {
  if (bytes.length - at < handshakeHeaderLength) return undefined;
  const length = uint24(bytes, at + 1);
  const offset = uint24(bytes, at + 6);
  const fragmentLength = uint24(bytes, at + 9);
  const start = at + handshakeHeaderLength;
  if (offset + fragmentLength > length || start + fragmentLength > bytes.length) return undefined;
  // An empty fragment of a message that is not empty says nothing.
  if (fragmentLength === 0 && length > 0) return undefined;
  return {
    type: bytes[at]!,
    length,
    messageSequence: (bytes[at + 4]! << 8) | bytes[at + 5]!,
    offset,
    body: bytes.subarray(start, start + fragmentLength),
  };
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
