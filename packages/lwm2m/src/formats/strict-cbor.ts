import { failure, type Result, success } from '@yaolian/kernel';
import type { CborItem, StrictCborError, StrictCborLimits } from './cbor-item.ts';
import { CborReader, failed } from './cbor-reader.ts';

/** Reads one data item that is all of `bytes`, as {@link CborReader} reads it, into a tree. */
export function readStrictCbor(bytes: Uint8Array, limits: StrictCborLimits): Result<CborItem, StrictCborError> {
  const reader = new CborReader(bytes, limits);
  const item = reader.item();
  return item === failed || !reader.atEnd() ? failure(reader.error!) : success(item);
}
