import type { Result } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mNode } from '../node.ts';
import type { Lwm2mPath, unassignedId } from '../path.ts';

/**
 * Why content was refused.
 * - `unsupported-format`: no codec for this Content-Format, or it cannot carry what the path addresses (4.15, 4.06)
 * - `malformed`: the bytes are not what the format says (4.00)
 * - `too-large`: a bound of {@link DecodeOptions} was passed (4.13)
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

/** How content is read: bounds on what one payload may make us build, and how strictly. */
export interface DecodeOptions {
  /** Bytes of payload; default 1 MiB. */
  readonly maximumBytes?: number;
  /** Values, and entries that hold them; default 10,000. */
  readonly maximumEntries?: number;
  /**
   * False, the default, for answers: what content holds beside the path asked for is passed over, because terminals answer
   * with more. True for writes: it is refused.
   */
  readonly exact?: boolean;
  /** True for Create: an instance may have {@link unassignedId} in place of its id; default false. */
  readonly create?: boolean;
}

/** When a value was measured, as content says it. */
export interface ContentTime {
  /** Milliseconds: since 1970, or, when `isRelative`, from the moment of reception (negative: before it). */
  readonly milliseconds: number;
  readonly isRelative: boolean;
}

/** The time as milliseconds since 1970, for content received at `receivedAt` (the same); an absent time is that moment. */
export function resolveContentTime(time: ContentTime | undefined, receivedAt: number): number {
  if (time === undefined) return receivedAt;
  return time.isRelative ? receivedAt + time.milliseconds : time.milliseconds;
}

/** Values of one moment: historical ones in a notification carry their time. */
export interface TimedNode {
  /** Undefined: the content does not say, so: when it was received. */
  readonly time: ContentTime | undefined;
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
    options: Required<DecodeOptions>,
  ): Result<Lwm2mNode, ContentError>;
  /** Present when the format can carry times. */
  decodeTimed?(
    path: Lwm2mPath,
    bytes: Uint8Array,
    model: ObjectModel,
    options: Required<DecodeOptions>,
  ): Result<readonly TimedNode[], ContentError>;
  /** Present when the format can carry times. */
  encodeTimed?(path: Lwm2mPath, nodes: readonly TimedNode[]): Result<Uint8Array, ContentError>;
}
