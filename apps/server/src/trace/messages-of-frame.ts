import { decodeMessage, dissectFrame, type Message, OptionNumber } from '@yaolian/coap';
import { type Frame, isStream, isWebSocket } from './frame.ts';
import { hasOption } from './operation-name.ts';

/** The message of a frame as it went over the wire, where it is one that can be read. */
export function outerMessageOf({ message, transport }: Pick<Frame, 'message' | 'transport'>): Message | undefined {
  if (message === undefined) return undefined;
  if (isStream(transport)) return dissectFrame(message, isWebSocket(transport)).message;
  const decoded = decodeMessage(message);
  return decoded.ok ? decoded.value : undefined;
}

/** What is inside a frame as a datagram: type, message ID and token of the outer message; code, options and payload of the inner one. */
export function innerDatagram(outer: Message, plaintext: Uint8Array): Uint8Array {
  const head = 4 + outer.tokenLength;
  const bytes = new Uint8Array(head + plaintext.length - 1);
  bytes.set(outer.bytes.subarray(0, head));
  // Over streams (RFC 8323) the first byte has no version.
  bytes[0] = 0x40 | (outer.type << 4) | outer.tokenLength;
  bytes[1] = plaintext[0]!;
  bytes.set(plaintext.subarray(1), head);
  return bytes;
}

/** The message that a frame says: the inner one where OSCORE protects it; undefined where that cannot be opened. */
export function innerMessageOf(frame: Frame): Message | undefined {
  const outer = outerMessageOf(frame);
  if (outer === undefined) return undefined;
  if (frame.plaintext === undefined) return hasOption(outer, OptionNumber.OSCORE) ? undefined : outer;
  const decoded = decodeMessage(innerDatagram(outer, frame.plaintext));
  return decoded.ok ? decoded.value : undefined;
}
