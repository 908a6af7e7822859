import { emptyBytes, equalBytes, failure, type Result, success } from '@yaolian/kernel';
import type { Option } from './options.ts';

/*
 * The message of RFC 7252 §3:
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Ver| T |  TKL  |     Code      |          Message ID           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |   Token (0 to 8 bytes, TKL says how many) ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |   Options (0 or more) ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |1 1 1 1 1 1 1 1|    Payload (1 byte or more, if any) ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * and each of its options (§3.1):
 *
 *     0   1   2   3   4   5   6   7
 *   +---------------+---------------+
 *   | Option Delta  | Option Length |   delta to the number of the option before
 *   +---------------+---------------+
 *   |  delta - 13 (1 byte, nibble 13) or delta - 269 (2 bytes, nibble 14)
 *   +-------------------------------+
 *   |  length - 13 (1 byte, nibble 13) or length - 269 (2 bytes, nibble 14)
 *   +-------------------------------+
 *   |  value ...
 *   +-------------------------------+
 */

/** The message types of RFC 7252 §4.1. */
export const MessageType = { CON: 0, NON: 1, ACK: 2, RST: 3 } as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

/** What {@link encodeMessage} needs; {@link Message} is one. */
export interface MessageFields {
  readonly type: MessageType;
  /** {@link Code} as on the wire, 0 to 255. */
  readonly code: number;
  /** 0 to 65535. */
  readonly messageId: number;
  /** 0 to 8 bytes. */
  readonly token: Uint8Array;
  /** In ascending order of number; equal numbers keep their order. */
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
}

/** Why a datagram is no CoAP message. Stable: they label the counters. */
export type MessageFormatReason =
  | 'too short'
  | 'unknown version'
  | 'reserved token length'
  | 'truncated token'
  | 'reserved code class'
  | 'empty message with content'
  | 'reserved option delta'
  | 'reserved option length'
  | 'truncated option'
  | 'option number out of range'
  | 'too many options'
  | 'payload marker without payload';

/** A refused datagram: the reason, and what is needed to reject it. */
export interface MessageFormatError {
  readonly reason: MessageFormatReason;
  /** Undefined when the header could not be read: such a datagram cannot even be answered with a Reset. */
  readonly type: MessageType | undefined;
  readonly messageId: number;
}

/**
 * More options than this in one message are refused. The longest sensible requests (a Register with extra parameters, a
 * deep path) have about twenty.
 */
export const defaultMaximumOptions = 128;

/** A message as it came. Token, options and payload are views of the datagram, made when asked for. */
export class Message implements MessageFields {
  readonly type: MessageType;
  readonly code: number;
  readonly messageId: number;
  /** The whole datagram. Changed by {@link detach} only. */
  bytes: Uint8Array;
  readonly tokenLength: number;
  /** The offset behind the last option: the payload marker's, or the length of the datagram. */
  readonly optionsEnd: number;
  #token: Uint8Array | undefined;
  #options: readonly Option[] | undefined;
  #payload: Uint8Array | undefined;

  /** @internal Made by {@link decodeMessage}, which has validated everything. */
  constructor(bytes: Uint8Array, optionsEnd: number) {
    this.type = ((bytes[0]! >> 4) & 3) as MessageType;
    this.code = bytes[1]!;
    this.messageId = (bytes[2]! << 8) | bytes[3]!;
    this.bytes = bytes;
    this.tokenLength = bytes[0]! & 15;
    this.optionsEnd = optionsEnd;
    this.#token = undefined;
    this.#options = undefined;
    this.#payload = undefined;
  }

  /** Copies the datagram, which may be a small view of much memory, so that it can be kept for long. */
  detach(): void {
    this.bytes = this.bytes.slice();
    this.#token = undefined;
    this.#options = undefined;
    this.#payload = undefined;
  }

  get token(): Uint8Array {
    if (this.#token === undefined) {
      this.#token = this.tokenLength === 0 ? emptyBytes : this.bytes.subarray(4, 4 + this.tokenLength);
    }
    return this.#token;
  }

  get options(): readonly Option[] {
    this.#options ??= readOptions(this);
    return this.#options;
  }

  get payload(): Uint8Array {
    if (this.#payload === undefined) {
      const start = this.optionsEnd + 1;
      this.#payload = start >= this.bytes.length ? emptyBytes : this.bytes.subarray(start);
    }
    return this.#payload;
  }
}

/**
 * Reads a datagram, checking everything that RFC 7252 §3 says about it. Never throws, allocates one small object.
 *
 * @param maximumOptions messages with more options are refused
 */
export function decodeMessage(
  bytes: Uint8Array,
  maximumOptions: number = defaultMaximumOptions,
): Result<Message, MessageFormatError> {
  const length = bytes.length;
  if (length < 4) return failure({ reason: 'too short', type: undefined, messageId: 0 });
  const first = bytes[0]!;
  // RFC 7252 §3: messages with unknown version numbers are silently ignored.
  if (first >> 6 !== 1) return failure({ reason: 'unknown version', type: undefined, messageId: 0 });
  const tokenLength = first & 15;
  if (tokenLength > 8) return malformed(bytes, 'reserved token length');
  const code = bytes[1]!;
  if (code === 0) {
    // RFC 7252 §4.1: an Empty message is the header alone, with a Token Length of 0.
    if (length > 4 || tokenLength > 0) return malformed(bytes, 'empty message with content');
    return success(new Message(bytes, 4));
  }
  const codeClass = code >> 5;
  if (codeClass === 1 || codeClass >= 6) return malformed(bytes, 'reserved code class');
  if (4 + tokenLength > length) return malformed(bytes, 'truncated token');
  const end = findOptionsEnd(bytes, 4 + tokenLength, maximumOptions);
  if (typeof end !== 'number') return malformed(bytes, end);
  return success(new Message(bytes, end));
}

function malformed(bytes: Uint8Array, reason: MessageFormatReason): Result<Message, MessageFormatError> {
  return failure({
    reason,
    type: ((bytes[0]! >> 4) & 3) as MessageType,
    messageId: (bytes[2]! << 8) | bytes[3]!,
  });
}

/**
 * Reads a message that came over a stream and was put into the form of a datagram: a header of 4 bytes with the token length
 * and the code, token, options, payload. Its type and message ID mean nothing. All code classes are read: signaling (7) too.
 */
export function decodeStreamMessage(bytes: Uint8Array, maximumOptions: number): Result<Message, MessageFormatReason> {
  const end = findOptionsEnd(bytes, 4 + (bytes[0]! & 15), maximumOptions);
  return typeof end === 'number' ? success(new Message(bytes, end)) : failure(end);
}

/** Walks over the options: the offset of the payload marker (or the end), or what is wrong with them. */
function findOptionsEnd(bytes: Uint8Array, start: number, maximumOptions: number): number | MessageFormatReason {
  const length = bytes.length;
  let at = start;
  let number = 0;
  for (let count = 0; at < length; count++) {
    const head = bytes[at]!;
    if (head === 0xff) return at + 1 === length ? 'payload marker without payload' : at;
    if (count === maximumOptions) return 'too many options';
    let delta = head >> 4;
    let size = head & 15;
    at++;
    // RFC 7252 §3.1: 15 is reserved for the payload marker, in both nibbles.
    if (delta === 15) return 'reserved option delta';
    if (size === 15) return 'reserved option length';
    if (delta === 13) {
      delta = 13 + bytes[at++]!;
    } else if (delta === 14) {
      delta = 269 + (bytes[at]! << 8) + bytes[at + 1]!;
      at += 2;
    }
    if (size === 13) {
      size = 13 + bytes[at++]!;
    } else if (size === 14) {
      size = 269 + (bytes[at]! << 8) + bytes[at + 1]!;
      at += 2;
    }
    at += size;
    // Reading behind the end gave NaN or pushed `at` beyond it: both fail this comparison.
    if (!(at <= length)) return 'truncated option';
    number += delta;
    if (number > 0xffff) return 'option number out of range';
  }
  return length;
}

/**
 * Walks over the options of a decoded message without allocating. Not to be kept between calls that may use it too.
 */
export class OptionCursor {
  number = 0;
  /** Where the value of the option starts in {@link Message.bytes}. */
  start = 0;
  /** Where it ends. */
  end = 0;
  #bytes: Uint8Array = emptyBytes;
  #limit = 0;

  reset(message: Message): void {
    this.number = 0;
    this.#bytes = message.bytes;
    this.#limit = message.optionsEnd;
    this.end = 4 + message.tokenLength;
  }

  /** Moves to the next option; false when there is none. */
  next(): boolean {
    let at = this.end;
    if (at >= this.#limit) return false;
    const bytes = this.#bytes;
    const head = bytes[at++]!;
    let delta = head >> 4;
    let size = head & 15;
    if (delta === 13) {
      delta = 13 + bytes[at++]!;
    } else if (delta === 14) {
      delta = 269 + (bytes[at]! << 8) + bytes[at + 1]!;
      at += 2;
    }
    if (size === 13) {
      size = 13 + bytes[at++]!;
    } else if (size === 14) {
      size = 269 + (bytes[at]! << 8) + bytes[at + 1]!;
      at += 2;
    }
    this.number += delta;
    this.start = at;
    this.end = at + size;
    return true;
  }
}

function readOptions(message: Message): readonly Option[] {
  const options: Option[] = [];
  const cursor = new OptionCursor();
  cursor.reset(message);
  while (cursor.next()) {
    options.push({ number: cursor.number, value: message.bytes.subarray(cursor.start, cursor.end) });
  }
  return options;
}

/** Whether two messages say the same, field by field. */
export function equalMessages(a: MessageFields, b: MessageFields): boolean {
  return (
    a.type === b.type &&
    a.code === b.code &&
    a.messageId === b.messageId &&
    equalBytes(a.token, b.token) &&
    equalBytes(a.payload, b.payload) &&
    a.options.length === b.options.length &&
    a.options.every(
      (option, i) => option.number === b.options[i]!.number && equalBytes(option.value, b.options[i]!.value),
    )
  );
}
