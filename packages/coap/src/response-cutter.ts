import { type BlockSize, blockOption, decodeBlock } from './block-option.ts';
import type { KeptBodies } from './kept-bodies.ts';
import type { MessageSizing } from './message-sizing.ts';
import { findOption, uintOption } from './option-values.ts';
import { type Option, OptionNumber } from './options.ts';
import { withOption } from './outgoing-options.ts';

/** A response before it is cut into blocks, or one block of it. */
export interface OutgoingBody {
  readonly code: number;
  /** In ascending order of number. */
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
}

/** Cuts responses that are too large for one message (Block2, RFC 7959 §2.4). */
export class ResponseCutter {
  readonly #kept: KeptBodies;

  constructor(kept: KeptBodies) {
    this.#kept = kept;
  }

  /** Whether {@link cut} would return the body as it is. */
  fits({ options, payload }: OutgoingBody, block2: number, sizing: MessageSizing): boolean {
    return block2 < 0 && (payload.length <= 16 || payload.length <= sizing.wholeLimit(options));
  }

  /**
   * The block that the peer asked for.
   *
   * @param key names the request, so that its later blocks are cut from the same body
   * @param block2 the request's Block2 value, -1 when it has none
   * @param sizing of the peer
   * @throws RangeError when there is no such block
   */
  cut(body: OutgoingBody, key: () => string, block2: number, sizing: MessageSizing): OutgoingBody {
    const asked = block2 < 0 ? undefined : decodeBlock(block2, sizing.readsBert);
    const room = sizing.blockPayload(body.options);
    // RFC 8323 §6: several blocks in one message, where the peer knows that and does not ask for smaller ones.
    const bert = sizing.bert && room >= 1024 && (asked === undefined || asked.bert === true);
    const size = Math.min(bert ? 1024 : room, asked?.size ?? 1024) as BlockSize;
    const bytes = bert ? room : size;
    const number = asked?.number ?? 0;
    const { payload } = body;
    const limit = asked === undefined ? sizing.wholeLimit(body.options) : bytes;
    const fits = payload.length <= limit && number === 0;
    // A handler that counts blocks itself has its way.
    if ((fits && asked === undefined) || findOption(body.options, OptionNumber.Block2) !== undefined) return body;
    const start = number * size;
    if (start >= payload.length && number > 0) throw new RangeError(`the body has no block ${number} of ${size} bytes`);
    const more = start + bytes < payload.length;
    let whole = body;
    if (more || number > 0) {
      whole = { ...body, options: withEtag(body) };
      this.#kept.keep(key(), whole);
    }
    let options = withOption(whole.options, blockOption(OptionNumber.Block2, { number, more, size, bert }));
    // RFC 7959 §4: Size2 tells how much there is.
    if (number === 0 && more) options = withOption(options, uintOption(OptionNumber.Size2, payload.length));
    return { code: body.code, options, payload: payload.subarray(start, start + bytes) };
  }
}

/** RFC 7959 §2.4: an ETag lets the client see that all blocks are of one representation. */
function withEtag({ options, payload }: OutgoingBody): readonly Option[] {
  if (findOption(options, OptionNumber.ETag) !== undefined) return options;
  return withOption(options, { number: OptionNumber.ETag, value: digest(payload) });
}

/** Eight bytes that differ when bodies do: two FNV-1a hashes. Not for security. */
function digest(payload: Uint8Array): Uint8Array {
  let a = 0x811c9dc5;
  let b = 0x1b873593 ^ payload.length;
  for (let i = 0; i < payload.length; i++) {
    const byte = payload[i]!;
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b) ^ (b >>> 15);
  }
  const value = new Uint8Array(8);
  new DataView(value.buffer).setInt32(0, a);
  new DataView(value.buffer).setInt32(4, b);
  return value;
}
