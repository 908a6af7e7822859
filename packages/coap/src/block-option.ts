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
  /** Which block of `size` bytes, from 0. */
  readonly number: number;
  /** Whether others follow. In a request with Block2: always false. */
  readonly more: boolean;
  readonly size: BlockSize;
}

export const maximumBlockNumber = 0xfffff;

/** Undefined for SZX 7, which RFC 7959 §2.2 reserves and RFC 8323 uses on streams only. */
export function decodeBlock(value: number): Block | undefined {
  const size = blockSizes[value & 7];
  return size === undefined ? undefined : { number: value >>> 4, more: (value & 8) !== 0, size };
}

export function encodeBlock({ number, more, size }: Block): number {
  return ((number << 4) | (more ? 8 : 0) | (Math.log2(size) - 4)) >>> 0;
}

export function blockOption(number: typeof OptionNumber.Block1 | typeof OptionNumber.Block2, block: Block): Option {
  return { number, value: encodeUint(encodeBlock(block)) };
}

/** The block that an option of `message` names; undefined when it has none or an impossible one. */
export function blockOf(
  message: Pick<Message, 'options'>,
  number: typeof OptionNumber.Block1 | typeof OptionNumber.Block2,
): Block | undefined {
  const value = findOption(message.options, number)?.value;
  return value === undefined || value.length > 3 ? undefined : decodeBlock(decodeUint(value));
}

/** @throws RangeError when `size` is none of {@link blockSizes} */
export function checkBlockSize(size: number): BlockSize {
  const known = blockSizes.find((one) => one === size);
  if (known === undefined) throw new RangeError(`a block has ${blockSizes.join(', ')} bytes, not ${size}`);
  return known;
}
