import { type Block, type BlockSize, blockOf, blockOption, decodeBlock, maximumBlockNumber } from './block-option.ts';
import { Code, isSuccess } from './codes.ts';
import type { IncomingResponse, OutgoingRequest } from './exchange.ts';
import { decodeUint, findOption, findUint, uintOption } from './option-values.ts';
import { OptionNumber } from './options.ts';

/** One request and its response in one message each. @throws as {@link CoapEndpoint.request} does */
export type AskOnce = (request: OutgoingRequest) => Promise<IncomingResponse>;

/** A body that is not whole in memory. */
export interface BodySource {
  /** Bytes. */
  readonly length: number;
  /** `length` bytes from `offset`, or fewer at the end. The bytes may be reused after the next call. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

export interface SendBodyOptions {
  /** Default 1024. */
  readonly blockSize?: BlockSize;
  /** Called when so many bytes have been acknowledged. */
  readonly onProgress?: (sent: number) => void;
}

/**
 * Sends a body in blocks from its source (Block1, RFC 7959 §2.5).
 * @returns the response to the last block, or to the one that was refused
 */
export async function sendBody(
  ask: AskOnce,
  request: OutgoingRequest,
  source: BodySource,
  options: SendBodyOptions = {},
): Promise<IncomingResponse> {
  let size: BlockSize = options.blockSize ?? 1024;
  let offset = 0;
  for (;;) {
    const payload = await source.read(offset, Math.min(size, source.length - offset));
    const block: Block = { number: offset / size, more: offset + payload.length < source.length, size };
    if (block.number > maximumBlockNumber) throw new RangeError(`a body of ${source.length} bytes has too many blocks`);
    const own = [blockOption(OptionNumber.Block1, block)];
    if (offset === 0) own.push(uintOption(OptionNumber.Size1, source.length));
    const response = await ask({ ...request, options: [...(request.options ?? []), ...own], payload });
    const echoed = blockOf(response, OptionNumber.Block1);
    // RFC 7959 §2.9.3: 4.13 with a smaller size means "try again in smaller blocks".
    if (response.code === Code.RequestEntityTooLarge && offset === 0 && echoed && echoed.size < size) {
      size = echoed.size;
      continue;
    }
    if (!block.more || (response.code !== Code.Continue && !isSuccess(response.code))) return response;
    offset += payload.length;
    options.onProgress?.(offset);
    if (echoed && echoed.size < size) size = echoed.size;
  }
}

/** One block of a representation, as it came. */
export interface FetchedBlock {
  readonly response: IncomingResponse;
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly more: boolean;
  readonly etag: Uint8Array | undefined;
  /** What the server says that the whole has (Size2). */
  readonly size: number | undefined;
}

/**
 * Asks for the block of a representation that begins at `offset` (Block2, RFC 7959 §2.4), a multiple of `size`.
 * @returns the block; or the response alone, when it is no 2.05 or not the block that was asked for
 */
export async function fetchBlock(
  ask: AskOnce,
  request: OutgoingRequest,
  offset: number,
  size: BlockSize = 1024,
): Promise<FetchedBlock | IncomingResponse> {
  const own = blockOption(OptionNumber.Block2, { number: offset / size, more: false, size });
  const response = await ask({ ...request, options: [...(request.options ?? []), own] });
  if (!isSuccess(response.code)) return response;

  const block = blockOf(response, OptionNumber.Block2) ?? { number: 0, more: false, size };
  const start = block.number * block.size;
  if (start !== offset || (block.more && response.payload.length !== block.size)) return response;
  const { payload: bytes, etag } = response;
  return { response, bytes, offset, more: block.more, etag, size: findUint(response.options, OptionNumber.Size2) };
}

export function isFetchedBlock(answer: FetchedBlock | IncomingResponse): answer is FetchedBlock {
  return 'bytes' in answer;
}

/** The block that a request asks for (Block2); the first of 1024 bytes when it does not say. */
export function requestedBlock(request: { readonly options: IncomingResponse['options'] }): Block | undefined {
  const value = findOption(request.options, OptionNumber.Block2)?.value;
  return value === undefined ? { number: 0, more: false, size: 1024 } : decodeBlock(decodeUint(value));
}
