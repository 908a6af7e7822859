import { decodeMessage, dissectFrame, isRequestCode, type Message, OptionNumber } from '@yaolian/coap';
import { decodeUtf8, encodeHex } from '@yaolian/kernel';
import { type AskedRequest, type Direction, type Frame, isStream, isWebSocket } from './frame.ts';
import { operationOf } from './operation-name.ts';

/** The most requests whose responses are awaited. */
const maximumRequests = 1000;

/** Finds the request of each response, by token (RFC 7252 §5.3.2) and direction. */
export class RequestMemory {
  readonly #byToken = new Map<string, AskedRequest>();

  relate(frame: Frame): void {
    const message = messageOf(frame);
    if (message === undefined || message.code === 0 || message.code >> 5 === 7) return;
    if (!isRequestCode(message.code)) {
      frame.request ??= this.#byToken.get(keyOf(frame, opposite(frame.direction), message));
      // A pack of bootstrap holds keys, which are shown to nobody.
      if (frame.direction === 'out' && frame.request?.path[0] === 'bspack') {
        frame.message!.fill(0, frame.message!.length - message.payload.length);
      }
      return;
    }
    const path = pathOf(message);
    const operation = operationOf(frame.direction, message, path);
    const asked = { direction: frame.direction, code: message.code, path, operation };
    const key = keyOf(frame, frame.direction, message);
    this.#byToken.delete(key);
    this.#byToken.set(key, asked);
    if (this.#byToken.size > maximumRequests) this.#byToken.delete(this.#byToken.keys().next().value!);
    frame.request = asked;
  }
}

function keyOf({ peer }: Frame, direction: Direction, message: Message): string {
  return `${direction} ${peer} ${encodeHex(message.token)}`;
}

function opposite(direction: Direction): Direction {
  return direction === 'in' ? 'out' : 'in';
}

/** The CoAP message of a frame, where it is one that can be read. */
function messageOf({ message, transport }: Frame): Message | undefined {
  if (message === undefined) return undefined;
  if (isStream(transport)) return dissectFrame(message, isWebSocket(transport)).message;
  const decoded = decodeMessage(message);
  return decoded.ok ? decoded.value : undefined;
}

/** The segments of Uri-Path. */
export function pathOf(message: Message): string[] {
  return message.options
    .filter(({ number }) => number === OptionNumber.UriPath)
    .map(({ value }) => decodeUtf8(value) ?? `0x${encodeHex(value)}`);
}
