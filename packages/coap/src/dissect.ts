import { type Dissection, encodeHex } from '@yaolian/kernel';
import { Code, describeCode, formatCode } from './codes.ts';
import { decodeMessage, decodeStreamMessage, type Message, MessageType, OptionCursor } from './message.ts';
import { optionName, optionValueText } from './option-text.ts';
import { FrameReader, readWholeFrame } from './stream/frame.ts';

/** A message taken apart for people. */
export interface DissectedMessage {
  /** The message, where it is one. Of a stream it has the form of a datagram, which `fields` do not speak of. */
  readonly message: Message | undefined;
  /** `CON GET`, `ACK 2.05 Content`. */
  readonly title: string;
  /** Ranges are of the bytes given. */
  readonly fields: readonly Dissection[];
  /** Where the payload begins; the length of the bytes when there is none. */
  readonly payloadStart: number;
}

const typeTexts: Readonly<Record<MessageType, string>> = {
  [MessageType.CON]: 'CON (confirmable)',
  [MessageType.NON]: 'NON (non-confirmable)',
  [MessageType.ACK]: 'ACK (acknowledgement)',
  [MessageType.RST]: 'RST (reset)',
};

/** RFC 8323 §5. */
const signals: Readonly<Record<number, string>> = { 1: 'CSM', 2: 'Ping', 3: 'Pong', 4: 'Release', 5: 'Abort' };
/** The most options that are shown of one message. */
const maximumOptions = 1000;

/** Takes a datagram apart (RFC 7252 §3), whatever it holds. */
export function dissectMessage(bytes: Uint8Array): DissectedMessage {
  const decoded = decodeMessage(bytes, maximumOptions);
  if (!decoded.ok) return malformed(bytes, decoded.error.reason);
  const message = decoded.value;
  const { type, code, messageId } = message;
  const typeName = typeTexts[type].slice(0, 3);
  const fields = [
    field('Version', String(bytes[0]! >> 6), 0, 1),
    field('Type', typeTexts[type], 0, 1),
    field('Token length', String(message.tokenLength), 0, 1),
    field('Code', code === Code.Empty ? '0.00 Empty' : describeCode(code), 1, 2),
    field('Message ID', `0x${messageId.toString(16).padStart(4, '0')} (${messageId})`, 2, 4),
    ...contentFields(message, 0),
  ];
  const payloadStart = Math.min(message.optionsEnd + 1, bytes.length);
  return { message, title: `${typeName} ${emptyName(type, code) ?? codeName(code)}`, fields, payloadStart };
}

/** What an Empty message is for, by its type: a ping, or nothing but what the type says. */
function emptyName(type: MessageType, code: number): string | undefined {
  if (code !== Code.Empty) return undefined;
  return type === MessageType.CON ? 'ping' : 'empty';
}

/** `GET`, `2.05 Content`, `7.01 CSM`. */
function codeName(code: number): string {
  if (code >> 5 === 7) return `${formatCode(code)} ${signals[code & 31] ?? 'unknown signal'}`;
  return code < 0x20 ? describeCode(code).replace(/^0\.\d\d /, '') : describeCode(code);
}

/**
 * Takes a message of a stream apart (RFC 8323 §3.2, §4.2).
 * @param keepsBoundaries it is a WebSocket message
 */
export function dissectFrame(bytes: Uint8Array, keepsBoundaries: boolean): DissectedMessage {
  const whole = keepsBoundaries ? readWholeFrame(bytes, Number.MAX_SAFE_INTEGER) : firstFrame(bytes);
  if (typeof whole === 'string') return malformed(bytes, whole);
  const decoded = decodeStreamMessage(whole, maximumOptions);
  if (!decoded.ok) return malformed(bytes, decoded.error);
  const message = decoded.value;
  const nibble = bytes[0]! >> 4;
  const header = bytes.length - (whole.length - 4);
  const fields = [
    field('Length', String(whole.length - 4 - message.tokenLength), 0, nibble < 13 ? 1 : header - 1),
    field('Token length', String(message.tokenLength), 0, 1),
    field('Code', message.code >> 5 === 7 ? codeName(message.code) : describeCode(message.code), header - 1, header),
    ...contentFields(message, header - 4),
  ];
  const payloadStart = Math.min(message.optionsEnd + 1 + header - 4, bytes.length);
  return { message, title: message.code === Code.Empty ? 'empty' : codeName(message.code), fields, payloadStart };
}

function firstFrame(bytes: Uint8Array): Uint8Array | string {
  let found: Uint8Array | undefined;
  const reader = new FrameReader(Number.MAX_SAFE_INTEGER, {
    onFrame(frame) {
      found = frame;
      return false;
    },
  });
  return reader.push(bytes) ?? found ?? 'truncated message';
}

/** Token and options. @param shift how much further behind they stand in the bytes than in the message */
function contentFields(message: Message, shift: number): Dissection[] {
  const { tokenLength, bytes } = message;
  const fields: Dissection[] = [];
  if (tokenLength > 0) {
    fields.push(field('Token', `0x${encodeHex(message.token)}`, 4 + shift, 4 + tokenLength + shift));
  }
  const cursor = new OptionCursor();
  cursor.reset(message);
  const isSignal = message.code >> 5 === 7;
  for (let start = cursor.end; cursor.next(); start = cursor.end) {
    const { number, end } = cursor;
    const value = bytes.subarray(cursor.start, end);
    const text = isSignal
      ? value.length === 0
        ? 'empty'
        : `0x${encodeHex(value)}`
      : optionValueText({ number, value });
    fields.push(field(isSignal ? `Option ${number}` : optionName(number), text, start + shift, end + shift));
  }
  return fields;
}

function malformed(bytes: Uint8Array, reason: string): DissectedMessage {
  const fields = [field('Malformed', reason, 0, bytes.length)];
  return { message: undefined, title: `no CoAP message: ${reason}`, fields, payloadStart: bytes.length };
}

function field(name: string, value: string, start: number, end: number): Dissection {
  return { name, value, start, end };
}
