import { emptyBytes } from '@yaolian/kernel';
import type { Block, BlockSize } from './block-option.ts';
import { encodedSize } from './message-encoder.ts';
import type { Option } from './options.ts';

/** How much one message to a peer carries, and how bodies are cut that are larger (RFC 7959; on streams RFC 8323 §6). */
export interface MessageSizing {
  /** The size of our blocks, and the largest that we ask for. With {@link bert}: 1024. */
  readonly blockSize: BlockSize;
  /** Whether the peer takes several blocks of 1024 bytes in one message (BERT, RFC 8323 §6). */
  readonly bert: boolean;
  /** Whether size exponent 7 has a meaning here: on streams it has, whatever the peer announced. */
  readonly readsBert: boolean;
  /** Bytes that options and payload may have together. */
  readonly maximumContent: number;
  /** The largest payload that goes out whole, beside these options. */
  wholeLimit(options: readonly Option[]): number;
  /** The payload of one block, beside these options: a block, or with BERT several. */
  blockPayload(options: readonly Option[]): number;
}

/** A UDP datagram carries 65,507 bytes; header and token take up to 12 of them, the payload marker one. */
const datagramContent = 65_507 - 13;

/** Datagrams: whatever is larger than a block goes in blocks (RFC 7252 §4.6). */
export function datagramSizing(blockSize: BlockSize): MessageSizing {
  return {
    blockSize,
    bert: false,
    readsBert: false,
    maximumContent: datagramContent,
    wholeLimit: () => blockSize,
    blockPayload: () => blockSize,
  };
}

/** What the endpoint itself adds to a message: header, token, Observe, block options, sizes, ETag, Request-Tag. */
const reserve = 64;

export interface StreamSizingOptions {
  /** The largest message that may be sent: the smaller of the peer's Max-Message-Size and our own limit. */
  readonly maximumMessageBytes: number;
  /** Whether the peer announced Block-Wise-Transfer and a Max-Message-Size above 1152 (RFC 8323 §5.3.2). */
  readonly bert: boolean;
  /** Set where the caller wants blocks of this size at most, as over datagrams. */
  readonly blockSize: BlockSize | undefined;
}

/** Streams: bodies go whole as far as the peer takes them, and in BERT blocks beyond (RFC 8323 §5.3.1, §6). */
export function streamSizing({ maximumMessageBytes, bert, blockSize }: StreamSizingOptions): MessageSizing {
  const maximumContent = maximumMessageBytes - 16;
  const room = (options: readonly Option[]) =>
    Math.max(16, maximumMessageBytes - reserve - encodedSize(8, options, emptyBytes));
  const usesBert = bert && blockSize === undefined;
  const size = blockSize ?? 1024;
  return {
    blockSize: size,
    bert: usesBert,
    readsBert: true,
    maximumContent,
    wholeLimit: (options) => Math.min(room(options), blockSize ?? Number.POSITIVE_INFINITY),
    blockPayload: (options) => {
      const fits = room(options);
      if (usesBert && fits >= 1024) return fits - (fits % 1024);
      return Math.min(size, 2 ** Math.floor(Math.log2(fits)));
    },
  };
}

/** The block as 2.31 names it: RFC 7959 §2.3, its size tells the client how large the next ones shall be. */
export function acceptableBlock(block: Block, { blockSize }: MessageSizing): Block {
  if (block.size <= blockSize && !(block.bert && blockSize < 1024)) return block;
  return { number: block.number, more: block.more, size: blockSize };
}
