import type { Result } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import { type Lwm2mPath, PathLevel, pathLevel } from '../path.ts';
import type { ContentCodec, ContentError, DecodeOptions, TimedNode } from './content.ts';
import { nodeOfRecords, timedNodesOfRecords } from './record-nodes.ts';
import { refuseRoot } from './refusal.ts';
import type { ValueRecord } from './value-records.ts';

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
  /** Records carry no times. */
  readonly timeless?: true;
}

/** The codec of a format that is a list of records. */
export function recordCodec({ contentFormat, name, readRecords, write, timeless }: RecordFormat): ContentCodec {
  const isRoot = (path: Lwm2mPath) => pathLevel(path) === PathLevel.Root;
  const codec: ContentCodec = {
    contentFormat,
    name,
    encode: (path, node) => (isRoot(path) ? refuseRoot(name) : write(path, [{ time: undefined, node }])),
    decode(path, bytes, model, options) {
      if (isRoot(path)) return refuseRoot(name);
      const records = readRecords(path, bytes, model, options);
      return records.ok ? nodeOfRecords(path, records.value, model, options) : records;
    },
  };
  if (timeless) return codec;
  return {
    ...codec,
    encodeTimed: (path, nodes) => (isRoot(path) ? refuseRoot(name) : write(path, nodes)),
    decodeTimed(path, bytes, model, options) {
      if (isRoot(path)) return refuseRoot(name);
      const records = readRecords(path, bytes, model, options);
      return records.ok ? timedNodesOfRecords(path, records.value, model, options) : records;
    },
  };
}
