/** One message of a server-sent event stream (HTML Living Standard §9.2). */
export interface EventFrame {
  readonly id: string;
  readonly event: string;
  /** May hold line feeds. */
  readonly data: string;
}

/** A comment: keeps the connection alive and is ignored by every reader. */
export const heartbeatFrame = ':\n\n';

export function encodeEventFrame(frame: EventFrame): string {
  const data = frame.data.replaceAll('\n', '\ndata: ');
  return `id: ${frame.id}\nevent: ${frame.event}\ndata: ${data}\n\n`;
}

export interface EventFrameReaderOptions {
  /** Characters of one frame at most; a longer one throws. Default 8 Mi. */
  readonly maxFrameLength?: number;
}

/** Puts frames together from the pieces of text that a stream delivers, cut anywhere. */
export class EventFrameReader {
  readonly #maxFrameLength: number;
  #rest = '';
  #id = '';
  #event = '';
  #data: string[] = [];
  #length = 0;

  constructor(options: EventFrameReaderOptions = {}) {
    this.#maxFrameLength = options.maxFrameLength ?? 8_388_608;
  }

  /** @throws RangeError when a frame is longer than the bound */
  push(text: string): EventFrame[] {
    // A CR at the end may be half of a CRLF: keep it until the next piece tells.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop()!;
    const frames: EventFrame[] = [];
    for (const line of lines) {
      const frame = this.#takeLine(line);
      if (frame) frames.push(frame);
    }
    if (this.#rest.length > this.#maxFrameLength) throw this.#tooLong();
    return frames;
  }

  #takeLine(line: string): EventFrame | undefined {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'event') this.#event = value;
    else if (field === 'data') {
      this.#data.push(value);
      this.#length += value.length;
      if (this.#length > this.#maxFrameLength) throw this.#tooLong();
    }
    return undefined;
  }

  #dispatch(): EventFrame | undefined {
    const frame =
      this.#data.length === 0
        ? undefined
        : { id: this.#id, event: this.#event === '' ? 'message' : this.#event, data: this.#data.join('\n') };
    this.#event = '';
    this.#data = [];
    this.#length = 0;
    return frame;
  }

  #tooLong(): RangeError {
    return new RangeError(`an event is longer than ${this.#maxFrameLength} characters`);
  }
}
