import type { Message } from './message.ts';
import { decodeUint, encodeUint, findOption } from './option-values.ts';
import type { Option, OptionNumber } from './options.ts';

/*
 * The value of Block1 and Block2 (RFC 7959 §2.2), 0 to 3 bytes:
 *
 *    0                   1                   2
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                  NUM                  |M| SZX |   size of the block: 2^(SZX + 4)
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */

export const blockSizes = [16, 32, 64, 128, 256, 512, 1024] as const;
export type BlockSize = (typeof blockSizes)[number];

/** One block of a body. */
export interface Block {
  /** Which block of `size` bytes, from 0; of several, the first. */
  readonly number: number;
  /** Whether others follow. In a request with Block2: always false. */
  readonly more: boolean;
  readonly size: BlockSize;
  /** True for size exponent 7 (BERT, RFC 8323 §6): one or more whole blocks of 1024 bytes, the last of a body as it is. */
  readonly bert?: boolean;
}

export const maximumBlockNumber = 0xfffff;

const bertExponent = 7;

/**
 * @param readsBert whether the message came over a stream: RFC 7959 §2.2 reserves SZX 7, RFC 8323 §6 uses it there
 * @returns undefined for SZX 7 where it has no meaning
 */
export function decodeBlock(value: number, readsBert = false): Block | undefined {
  const number = value >>> 4;
  const more = (value & 8) !== 0;
  const size = blockSizes[value & 7];
  if (size !== undefined) return { number, more, size };
  return readsBert ? { number, more, size: 1024, bert: true } : undefined;
}

export function encodeBlock({ number, more, size, bert }: Block): number {
  return ((number << 4) | (more ? 8 : 0) | (bert ? bertExponent : Math.log2(size) - 4)) >>> 0;
}

/** Whether a block may have so many bytes: RFC 7959 §2.2 and RFC 8323 §6, every block but the last is full. */
export function isBlockLength({ more, size, bert }: Block, length: number): boolean {
  if (bert) return more ? length > 0 && length % size === 0 : true;
  return more ? length === size : length <= size;
}

export function blockOption(number: typeof OptionNumber.Block1 | typeof OptionNumber.Block2, block: Block): Option {
  return { number, value: encodeUint(encodeBlock(block)) };
}

/** The block that an option of `message` names; undefined when it has none or an impossible one. */
export function blockOf(
  message: Pick<Message, 'options'>,
  number: typeof OptionNumber.Block1 | typeof OptionNumber.Block2,
  readsBert = false,
): Block | undefined {
  const value = findOption(message.options, number)?.value;
  return value === undefined || value.length > 3 ? undefined : decodeBlock(decodeUint(value), readsBert);
}

/** @throws RangeError when `size` is none of {@link blockSizes} */
export function checkBlockSize(size: number): BlockSize {
  const known = blockSizes.find((one) => one === size);
  if (known === undefined) throw new RangeError(`a block has ${blockSizes.join(', ')} bytes, not ${size}`);
  return known;
}
