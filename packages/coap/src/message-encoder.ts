import { type Message, type MessageFields, MessageType } from './message.ts';
import type { Option } from './options.ts';

/** How many bytes {@link encodeMessageInto} will write. `options` must be in ascending order. */
export function encodedSize(tokenLength: number, options: readonly Option[], payload: Uint8Array): number {
  let size = 4 + tokenLength;
  let previous = 0;
  for (let i = 0; i < options.length; i++) {
    const option = options[i]!;
    const length = option.value.length;
    size += 1 + extensionSize(option.number - previous) + extensionSize(length) + length;
    previous = option.number;
  }
  return payload.length === 0 ? size : size + 1 + payload.length;
}

function extensionSize(value: number): number {
  if (value < 13) return 0;
  return value < 269 ? 1 : 2;
}

/** Writes a message at `offset` of `target`, which must have room for it, and returns the offset behind it. */
export function encodeMessageInto(
  target: Uint8Array,
  offset: number,
  type: MessageType,
  code: number,
  messageId: number,
  token: Uint8Array,
  options: readonly Option[],
  payload: Uint8Array,
): number {
  target[offset] = 0x40 | (type << 4) | token.length;
  target[offset + 1] = code;
  target[offset + 2] = messageId >> 8;
  target[offset + 3] = messageId & 255;
  return encodeContent(target, copy(target, offset + 4, token), options, payload);
}

/** Writes the ACK of `request` that carries its response, and returns the offset behind it. */
export function encodePiggybackedInto(
  target: Uint8Array,
  offset: number,
  request: Message,
  code: number,
  options: readonly Option[],
  payload: Uint8Array,
): number {
  const { bytes, tokenLength } = request;
  target[offset] = 0x40 | (MessageType.ACK << 4) | tokenLength;
  target[offset + 1] = code;
  for (let i = 2; i < 4 + tokenLength; i++) target[offset + i] = bytes[i]!;
  return encodeContent(target, offset + 4 + tokenLength, options, payload);
}

/** Writes options and payload as every transport has them, and returns the offset behind them. */
export function encodeContent(
  target: Uint8Array,
  offset: number,
  options: readonly Option[],
  payload: Uint8Array,
): number {
  let at = offset;
  let previous = 0;
  for (let i = 0; i < options.length; i++) {
    const option = options[i]!;
    at = encodeOptionHead(target, at, option.number - previous, option.value.length);
    at = copy(target, at, option.value);
    previous = option.number;
  }
  if (payload.length === 0) return at;
  target[at++] = 0xff;
  return copy(target, at, payload);
}

function encodeOptionHead(target: Uint8Array, offset: number, delta: number, length: number): number {
  const deltaNibble = delta < 13 ? delta : delta < 269 ? 13 : 14;
  const lengthNibble = length < 13 ? length : length < 269 ? 13 : 14;
  target[offset] = (deltaNibble << 4) | lengthNibble;
  return encodeExtension(target, encodeExtension(target, offset + 1, delta), length);
}

function encodeExtension(target: Uint8Array, offset: number, value: number): number {
  if (value < 13) return offset;
  if (value < 269) {
    target[offset] = value - 13;
    return offset + 1;
  }
  target[offset] = (value - 269) >> 8;
  target[offset + 1] = (value - 269) & 255;
  return offset + 2;
}

function copy(target: Uint8Array, offset: number, source: Uint8Array): number {
  const length = source.length;
  // A loop beats the fixed cost of set() on the short values that tokens and options are.
  if (length <= 16) for (let i = 0; i < length; i++) target[offset + i] = source[i]!;
  else target.set(source, offset);
  return offset + length;
}

/**
 * The datagram of a message, in a buffer of exactly its size.
 *
 * @throws RangeError when a field is out of its range or the options are not in order
 */
export function encodeMessage(message: MessageFields): Uint8Array {
  const { type, code, messageId, token, options, payload } = message;
  checkFields(message);
  const bytes = new Uint8Array(encodedSize(token.length, options, payload));
  encodeMessageInto(bytes, 0, type, code, messageId, token, options, payload);
  return bytes;
}

function checkFields({ code, messageId, token, options, payload }: MessageFields): void {
  if (!(code >= 0 && code <= 0xff)) throw new RangeError(`a code is 0 to 255, not ${code}`);
  if (!(messageId >= 0 && messageId <= 0xffff)) throw new RangeError(`a message ID is 0 to 65535, not ${messageId}`);
  if (token.length > 8) throw new RangeError(`a token has at most 8 bytes, not ${token.length}`);
  if (code === 0 && (token.length > 0 || options.length > 0 || payload.length > 0)) {
    throw new RangeError('an Empty message has no token, options or payload');
  }
  checkOptions(options);
}

/** @throws RangeError when `options` are not in ascending order or one does not fit into a message */
function checkOptions(options: readonly Option[]): void {
  let previous = 0;
  for (const { number, value } of options) {
    if (!(number >= previous && number <= 0xffff)) throw new RangeError(`option ${number} is out of order or range`);
    if (value.length > 65_804) throw new RangeError(`option ${number} has ${value.length} bytes; 65804 is the most`);
    previous = number;
  }
}

/** The four bytes of an empty ACK, RST or ping. */
export function encodeEmptyMessage(type: MessageType, messageId: number): Uint8Array {
  return Uint8Array.of(0x40 | (type << 4), 0, messageId >> 8, messageId & 255);
}
