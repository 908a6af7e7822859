import { type Block, blockOption, Code, decodeBlock, decodeUint, type Option, OptionNumber } from '@yaolian/coap';
import {
  type Delivery,
  type DeliveryListener,
  type InboundRequest,
  type Message,
  OptionCursor,
  withOption,
} from '@yaolian/coap/messaging';
import { type Clock, concatBytes, encodeHex, encodeUtf8, seconds } from '@yaolian/kernel';
import { optionOf } from './message-cipher.ts';

export interface OuterBlocksOptions {
  readonly clock: Clock;
  /** MAX_UNFRAGMENTED_SIZE; beyond: 4.13. */
  readonly maximumUnfragmented: number;
  readonly maximumOuterTransfers: number;
}

/** A request that came whole, or is whole now. */
export interface WholeRequest {
  readonly inbound: InboundRequest;
  readonly sealed: Uint8Array;
  /** Present when its responses are to be cut. */
  readonly outer?: OuterWish;
}

/** That responses to a request are to come in Outer blocks. */
export interface OuterWish {
  /** What the requests for further blocks have in common with it. */
  readonly key: string;
  /** Bytes of a block. */
  readonly size: Block['size'];
}

interface Upload {
  readonly parts: Uint8Array[];
  length: number;
  usedAt: number;
}

/** A sealed response of which the first block went out. */
export interface KeptResponse {
  readonly code: number;
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
  usedAt: number;
}

/** A transfer that pauses for longer is given up. */
const patience = seconds(60);

/**
 * What proxies do to messages that are too large for them (RFC 8613 §4.1.3.4.2): they cut them into Outer blocks (RFC 7959), which
 * nothing protects. Bounded in size, number and time; only the whole is opened.
 */
export class OuterBlocks {
  readonly #options: OuterBlocksOptions;
  /** In order of last use. */
  readonly #uploads = new Map<string, Upload>();
  readonly #kept = new Map<string, KeptResponse>();

  constructor(options: OuterBlocksOptions) {
    this.#options = options;
  }

  /**
   * Takes a request, or one block of it.
   * @param header the value of its OSCORE option, which all blocks have
   * @returns undefined when it is answered
   */
  accept(inbound: InboundRequest, header: Uint8Array): WholeRequest | undefined {
    const { message } = inbound;
    const [block1, block2] = [blockIn(message, OptionNumber.Block1), blockIn(message, OptionNumber.Block2)];
    if (block1 === undefined && block2 === undefined) return { inbound, sealed: message.payload };
    if (block1 === null || block2 === null) return answer(inbound, Code.BadRequest, 'block size 7 is reserved');
    const key = keyOf(inbound, header);
    if (block2 !== undefined && block2.number > 0) return this.#serve(inbound, key, block2);
    const sealed = block1 === undefined ? message.payload : this.#assemble(inbound, key, block1);
    if (sealed === undefined) return undefined;
    return {
      inbound: new BlockwiseRequest(this, inbound, key, block1, block2),
      sealed,
      ...(block2 !== undefined && { outer: { key, size: block2.size } }),
    };
  }

  #assemble(inbound: InboundRequest, key: string, block: Block): Uint8Array | undefined {
    const { payload } = inbound.message;
    const now = this.#options.clock.monotonic();
    const start = block.number * block.size;
    if (block.more && payload.length !== block.size) {
      return answer(inbound, Code.BadRequest, `a block of ${block.size} bytes has ${payload.length}`);
    }
    if (start + payload.length > this.#options.maximumUnfragmented) {
      this.#uploads.delete(key);
      return answer(inbound, Code.RequestEntityTooLarge, `at most ${this.#options.maximumUnfragmented} bytes`, block);
    }
    const upload = block.number === 0 ? { parts: [], length: 0, usedAt: now } : this.#uploads.get(key);
    if (upload === undefined || upload.length !== start || now - upload.usedAt > patience) {
      return answer(inbound, Code.RequestEntityIncomplete, 'a block before this one is missing', block);
    }
    this.#uploads.delete(key);
    upload.parts.push(payload.slice());
    upload.length += payload.length;
    if (!block.more) return concatBytes(upload.parts);
    upload.usedAt = now;
    this.#put(this.#uploads, key, upload);
    return answer(inbound, Code.Continue, '', block);
  }

  #serve(inbound: InboundRequest, key: string, block: Block): undefined {
    const kept = this.#kept.get(key);
    const now = this.#options.clock.monotonic();
    if (kept === undefined || now - kept.usedAt > patience || block.number * block.size >= kept.payload.length) {
      return answer(inbound, Code.RequestEntityIncomplete, 'there is no such block, or no longer');
    }
    kept.usedAt = now;
    const { code, options, payload } = cut(kept, block);
    inbound.respond(code, options, payload);
    return undefined;
  }

  /** @internal The first block of a response, keeping the rest. */
  begin(key: string, response: Omit<KeptResponse, 'usedAt'>, block: Block): Omit<KeptResponse, 'usedAt'> {
    this.#put(this.#kept, key, { ...response, usedAt: this.#options.clock.monotonic() });
    return cut(response, block);
  }

  /** A notification as the proxy that asked for it wants it: its first block, keeping the rest. */
  notification(message: Omit<KeptResponse, 'usedAt'>, { key, size }: OuterWish): Omit<KeptResponse, 'usedAt'> {
    return message.payload.length <= size ? message : this.begin(key, message, { number: 0, more: true, size });
  }

  /** Adds a transfer; the one that was used longest ago gives way. */
  #put<T>(transfers: Map<string, T>, key: string, transfer: T): void {
    transfers.delete(key);
    for (const oldest of transfers.keys()) {
      if (transfers.size < this.#options.maximumOuterTransfers) break;
      transfers.delete(oldest);
    }
    transfers.set(key, transfer);
  }
}

/** A request that a proxy cut, or whose response it wants to be cut. */
class BlockwiseRequest implements InboundRequest {
  readonly #blocks: OuterBlocks;
  readonly #inbound: InboundRequest;
  readonly #key: string;
  readonly #block1: Block | undefined;
  readonly #block2: Block | undefined;

  constructor(
    blocks: OuterBlocks,
    inbound: InboundRequest,
    key: string,
    block1: Block | undefined,
    block2: Block | undefined,
  ) {
    this.#blocks = blocks;
    this.#inbound = inbound;
    this.#key = key;
    this.#block1 = block1;
    this.#block2 = block2;
  }

  get message() {
    return this.#inbound.message;
  }

  get peer() {
    return this.#inbound.peer;
  }

  get confirmable() {
    return this.#inbound.confirmable;
  }

  get multicast() {
    return this.#inbound.multicast;
  }

  respond(
    code: number,
    options: readonly Option[],
    payload: Uint8Array,
    listener?: DeliveryListener,
  ): Delivery | undefined {
    let response: Omit<KeptResponse, 'usedAt'> = { code, options, payload };
    const wanted = this.#block2;
    if (wanted !== undefined && payload.length > wanted.size)
      response = this.#blocks.begin(this.#key, response, wanted);
    // RFC 7959 §2.3: the final response names the block that completed the body.
    const final = this.#block1 && blockOption(OptionNumber.Block1, { ...this.#block1, more: false });
    const all = final === undefined ? response.options : withOption(response.options, final);
    return this.#inbound.respond(response.code, all, response.payload, listener);
  }

  ignore(): void {
    this.#inbound.ignore();
  }

  reject(): void {
    this.#inbound.reject();
  }
}

/** The block of a message; undefined without the option, null for one that means nothing. */
function blockIn(message: Message, number: number): Block | undefined | null {
  const value = optionOf(message, number);
  if (value === undefined) return undefined;
  return value.length > 3 ? null : (decodeBlock(decodeUint(value), false) ?? null);
}

function cut({ code, options, payload }: Omit<KeptResponse, 'usedAt'>, { number, size }: Block) {
  const start = number * size;
  const more = start + size < payload.length;
  const block = blockOption(OptionNumber.Block2, { number, more, size });
  // RFC 7959 §3.4: the first block alone is the notification.
  const kept = number === 0 ? options : options.filter((option) => option.number !== OptionNumber.Observe);
  return { code, options: withOption(kept, block), payload: payload.subarray(start, start + size) };
}

function answer(inbound: InboundRequest, code: number, diagnostic: string, block?: Block): undefined {
  const options = block === undefined ? [] : [blockOption(OptionNumber.Block1, block)];
  inbound.respond(code, options, encodeUtf8(diagnostic));
  return undefined;
}

/** What the blocks of one message have in common (RFC 7959 §2.5, RFC 9175 §3.3). */
function keyOf({ peer, message }: InboundRequest, header: Uint8Array): string {
  let key = `${peer.key} ${message.code} ${encodeHex(header)}`;
  const cursor = new OptionCursor();
  cursor.reset(message);
  while (cursor.next()) {
    if (cursor.number !== OptionNumber.RequestTag) continue;
    key += `.${encodeHex(message.bytes.subarray(cursor.start, cursor.end))}`;
  }
  return key;
}
