import { concatBytes, emptyBytes, encodeHex, equalBytes, type Peer } from '@yaolian/kernel';
import { type Block, type BlockSize, blockOf, blockOption, isBlockLength, maximumBlockNumber } from './block-option.ts';
import { Code, isSuccess } from './codes.ts';
import { coapErrors } from './errors.ts';
import type { OutgoingRequest, RequestControl } from './exchange.ts';
import { ClientResponse } from './incoming-response.ts';
import type { Message } from './message.ts';
import { datagramSizing, type MessageSizing } from './message-sizing.ts';
import { findOption, findUint, uintOption } from './option-values.ts';
import { type Option, OptionNumber } from './options.ts';
import { checkSize, requestOptions, requestTagOption, withOption } from './outgoing-options.ts';

/** What one exchange sends. */
export interface ExchangeRequest {
  readonly method: number;
  /** In ascending order of number. */
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
  readonly confirmable: boolean;
}

/** One request and its response in one message each. */
export type Exchange = (peer: Peer, request: ExchangeRequest, control: RequestControl) => Promise<Message>;

/** Sends what completes a request, and waits for its response. */
export type LastExchange = (request: ExchangeRequest) => Promise<Message>;

export interface BlockwiseClientOptions {
  readonly exchange: Exchange;
  /** How bodies to a peer are cut, and asked for. */
  readonly sizing: (peer: Peer) => MessageSizing;
  /** Larger bodies of responses are refused. */
  readonly maximumBodyBytes: number;
}

/** The client's side of RFC 7959: bodies of any size over exchanges of one block each. */
export class BlockwiseClient {
  readonly #options: BlockwiseClientOptions;
  /** The tags in use, by what the transfers have in common; 0 stands for none. */
  readonly #transfers = new Map<string, Set<number>>();

  constructor(options: BlockwiseClientOptions) {
    this.#options = options;
  }

  /** A request with its body and the body of its response, however many messages they take. */
  async request(peer: Peer, request: ExchangeRequest, control: RequestControl): Promise<ClientResponse> {
    return this.transfer(peer, request, async (tagged) => {
      const exchange = (last: ExchangeRequest) => this.#options.exchange(peer, last, control);
      const first = await this.send(peer, this.negotiate(peer, tagged), control, exchange);
      return this.complete(peer, tagged, first, control);
    });
  }

  /**
   * Runs what sends a request and fetches its response, so that its blocks are not taken for those of another: RFC 9175
   * §3.5.2, a client gives a transfer a Request-Tag that no other transfer under way has which could be mistaken for it. Where
   * bodies do not come in blocks, or go in none and are no part of the question, that costs nothing.
   */
  async transfer<T>(peer: Peer, request: ExchangeRequest, run: (tagged: ExchangeRequest) => Promise<T>): Promise<T> {
    const asks = request.method === Code.FETCH && request.payload.length > 0;
    if (!(asks || this.#isLarge(peer, request)) || countsBlocks(request)) return run(request);
    const key = matchKey(peer, request);
    const tags = this.#transfers.get(key) ?? new Set<number>();
    this.#transfers.set(key, tags);
    let tag = 0;
    while (tags.has(tag)) tag++;
    tags.add(tag);
    try {
      return await run(
        tag === 0 ? request : { ...request, options: withOption(request.options, requestTagOption(tag)) },
      );
    } finally {
      tags.delete(tag);
      if (tags.size === 0) this.#transfers.delete(key);
    }
  }

  /**
   * Sends a request, in blocks if its body is large.
   * @param last sends the only or last message of it, and has the response to all
   */
  send(peer: Peer, request: ExchangeRequest, control: RequestControl, last: LastExchange): Promise<Message> {
    const fits = !this.#isLarge(peer, request) || hasOption(request, OptionNumber.Block1);
    return fits ? last(request) : this.#upload(peer, request, control, last);
  }

  #isLarge(peer: Peer, { options, payload }: ExchangeRequest): boolean {
    return payload.length > 16 && payload.length > this.#options.sizing(peer).wholeLimit(options);
  }

  /** RFC 7959 §2.4: a client that wants small blocks says so in its first request. */
  negotiate(peer: Peer, request: ExchangeRequest): ExchangeRequest {
    const { blockSize } = this.#options.sizing(peer);
    if (blockSize === 1024 || countsBlocks(request)) return request;
    const block = blockOption(OptionNumber.Block2, { number: 0, more: false, size: blockSize });
    return { ...request, options: withOption(request.options, block) };
  }

  /** Sends a body in blocks (Block1). The result is the response to the last one, or to the one that was refused. */
  async #upload(peer: Peer, request: ExchangeRequest, control: RequestControl, last: LastExchange): Promise<Message> {
    const { payload } = request;
    let cut = cutOf(this.#options.sizing(peer), request.options);
    let offset = 0;
    for (;;) {
      const { size, bert, bytes } = cut;
      const end = Math.min(offset + bytes, payload.length);
      const block = { number: offset / size, more: end < payload.length, size, bert };
      if (block.number > maximumBlockNumber) throw coapErrors.COAP_TOO_LARGE(`a body of ${payload.length} bytes`);
      const part = cutRequest(request, block, end);
      if (!block.more) return last(part);
      const response = await this.#options.exchange(peer, part, control);
      const echoed = blockOf(response, OptionNumber.Block1, bert);
      // RFC 7959 §2.9.3: 4.13 with a smaller size means "try again in smaller blocks".
      if (
        response.code === Code.RequestEntityTooLarge &&
        offset === 0 &&
        echoed !== undefined &&
        isSmaller(echoed, block)
      ) {
        cut = cutInto(echoed.size);
        continue;
      }
      if (response.code !== Code.Continue && !(isSuccess(response.code) && echoed !== undefined)) return response;
      if (echoed?.number !== block.number) throw coapErrors.COAP_BAD_RESPONSE(peer.key, 'it is about another block');
      offset = end;
      // RFC 7959 §2.3: a server that wants smaller blocks says so with its answer to the first.
      if (isSmaller(echoed, block)) cut = cutInto(echoed.size);
    }
  }

  /**
   * Fetches what follows the first block of a response (Block2), if anything does.
   * @param request what was asked, without the options of the endpoint itself
   */
  async complete(
    peer: Peer,
    request: ExchangeRequest,
    first: Message,
    control: RequestControl,
  ): Promise<ClientResponse> {
    const { readsBert } = this.#options.sizing(peer);
    if (!isFirstOfMany(first, readsBert) || countsBlocks(request)) return new ClientResponse(first, peer);
    const complete = await this.#download(peer, request, first, control);
    if (complete !== undefined) return complete;
    // RFC 7959 §2.4: the representation changed on the way. What can be asked again safely is asked once more.
    if (!isRepeatable(request)) throw coapErrors.COAP_BAD_RESPONSE(peer.key, 'it changed between its blocks');
    const again = await this.#options.exchange(peer, this.negotiate(peer, withoutObserve(request)), control);
    if (!isFirstOfMany(again, readsBert)) return new ClientResponse(again, peer);
    const second = await this.#download(peer, request, again, control);
    if (second === undefined) throw coapErrors.COAP_BAD_RESPONSE(peer.key, 'it changes faster than it can be read');
    return second;
  }

  /** @returns undefined when the blocks belong to different representations */
  async #download(
    peer: Peer,
    request: ExchangeRequest,
    first: Message,
    control: RequestControl,
  ): Promise<ClientResponse | undefined> {
    const { blockSize, bert, readsBert } = this.#options.sizing(peer);
    const block = blockOf(first, OptionNumber.Block2, readsBert)!;
    const announced = findUint(first.options, OptionNumber.Size2) ?? 0;
    this.#checkSize(peer, Math.max(announced, first.payload.length));
    checkBlock(peer, first, block, 0);
    const parts = [first.payload];
    let received = first.payload.length;
    let size = Math.min(block.size, blockSize) as BlockSize;
    // RFC 8323 §6: SZX 7 asks for as many blocks as the peer likes to send in one message.
    let many = bert && block.bert === true;
    for (let more = block.more; more; ) {
      const response = await this.#options.exchange(peer, askFor(request, received, size, many), control);
      if (!isSuccess(response.code)) return new ClientResponse(response, peer);
      if (!sameEtag(first, response) || response.code !== first.code) return undefined;
      const next = blockOf(response, OptionNumber.Block2, readsBert);
      if (next === undefined) throw coapErrors.COAP_BAD_RESPONSE(peer.key, 'a block is not marked as one');
      checkBlock(peer, response, next, received);
      parts.push(response.payload);
      received += response.payload.length;
      this.#checkSize(peer, received);
      if (next.size < size) size = next.size;
      if (!next.bert) many = false;
      more = next.more;
    }
    return new ClientResponse(first, peer, concatBytes(parts));
  }

  #checkSize(peer: Peer, size: number): void {
    if (size > this.#options.maximumBodyBytes) throw coapErrors.COAP_TOO_LARGE(`the response of ${peer.key}`);
  }
}

/** Whether more blocks follow, so that the message is not all. */
export function isFirstOfMany(message: Message, readsBert: boolean): boolean {
  return blockOf(message, OptionNumber.Block2, readsBert)?.more === true;
}

/** How an upload is cut from here on. */
interface Cut {
  readonly size: BlockSize;
  readonly bert: boolean;
  /** Bytes of one message. */
  readonly bytes: number;
}

function cutOf(sizing: MessageSizing, options: readonly Option[]): Cut {
  const bytes = sizing.blockPayload(options);
  return sizing.bert && bytes >= 1024 ? { size: 1024, bert: true, bytes } : cutInto(bytes as BlockSize);
}

function cutInto(size: BlockSize): Cut {
  return { size, bert: false, bytes: size };
}

function isSmaller(echoed: Block, sent: Block): boolean {
  return echoed.size < sent.size || (sent.bert === true && !echoed.bert);
}

function cutRequest(request: ExchangeRequest, block: Block, end: number): ExchangeRequest {
  const start = block.number * block.size;
  let options = withOption(request.options, blockOption(OptionNumber.Block1, block));
  // RFC 7959 §4: Size1 lets the server refuse at once what is too large for it.
  if (start === 0) options = withOption(options, uintOption(OptionNumber.Size1, request.payload.length));
  return { ...request, options, payload: request.payload.subarray(start, end) };
}

/** The request for what follows `received` bytes. RFC 7959 §3.3: it carries no body again. */
function askFor(request: ExchangeRequest, received: number, size: BlockSize, bert: boolean): ExchangeRequest {
  const block = blockOption(OptionNumber.Block2, { number: received / size, more: false, size, bert });
  const options = withOption(withoutObserve(request).options, block);
  return { ...request, options, payload: request.payload.subarray(0, 0) };
}

function withoutObserve(request: ExchangeRequest): ExchangeRequest {
  const options = request.options.filter((option) => option.number !== OptionNumber.Observe);
  return options.length === request.options.length ? request : { ...request, options };
}

/** Equal for requests that RFC 9175 §3.1 calls matchable, which is to say, whose blocks could be taken for each other. */
function matchKey(peer: Peer, { method, options }: ExchangeRequest): string {
  let key = `${peer.key} ${method}`;
  for (const { number, value } of options) key += ` ${number}:${encodeHex(value)}`;
  return key;
}

/** Whether the caller wrote block options himself, and wants one block. */
function countsBlocks(request: ExchangeRequest): boolean {
  return hasOption(request, OptionNumber.Block1) || hasOption(request, OptionNumber.Block2);
}

function hasOption(request: ExchangeRequest, number: number): boolean {
  return findOption(request.options, number) !== undefined;
}

function isRepeatable({ method, payload }: ExchangeRequest): boolean {
  return method === Code.GET || (method === Code.FETCH && payload.length <= 1024);
}

function checkBlock(peer: Peer, message: Message, block: Block, expectedOffset: number): void {
  const { length } = message.payload;
  if (block.number * block.size !== expectedOffset) {
    throw coapErrors.COAP_BAD_RESPONSE(peer.key, `block ${block.number} came instead of the next`);
  }
  // RFC 7959 §2.2: every block but the last is full.
  if (!isBlockLength(block, length)) {
    throw coapErrors.COAP_BAD_RESPONSE(peer.key, `a block of ${block.size} has ${length} bytes`);
  }
}

function sameEtag(a: Message, b: Message): boolean {
  const first = findOption(a.options, OptionNumber.ETag)?.value;
  const second = findOption(b.options, OptionNumber.ETag)?.value;
  return first === undefined || second === undefined ? first === second : equalBytes(first, second);
}

/** What a request has to fit into that is not for a certain peer yet. */
const anySizing = datagramSizing(1024);

/** @throws RangeError when the request cannot be put into a message */
export function toExchangeRequest(request: OutgoingRequest): ExchangeRequest {
  const { method, payload = emptyBytes, confirmable = true } = request;
  if (!(Number.isInteger(method) && method >= 1 && method <= 31)) {
    throw new RangeError(`a method is 0.01 to 0.31, that is, 1 to 31, not ${method}`);
  }
  const options = requestOptions(request);
  checkSize(options, payload.subarray(0, 1024), anySizing);
  return { method, options, payload, confirmable };
}
