import { emptyBytes } from '@yaolian/kernel';
import { encodeContent, encodedSize } from '../message-encoder.ts';
import type { Option } from '../options.ts';

/*
 * The message of RFC 8323 §3.2, on a stream:
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Len  |  TKL  | Extended Length (0, 1, 2 or 4 bytes) ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |      Code     | Token (0 to 8 bytes, TKL says how many) ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |   Options (0 or more) ...   |1 1 1 1 1 1 1 1|   Payload ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * Len counts options, payload marker and payload: 0 to 12 itself; 13: 1 byte, less 13; 14: 2 bytes, less 269; 15: 4 bytes,
 * less 65805. In a WebSocket message (§4.2) Len is 0 and its length says how long the CoAP message is.
 */

/** Why bytes are no message. Stable: they label the counters. */
export type FrameFormatReason =
  | 'reserved token length'
  | 'message too large'
  | 'too short'
  | 'length in a WebSocket message'
  | 'truncated token';

const firstExtension = 13;
const secondExtension = 269;
const thirdExtension = 65_805;

/**
 * The bytes of a message.
 * @param withLength false on WebSockets, where Len is 0
 */
export function encodeFrame(
  code: number,
  token: Uint8Array,
  options: readonly Option[],
  payload: Uint8Array,
  withLength: boolean,
): Uint8Array {
  const length = encodedSize(0, options, payload) - 4;
  const extension = withLength ? extensionSize(length) : 0;
  const bytes = new Uint8Array(2 + extension + token.length + length);
  bytes[0] = ((withLength ? lengthNibble(length) : 0) << 4) | token.length;
  if (extension > 0) writeExtension(bytes, length, extension);
  bytes[1 + extension] = code;
  bytes.set(token, 2 + extension);
  encodeContent(bytes, 2 + extension + token.length, options, payload);
  return bytes;
}

/** The bytes on the wire of a message in the form of a datagram, as {@link FrameReader} gives it. */
export function frameOf(message: Uint8Array, withLength: boolean): Uint8Array {
  const tokenLength = message[0]! & 15;
  const length = message.length - 4 - tokenLength;
  const extension = withLength ? extensionSize(length) : 0;
  const bytes = new Uint8Array(2 + extension + tokenLength + length);
  bytes[0] = ((withLength ? lengthNibble(length) : 0) << 4) | tokenLength;
  if (extension > 0) writeExtension(bytes, length, extension);
  bytes[1 + extension] = message[1]!;
  bytes.set(message.subarray(4), 2 + extension);
  return bytes;
}

/** How long {@link encodeFrame} makes a message. */
export function frameSize(
  token: Uint8Array,
  options: readonly Option[],
  payload: Uint8Array,
  withLength: boolean,
): number {
  const length = encodedSize(0, options, payload) - 4;
  return 2 + (withLength ? extensionSize(length) : 0) + token.length + length;
}

function lengthNibble(length: number): number {
  if (length < firstExtension) return length;
  if (length < secondExtension) return 13;
  return length < thirdExtension ? 14 : 15;
}

function extensionSize(length: number): number {
  if (length < firstExtension) return 0;
  if (length < secondExtension) return 1;
  return length < thirdExtension ? 2 : 4;
}

function writeExtension(bytes: Uint8Array, length: number, size: number): void {
  const value = length - [0, firstExtension, secondExtension, 0, thirdExtension][size]!;
  for (let i = 0; i < size; i++) bytes[1 + i] = (value >>> (8 * (size - 1 - i))) & 255;
}

/** How many bytes the extended length takes, by the nibble. */
function extensionBytes(nibble: number): number {
  if (nibble < 13) return 0;
  return nibble === 15 ? 4 : nibble - 12;
}

/** Who gets what a reader finds: a message in the form of a datagram, see {@link decodeStreamMessage}. */
export interface FrameSink {
  /** @returns false to stop reading: the connection is over */
  onFrame(message: Uint8Array): boolean;
}

/**
 * Finds messages in a stream, cut wherever it may be. What it holds of an incomplete message is at most about twice what came of it:
 * a length that somebody claims costs nothing.
 */
export class FrameReader {
  readonly #maximumBytes: number;
  readonly #sink: FrameSink;
  /** The beginning of a message whose rest did not come yet. */
  #held = emptyBytes;
  #heldLength = 0;

  /** @param maximumBytes of one message, header included; one that announces more is an error before its bytes come */
  constructor(maximumBytes: number, sink: FrameSink) {
    this.#maximumBytes = maximumBytes;
    this.#sink = sink;
  }

  /** Bytes that are held of a message that is not complete. */
  get held(): number {
    return this.#held.length;
  }

  /** @returns what is wrong with the bytes; nothing can be read after that */
  push(chunk: Uint8Array): FrameFormatReason | undefined {
    let at = 0;
    if (this.#heldLength > 0) {
      const end = this.#complete(chunk);
      if (typeof end !== 'number') return end;
      if (end < 0) return undefined;
      at = end;
    }
    while (at < chunk.length) {
      const size = frameLength(chunk, at, chunk.length, this.#maximumBytes);
      if (typeof size !== 'number') return size;
      if (size === 0 || at + size > chunk.length) {
        this.#hold(chunk.subarray(at), size);
        return undefined;
      }
      if (!this.#sink.onFrame(normalise(chunk, at, size))) return undefined;
      at += size;
    }
    return undefined;
  }

  /** Adds to what is held. @returns the offset in `chunk` behind the message; -1 when there is not all of it, or reading stops */
  #complete(chunk: Uint8Array): number | FrameFormatReason {
    let at = 0;
    let size = frameLength(this.#held, 0, this.#heldLength, this.#maximumBytes);
    while (size === 0) {
      if (at === chunk.length) return -1;
      this.#append(chunk.subarray(at, at + 1), 0);
      at++;
      size = frameLength(this.#held, 0, this.#heldLength, this.#maximumBytes);
    }
    if (typeof size !== 'number') return size;
    const missing = size - this.#heldLength;
    const part = chunk.subarray(at, at + missing);
    this.#append(part, size);
    if (part.length < missing) return -1;
    const message = normalise(this.#held, 0, size);
    this.#held = emptyBytes;
    this.#heldLength = 0;
    return this.#sink.onFrame(message) ? at + missing : -1;
  }

  #hold(rest: Uint8Array, size: number): void {
    this.#held = emptyBytes;
    this.#heldLength = 0;
    this.#append(rest, size);
  }

  /** @param size of the whole message, 0 when it is not known */
  #append(part: Uint8Array, size: number): void {
    const needed = this.#heldLength + part.length;
    if (needed > this.#held.length) {
      const generous = Math.max(needed, 16, 2 * this.#held.length);
      const larger = new Uint8Array(size === 0 ? generous : Math.max(needed, Math.min(generous, size)));
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(part, this.#heldLength);
    this.#heldLength = needed;
  }
}

/** The length of the message at `at`; 0 when too little of it is there to tell. */
function frameLength(bytes: Uint8Array, at: number, end: number, maximum: number): number | FrameFormatReason {
  const first = bytes[at]!;
  const tokenLength = first & 15;
  // RFC 8323 §3.2: 9 to 15 are reserved, a message format error.
  if (tokenLength > 8) return 'reserved token length';
  const extension = extensionBytes(first >> 4);
  if (at + 1 + extension > end) return 0;
  const size = 2 + extension + tokenLength + contentLength(bytes, at, first >> 4);
  return size > maximum ? 'message too large' : size;
}

function contentLength(bytes: Uint8Array, at: number, nibble: number): number {
  if (nibble < 13) return nibble;
  if (nibble === 13) return firstExtension + bytes[at + 1]!;
  if (nibble === 14) return secondExtension + (bytes[at + 1]! << 8) + bytes[at + 2]!;
  const high = (bytes[at + 1]! << 8) + bytes[at + 2]!;
  return thirdExtension + high * 65_536 + (bytes[at + 3]! << 8) + bytes[at + 4]!;
}

/** Copies a message into the form of a datagram: what is read holds on to no more memory than it has. */
function normalise(bytes: Uint8Array, at: number, size: number): Uint8Array {
  const first = bytes[at]!;
  const header = 2 + extensionBytes(first >> 4);
  const message = new Uint8Array(4 + size - header);
  message[0] = 0x40 | (first & 15);
  message[1] = bytes[at + header - 1]!;
  message.set(bytes.subarray(at + header, at + size), 4);
  return message;
}

/** The message in one WebSocket message (RFC 8323 §4.2), in the form of a datagram. */
export function readWholeFrame(bytes: Uint8Array, maximumBytes: number): Uint8Array | FrameFormatReason {
  if (bytes.length < 2) return 'too short';
  if (bytes.length > maximumBytes) return 'message too large';
  const first = bytes[0]!;
  if (first >> 4 !== 0) return 'length in a WebSocket message';
  const tokenLength = first & 15;
  if (tokenLength > 8) return 'reserved token length';
  if (2 + tokenLength > bytes.length) return 'truncated token';
  return normalise(bytes, 0, bytes.length);
}
