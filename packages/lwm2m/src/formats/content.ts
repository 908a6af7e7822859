import type { Result } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mNode } from '../node.ts';
import type { Lwm2mPath } from '../path.ts';

/**
 * Why content was refused.
 * - `unsupported-format`: no codec for this Content-Format, or it cannot carry what the path addresses (4.15, 4.06)
 * - `malformed`: the bytes are not what the format says (4.00)
 * - `too-large`: a bound of {@link DecodeLimits} was passed (4.13)
 * - `wrong-type`: a value does not fit its resource's type (4.00)
 * - `wrong-path`: the content speaks of something outside the path asked for (4.00)
 * - `not-found`: the content is right and does not hold what was asked for
 */
export type ContentErrorCode =
  | 'unsupported-format'
  | 'malformed'
  | 'too-large'
  | 'wrong-type'
  | 'wrong-path'
  | 'not-found';

export interface ContentError {
  readonly code: ContentErrorCode;
  /** A sentence that says what is wrong and what was expected, good for a diagnostic payload. */
  readonly message: string;
  /** Where in the bytes; undefined when it is not about one place. */
  readonly offset: number | undefined;
}

/** Bounds on what one payload may make us build. */
export interface DecodeLimits {
  /** Bytes of payload; default 1 MiB. */
  readonly maximumBytes?: number;
  /** Values, and entries that hold them; default 10,000. */
  readonly maximumEntries?: number;
}

/** Values of one moment: historical ones in a notification carry their time. */
export interface TimedNode {
  /** Undefined: the time at which the content was received. */
  readonly time: Date | undefined;
  readonly node: Lwm2mNode;
}

/** One content format. A codec never throws on any bytes and allocates in proportion to them. */
export interface ContentCodec {
  /** As Content-Format numbers say. */
  readonly contentFormat: number;
  /** `TLV`, `SenML JSON`, … for people. */
  readonly name: string;
  /** @param path what `node` is */
  encode(path: Lwm2mPath, node: Lwm2mNode): Result<Uint8Array, ContentError>;
  /** The node is at the level of `path`. Opaque values may share memory with `bytes`. */
  decode(
    path: Lwm2mPath,
    bytes: Uint8Array,
    model: ObjectModel,
    limits: Required<DecodeLimits>,
  ): Result<Lwm2mNode, ContentError>;
  /** Present when the format can carry times. */
  decodeTimed?(
    path: Lwm2mPath,
    bytes: Uint8Array,
    model: ObjectModel,
    limits: Required<DecodeLimits>,
  ): Result<readonly TimedNode[], ContentError>;
  /** Present when the format can carry times. */
  encodeTimed?(path: Lwm2mPath, nodes: readonly TimedNode[]): Result<Uint8Array, ContentError>;
}
