import { emptyBytes, failure, type Result, success } from '@yaolian/kernel';

/*
 * The value of the OSCORE option (RFC 8613 §6.1):
 *
 *    0 1 2 3 4 5 6 7 <------------- n bytes -------------->
 *   +-+-+-+-+-+-+-+-+--------------------------------------
 *   |0 0 0|h|k|  n  |       Partial IV (if any) ...
 *   +-+-+-+-+-+-+-+-+--------------------------------------
 *
 *    <- 1 byte -> <----- s bytes ------>
 *   +------------+----------------------+------------------+
 *   | s (if any) | kid context (if any) | kid (if any) ... |
 *   +------------+----------------------+------------------+
 *
 * An empty value stands for a flag byte of zero.
 */

/** The compressed header of a COSE object. */
export interface OscoreOption {
  /** 1 to 5 bytes. */
  readonly partialIv: Uint8Array | undefined;
  readonly kidContext: Uint8Array | undefined;
  readonly kid: Uint8Array | undefined;
}

/** Why a value is none. Stable: they label the counters. */
export type OscoreOptionReason =
  | 'reserved flag bits'
  | 'reserved Partial IV length'
  | 'truncated Partial IV'
  | 'Partial IV with leading zeros'
  | 'truncated kid context'
  | 'bytes without kid flag'
  | 'zero flag byte';

const hasKidContext = 0x10;
const hasKid = 0x08;

const noFields: OscoreOption = { partialIv: undefined, kidContext: undefined, kid: undefined };

/** Never throws; the fields are views of `value`. */
export function decodeOscoreOption(value: Uint8Array): Result<OscoreOption, OscoreOptionReason> {
  if (value.length === 0) return success(noFields);
  const flags = value[0]!;
  if ((flags & 0xe0) !== 0) return failure('reserved flag bits');
  // RFC 8613 §2: a flag byte of zero makes the value empty.
  if (flags === 0) return failure('zero flag byte');
  const partialIvLength = flags & 7;
  if (partialIvLength > 5) return failure('reserved Partial IV length');
  let at = 1 + partialIvLength;
  if (at > value.length) return failure('truncated Partial IV');
  const partialIv = partialIvLength === 0 ? undefined : value.subarray(1, at);
  // RFC 8613 §5: as few bytes as possible. Two forms of one number would be two keys in the binding of responses.
  if (partialIv !== undefined && partialIvLength > 1 && partialIv[0] === 0) {
    return failure('Partial IV with leading zeros');
  }
  let kidContext: Uint8Array | undefined;
  if ((flags & hasKidContext) !== 0) {
    if (at >= value.length) return failure('truncated kid context');
    const end = at + 1 + value[at]!;
    if (end > value.length) return failure('truncated kid context');
    kidContext = value.subarray(at + 1, end);
    at = end;
  }
  if ((flags & hasKid) !== 0) return success({ partialIv, kidContext, kid: value.subarray(at) });
  return at === value.length ? success({ partialIv, kidContext, kid: undefined }) : failure('bytes without kid flag');
}

/** @throws RangeError when a field is longer than it may be */
export function encodeOscoreOption({ partialIv = emptyBytes, kidContext, kid }: Partial<OscoreOption>): Uint8Array {
  if (partialIv.length > 5) throw new RangeError(`a Partial IV has at most 5 bytes, not ${partialIv.length}`);
  const contextLength = kidContext?.length ?? 0;
  if (contextLength > 255) throw new RangeError(`a kid context has at most 255 bytes, not ${contextLength}`);
  const flags = partialIv.length | (kidContext === undefined ? 0 : hasKidContext) | (kid === undefined ? 0 : hasKid);
  if (flags === 0) return emptyBytes;
  const kidLength = kid?.length ?? 0;
  const value = new Uint8Array(1 + partialIv.length + (kidContext === undefined ? 0 : 1 + contextLength) + kidLength);
  value[0] = flags;
  value.set(partialIv, 1);
  if (kidContext !== undefined) {
    value[1 + partialIv.length] = contextLength;
    value.set(kidContext, 2 + partialIv.length);
  }
  if (kid !== undefined) value.set(kid, value.length - kidLength);
  return value;
}
