import type { Result } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mPath } from '../path.ts';
import type { ContentCodec, ContentError, DecodeOptions, TimedNode } from './content.ts';
import { nodeOfRecords, timedNodesOfRecords, type ValueRecord } from './value-records.ts';

/** What differs between the formats that are lists of records. */
export interface RecordFormat {
  readonly contentFormat: number;
  readonly name: string;
  readRecords(
    path: Lwm2mPath,
    bytes: Uint8Array,
    model: ObjectModel,
    options: Required<DecodeOptions>,
  ): Result<readonly ValueRecord[], ContentError>;
  write(path: Lwm2mPath, nodes: readonly TimedNode[]): Result<Uint8Array, ContentError>;
}

/** The codec of a format that is a list of records. */
export function recordCodec({ contentFormat, name, readRecords, write }: RecordFormat): ContentCodec {
  return {
    contentFormat,
    name,
    encode: (path, node) => write(path, [{ time: undefined, node }]),
    encodeTimed: write,
    decode(path, bytes, model, options) {
      const records = readRecords(path, bytes, model, options);
      return records.ok ? nodeOfRecords(path, records.value, model, options) : records;
    },
    decodeTimed(path, bytes, model, options) {
      const records = readRecords(path, bytes, model, options);
      return records.ok ? timedNodesOfRecords(path, records.value, model, options) : records;
    },
  };
}
