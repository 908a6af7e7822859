import { isRequestCode, type Message } from '@yaolian/coap';
import { encodeHex } from '@yaolian/kernel';
import type { AskedRequest, Direction, Frame } from './frame.ts';
import { hidePayload } from './hidden-keys.ts';
import { innerMessageOf } from './messages-of-frame.ts';
import { operationOf } from './operation-name.ts';
import { pathOf } from './path-name.ts';

/** The most requests whose responses are awaited. */
const maximumRequests = 1000;

/** Finds the request of each response, by token (RFC 7252 §5.3.2) and direction. */
export class RequestMemory {
  readonly #byToken = new Map<string, AskedRequest>();

  relate(frame: Frame): void {
    const message = innerMessageOf(frame);
    if (message === undefined || message.code === 0 || message.code >> 5 === 7) return;
    if (!isRequestCode(message.code)) {
      frame.request ??= this.#byToken.get(keyOf(frame, opposite(frame.direction), message));
      // A pack of bootstrap holds keys, which are shown to nobody.
      if (frame.direction === 'out' && frame.request?.path[0] === 'bspack') {
        hidePayload(frame.plaintext ?? frame.message!, message);
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
