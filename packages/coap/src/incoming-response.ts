import { type Duration, type Peer, seconds } from '@yaolian/kernel';
import type { IncomingResponse } from './exchange.ts';
import { type Message, OptionCursor } from './message.ts';
import { isCritical, isRecognised } from './option-registry.ts';
import { findOption, findTexts, findUint } from './option-values.ts';
import { type Option, OptionNumber } from './options.ts';

/** RFC 7252 §5.10.5: what holds when there is no Max-Age. */
const defaultMaxAge = seconds(60);
const cursor = new OptionCursor();

/** A response as the caller sees it: one message, or the first of those that carried its blocks. */
export class ClientResponse implements IncomingResponse {
  readonly peer: Peer;
  readonly code: number;
  readonly #message: Message;
  readonly #body: Uint8Array | undefined;

  /** @param body the whole body, when it came in blocks */
  constructor(message: Message, peer: Peer, body?: Uint8Array) {
    this.peer = peer;
    this.code = message.code;
    this.#message = message;
    this.#body = body;
  }

  get options(): readonly Option[] {
    return this.#message.options;
  }

  get payload(): Uint8Array {
    return this.#body ?? this.#message.payload;
  }

  get contentFormat(): number | undefined {
    return findUint(this.options, OptionNumber.ContentFormat);
  }

  get etag(): Uint8Array | undefined {
    return findOption(this.options, OptionNumber.ETag)?.value;
  }

  get maxAge(): Duration {
    const age = findUint(this.options, OptionNumber.MaxAge);
    return age === undefined ? defaultMaxAge : seconds(age);
  }

  get locationPath(): readonly string[] {
    return findTexts(this.options, OptionNumber.LocationPath);
  }

  get locationQuery(): readonly string[] {
    return findTexts(this.options, OptionNumber.LocationQuery);
  }
}

/**
 * The number of the first critical option that we do not understand: such a response must not be used (RFC 7252 §5.4.1).
 * Undefined when there is none.
 */
export function unrecognisedCriticalOption(message: Message, additional: ReadonlySet<number>): number | undefined {
  let previous = -1;
  cursor.reset(message);
  while (cursor.next()) {
    const { number, start, end } = cursor;
    const repeated = number === previous;
    previous = number;
    if (isCritical(number) && !isRecognised(number, end - start, repeated) && !additional.has(number)) return number;
  }
  return undefined;
}
